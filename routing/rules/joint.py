"""Rule 7, 跨部门."""

from routing.ports import Case, Rule, Ruling, fired, silent
from routing.recommendation import Outcome, UnitRef


class JointRule(Rule):
    """细则-6-3, 方案-4-2: several matters with different leads, or a topic marked joint → one 主责, the others 协办."""

    name = "跨部门"
    order = 7
    clause = "细则-6-3"

    def judge(self, case: Case) -> Ruling:
        """Asked while no lead is decided: sure parts of an unsure whole give the lead, the first named leads."""
        leads = _leads(case)
        if len(leads) < 2:
            return silent(self, "没有听出分属不同单位的几件事。")
        parts = f"建议由{leads[0].name}主责、其余协办，请城运中心确认（方案-4-2）"
        sentence = f"{_named(case)}，分属{_joined(leads)}：{parts}。"
        return Ruling(fired(self, sentence, f"派单 {leads[0].name}"), Outcome.DISPATCH, leads[0], tuple(leads[1:]))

    def supplement(self, case: Case, decided: Ruling) -> Ruling:
        """Add the other leads as support to a dispatch that was decided above."""
        lead = decided.lead
        if decided.outcome is not Outcome.DISPATCH or lead is None:
            return silent(self, f"规则{decided.finding.order}“{decided.finding.rule}”已定，未再适用。")
        leads = _leads(case)
        others = tuple(unit for unit in leads if unit.code != lead.code)
        if len({unit.code for unit in (lead, *leads)}) > 1 and len(case.around.matters) > 1:
            parts = f"{lead.name}主责，{_joined(others)}协办（方案-4-2）"
            sentence = f"{_named(case)}，分属{_joined(leads)}：{parts}。也可分开登记。"
        elif case.topic is not None and case.topic.joint and decided.support:
            others = ()
            helpers = _joined(decided.support)
            parts = f"{lead.name}主责，{helpers}协办"
            sentence = f"“{case.topic.name}”为跨部门事项：{parts}，意见不一时提交综合网格（方案-4-2）。"
        else:
            return silent(self, "没有听出分属不同单位的几件事，也不是跨部门事项。")
        held = {unit.code for unit in decided.support}
        support = decided.support + tuple(unit for unit in others if unit.code not in held)
        return Ruling(fired(self, sentence, f"{lead.name}主责、{_joined(support)}协办"), support=support)


def _leads(case: Case) -> tuple[UnitRef, ...]:
    """The leads of the matters in the order in which they were said, each once."""
    return tuple(dict.fromkeys(matter.lead for matter in case.around.matters if matter.lead is not None))


def _named(case: Case) -> str:
    names = "、".join(f"“{matter.topic.name}”" for matter in case.around.matters)
    return f"来电有 {len(case.around.matters)} 件事：{names}"


def _joined(units: tuple[UnitRef, ...]) -> str:
    return "、".join(unit.name for unit in units)
