"""One proposal while the operator types: cleaned notes in, recommendation, summary and notices out."""

from dataclasses import dataclass

from intake.application.ports import Directory, Recommender
from intake.application.summarise import Summary, summarise
from intake.domain.call import CallNotes, clean_notes, hidden_characters, text_problem
from intake.domain.errors import FieldProblem, invalid
from intake.domain.privacy import phone_problem
from intake.domain.ticket import SHANGHAI
from routing.recommendation import Clock, Recommendation, Request, Territory, TicketType


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What the desk shows; ``recommendation`` None means the text gives nothing to go on and ``notices`` says why."""

    recommendation: Recommendation | None
    summary: Summary
    notices: tuple[str, ...]


def request_of(notes: CallNotes, topic_code: str | None = None) -> Request:
    """The router's request for clean notes; ``topic_code`` replaces the operator's choice when given."""
    return Request(
        text=notes.text,
        called_at=notes.called_at,
        address=notes.address,
        caller_phone=notes.phone,
        place_is_ours=notes.place_is_ours,
        topic_code=notes.topic_code if topic_code is None else topic_code,
    )


def provisional_notice(clocks: tuple[Clock, ...]) -> str:
    """Say that a deadline runs into a year without a published holiday list; empty when none does."""
    names = "、".join(clock.name for clock in clocks if clock.provisional)
    return f"{names}：所在年份的放假安排尚未公布，截止时间为暂定，公布后重算。" if names else ""


class Suggest:
    """Asks the recommender for clean notes; refuses nothing that is typed, because the operator is still typing."""

    def __init__(self, recommender: Recommender, directory: Directory) -> None:
        self._recommender = recommender
        self._directory = directory

    def __call__(self, notes: CallNotes) -> Suggestion:
        """Return the suggestion for notes as typed; a wrong telephone or unusable text becomes a notice.

        Raises InvalidInputError for a topic code, which is chosen and not typed, that is not in force that day.
        """
        clean = clean_notes(notes)
        self._check_topic(clean)
        notices = [text_problem(clean.text), phone_problem(clean.phone), _hidden_notice(notes.text)]
        if notices[0]:
            recommendation = None
        else:
            recommendation = self._recommender.recommend(request_of(clean))
            notices.append(provisional_notice(recommendation.clocks))
        summary = _summary(clean, recommendation)
        return Suggestion(recommendation, summary, tuple(notice for notice in notices if notice))

    def _check_topic(self, notes: CallNotes) -> None:
        day = notes.called_at.astimezone(SHANGHAI).date()
        if notes.topic_code and notes.topic_code not in {topic.code for topic in self._directory.topics(day)}:
            message = f"诉求事项“{notes.topic_code[:40]}”不在当日有效的目录里，请从列表中选择。"
            raise invalid((FieldProblem("topic_code", message),))


def _summary(notes: CallNotes, recommendation: Recommendation | None) -> Summary:
    if recommendation is None:
        return summarise(notes.text, notes.address)
    types, place = recommendation.proposal.types, recommendation.place
    known = place.community or (place.matched if place.territory is Territory.OTHER else "")
    inquiry = bool(types) and types[0].code == TicketType.INQUIRY
    return summarise(notes.text, notes.address, known, inquiry=inquiry)


def _hidden_notice(text: str) -> str:
    count = hidden_characters(text)
    return f"已去掉 {count} 个看不见的控制字符，其余内容原样保留。" if count else ""
