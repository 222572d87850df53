"""Rule 9, 升级协调."""

from collections.abc import Sequence

from routing.earlier import EarlierTicket
from routing.ports import Case, Rule, Ruling, fired, silent
from routing.recommendation import Escalation, EscalationLevel, UnitRef

REDISPATCHES = 2
COMPLAINTS = 3


class EscalationRule(Rule):
    """细则-8: 主责单位 → 综合网格 → 镇领导 → 纪检监察, from the history of the same matter.

    Decides nothing and submits nothing: it names the rung and who may submit. 纪检监察 is a hint to a person.
    """

    name = "升级协调"
    order = 9
    clause = "细则-8"

    def judge(self, case: Case) -> Ruling:
        """Every rung that the history of the matter gives reason for, the lowest first."""
        tickets = [match.ticket for match in case.matches() if match.sure]
        if not tickets:
            return silent(self, "没有同一事项的在前工单，不涉及升级协调。")
        centre = case.view.unit_ref(case.view.town.centre_unit)
        rungs = (_grid(tickets), _leaders(tickets, centre), _supervision(tickets, centre))
        found = tuple(rung for rung in rungs if rung is not None)
        if not found:
            return silent(self, f"同一事项在前工单 {len(tickets)} 件，未到升级协调的条件。")
        sentence = "".join(f"{rung.reason}。" for rung in found)
        effect = "、".join(rung.level.value for rung in found)
        return Ruling(fired(self, sentence, effect), escalations=found)

    def supplement(self, case: Case, decided: Ruling) -> Ruling:  # noqa: ARG002 - the history speaks, not the decision
        """The same, whoever decided."""
        return self.judge(case)


def _grid(tickets: Sequence[EarlierTicket]) -> Escalation | None:
    """Sent on twice and still open: the units do not settle it among themselves; the lead unit submits."""
    stuck = [t for t in tickets if t.open and t.redispatches >= REDISPATCHES and not (t.submitted or t.raised)]
    if not stuck:
        return None
    first = stuck[0]
    by = first.lead.name if first.lead else "主责单位"
    reason = f"工单 {first.number} 已重新派单 {first.redispatches} 次，可由{by}提交综合网格协调"
    return Escalation(EscalationLevel.GRID, first.lead, reason, tuple(t.number for t in stuck))


def _leaders(tickets: Sequence[EarlierTicket], centre: UnitRef | None) -> Escalation | None:
    """The grid had it and it is still open and late, or the caller is still not satisfied."""
    serious = [t for t in tickets if t.open and t.submitted and not t.raised and (t.overdue or t.unsatisfied)]
    if not serious:
        return None
    first = serious[0]
    why = "仍超期未办结" if first.overdue else "来电人仍不满意"
    by = centre.name if centre else "城运中心"
    reason = f"工单 {first.number} 经综合网格协调{why}，可由{by}提请镇领导协调"
    return Escalation(EscalationLevel.LEADERS, centre, reason, tuple(t.number for t in serious))


def _supervision(tickets: Sequence[EarlierTicket], centre: UnitRef | None) -> Escalation | None:
    """At least three complaints with this one, some overdue or refused: a person may think of 纪检监察."""
    count = 1 + sum(1 + t.repeats for t in tickets)
    faults = [t for t in tickets if t.overdue or t.refused]
    if count < COMPLAINTS or not faults:
        return None
    late, refused = any(t.overdue for t in faults), any(t.refused for t in faults)
    what = "、".join(word for word, holds in (("超期", late), ("退单", refused)) if holds)
    reason = f"同一事项连本次已 {count} 次来电，其中有{what}，提示专线管理研判是否转纪检监察（不自动转）"
    return Escalation(EscalationLevel.SUPERVISION, centre, reason, tuple(t.number for t in tickets))
