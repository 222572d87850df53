"""``POST /suggest`` and the tickets: save, open, search."""

import secrets
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query
from fastapi.responses import JSONResponse

from intake.application.queries import as_seen_by
from intake.application.services import Services
from intake.domain.access import Permission, Principal
from intake.domain.errors import FieldProblem, InvalidInputError
from intake.web.auth import current_principal, require
from intake.web.schemas import SearchQuery, SuggestBody, TicketBody, page_json, suggestion_json, ticket_json

Caller = Annotated[Principal, Depends(current_principal)]

SUGGESTED = (
    "除提议、规则和时限外：`kind` 来电类别（新诉求、进度查询、补充情况、撤销诉求、单位回复）与所依的词 `kind_words`；"
    "`linked` 是本次来电所属的原工单编号（没有则为空），`related` 是相关工单及缘由（`sure` 为假的须核对）；"
    "`matters` 是一次来电的几件事，各带事项与主责单位；`escalations` 是可升级的层级、由谁提交；"
    "`place.question` 是地名不止一处时要问来电人的话。"
)


def call_routes(services: Services) -> APIRouter:
    """The routes over these services; they run in the thread pool, as everything below is synchronous."""
    router = APIRouter(tags=["坐席台"])

    @router.post("/suggest", summary="按来电内容给出建议", description=SUGGESTED)
    def suggest(body: SuggestBody, principal: Caller) -> JSONResponse:
        require(principal, Permission.SUGGEST)
        suggestion = services.suggest(body.notes(services.clock()))
        if suggestion.recommendation is None:
            problems = (FieldProblem("text", suggestion.notices[0]),)
            raise InvalidInputError("给不出建议", suggestion.notices[0], "没有保存任何数据，请补充后重试。", problems)
        return JSONResponse(suggestion_json(suggestion))

    @router.post("/tickets", summary="登记工单（同一 Idempotency-Key 只登记一次）", status_code=201)
    def register(
        body: TicketBody,
        principal: Caller,
        idempotency_key: Annotated[str | None, Header(description="提交编号，重试时用同一个")] = None,
    ) -> JSONResponse:
        require(principal, Permission.TICKET_WRITE)
        key = secrets.token_hex(16) if idempotency_key is None else idempotency_key
        saved = services.register(body.new_ticket(services.clock()), principal, key)
        ticket = as_seen_by(saved.ticket, principal)
        return JSONResponse(
            ticket_json(ticket),
            201 if saved.created else 200,
            {"Location": f"/api/v1/tickets/{ticket.number}"},
        )

    @router.get("/tickets/{number}", summary="按编号查看工单")
    def show(number: str, principal: Caller) -> JSONResponse:
        ticket = services.tickets.get(number, principal)
        history, file = services.tickets.history(number, principal), services.tickets.file(number, principal)
        return JSONResponse(ticket_json(ticket, history, file))

    @router.get("/tickets", summary="搜索工单")
    def search(query: Annotated[SearchQuery, Query()], principal: Caller) -> JSONResponse:
        return JSONResponse(page_json(services.tickets.search(query.criteria(), principal)))

    return router
