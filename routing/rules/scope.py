"""Rule 3, 受理范围."""

from routing.ports import Case, Rule, Ruling, fired, silent
from routing.recommendation import Outcome
from routing.wording import hear, listen


class ScopeRule(Rule):
    """细则-5-3: court, arbitration, discipline, concluded petition or purely private contract → 告知 with a script.

    Words of the text count only together with a topic that can be meant; the outside topic alone is enough.
    """

    name = "受理范围"
    order = 3
    clause = "细则-5-3"

    def judge(self, case: Case) -> Ruling:
        """Fires for the first kind whose words are heard, then for the outside topic itself."""
        view, topic = case.view, case.topic
        spoken, disarmed = listen(case.request.text), ""
        for kind in view.scope:
            if kind.topics and (topic is None or topic.code not in kind.topics):
                continue
            words = hear(kind.words, spoken, view.discount_words)
            if words:
                sentence = f"{kind.script}（依据“{'、'.join(words.words)}”，{kind.name}）"
                return Ruling(fired(self, sentence, Outcome.NOT_OURS.value), Outcome.NOT_OURS, referral=kind.referral)
            disarmed = disarmed or words.disarmed
        if topic is not None and topic.code == view.town.outside_topic and not case.abstained:
            sentence = f"您反映的事项不属于{view.town.name}职责范围（{topic.definition}），请联系{topic.referral}。"
            return Ruling(fired(self, sentence, Outcome.NOT_OURS.value), Outcome.NOT_OURS, referral=topic.referral)
        return silent(
            self,
            f"提到{disarmed}，不作职责外处理。" if disarmed else "不属于诉讼、仲裁、违纪举报、信访终结或纯私人合同。",
        )
