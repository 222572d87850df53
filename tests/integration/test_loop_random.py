"""Random people take random steps through the use cases, with sweeps in between: the stored ticket is its history."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from random import Random

import pytest

from intake.application.handle import At, Callback, Closing, Handle, Returning
from intake.application.services import Services
from intake.domain.access import Principal
from intake.domain.audit_chain import verify
from intake.domain.clocks import SHANGHAI, clocks_of, next_due
from intake.domain.codes import Complaint, Finding, NoContact, Result, ReturnReason
from intake.domain.errors import DeskError
from intake.domain.events_handling import TicketUrged
from intake.domain.lifecycle import replay
from intake.domain.states import FINAL
from intake.domain.ticket import Ticket
from tests.intake.fakes import SettableClock
from tests.intake.histories import ANSWER, FACTS
from tests.intake.terms import TERMS, worked
from tests.integration.test_loop_handling import FGS, MANAGER, NEW, OPERATOR, SQB, ZFD

pytestmark = pytest.mark.integration
PEOPLE = (OPERATOR, MANAGER, ZFD, FGS, SQB)
Move = Callable[[Handle, At, Random], Ticket]


def _callback(h: Handle, at: At, r: Random) -> Ticket:
    solved, satisfied = r.random() < 0.5, r.random() < 0.5
    accepted = solved or r.random() < 0.3
    return h.callback(at, Callback(solved, accepted, satisfied, None if satisfied else r.choice(tuple(Complaint))))


def _close(h: Handle, at: At, r: Random) -> Ticket:
    closing = Closing(r.choice(tuple(Finding)), FACTS, r.choice(tuple(Result)), ANSWER, report=r.random() < 0.7)
    return h.close(at, closing)


MOVES: tuple[Move, ...] = (
    lambda h, at, r: h.acknowledge(at),
    lambda h, at, r: h.contact(at, "李四", at.now - timedelta(hours=r.randint(0, 30))),
    lambda h, at, r: h.contact_tried(at, "无人接听"),
    lambda h, at, r: h.contact_waived(at, r.choice(tuple(NoContact)), r.choice(("", "已当面说明"))),
    _close,
    _close,
    lambda h, at, r: h.report(at),
    _callback,
    _callback,
    lambda h, at, r: h.callback_tried(at, "无人接听"),
    lambda h, at, r: h.callback_given_up(at, "打不通"),
    lambda h, at, r: h.dispatch(at, r.choice(("ZFD", "FGS", "没有")), r.choice(((), ("SQB",)))),
    lambda h, at, r: h.send_back(at, Returning(ReturnReason.CROSSING, r.choice(("ZFD", "FGS")), "职责清单第 3 条")),
    lambda h, at, r: h.decide_return(at, r.random() < 0.5, "按职责清单", r.choice(("ZFD", "FGS"))),
    lambda h, at, r: h.ask_extension(at, (at.now + timedelta(days=r.randint(1, 20))).date(), "等检测报告"),
    lambda h, at, r: h.decide_extension(at, r.random() < 0.5, (at.now + timedelta(days=9)).date(), "属实"),
    lambda h, at, r: h.to_grid(at, "涉及两家"),
    lambda h, at, r: h.to_leaders(at, "协商不成"),
    lambda h, at, r: h.conclude(at, "由该单位牵头", r.choice(("", "ZFD", "FGS"))),
    lambda h, at, r: h.answer_urge(at, "今天到现场"),
)


def _live(services: Services, clock: SettableClock, random: Random, key: str) -> tuple[str, Counter[str]]:
    """Up to 200 attempts by random people; the last resort is that the caller withdraws."""
    ticket = services.register(NEW, OPERATOR, key).ticket
    refused: Counter[str] = Counter()
    for _ in range(200):
        clock.forward(minutes=random.choice((1, 20, 240)))
        if random.random() < 0.15:
            services.sweep(clock())
        at = At(ticket.number, ticket.version - (random.random() < 0.05), random.choice(PEOPLE), clock())
        try:
            ticket = random.choice(MOVES)(services.handle, at, random)
        except DeskError as error:
            refused[type(error).__name__] += 1
        if ticket.state in FINAL:
            return ticket.number, refused
    services.handle.withdraw(At(ticket.number, ticket.version, OPERATOR, clock()), "自行解决")
    return ticket.number, refused


def _check(services: Services, number: str, who: Principal) -> None:
    ticket = services.tickets.get(number, who)
    with services.transactions.read() as unit:
        events = unit.tickets.events(number)
    file = replay(events)
    assert (ticket.state, ticket.round) == (file.state, max(file.round, 1))
    assert ticket.timers == clocks_of(file, TERMS)
    assert ticket.next_deadline == next_due(ticket.timers)
    urged = [event for event in events if isinstance(event, TicketUrged)]
    assert len({(e.leg, e.clock, e.level) for e in urged}) == len(urged)
    for event in urged:
        moment = event.at.astimezone(SHANGHAI)
        assert not event.unit_code or (8 <= moment.hour < 20 and (moment.year > 2026 or worked(moment.date())))


@pytest.mark.parametrize("seed", range(3))
def test_whatever_people_do_the_ticket_is_its_history(services: Services, clock: SettableClock, seed: int) -> None:
    random, refusals = Random(seed), Counter[str]()
    for n in range(3):
        number, refused = _live(services, clock, random, f"{seed}-{n}")
        refusals += refused
        _check(services, number, MANAGER)
    expected = {"StaleTicketError", "ForbiddenError", "UnknownTransitionError", "InvalidInputError"}
    assert expected <= set(refusals)
    with services.transactions.read() as unit:
        assert verify(unit.audit.entries()) is None
    assert services.sweep(clock() + timedelta(days=30)).urged == ()
