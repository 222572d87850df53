"""The state machine: what is not in the table cannot happen (细则-4-1)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.domain.errors import UnknownTransitionError
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
from intake.domain.lifecycle import TRANSITIONS, TicketState, advance, replay
from routing.recommendation import Override
from tests.intake.fakes import NOW

SAMPLES: dict[type[TicketEvent], TicketEvent] = {
    CallAccepted: CallAccepted(NOW, "坐席甲", NOW, "投诉求助", "C01"),
    DispatchRequested: DispatchRequested(NOW, "坐席甲", "ZFD"),
    SentToCentre: SentToCentre(NOW, "坐席甲"),
    TicketDispatched: TicketDispatched(NOW, "坐席甲", 1, "ZFD", ("SQB",)),
    CallerReferred: CallerReferred(NOW, "坐席甲", "请向法院咨询。"),
    EmergencyTransferred: EmergencyTransferred(NOW, "坐席甲", "119"),
    InquiryAnswered: InquiryAnswered(NOW, "坐席甲", ("S01-juzhu",)),
    RecommendationOverridden: RecommendationOverridden(NOW, "坐席甲", (Override("lead_code", "FGS", "ZFD", "在路上"),)),
    TypeDowngraded: TypeDowngraded(NOW, "坐席甲", "来电人只是问"),
    CallJoined: CallJoined(NOW, "坐席甲", NOW, "进度查询", "问进度，电话13800000000"),
}
REMARKS = (RecommendationOverridden, TypeDowngraded, CallJoined)


@pytest.mark.parametrize(
    ("steps", "state"),
    [
        ((CallAccepted, DispatchRequested, TicketDispatched), TicketState.DISPATCHED),
        ((CallAccepted, SentToCentre), TicketState.PENDING),
        ((CallAccepted, SentToCentre, TicketDispatched), TicketState.DISPATCHED),
        ((CallAccepted, CallerReferred), TicketState.REFERRED),
        ((CallAccepted, EmergencyTransferred), TicketState.TRANSFERRED),
        ((CallAccepted, TypeDowngraded, InquiryAnswered), TicketState.ANSWERED),
    ],
)
def test_first_steps_lead_where_the_form_says(steps: tuple[type[TicketEvent], ...], state: TicketState) -> None:
    assert replay(SAMPLES[step] for step in steps) is state


@given(state=st.sampled_from([None, *TicketState]), kind=st.sampled_from(EVENT_TYPES))
def test_every_pair_is_in_the_table_or_raises(state: TicketState | None, kind: type[TicketEvent]) -> None:
    event = SAMPLES[kind]
    if state is not None and kind in REMARKS:
        assert advance(state, event) is state
    elif (state, kind) in TRANSITIONS:
        assert advance(state, event) is TRANSITIONS[(state, kind)]
    else:
        with pytest.raises(UnknownTransitionError):
            advance(state, event)


@given(st.lists(st.sampled_from(EVENT_TYPES), max_size=6))
def test_an_emergency_is_never_dispatched(kinds: list[type[TicketEvent]]) -> None:
    try:
        state = replay(SAMPLES[kind] for kind in kinds)
    except UnknownTransitionError:
        return
    if EmergencyTransferred in kinds:
        assert state is TicketState.TRANSFERRED
        assert TicketDispatched not in kinds


def test_a_ticket_without_events_does_not_exist() -> None:
    with pytest.raises(UnknownTransitionError):
        replay(())


def test_every_event_has_a_label_and_a_sentence() -> None:
    assert set(EVENT_LABELS) == {kind.__name__ for kind in EVENT_TYPES} == {kind.__name__ for kind in SAMPLES}
    assert all(describe(event) for event in SAMPLES.values())
    assert describe(SAMPLES[RecommendationOverridden]) == "承办单位：FGS→ZFD（在路上）"


def test_a_joined_call_shows_no_whole_number() -> None:
    assert describe(SAMPLES[CallJoined]) == "进度查询来电并入本工单：问进度，电话138****0000"
