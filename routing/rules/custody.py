"""Rule 8, 属地托管."""

from routing.ports import Case, Rule, Ruling, fired, silent
from routing.recommendation import Outcome


class CustodyRule(Rule):
    """细则-8: no lead is clear and the place lies in a community → that 居委会 holds the matter and reports.

    It stands behind competence, so it is never reached while a lead is clear (以条为主).
    """

    name = "属地托管"
    order = 8
    clause = "细则-8"

    def judge(self, case: Case) -> Ruling:
        """Fires when the place is in one of the town's communities."""
        area = case.view.areas.get(case.place.community_code)
        if area is None or not area.ours:
            return silent(self, "主责不明，诉求地也没有落到本镇某个社区，不能属地托管。")
        lead = case.view.unit_ref(area.code)
        sentence = f"主责单位不明，诉求地在{area.name}，先由{area.name}托管并报城运中心研判。"
        return Ruling(fired(self, sentence, f"派单 {area.name}"), Outcome.DISPATCH, lead)
