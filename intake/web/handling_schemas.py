"""Bodies of the steps of the loop; ``version`` is that of the ticket on the caller's screen."""

from datetime import date, datetime
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue

from intake.application.handle import Callback, Closing, Returning
from intake.application.snapshot import encode
from intake.application.worklists import WorkPage
from intake.domain.access import Principal
from intake.domain.clocks import Terms, say_left
from intake.domain.codes import Complaint, Finding, NoContact, Result, ReturnReason
from intake.domain.lifecycle import next_steps
from intake.domain.ticket import Ticket


def _with(example: dict[str, JsonValue]) -> ConfigDict:
    shown: dict[str, JsonValue] = {"version": 3, **example}
    return ConfigDict(extra="forbid", json_schema_extra={"examples": [shown]})


class StepBody(BaseModel):
    """A step that needs nothing but the version."""

    model_config = _with({})

    version: int = Field(description="打开工单时看到的 version；已被别人办理时返回 409 并说明变化")


class ReasonBody(StepBody):
    """A step with a reason."""

    model_config = _with({"reason": "来电人说已自行解决"})

    reason: str = Field(description="原因")


class DispatchBody(StepBody):
    """派单 or 重新派单."""

    model_config = _with({"lead_code": "ZFD", "support_codes": ["SQB"]})

    lead_code: str = Field(description="主责单位代码")
    support_codes: list[str] = Field(default_factory=list, max_length=50, description="协办单位代码")


class ContactBody(StepBody):
    """先行联系."""

    model_config = _with({"by": "李四", "contacted_at": "2026-11-23T16:20:00+08:00", "note": "约定晚上到现场"})

    by: str = Field(description="联系人（承办单位一方）")
    contacted_at: AwareDatetime | None = Field(None, description="联系时间，不填为现在")
    note: str = Field("", description="联系情况")


class TriedBody(ReasonBody):
    """An attempt to reach the caller."""

    model_config = _with({"reason": "响铃无人接听", "tried_at": "2026-11-23T16:20:00+08:00"})

    tried_at: AwareDatetime | None = Field(None, description="拨打时间，不填为现在")


class WaivedBody(StepBody):
    """No first contact."""

    model_config = _with({"code": "来电人要求不联系", "reason": ""})

    code: NoContact = Field(description="未联系原因")
    reason: str = Field("", description="说明；选“其他”时必填")


class CloseBody(StepBody):
    """办结."""

    model_config = _with(
        {
            "finding": "属实",
            "facts": "11月23日16时到亭中小区门口，有两个水果摊占道，已劝离",
            "result": "实际解决",
            "answer": "已电话答复来电人，摊位已清走，后续每晚巡查",
            "answered_at": "2026-11-23T17:00:00+08:00",
        }
    )

    finding: Finding = Field(description="事实认定")
    facts: str = Field(description="认定的事实，不能只重复选项")
    result: Result = Field(description="办理结果")
    answer: str = Field(description="答复来电人的内容")
    answered_at: AwareDatetime | None = Field(None, description="答复时间，不填为办结时间")
    resolved_at: AwareDatetime | None = Field(None, description="办结时间，不填为现在")
    visited_at: AwareDatetime | None = Field(None, description="现场查看时间")
    said_satisfied: bool | None = Field(None, description="承办单位填写的是否满意；以回访为准")
    report: bool = Field(True, description="同时向专线反馈；否则另行办结反馈")

    def closing(self) -> Closing:
        """For the application."""
        return Closing(**self.model_dump(exclude={"version"}))


class CallbackBody(StepBody):
    """回访."""

    model_config = _with({"solved": False, "accepted": False, "satisfied": False, "code": "问题未解决", "note": ""})

    solved: bool = Field(description="来电人认为是否解决")
    accepted: bool = Field(description="接受结果则归档，否则重新派单")
    satisfied: bool = Field(description="是否满意")
    code: Complaint | None = Field(None, description="不满意原因")
    note: str = Field("", description="说明；选“其他”时必填")

    def said(self) -> Callback:
        """For the application."""
        return Callback(self.solved, self.accepted, self.satisfied, self.code, self.note)


class ReturnBody(StepBody):
    """退单."""

    model_config = _with({"code": "职能交叉", "right_unit": "FGS", "duty_line": "职责清单：物业服务由房管所主责"})

    code: ReturnReason = Field(description="退单原因")
    right_unit: str = Field(description="应办单位代码")
    duty_line: str = Field(description="职责依据")
    reason: str = Field("", description="说明；选“其他”时必填")

    def asked(self) -> Returning:
        """For the application."""
        return Returning(self.code, self.right_unit, self.duty_line, self.reason)


class DecideReturnBody(ReasonBody):
    """退单裁定."""

    model_config = _with({"upheld": True, "lead_code": "FGS", "reason": "按职责清单应由房管所主责"})

    upheld: bool = Field(description="同意退单")
    lead_code: str = Field("", description="同意时接手的主责单位代码")


class ExtensionBody(ReasonBody):
    """延期说明."""

    model_config = _with({"until": "2026-12-07", "reason": "等待第三方检测报告"})

    until: date = Field(description="延期至（含当日）")


class DecideExtensionBody(ExtensionBody):
    """延期审批."""

    model_config = _with({"granted": True, "until": "2026-12-07", "reason": "情况属实"})

    granted: bool = Field(description="同意延期")


class ConcludeBody(StepBody):
    """协调结论."""

    model_config = _with({"conclusion": "由房管所牵头，执法队配合", "lead_code": "FGS"})

    conclusion: str = Field(description="协调结论")
    lead_code: str = Field("", description="另定的主责单位代码；不填则原单位继续")


class HintBody(ReasonBody):
    """效能监察提示."""

    model_config = _with({"reason": "三次反映，两次逾期", "related": ["JT20261120-0001", "JT20261121-0001"]})

    related: list[str] = Field(default_factory=list, max_length=50, description="同一事项的其他工单")


class AnswerBody(StepBody):
    """催办答复."""

    model_config = _with({"answer": "今天下午到现场"})

    answer: str = Field(description="对催办的答复")


class BatchTicket(BaseModel):
    """One ticket of a batch."""

    number: str
    version: int


class BatchBody(BaseModel):
    """The same step for several tickets; each is told separately."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"step": "签收", "tickets": [{"number": "JT20261123-0001", "version": 3}]}],
        },
    )

    step: Literal["签收", "派单", "办结反馈"]
    tickets: list[BatchTicket] = Field(min_length=1, max_length=200)
    lead_code: str = Field("", description="批量派单时的主责单位代码")


def handled_json(ticket: Ticket, principal: Principal, terms: Terms, now: datetime) -> JsonValue:
    """What has become of a ticket: state, version for the next step, clocks with time left, what can be done now."""
    return {
        "number": ticket.number,
        "state": ticket.state.value,
        "round": ticket.round,
        "version": ticket.version,
        "lead": encode(ticket.lead),
        "support": encode(ticket.support),
        "clocks": clocks_json(ticket, terms, now),
        "next_steps": [*next_steps(ticket.state, principal.acting_role)],
    }


def clocks_json(ticket: Ticket, terms: Terms, now: datetime) -> JsonValue:
    """Each clock with rule, clause, start, deadline, extension, time left in working time, and why."""
    found: list[JsonValue] = []
    for clock in ticket.timers:
        shown = encode(clock)
        if isinstance(shown, dict):
            found.append({**shown, "due": clock.due.isoformat(), "left": say_left(clock, now, terms.calendar)})
    return found


def worklist_json(page: WorkPage) -> JsonValue:
    """One page with the counts of all lists."""
    items: list[JsonValue] = []
    for item in page.items:
        line = encode(item.line)
        shown = {k: v for k, v in line.items() if k != "timers"} if isinstance(line, dict) else {}
        items.append(
            {
                **shown,
                "clock": item.clock,
                "left": item.left,
                "provisional": item.provisional,
                "next_steps": [*item.steps],
            }
        )
    counts: dict[str, JsonValue] = {which.value: count for which, count in page.counts.items()}
    return {"which": page.which.value, "counts": counts, "items": items, "page": page.page, "size": page.size}
