"""What must hold before an event may happen: pure functions on the file that raise in Chinese (附件3)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeAlias
from zoneinfo import ZoneInfo

from intake.domain.call import CLOCK_TOLERANCE
from intake.domain.codes import Complaint, Finding, NoContact, Result, ReturnReason
from intake.domain.errors import FieldProblem, ForbiddenError, invalid
from intake.domain.events import TicketDispatched, TicketEvent
from intake.domain.events_handling import (
    CallbackMade,
    ContactMade,
    ContactTried,
    ContactWaived,
    ExtensionDecided,
    ExtensionRequested,
    ReturnDecided,
    SupervisionHinted,
    TicketResolved,
    TicketReturned,
)
from intake.domain.ticket_file import TicketFile

Guard: TypeAlias = Callable[[TicketFile, TicketEvent], None]
MIN_TRIES = 3
MIN_TRY_DAYS = 2
MIN_COMPLAINTS = 3
MAX_WORDS = 2000
_SHANGHAI = ZoneInfo("Asia/Shanghai")
_FILLER = '经核实查调情况了的是为：:，,。.；;、 \n\t“”"（）()'
_OPTIONS = frozenset({*(f.value for f in Finding), *(r.value for r in Result)})


def in_order(file: TicketFile, event: TicketEvent) -> None:
    """Nothing happens before what happened last; clocks of several machines may differ by a few minutes."""
    if file.last_at is not None and event.at < file.last_at - CLOCK_TOLERANCE:
        _refuse("at", f"时间 {_say(event.at)} 早于这张工单上一次办理的时间 {_say(file.last_at)}。")


def by_holder(file: TicketFile, event: TicketEvent) -> None:
    """Only the unit that is responsible now (首接负责制) may take this step."""
    unit = str(getattr(event, "unit_code", ""))
    if unit != file.lead_code:
        raise ForbiddenError(
            "不是本单位的工单", "这张工单现在不由该单位主责。", "没有改动任何数据。请核对承办单位，或联系专线工作组。"
        )


def with_reason(file: TicketFile, event: TicketEvent) -> None:  # noqa: ARG001 - every guard has the same shape
    """The text asks why."""
    for name in ("reason", "conclusion", "answer"):
        if hasattr(event, name):
            words = str(getattr(event, name))
            if not _meaningful(words):
                _refuse(name, "请写明原因或内容，不能为空。")
            if len(words) > MAX_WORDS:
                _refuse(name, f"内容有 {len(words)} 字，超过上限 {MAX_WORDS} 字。")


def next_round(file: TicketFile, event: TicketEvent) -> None:
    """A dispatch carries the round that is due."""
    if isinstance(event, TicketDispatched) and event.round != file.next_round:
        _refuse("round", f"应为第 {file.next_round} 轮派单，不是第 {event.round} 轮。")


def contact_in_term(file: TicketFile, event: TicketEvent) -> None:
    """A contact lies between dispatch and now."""
    if isinstance(event, ContactMade):
        _between("contacted_at", "联系时间", event.contacted_at, file, event.at)
        if not _meaningful(event.by):
            _refuse("by", "请写明由谁联系。")
    if isinstance(event, ContactTried):
        _between("tried_at", "联系时间", event.tried_at, file, event.at)


def waiver_holds(file: TicketFile, event: TicketEvent) -> None:
    """未接通 needs attempts on record; 其他 needs words."""
    if not isinstance(event, ContactWaived) or file.current is None:
        return
    if event.code is NoContact.UNREACHED and not file.current.contact_tries:
        _refuse("code", "选“多次拨打未接通”前，请先登记每次拨打的时间。")
    if event.code is NoContact.OTHER and not _meaningful(event.reason):
        _refuse("reason", "选“其他”时请写明为什么没有联系来电人。")


def extension_in_time(file: TicketFile, event: TicketEvent) -> None:
    """One pending request at a time; the new day is after today."""
    if not isinstance(event, ExtensionRequested) or file.current is None:
        return
    if file.current.asked is not None:
        _refuse("until", "已有一份延期申请在等审批，不能重复申请。")
    today = event.at.astimezone(_SHANGHAI).date()
    if event.until <= (file.current.extended_until or today) or event.until > today + timedelta(days=366):
        _refuse("until", f"延期至 {event.until} 不对：须晚于今天和已批准的日期，且在一年以内。")


def extension_asked(file: TicketFile, event: TicketEvent) -> None:
    """Only what was asked for can be decided; another day than asked is not granted silently."""
    asked = file.current.asked if file.current else None
    if isinstance(event, ExtensionDecided) and (asked is None or event.until != asked.until):
        _refuse("until", "没有等待审批的这份延期申请，请刷新后再审。")


def return_is_grounded(file: TicketFile, event: TicketEvent) -> None:
    """退单 names another unit and its duty line; one refused return per dispatch is final."""
    if not isinstance(event, TicketReturned) or file.current is None:
        return
    if file.current.return_refused:
        _refuse("code", "本次派单的退单申请已被裁定不同意，不能再次退单；确有困难的请提交综合网格。")
    if not event.right_unit or event.right_unit == file.current.lead_code:
        _refuse("right_unit", "请写明应由哪个单位办理，且不能是本单位。")
    if not _meaningful(event.duty_line):
        _refuse("duty_line", "请写明职责依据（职责清单的哪一条）。")
    if event.code is ReturnReason.OTHER and not _meaningful(event.reason):
        _refuse("reason", "退单原因选“其他”时请写明理由。")


def decision_names_unit(file: TicketFile, event: TicketEvent) -> None:
    """An upheld return goes to another unit."""
    if isinstance(event, ReturnDecided) and event.upheld and event.lead_code in ("", file.lead_code):
        _refuse("lead_code", "同意退单时请选定接手的主责单位。")


def resolved_properly(file: TicketFile, event: TicketEvent) -> None:
    """办结 tells what was found, in words of its own, and when the caller was answered."""
    if not isinstance(event, TicketResolved):
        return
    problem = facts_problem(event.facts)
    if problem:
        _refuse("facts", problem)
    if len(_stripped(event.answer)) < MIN_WORDS:
        _refuse("answer", "请写明答复来电人的内容。")
    _between("resolved_at", "办结时间", event.resolved_at, file, event.at)
    _between("answered_at", "答复时间", event.answered_at, file, event.at)
    if event.visited_at is not None:
        _between("visited_at", "现场查看时间", event.visited_at, file, event.at)


MIN_WORDS = 4


def facts_problem(facts: str, labels: frozenset[str] = frozenset()) -> str:
    """Why these facts are not a finding: empty, too short, or only the option's own words (or the topic's name)."""
    words = _stripped(facts)
    left = words
    for label in sorted(_OPTIONS | labels, key=len, reverse=True):
        left = left.replace(_stripped(label), "")
    if len(left) < MIN_WORDS:
        return "事实认定不能只重复选项或事项名称，请写明何时、何地、看到或核实了什么。"
    return f"事实认定有 {len(facts)} 字，超过上限 {MAX_WORDS} 字。" if len(facts) > MAX_WORDS else ""


def contact_settled(file: TicketFile, event: TicketEvent) -> None:  # noqa: ARG001
    """办结 needs the first contact, or why there was none."""
    if file.current is not None and file.current.contacted_at is None:
        _refuse("contact", "办结前请先登记先行联系，或写明为什么没有联系。")


def callback_consistent(file: TicketFile, event: TicketEvent) -> None:
    """Solved is accepted; unsolved is accepted only where the unit did not claim to have solved it (细则-5-4)."""
    if not isinstance(event, CallbackMade) or file.current is None:
        return
    resolved = file.current.resolved
    if event.solved and not event.accepted:
        _refuse("accepted", "来电人认为已解决的，应归档；仍要求办理的，请记为“未解决”。")
    if not event.solved and event.accepted and resolved is not None and resolved.result is Result.SOLVED:
        _refuse("accepted", "承办单位报“实际解决”而来电人说未解决的，须重新派单，不能归档。")
    if not event.satisfied and event.code is None:
        _refuse("code", "不满意须选原因。")
    if event.satisfied and (event.code is not None or not event.accepted):
        _refuse("satisfied", "满意与所选的原因或“重新派单”矛盾，请核对。")
    if event.code is Complaint.OTHER and not _meaningful(event.note):
        _refuse("note", "不满意原因选“其他”时请写明。")


def tried_enough(file: TicketFile, event: TicketEvent) -> None:  # noqa: ARG001
    """Giving up takes several attempts on different days."""
    tries = file.current.callback_tries if file.current else ()
    days = {moment.astimezone(_SHANGHAI).date() for moment in tries}
    if len(tries) < MIN_TRIES or len(days) < MIN_TRY_DAYS:
        _refuse("reason", f"联系不上须先回访 {MIN_TRIES} 次以上、分在 {MIN_TRY_DAYS} 天以上，现有 {len(tries)} 次。")


def complained_often(file: TicketFile, event: TicketEvent) -> None:
    """A hint to the supervisors takes three complaints of the same matter, counting rounds and linked tickets."""
    if isinstance(event, SupervisionHinted) and file.round + len(set(event.related)) < MIN_COMPLAINTS:
        count = file.round + len(set(event.related))
        _refuse("related", f"同一事项反映 {MIN_COMPLAINTS} 次以上才可提示效能监察，现在是 {count} 次。")


def _between(name: str, label: str, moment: datetime, file: TicketFile, now: datetime) -> None:
    start = file.current.at if file.current else now
    if moment > now + CLOCK_TOLERANCE:
        _refuse(name, f"{label}晚于现在，请核对。")
    if moment < start - CLOCK_TOLERANCE:
        _refuse(name, f"{label}早于本次派单时间 {_say(start)}，请核对。")


def _meaningful(words: str) -> bool:
    return any(c.isalnum() for c in words)


def _stripped(words: str) -> str:
    return "".join(c for c in words if c not in _FILLER)


def _say(moment: datetime) -> str:
    return f"{moment.astimezone(_SHANGHAI):%Y-%m-%d %H:%M}"


def _refuse(name: str, message: str) -> None:
    raise invalid((FieldProblem(name, message),), "没有改动任何数据，您填写的内容都还在。")


LABELS: dict[Guard, str] = {
    in_order: "不早于上一次办理",
    by_holder: "限当前主责单位",
    with_reason: "须写明原因或内容",
    next_round: "轮次相符",
    contact_in_term: "联系时间在派单之后、现在之前",
    waiver_holds: "有拨打记录或写明原因",
    extension_in_time: "无待批申请，新日期晚于今天",
    extension_asked: "有待批的这份申请",
    return_is_grounded: "有退单代码、应办单位和职责依据，本次派单未被裁定不同意过",
    decision_names_unit: "选定接手单位",
    contact_settled: "已先行联系或写明为何没有",
    resolved_properly: "事实认定不重复选项，写明答复与时间",
    callback_consistent: "解决、接受、满意三项不矛盾，不满意有代码",
    tried_enough: f"回访 {MIN_TRIES} 次以上、分在 {MIN_TRY_DAYS} 天以上",
    complained_often: f"同一事项 {MIN_COMPLAINTS} 次以上",
}
