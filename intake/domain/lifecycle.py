"""The life of a ticket as ONE table of states, events and guards (附件3); chart, code and tests are made from it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TypeAlias

from intake.domain import guards as g
from intake.domain.access import Role
from intake.domain.errors import ForbiddenError, UnknownTransitionError
from intake.domain.events import (
    EVENT_LABELS,
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
from intake.domain.events_handling import (
    CallbackGivenUp,
    CallbackMade,
    CallbackTried,
    ClocksRecomputed,
    ContactMade,
    ContactTried,
    ContactWaived,
    CoordinationConcluded,
    ExtensionDecided,
    ExtensionRequested,
    RaisedToLeaders,
    ResultReported,
    ReturnDecided,
    SubmittedToGrid,
    SupervisionHinted,
    TicketAcknowledged,
    TicketResolved,
    TicketReturned,
    TicketUrged,
    TicketWithdrawn,
    UrgeAnswered,
)
from intake.domain.states import ASIDE, FINAL, HELD, OPEN, TicketState
from intake.domain.ticket_file import TicketFile, record

__all__ = ["TABLE", "Step", "TicketState", "advance", "may_raise", "next_steps", "replay", "step"]

S = TicketState
Condition: TypeAlias = Callable[[TicketFile, TicketEvent], bool]
DESK = frozenset({Role.OPERATOR, Role.MANAGER, Role.ADMIN})
CENTRE = frozenset({Role.MANAGER, Role.ADMIN})
UNIT = frozenset({Role.UNIT, Role.ADMIN})
LADDER = UNIT | CENTRE
SYSTEM: frozenset[Role] = frozenset()  # only the desk itself


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the table. ``target`` None leaves the state as it is; ``back`` returns from an aside.

    ``only`` restricts the line to some contents of the event; ``label`` says in Chinese to which.
    """

    source: TicketState | None
    event: type[TicketEvent]
    target: TicketState | None
    by: frozenset[Role]
    clause: str
    guards: tuple[g.Guard, ...] = ()
    label: str = ""
    only: Condition | None = None
    back: bool = False

    @property
    def name(self) -> str:
        """The event's Chinese name with its condition."""
        return EVENT_LABELS[self.event.__name__] + (f"（{self.label}）" if self.label else "")


def _steps(
    sources: Iterable[TicketState | None],
    event: type[TicketEvent],
    target: TicketState | None,
    by: frozenset[Role],
    clause: str,
    *guards: g.Guard,
    when: tuple[str, Condition] | None = None,
    back: bool = False,
) -> tuple[Step, ...]:
    label, only = when or ("", None)
    return tuple(Step(s, event, target, by, clause, (g.in_order, *guards), label, only, back) for s in sources)


_REPEATED = ("第 n 轮", lambda file, _event: bool(file.assignments) and file.next_round > file.round)
_REDIRECTED = ("改派", lambda file, _event: bool(file.assignments) and file.next_round == file.round)
_FIRST = ("首次", lambda file, _event: not file.assignments)
_UPHELD = ("同意", lambda _file, event: isinstance(event, ReturnDecided) and event.upheld)
_REFUSED = ("不同意", lambda _file, event: isinstance(event, ReturnDecided) and not event.upheld)
_ACCEPTED = ("接受结果", lambda _file, event: isinstance(event, CallbackMade) and event.accepted)
_UNSOLVED = ("未解决", lambda _file, event: isinstance(event, CallbackMade) and not event.accepted)


def _moves(file: TicketFile, event: TicketEvent) -> bool:
    return isinstance(event, CoordinationConcluded) and event.lead_code not in ("", file.lead_code)


_MOVED = ("另定主责单位", _moves)
_STAYS = ("原单位继续", lambda file, event: not _moves(file, event))

TABLE: tuple[Step, ...] = (
    *_steps((None,), CallAccepted, S.ACCEPTED, DESK, "细则-5-1"),
    *_steps((S.ACCEPTED,), DispatchRequested, S.PENDING, DESK, "细则-5-1"),
    *_steps((S.ACCEPTED,), SentToCentre, S.PENDING, DESK, "细则-6-3"),
    *_steps((S.ACCEPTED,), CallerReferred, S.REFERRED, DESK, "细则-5-3"),
    *_steps((S.ACCEPTED,), EmergencyTransferred, S.TRANSFERRED, DESK, "细则-2"),
    *_steps((S.ACCEPTED,), InquiryAnswered, S.ANSWERED, DESK, "细则-5-1"),
    *_steps((S.PENDING,), TicketDispatched, S.DISPATCHED, DESK, "细则-5-1", g.next_round, when=_FIRST),
    *_steps((S.PENDING,), TicketDispatched, S.DISPATCHED, DESK, "细则-5-4", g.next_round, when=_REPEATED),
    *_steps((S.PENDING,), TicketDispatched, S.DISPATCHED, DESK, "细则-8", g.next_round, when=_REDIRECTED),
    *_steps((S.DISPATCHED,), TicketAcknowledged, S.CONTACT, UNIT, "细则-6-1", g.by_holder),
    *_steps((*HELD, *ASIDE), ContactTried, None, UNIT, "细则-6-1", g.by_holder, g.with_reason, g.contact_in_term),
    *_steps((S.DISPATCHED, S.CONTACT), ContactMade, S.HANDLING, UNIT, "细则-6-1", g.by_holder, g.contact_in_term),
    *_steps((S.HANDLING, *ASIDE), ContactMade, None, UNIT, "细则-6-1", g.by_holder, g.contact_in_term),
    *_steps((S.DISPATCHED, S.CONTACT), ContactWaived, S.HANDLING, UNIT, "细则-6-1", g.by_holder, g.waiver_holds),
    *_steps(
        (S.HANDLING,), TicketResolved, S.RESOLVED, UNIT, "细则-6-2", g.by_holder, g.contact_settled, g.resolved_properly
    ),
    *_steps((S.RESOLVED,), ResultReported, S.CALLBACK, UNIT, "细则-6-2", g.by_holder),
    *_steps((S.CALLBACK,), CallbackTried, None, DESK, "细则-5-4", g.with_reason),
    *_steps((S.CALLBACK,), CallbackMade, S.ARCHIVED, DESK, "细则-5-4", g.callback_consistent, when=_ACCEPTED),
    *_steps((S.CALLBACK,), CallbackMade, S.PENDING, DESK, "细则-5-4", g.callback_consistent, when=_UNSOLVED),
    *_steps((S.CALLBACK,), CallbackGivenUp, S.ARCHIVED, DESK, "细则-5-4", g.with_reason, g.tried_enough),
    *_steps(HELD, TicketReturned, S.RETURNED, UNIT, "细则-8", g.by_holder, g.return_is_grounded),
    *_steps(
        (S.RETURNED,), ReturnDecided, S.PENDING, CENTRE, "细则-8", g.with_reason, g.decision_names_unit, when=_UPHELD
    ),
    *_steps((S.RETURNED,), ReturnDecided, None, CENTRE, "细则-8", g.with_reason, when=_REFUSED, back=True),
    *_steps(
        (*HELD, *ASIDE), ExtensionRequested, None, UNIT, "细则-6-2", g.by_holder, g.with_reason, g.extension_in_time
    ),
    *_steps((*HELD, *ASIDE), ExtensionDecided, None, CENTRE, "细则-6-2", g.with_reason, g.extension_asked),
    *_steps(HELD, SubmittedToGrid, S.GRID, UNIT, "细则-8", g.by_holder, g.with_reason),
    *_steps((*HELD, S.GRID), RaisedToLeaders, S.LEADERS, CENTRE, "细则-8", g.with_reason),
    *_steps((S.GRID, S.LEADERS), CoordinationConcluded, S.PENDING, CENTRE, "细则-8", g.with_reason, when=_MOVED),
    *_steps((S.GRID, S.LEADERS), CoordinationConcluded, None, CENTRE, "细则-8", g.with_reason, when=_STAYS, back=True),
    *_steps(
        (*HELD, *ASIDE, S.CALLBACK, S.ARCHIVED),
        SupervisionHinted,
        None,
        CENTRE,
        "细则-8",
        g.with_reason,
        g.complained_often,
    ),
    *_steps((*HELD, *ASIDE, S.RESOLVED, S.CALLBACK), TicketUrged, None, SYSTEM, "细则-5-2"),
    *_steps((*HELD, *ASIDE, S.RESOLVED), UrgeAnswered, None, UNIT, "细则-5-2", g.by_holder, g.with_reason),
    *_steps(OPEN, TicketWithdrawn, S.WITHDRAWN, DESK, "细则-5-1", g.with_reason),
    *_steps(OPEN, RecommendationOverridden, None, DESK, "细则-5-1"),
    *_steps(OPEN, TypeDowngraded, None, DESK, "细则-5-1"),
    *_steps(OPEN, CallJoined, None, DESK, "细则-8"),
    *_steps(OPEN, ClocksRecomputed, None, SYSTEM, "细则-6-1"),
)
_REMARKS = (RecommendationOverridden, TypeDowngraded, CallJoined)  # earlier versions wrote them in every state
_BY_PAIR: dict[tuple[TicketState | None, type[TicketEvent]], tuple[Step, ...]] = {}
for _line in TABLE:
    _BY_PAIR[(_line.source, _line.event)] = (*_BY_PAIR.get((_line.source, _line.event), ()), _line)


def find_step(file: TicketFile, event: TicketEvent) -> Step:
    """The line of the table for this event now; raises UnknownTransitionError when there is none."""
    for line in _BY_PAIR.get((file.state, type(event)), ()):
        if line.only is None or line.only(file, event):
            return line
    raise UnknownTransitionError(f"“{file.state or '未受理'}”状态下不能做“{EVENT_LABELS[type(event).__name__]}”")


def step(file: TicketFile, event: TicketEvent) -> TicketFile:
    """The file after a stored event: the table holds, the guards of its day were asked when it was written."""
    if file.state in FINAL and isinstance(event, _REMARKS):
        return record(file, event, file.state)
    line = find_step(file, event)
    target = (file.resume or TicketState.HANDLING) if line.back else (line.target or file.state)
    return _with_resume(file, record(file, event, target or TicketState.ACCEPTED), event)


def advance(file: TicketFile, event: TicketEvent) -> TicketFile:
    """The file after a new event; raises UnknownTransitionError, or the DeskError of the guard that refuses."""
    for guard in find_step(file, event).guards:
        guard(file, event)
    return step(file, event)


def replay(events: Iterable[TicketEvent]) -> TicketFile:
    """The file of a whole history; raises UnknownTransitionError when it is empty or impossible."""
    file = TicketFile()
    for event in events:
        file = step(file, event)
    if file.state is None:
        raise UnknownTransitionError("没有任何事件，工单不存在")
    return file


def may_raise(event: type[TicketEvent], role: Role | None) -> bool:
    """Whether a role may raise this event in any state."""
    return role is not None and any(role in line.by for line in TABLE if line.event is event)


def check_role(event: type[TicketEvent], role: Role | None) -> None:
    """Raise ForbiddenError, naming the step, unless ``may_raise``."""
    if not may_raise(event, role):
        name = EVENT_LABELS[event.__name__]
        raise ForbiddenError(
            "权限不足", f"您的角色不能做“{name}”。", "没有改动任何数据。请由有权限的人员办理，或联系专线管理。"
        )


def next_steps(state: TicketState, role: Role | None = None) -> tuple[str, ...]:
    """Names of what can be done now, in the table's order; with ``role``, only by that role."""
    lines = (line for line in TABLE if line.source is state and line.by and (role is None or role in line.by))
    return tuple(dict.fromkeys(EVENT_LABELS[line.event.__name__] for line in lines))


def _with_resume(before: TicketFile, after: TicketFile, event: TicketEvent) -> TicketFile:
    """Remember where to go back to when an aside begins; a contact made meanwhile counts on the way back."""
    if after.state in ASIDE and before.state in HELD:
        return replace(after, resume=before.state)
    if after.state in ASIDE and isinstance(event, ContactMade):
        return replace(after, resume=TicketState.HANDLING)
    return replace(after, resume=None) if after.state not in ASIDE and after.resume else after
