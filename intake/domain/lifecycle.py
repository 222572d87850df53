"""The ticket's states and the only ways between them (细则-4-1); an unknown transition raises (pure)."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from intake.domain.errors import UnknownTransitionError
from intake.domain.events import (
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
)


class TicketState(StrEnum):
    """Where a ticket stands; values are shown and stored."""

    ACCEPTED = "受理"
    PENDING = "待派单"
    DISPATCHED = "已派单"
    REFERRED = "已告知"
    TRANSFERRED = "已紧急转接"
    ANSWERED = "已当场答复"


TRANSITIONS: Mapping[tuple[TicketState | None, type[TicketEvent]], TicketState] = {
    (None, CallAccepted): TicketState.ACCEPTED,
    (TicketState.ACCEPTED, DispatchRequested): TicketState.PENDING,
    (TicketState.ACCEPTED, SentToCentre): TicketState.PENDING,
    (TicketState.PENDING, TicketDispatched): TicketState.DISPATCHED,
    (TicketState.ACCEPTED, CallerReferred): TicketState.REFERRED,
    (TicketState.ACCEPTED, EmergencyTransferred): TicketState.TRANSFERRED,
    (TicketState.ACCEPTED, InquiryAnswered): TicketState.ANSWERED,
}
_REMARKS: tuple[type[TicketEvent], ...] = (RecommendationOverridden, TypeDowngraded, CallJoined)
# A ticket in one of these is still being worked on.
OPEN = frozenset({TicketState.ACCEPTED, TicketState.PENDING, TicketState.DISPATCHED})


def advance(state: TicketState | None, event: TicketEvent) -> TicketState:
    """Return the state after ``event``; remarks keep it. Raises UnknownTransitionError for every other pair."""
    if state is not None and isinstance(event, _REMARKS):
        return state
    try:
        return TRANSITIONS[(state, type(event))]
    except KeyError:
        raise UnknownTransitionError(f"{state or '未受理'} 状态下不能发生 {type(event).__name__}") from None


def replay(events: Iterable[TicketEvent]) -> TicketState:
    """Return the state that a whole history leads to; raises when it is empty or impossible."""
    state: TicketState | None = None
    for event in events:
        state = advance(state, event)
    if state is None:
        raise UnknownTransitionError("没有任何事件，工单不存在")
    return state
