"""Rule 6, 谁主管、谁负责."""

from routing.ports import Case, Rule, Ruling, fired, silent
from routing.recommendation import Outcome


class CompetenceRule(Rule):
    """细则-8: the lead unit of the duty list, support units as 协办; a topic without lead leads to 告知 (细则-5-3)."""

    name = "主管负责"
    order = 6
    clause = "细则-8"

    def judge(self, case: Case) -> Ruling:
        """Fires for every topic that is recognised well enough; the unrecognised topic goes to the centre."""
        topic, view = case.topic, case.view
        if topic is None or case.abstained:
            return silent(self, "诉求事项把握不足，不按职责清单定主责。")
        if topic.code == view.town.unrecognised_topic:
            centre = view.unit_ref(view.town.centre_unit)
            finding = fired(self, "内容不足以判断事项，请城运中心研判。", Outcome.CENTRE.value)
            return Ruling(finding, Outcome.CENTRE, centre)
        lead = view.unit_ref(topic.lead)
        if lead is None and topic.referral:
            sentence = f"“{topic.name}”在职责清单中没有本镇主责单位，请联系{topic.referral}。"
            return Ruling(fired(self, sentence, Outcome.NOT_OURS.value), Outcome.NOT_OURS, referral=topic.referral)
        if lead is None:
            return silent(self, f"“{topic.name}”的主责单位 {topic.lead} 当日不在目录中，主责不明。")
        support = tuple(unit for code in topic.support if (unit := view.unit_ref(code)) is not None)
        helped = f"，{'、'.join(u.name for u in support)}协办" if support else ""
        sentence = f"“{topic.name}”由{lead.name}主管{helped}。"
        effect = f"派单 {lead.name}"
        return Ruling(fired(self, sentence, effect), Outcome.DISPATCH, lead, support, topic.referral)
