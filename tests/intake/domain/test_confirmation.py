"""Where a person departs from the recommendation, and when a reason is asked for."""

from dataclasses import replace

import pytest

from intake.domain.confirmation import Choice, choice_problems, confirm, differences, downgrades
from routing.recommendation import Band, Outcome, Recommendation, Request, TicketType
from tests.intake.fakes import NOW, FakeRecommender


def _recommendation(text: str = "小区门口摆摊", topic: str = "") -> Recommendation:
    return FakeRecommender().recommend(Request(text, NOW, topic_code=topic))


AS_PROPOSED = Choice(TicketType.COMPLAINT, "C01", Outcome.DISPATCH, "ZFD", ("SQB",))


def _needing(recommendation: Recommendation, choice: Choice) -> set[str]:
    return {d.field_name for d in differences(recommendation, choice) if d.needs_reason}


def test_taking_everything_is_no_difference() -> None:
    assert differences(_recommendation(), AS_PROPOSED) == ()


def test_another_unit_needs_a_reason() -> None:
    choice = replace(AS_PROPOSED, lead_code="FGS")
    (found,) = differences(_recommendation(), choice)
    assert (found.label, found.proposed, found.chosen, found.needs_reason) == ("承办单位", "ZFD", "FGS", True)


def test_another_topic_needs_one_reason_and_carries_its_unit_with_it() -> None:
    choice = Choice(TicketType.COMPLAINT, "A01", Outcome.DISPATCH, "FGS", ("SQB",))
    assert _needing(_recommendation(topic="A01"), choice) == {"topic_code"}


def test_one_of_the_first_three_needs_no_reason_when_the_desk_asks_to_choose() -> None:
    seen = _recommendation(topic="A01")
    seen = replace(seen, proposal=replace(seen.proposal, band=Band.CHOOSE))
    assert _needing(seen, Choice(TicketType.COMPLAINT, "A01", Outcome.DISPATCH, "FGS", ("SQB",))) == set()


def test_what_the_desk_left_open_may_be_filled_without_a_reason() -> None:
    choice = Choice(TicketType.COMPLAINT, "A01", Outcome.CENTRE)
    assert _needing(_recommendation("随便说说的事"), choice) == set()


def test_answering_an_inquiry_with_a_document_needs_no_reason_without_one_it_does() -> None:
    answered = Choice(TicketType.INQUIRY, "S01", Outcome.ANSWERED)
    seen = _recommendation("居住证怎么办")
    assert _needing(seen, answered) == set()
    silent = replace(seen, answer=replace(seen.answer, found=False))
    assert _needing(silent, answered) == {"outcome"}


def test_a_complaint_recorded_as_inquiry_is_a_downgrade() -> None:
    assert downgrades(_recommendation(), replace(AS_PROPOSED, ticket_type=TicketType.INQUIRY))
    assert not downgrades(_recommendation(), AS_PROPOSED)
    assert not downgrades(_recommendation("居住证怎么办"), Choice(TicketType.INQUIRY, "S01", Outcome.ANSWERED))


def test_overrides_hold_reason_and_both_values() -> None:
    choice = replace(AS_PROPOSED, lead_code="FGS")
    found = differences(_recommendation(), choice)
    confirmation, problems = confirm(choice, found, {"lead_code": "已与房管所商定"})
    assert problems == ()
    assert [(o.proposed, o.chosen, o.reason) for o in confirmation.overrides] == [("ZFD", "FGS", "已与房管所商定")]
    _, problems = confirm(choice, found, {"lead_code": "  "})
    assert "请写明改动理由" in problems[0].message
    _, problems = confirm(choice, found, {"lead_code": "长" * 501})
    assert "超过 500 字" in problems[0].message


@pytest.mark.parametrize(
    ("choice", "field"),
    [
        (replace(AS_PROPOSED, outcome=Outcome.ASK), "outcome"),
        (replace(AS_PROPOSED, lead_code="", support_codes=()), "lead_code"),
        (replace(AS_PROPOSED, topic_code=""), "topic_code"),
        (replace(AS_PROPOSED, outcome=Outcome.ANSWERED), "outcome"),
        (replace(AS_PROPOSED, support_codes=("ZFD",)), "support_codes"),
        (replace(AS_PROPOSED, support_codes=("SQB", "SQB")), "support_codes"),
    ],
)
def test_impossible_choices(choice: Choice, field: str) -> None:
    assert [p.field for p in choice_problems(choice)] == [field]
