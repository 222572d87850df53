"""The loop over HTTP: worklists, one POST per step, batches, and the recorded look at a telephone."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse

from intake.application.handle import At, Handle
from intake.application.services import Services
from intake.application.snapshot import encode
from intake.domain.access import Principal
from intake.domain.ticket import Ticket
from intake.web import handling_schemas as s
from intake.web.auth import current_principal

Caller = Annotated[Principal, Depends(current_principal)]
Step = Callable[[Handle, At], Ticket]


class _Desk:
    """Takes one step for a caller and answers with what has become of the ticket."""

    def __init__(self, services: Services) -> None:
        self.services = services

    def __call__(self, number: str, body: s.StepBody, caller: Principal, step: Step) -> JSONResponse:
        now = self.services.clock()
        done = step(self.services.handle, At(number, body.version, caller, now))
        return JSONResponse(s.handled_json(done, caller, self.services.terms(), now))


def handling_routes(services: Services) -> APIRouter:
    """All routes of the loop."""
    router = APIRouter()
    desk = _Desk(services)
    router.include_router(_worklists(services))
    router.include_router(_unit_steps(desk))
    router.include_router(_closing_steps(desk))
    router.include_router(_line_steps(desk))
    router.include_router(_centre_steps(desk))
    return router


def _worklists(services: Services) -> APIRouter:
    router = APIRouter(tags=["工作清单"])

    @router.get("/worklists", summary="我的各清单件数")
    def counts(caller: Caller) -> dict[str, int]:
        found = services.worklists.counts(caller, services.clock())
        return {which.value: count for which, count in found.items()}

    @router.get("/worklists/{which}", summary="一个清单，剩余工作时间最少的在前")
    def one(which: str, caller: Caller, page: int = 1, size: int = 20) -> JSONResponse:
        return JSONResponse(s.worklist_json(services.worklists.page(which, caller, services.clock(), page, size)))

    @router.get("/tickets/{number}/clocks", summary="工单现状：版本、各时限及依据、现在能做的步骤")
    def clocks(number: str, caller: Caller) -> JSONResponse:
        ticket = services.tickets.get(number, caller)
        return JSONResponse(s.handled_json(ticket, caller, services.terms(), services.clock()))

    @router.post("/tickets/{number}/phone", summary="查看完整号码以便联系（每次查看都记入审计）")
    def phone(number: str, caller: Caller) -> dict[str, str]:
        return {"phone": services.worklists.reveal_phone(number, caller, services.clock())}

    @router.post("/tickets/batch", summary="批量签收、派单、办结反馈；逐张告知结果")
    def batch(body: s.BatchBody, caller: Caller) -> JSONResponse:
        handle, now = services.handle, services.clock()
        steps: dict[str, Callable[[At], Ticket]] = {
            "签收": handle.acknowledge,
            "派单": lambda at: handle.dispatch(at, body.lead_code),
            "办结反馈": handle.report,
        }
        tickets = [At(ticket.number, ticket.version, caller, now) for ticket in body.tickets]
        return JSONResponse({"items": encode(handle.batch(tickets, steps[body.step]))})

    return router


def _unit_steps(desk: _Desk) -> APIRouter:
    router = APIRouter(tags=["承办单位"], prefix="/tickets/{number}")

    @router.post("/acknowledge", summary="签收")
    def acknowledge(number: str, body: s.StepBody, caller: Caller) -> JSONResponse:
        return desk(number, body, caller, lambda h, at: h.acknowledge(at))

    @router.post("/contact", summary="先行联系（细则-6-1）")
    def contact(number: str, body: s.ContactBody, caller: Caller) -> JSONResponse:
        return desk(number, body, caller, lambda h, at: h.contact(at, body.by, body.contacted_at, body.note))

    @router.post("/contact-tried", summary="联系未果")
    def contact_tried(number: str, body: s.TriedBody, caller: Caller) -> JSONResponse:
        return desk(number, body, caller, lambda h, at: h.contact_tried(at, body.reason, body.tried_at))

    @router.post("/contact-waived", summary="未先行联系及原因")
    def contact_waived(number: str, body: s.WaivedBody, caller: Caller) -> JSONResponse:
        return desk(number, body, caller, lambda h, at: h.contact_waived(at, body.code, body.reason))

    @router.post("/urge-answer", summary="答复催办（细则-5-2）")
    def answer_urge(number: str, body: s.AnswerBody, caller: Caller) -> JSONResponse:
        return desk(number, body, caller, lambda h, at: h.answer_urge(at, body.answer))

    @router.post("/return", summary="退单（细则-8）")
    def send_back(number: str, body: s.ReturnBody, caller: Caller) -> JSONResponse:
        return desk(number, body, caller, lambda h, at: h.send_back(at, body.asked()))

    return router


def _closing_steps(desk: _Desk) -> APIRouter:
    router = APIRouter(tags=["承办单位"], prefix="/tickets/{number}")

    @router.post("/close", summary="办结并反馈（细则-6-2）")
    def close(number: str, body: s.CloseBody, caller: Caller) -> JSONResponse:
        return desk(number, body, caller, lambda h, at: h.close(at, body.closing()))

    @router.post("/report", summary="办结反馈（细则-6-2）")
    def report(number: str, body: s.StepBody, caller: Caller) -> JSONResponse:
        return desk(number, body, caller, lambda h, at: h.report(at))

    @router.post("/extension", summary="延期说明（细则-6-2）")
    def extension(number: str, body: s.ExtensionBody, caller: Caller) -> JSONResponse:
        return desk(number, body, caller, lambda h, at: h.ask_extension(at, body.until, body.reason))

    @router.post("/grid", summary="提交综合网格（细则-8）")
    def grid(number: str, body: s.ReasonBody, caller: Caller) -> JSONResponse:
        return desk(number, body, caller, lambda h, at: h.to_grid(at, body.reason))

    return router


def _line_steps(desk: _Desk) -> APIRouter:
    router = APIRouter(tags=["专线工作组"], prefix="/tickets/{number}")

    @router.post("/dispatch", summary="派单、重新派单（第 n 轮）")
    def dispatch(number: str, body: s.DispatchBody, caller: Caller) -> JSONResponse:
        return desk(number, body, caller, lambda h, at: h.dispatch(at, body.lead_code, body.support_codes))

    @router.post("/callback", summary="回访（细则-5-4）")
    def callback(number: str, body: s.CallbackBody, caller: Caller) -> JSONResponse:
        return desk(number, body, caller, lambda h, at: h.callback(at, body.said()))

    @router.post("/callback-tried", summary="回访未接通")
    def callback_tried(number: str, body: s.ReasonBody, caller: Caller) -> JSONResponse:
        return desk(number, body, caller, lambda h, at: h.callback_tried(at, body.reason))

    @router.post("/callback-given-up", summary="多次回访联系不上，归档")
    def given_up(number: str, body: s.ReasonBody, caller: Caller) -> JSONResponse:
        return desk(number, body, caller, lambda h, at: h.callback_given_up(at, body.reason))

    @router.post("/withdraw", summary="撤诉")
    def withdraw(number: str, body: s.ReasonBody, caller: Caller) -> JSONResponse:
        return desk(number, body, caller, lambda h, at: h.withdraw(at, body.reason))

    return router


def _centre_steps(desk: _Desk) -> APIRouter:
    router = APIRouter(tags=["城运中心"], prefix="/tickets/{number}")

    @router.post("/return-decision", summary="退单裁定（细则-8）")
    def decide_return(number: str, body: s.DecideReturnBody, caller: Caller) -> JSONResponse:
        return desk(number, body, caller, lambda h, at: h.decide_return(at, body.upheld, body.reason, body.lead_code))

    @router.post("/extension-decision", summary="延期审批（细则-6-2）")
    def decide_extension(number: str, body: s.DecideExtensionBody, caller: Caller) -> JSONResponse:
        return desk(number, body, caller, lambda h, at: h.decide_extension(at, body.granted, body.until, body.reason))

    @router.post("/leaders", summary="镇领导协调（细则-8）")
    def leaders(number: str, body: s.ReasonBody, caller: Caller) -> JSONResponse:
        return desk(number, body, caller, lambda h, at: h.to_leaders(at, body.reason))

    @router.post("/conclusion", summary="协调结论")
    def conclusion(number: str, body: s.ConcludeBody, caller: Caller) -> JSONResponse:
        return desk(number, body, caller, lambda h, at: h.conclude(at, body.conclusion, body.lead_code))

    @router.post("/supervision", summary="效能监察提示（细则-8）")
    def supervision(number: str, body: s.HintBody, caller: Caller) -> JSONResponse:
        return desk(number, body, caller, lambda h, at: h.hint(at, body.reason, body.related))

    return router
