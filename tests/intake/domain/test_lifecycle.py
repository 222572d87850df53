"""The state machine: what is not in the table cannot happen (细则-4-1), and every story ends in one outcome."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.domain.access import Role
from intake.domain.chart import DOCS, markdown, svg
from intake.domain.errors import DeskError, ForbiddenError, UnknownTransitionError
from intake.domain.events import (
    EVENT_LABELS,
    EVENT_TYPES,
    CallAccepted,
    CallerReferred,
    CallJoined,
    DispatchRequested,
    EmergencyTransferred,
    InquiryAnswered,
    RecommendationOverridden,
    SentToCentre,
    TicketDispatched,
    TicketEvent,
    TypeDowngraded,
    describe,
)
from intake.domain.events_handling import (
    ClocksRecomputed,
    ReturnDecided,
    TicketAcknowledged,
    TicketUrged,
    TicketWithdrawn,
)
from intake.domain.lifecycle import TABLE, TicketState, advance, check_role, find_step, next_steps, replay
from intake.domain.states import FINAL, OPEN
from intake.domain.ticket_file import TicketFile
from routing.recommendation import Override
from tests.intake.fakes import NOW
from tests.intake.histories import MAKERS, dispatched, to_callback
from tests.intake.stories import random_story

REMARKS: dict[type[TicketEvent], TicketEvent] = {
    RecommendationOverridden: RecommendationOverridden(NOW, "坐席甲", (Override("lead_code", "FGS", "ZFD", "在路上"),)),
    TypeDowngraded: TypeDowngraded(NOW, "坐席甲", "来电人只是问"),
    CallJoined: CallJoined(NOW, "坐席甲", NOW, "进度查询", "问进度，电话13800000000"),
    TicketUrged: TicketUrged(NOW, "系统", "reply", 1, 1, 2, "催办", "ZFD", ("工作台",)),
    ClocksRecomputed: ClocksRecomputed(NOW, "系统", "节假日表更新", ("答复：11-30→12-01",)),
}


def sample(kind: type[TicketEvent], at: datetime = NOW) -> TicketEvent:
    file = replay(to_callback())
    return REMARKS[kind] if kind in REMARKS else MAKERS[kind](at, file, Random(1))


@pytest.mark.parametrize(
    ("steps", "state"),
    [
        ((CallAccepted, DispatchRequested, TicketDispatched), TicketState.DISPATCHED),
        ((CallAccepted, SentToCentre), TicketState.PENDING),
        ((CallAccepted, SentToCentre, TicketDispatched), TicketState.DISPATCHED),
        ((CallAccepted, CallerReferred), TicketState.REFERRED),
        ((CallAccepted, EmergencyTransferred), TicketState.TRANSFERRED),
        ((CallAccepted, TypeDowngraded, InquiryAnswered), TicketState.ANSWERED),
        ((CallAccepted, DispatchRequested, TicketWithdrawn), TicketState.WITHDRAWN),
    ],
)
def test_first_steps_lead_where_the_form_says(steps: tuple[type[TicketEvent], ...], state: TicketState) -> None:
    assert replay(sample(step) for step in steps).state is state


@given(state=st.sampled_from([None, *TicketState]), kind=st.sampled_from(EVENT_TYPES))
def test_every_pair_is_in_the_table_or_raises(state: TicketState | None, kind: type[TicketEvent]) -> None:
    file, event = TicketFile(state=state), sample(kind)
    if any(line.source is state and line.event is kind for line in TABLE):
        assert find_step(file, event).event is kind
    else:
        with pytest.raises(UnknownTransitionError) as refusal:
            advance(file, event)
        assert EVENT_LABELS[kind.__name__] in refusal.value.detail


@pytest.mark.parametrize("hundred", range(10))
def test_a_thousand_random_lives_end_in_exactly_one_outcome(hundred: int) -> None:
    for seed in range(hundred * 100, hundred * 100 + 100):
        _check_life(random_story(Random(seed)))


def _check_life(story: tuple[TicketEvent, ...]) -> None:
    states = [replay(story[: n + 1]).state for n in range(len(story))]
    assert [state for state in states if state in FINAL] == [states[-1]]
    assert replay(story).events == len(story)
    if EmergencyTransferred in {type(event) for event in story}:
        assert TicketDispatched not in {type(event) for event in story}


@pytest.mark.parametrize("seed", range(60))
def test_old_rounds_are_frozen_and_rounds_only_grow(seed: int) -> None:
    story = random_story(Random(seed))
    file, over = TicketFile(), {}
    for n in range(1, len(story) + 1):
        file = replay(story[:n])
        for assignment in file.assignments:
            if assignment.leg in over:
                assert over[assignment.leg] == assignment
            elif assignment.ended_at is not None:
                over[assignment.leg] = assignment
    rounds = [assignment.round for assignment in file.assignments]
    assert rounds == sorted(rounds)
    assert set(rounds) == set(range(1, len(set(rounds)) + 1))


def test_no_step_leads_out_of_a_final_state() -> None:
    assert {line.source for line in TABLE if line.target} & FINAL == set()
    assert all(any(line.source is state and line.target for line in TABLE) for state in OPEN)


def test_a_ticket_without_events_does_not_exist() -> None:
    with pytest.raises(UnknownTransitionError):
        replay(())


def test_an_event_of_1970_is_refused_and_a_double_one_too() -> None:
    file = replay(dispatched())
    acknowledged = MAKERS[TicketAcknowledged](NOW + timedelta(hours=1), file, Random(1))
    with pytest.raises(DeskError, match="早于"):
        advance(file, MAKERS[TicketAcknowledged](datetime(1970, 1, 1, tzinfo=UTC), file, Random(1)))
    once = advance(file, acknowledged)
    assert once.state is TicketState.CONTACT
    with pytest.raises(UnknownTransitionError):
        advance(once, acknowledged)


def test_every_event_has_a_label_and_a_sentence() -> None:
    assert set(EVENT_LABELS) == {kind.__name__ for kind in EVENT_TYPES} == {k.__name__ for k in (*MAKERS, *REMARKS)}
    assert all(describe(sample(kind)) for kind in EVENT_TYPES)
    assert describe(REMARKS[RecommendationOverridden]) == "承办单位：FGS→ZFD（在路上）"


def test_a_joined_call_shows_no_whole_number() -> None:
    assert describe(REMARKS[CallJoined]) == "进度查询来电并入本工单：问进度，电话138****0000"


def test_who_may_do_what_is_in_the_table() -> None:
    with pytest.raises(ForbiddenError, match="退单裁定"):
        check_role(type(sample(ReturnDecided)), Role.UNIT)
    assert "签收" in next_steps(TicketState.DISPATCHED, Role.UNIT)
    assert next_steps(TicketState.DISPATCHED, Role.AUDITOR) == ()
    assert not any(Role.AUDITOR in line.by or Role.EVALUATOR in line.by for line in TABLE)


def test_the_chart_on_file_is_the_table() -> None:
    """Run ``python -m intake.domain.chart`` after a change of the table."""
    assert (DOCS / "lifecycle.md").read_text(encoding="utf-8") == markdown()
    assert (DOCS / "lifecycle.svg").read_text(encoding="utf-8") == svg()
    assert all(state.value in svg() for state in TicketState)
