"""Rule 4, 重复诉求."""

from routing.ports import Case, Rule, Ruling, fired, silent
from routing.recommendation import CallKind, Outcome

_TODO = {
    CallKind.PROGRESS: "来电是查进度，请查看原工单并告知来电人，同时催办",
    CallKind.ADDITION: "来电是补充情况，请把内容补到原工单",
    CallKind.WITHDRAWAL: "来电人要撤销诉求，请记入原工单，由专线管理核实后办理撤诉",
    CallKind.REPLY: "来电是承办单位回复，请记入原工单",
    CallKind.NEW: "九十日内同一事项已有工单在办，请催办原工单",
}


class RepeatRule(Rule):
    """细则-8: a call about an open ticket goes to that ticket; a closed one goes back to its first unit (首接负责).

    Whoever calls about a ticket that is open makes no new one; of a closed ticket only a new matter is taken up again.
    """

    name = "重复诉求"
    order = 4
    clause = "细则-8"

    def judge(self, case: Case) -> Ruling:
        """Fires on the surest earlier ticket that this call is about."""
        if not case.related:
            if case.kind is CallKind.NEW:
                return silent(self, "九十日内没有找到同一来电人或同一地点的同类工单。")
            heard = f"听到“{case.kind_words}”，像是{case.kind.value}"
            return silent(self, f"{heard}，但没有找到原工单，请问清编号或电话；先按新诉求处理。")
        first = case.related[0]
        if first.open or case.kind is not CallKind.NEW:
            sentence = f"{_TODO[case.kind]}，不另立新单。{first.sentence}。"
            return Ruling(fired(self, sentence, Outcome.JOINED.value), Outcome.JOINED, lead=first.lead)
        if first.lead is None or case.view.unit_ref(first.lead.code) is None:
            return silent(self, f"找到已办结的工单，原单位现已不在目录中，按现行职责派单。{first.sentence}。")
        support = tuple(
            unit
            for code in (case.topic.support if case.topic else ())
            if code != first.lead.code and (unit := case.view.unit_ref(code)) is not None
        )
        sentence = f"同一问题办结后再次反映，按首接负责由{first.lead.name}继续办理。{first.sentence}。"
        return Ruling(fired(self, sentence, f"派单 {first.lead.name}"), Outcome.DISPATCH, first.lead, support)
