"""Chinese sentences for what happened after the dispatch; never shows a person's number."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from intake.domain.events_handling import (
    CallbackGivenUp,
    CallbackMade,
    CallbackTried,
    ClocksRecomputed,
    ContactMade,
    ContactTried,
    ContactWaived,
    CoordinationConcluded,
    ExtensionDecided,
    ExtensionRequested,
    HandlingEvent,
    RaisedToLeaders,
    ResultReported,
    ReturnDecided,
    SubmittedToGrid,
    SupervisionHinted,
    TicketAcknowledged,
    TicketResolved,
    TicketReturned,
    TicketUrged,
    TicketWithdrawn,
    UrgeAnswered,
)

_SHANGHAI = ZoneInfo("Asia/Shanghai")


def describe_handling(event: HandlingEvent, said: Callable[[str], str]) -> str:
    """One sentence; ``said`` gives the name of a code."""
    return _of_unit(event, said) or _of_line(event) or _of_centre(event, said)


def _of_unit(event: HandlingEvent, said: Callable[[str], str]) -> str:
    match event:
        case TicketAcknowledged(unit_code=unit):
            return f"{said(unit)} 已签收。"
        case ContactTried(tried_at=moment, reason=reason):
            return f"{_when(moment)} 联系来电人未果：{reason}"
        case ContactMade(contacted_at=moment, by=by, note=note):
            return f"{_when(moment)} {by} 已先行联系来电人。{note}"
        case ContactWaived(code=code, reason=reason):
            return f"未先行联系，原因：{code.value}{'，' + reason if reason else '。'}"
        case TicketResolved(finding=finding, facts=facts, result=result, answer=answer, answered_at=answered):
            return f"办结：{result.value}。事实认定：{finding.value}，{facts} 答复（{_when(answered)}）：{answer}"
        case ResultReported(unit_code=unit):
            return f"{said(unit)} 已向专线工作组反馈，待回访。"
        case TicketReturned(code=code, right_unit=unit, duty_line=duty, reason=reason):
            return f"申请退单（{code.value}），应由 {said(unit)} 办理，依据：{duty}{'；' + reason if reason else '。'}"
        case ExtensionRequested(until=until, reason=reason):
            return f"申请延期至 {until}，原因：{reason}"
        case SubmittedToGrid(unit_code=unit, reason=reason):
            return f"{said(unit)} 提交综合网格协商：{reason}"
        case UrgeAnswered(unit_code=unit, answer=answer):
            return f"{said(unit)} 答复催办：{answer}"
    return ""


def _of_line(event: HandlingEvent) -> str:
    match event:
        case CallbackTried(reason=reason):
            return f"回访未接通：{reason}"
        case CallbackMade(solved=solved, accepted=accepted, satisfied=satisfied, code=code, note=note):
            why = f"（{code.value}）" if code else ""
            then = "归档。" if accepted else "重新派单。"
            return f"回访：{'已解决' if solved else '未解决'}，{'满意' if satisfied else '不满意'}{why}，{then}{note}"
        case CallbackGivenUp(reason=reason):
            return f"多次回访联系不上，归档：{reason}"
        case TicketWithdrawn(reason=reason):
            return f"来电人撤诉：{reason}"
    return ""


def _of_centre(event: HandlingEvent, said: Callable[[str], str]) -> str:
    match event:
        case ReturnDecided(upheld=True, lead_code=lead, reason=reason):
            return f"裁定同意退单，改由 {said(lead)} 主责：{reason}"
        case ReturnDecided(reason=reason):
            return f"裁定不同意退单，由首接单位继续办理：{reason}"
        case ExtensionDecided(granted=True, until=until, reason=reason):
            return f"同意延期至 {until}，首次时限仍计入统计：{reason}"
        case ExtensionDecided(reason=reason):
            return f"不同意延期：{reason}"
        case RaisedToLeaders(reason=reason):
            return f"提请镇领导协调：{reason}"
        case CoordinationConcluded(conclusion=conclusion, lead_code=lead):
            return f"协调结论：{conclusion}{'，主责单位 ' + said(lead) + '。' if lead else ''}"
        case SupervisionHinted(reason=reason, related=related):
            return f"效能监察提示：{reason}{'（同类工单 ' + '、'.join(related) + '）' if related else ''}"
        case TicketUrged(name=name, clock=code, clock_name=clock, unit_code=unit, skipped=skipped):
            missed = f"（停机期间未发：{'、'.join(skipped)}）" if skipped else ""
            return f"{name}：{said(unit) if unit else '专线工作组'}，{clock or said(code)}时限。{missed}"
        case ClocksRecomputed(reason=reason, changes=changes):
            return f"{reason}，时限重算：{'；'.join(changes)}"
    raise TypeError(f"no sentence for {type(event).__name__}")


def _when(moment: datetime) -> str:
    return f"{moment.astimezone(_SHANGHAI):%Y-%m-%d %H:%M}"
