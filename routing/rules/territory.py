"""Rule 2, 属地范围."""

from routing.ports import Case, Rule, Ruling, fired, silent
from routing.recommendation import Outcome, Territory


class TerritoryRule(Rule):
    """细则-2, 细则-5-3: the place is clearly in another town or street → tell the caller where to turn.

    The operator's word that the place is ours goes before.
    """

    name = "属地范围"
    order = 2
    clause = "细则-5-3"

    def judge(self, case: Case) -> Ruling:
        """Fires only for a place that is clearly outside; an unclear one is asked about, not refused."""
        place, town = case.place, case.view.town
        if case.request.place_is_ours:
            return silent(self, f"坐席已确认诉求地在{town.name}。")
        if place.territory is Territory.OURS:
            where = f"，属{place.community}" if place.community else ""
            return silent(self, f"诉求地在{town.name}{where}（依据“{place.matched}”）。{place.question}")
        if place.territory is Territory.UNCLEAR:
            why = f"“{place.matched}”不能确定属地" if place.matched else "没有说清诉求地"
            return silent(self, f"{why}，请问清在哪个社区或路口，是否在{town.name}。{place.question}")
        notes = (a.note for a in case.view.aliases if a.note and a.street == place.street)
        note = next(notes, "")
        because = f"（{note}）" if note else ""
        sentence = (
            f"您反映的地点在{place.street}{because}，不属于{town.name}。"
            f"请您联系{place.street}，或拨打{town.city}12345市民服务热线。"
        )
        referral = f"{place.street}或{town.city}12345市民服务热线"
        return Ruling(fired(self, sentence, Outcome.NOT_OURS.value), Outcome.NOT_OURS, referral=referral)
