"""Rule 4, 重复诉求, and calls about a ticket that exists."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from routing.earlier import EarlierTicket, Match, Why
from routing.ports import Case, Rule, Ruling, fired, silent
from routing.recommendation import CallKind, Outcome, Related

SHANGHAI = ZoneInfo("Asia/Shanghai")
_OF = {
    Why.NUMBER: "来电说到的",
    Why.CALLER: "同一来电人的",
    Why.PLACE: "同一地点的",
    Why.NEARBY: "同一社区的",
}
_TO_DO = {
    CallKind.PROGRESS: "请告知办理进度并催办，不另立新单",
    CallKind.ADDITION: "请把补充情况记入原工单并告知承办单位，不另立新单",
    CallKind.WITHDRAWAL: "请与来电人核实后在原工单上办理撤诉，不另立新单",
    CallKind.REPLY: "请把答复记入原工单，不另立新单",
}


class RepeatRule(Rule):
    """细则-8: same caller or same place, same topic, open or closed within 90 days.

    Open → the earlier ticket is urged instead of a new one; closed → back to the unit that had it first (首接负责).
    A call about an existing ticket (进度、补充、撤诉、单位回复) is linked to it in the same way.
    """

    name = "重复诉求"
    order = 4
    clause = "细则-8"

    def judge(self, case: Case) -> Ruling:
        """Fires for a sure match only; what is merely alike is shown and asked about."""
        found = case.matches()
        sure = [match for match in found if match.sure]
        if not sure:
            return silent(self, _nothing_found(case, found))
        match, call = sure[0], case.around.call
        ticket = match.ticket
        if call.kind is not CallKind.NEW:
            words = f"（依据“{'、'.join(call.words)}”）" if call.words else ""
            sentence = f"这是对已有工单的{call.kind.value}{words}：{_stands(match)}。{_TO_DO[call.kind]}。"
            return self._link(sentence, f"{Outcome.JOINED.value} {ticket.number}", ticket)
        if ticket.open:
            sentence = f"{_stands(match)}，尚未办结：请催办原工单，不另立新单；确是另一件事的，可改为派单并写明理由。"
            return self._link(sentence, f"催办 {ticket.number}", ticket)
        return self._back(case, match)

    def _link(self, sentence: str, effect: str, ticket: EarlierTicket) -> Ruling:
        return Ruling(fired(self, sentence, effect), Outcome.JOINED, ticket.lead, linked=ticket.number)

    def _back(self, case: Case, match: Match) -> Ruling:
        """Back to the unit that had it first, if it still exists on the day of the call."""
        ticket, view = match.ticket, case.view
        if ticket.first_lead is None:
            return silent(self, f"{_stands(match)}，当时没有派给单位，按下列规则办理。")
        lead = view.unit_ref(ticket.first_lead.code)
        if lead is None:
            gone = f"首接单位{ticket.first_lead.name} {view.day:%Y-%m-%d} 已不在目录中"
            return silent(self, f"{_stands(match)}，但{gone}，按下列规则另定主责。")
        codes = case.topic.support if case.topic else ()
        support = tuple(unit for code in codes if code != lead.code and (unit := view.unit_ref(code)) is not None)
        sentence = f"{_stands(match)}，现在又来电：按首接负责，仍由{lead.name}办理。"
        return Ruling(fired(self, sentence, f"派单 {lead.name}"), Outcome.DISPATCH, lead, support, linked=ticket.number)


def related(case: Case) -> tuple[Related, ...]:
    """Every earlier ticket worth a look, with why."""
    return tuple(_related(match) for match in case.matches())


def _related(match: Match) -> Related:
    ticket, doubt = match.ticket, "" if match.sure else "，请核对是否同一件事"
    sentence = f"{_stands(match)}{doubt}。"
    return Related(ticket.number, ticket.open, ticket.lead, sentence, match.why.value, match.sure)


def _stands(match: Match) -> str:
    """The ticket and how it stands, readable aloud."""
    ticket = match.ticket
    day = ticket.called_at.astimezone(SHANGHAI)
    lead = f"由{ticket.lead.name}承办" if ticket.lead else "没有派给单位"
    state = ticket.state or ("办理中" if ticket.open else "已办结")
    late = "，已超期" if ticket.overdue and ticket.open else ""
    when = f"{day.year}年{day.month}月{day.day}日"
    return f"{_OF[match.why]}工单 {ticket.number}（{when}，{ticket.topic_name or '事项未定'}，{lead}，{state}{late}）"


def _nothing_found(case: Case, alike: Sequence[Match]) -> str:
    call = case.around.call
    listed = "、".join(match.ticket.number for match in alike)
    if call.kind is not CallKind.NEW:
        words = f"（依据“{'、'.join(call.words)}”）"
        ask = "请问清工单编号或当时留的电话。" + (f"相近的有 {listed}。" if listed else "")
        return f"来电像是{call.kind.value}{words}，但没有找到原工单，先按新诉求办理；{ask}"
    if call.numbers:
        return f"来电说到工单 {'、'.join(call.numbers)}，但没有找到，请核对编号；先按新诉求办理。"
    if listed:
        return f"近90天有相近的工单 {listed}，来电人、地点不完全相同，请核对是否同一件事。"
    return "近90天没有同一来电人或同一地点的同类工单。"
