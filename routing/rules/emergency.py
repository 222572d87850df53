"""Rule 1, 紧急."""

from routing.ports import Case, Rule, Ruling, fired, silent
from routing.recommendation import Banner, Outcome
from routing.wording import hear, listen


class EmergencyRule(Rule):
    """细则-2: danger to life, fire, gas with symptoms, crime in progress → banner with the number, never dispatched."""

    name = "紧急"
    order = 1
    clause = "细则-2"

    def judge(self, case: Case) -> Ruling:
        """The first kind heard gives the sentence; numbers and words of all kinds heard are shown."""
        spoken = listen(case.request.text)
        heard = [(kind, hear(kind.words, spoken, case.view.discount_words)) for kind in case.view.emergency]
        alarms = [(kind, words) for kind, words in heard if words]
        if not alarms:
            disarmed = next((words.disarmed for _, words in heard if words.disarmed), "")
            return silent(
                self, f"来电提到{disarmed}，不作紧急处理；如仍有危险请直接转接。" if disarmed else "没有说到紧急情形。"
            )
        first = alarms[0][0]
        number = "、".join(dict.fromkeys(n for kind, _ in alarms for n in kind.numbers))
        matched = "、".join(dict.fromkeys(w for _, words in alarms for w in words.words))
        sentence = f"{first.sentence}本线不是110、119、120，不派单。"
        finding = fired(self, sentence, f"{Outcome.EMERGENCY.value} {number}")
        return Ruling(finding, Outcome.EMERGENCY, banner=Banner(number, sentence, matched))
