"""Rule 5, 指定谁、谁办理."""

from routing.ports import Case, Rule, Ruling, fired, silent
from routing.recommendation import Outcome
from routing.taxonomy import Designation


class DesignationRule(Rule):
    """细则-8: a standing designation of 城运中心 in force on the day of the call goes before the duty list."""

    name = "指定承办"
    order = 5
    clause = "细则-8"

    def judge(self, case: Case) -> Ruling:
        """The most specific designation counts: topic and place, then place, then topic."""
        matching = [d for d in case.view.designations if _meets(d, case)]
        if not matching:
            return silent(self, f"{case.view.day:%Y-%m-%d} 没有适用的长期指定。")
        chosen = max(matching, key=_specificity)
        lead = case.view.unit_ref(chosen.unit)
        if lead is None:
            return silent(self, f"{chosen.code} 指定的单位 {chosen.unit} 当日不在目录中，未适用，请城运中心更新指定。")
        support = tuple(
            unit
            for code in (case.topic.support if case.topic else ())
            if code != chosen.unit and (unit := case.view.unit_ref(code)) is not None
        )
        until = f"至{chosen.valid.end:%Y-%m-%d}" if chosen.valid.end else "起长期有效"
        sentence = f"按{chosen.code}（{chosen.valid.start:%Y-%m-%d}{until}）由{lead.name}办理：{chosen.reason}。"
        return Ruling(fired(self, sentence, f"派单 {lead.name}"), Outcome.DISPATCH, lead, support)


def _meets(designation: Designation, case: Case) -> bool:
    if designation.topics and (case.abstained or case.topic is None or case.topic.code not in designation.topics):
        return False
    return not designation.areas or case.place.community_code in designation.areas


def _specificity(designation: Designation) -> tuple[bool, bool]:
    return bool(designation.areas), bool(designation.topics)
