"""The sweep (细则-5-2): warn before, urge when due, urge again louder; exactly once with any number of processes."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from intake.application.handling import standing_of
from intake.application.handling_ports import Message, Sender, SweepLine
from intake.application.ports import Directory, JsonValue, Transactions, UnitOfWork
from intake.application.snapshot import digest, encode
from intake.domain.clocks import SHANGHAI, Terms, TicketClock, clocks_of, say_left
from intake.domain.errors import DeskError
from intake.domain.events_handling import ClocksRecomputed, TicketUrged
from intake.domain.lifecycle import replay
from intake.domain.states import FINAL
from intake.domain.urging import Urge, look

ACTOR = "系统"
BATCH = 5_000
SEND_BATCH = 500
LEASE = timedelta(minutes=2)
# Minutes to wait after each failure of the webhook; after the last the message is given up and stays on record.
BACKOFF = (1, 2, 5, 15, 60, 240, 720)
_AGAIN = timedelta(hours=1)
WORKLIST, WEBHOOK = "工作台", "消息接口"


@dataclass(frozen=True, slots=True)
class SweepReport:
    """What one sweep did: urgings by name, messages delivered and not, tickets that could not be read."""

    looked_at: int = 0
    urged: tuple[tuple[str, int], ...] = ()
    delivered: int = 0
    undelivered: int = 0
    failures: tuple[str, ...] = ()

    def sentence(self) -> str:
        """For the command line and the log."""
        said = "、".join(f"{name} {count} 件" for name, count in self.urged) or "没有需要催办的工单"
        sent = f"消息送出 {self.delivered} 条" + (f"，未送出 {self.undelivered} 条" if self.undelivered else "")
        broken = f"；{len(self.failures)} 张工单读不出：{'；'.join(self.failures[:5])}" if self.failures else ""
        return f"查看 {self.looked_at} 张，{said}；{sent}{broken}。"


class Sweep:
    """Looks at every ticket whose next urging is due; ``sender`` None: the worklist is the only channel."""

    def __init__(self, transactions: Transactions, directory: Directory, sender: Sender | None = None) -> None:
        self._transactions = transactions
        self._directory = directory
        self._sender = sender

    def __call__(self, now: datetime) -> SweepReport:
        """Sweep at ``now`` until nothing is due, then deliver what waits."""
        terms = self._directory.terms()
        looked, urged, failures = 0, Counter[str](), []
        while True:
            with self._transactions.write() as unit:
                lines = unit.handling.due(now, BATCH)
                events, broken = self._batch(unit, lines, terms, now)
            looked += len(lines)
            urged.update(event.name for _, event in events)
            failures += broken
            if len(lines) < BATCH:
                break
        delivered, undelivered = self.deliver(now)
        return SweepReport(looked, tuple(urged.items()), delivered, undelivered, tuple(failures))

    def _batch(
        self, unit: UnitOfWork, lines: Sequence[SweepLine], terms: Terms, now: datetime
    ) -> tuple[Sequence[tuple[str, TicketUrged]], list[str]]:
        """Find, take and write the urgings of these tickets in one transaction."""
        wanted: list[tuple[str, Urge]] = []
        again: dict[str, datetime | None] = {}
        broken = []
        made = self._maker(now)
        for line in lines:
            try:
                urges, again[line.number] = self._look(unit, line, terms, now)
                wanted += [(line.number, urge) for urge in urges]
            except (DeskError, KeyError, TypeError, ValueError) as error:  # one unreadable ticket stops no other
                broken.append(f"{line.number}（{type(error).__name__}）")
                again[line.number] = now + _AGAIN
        events = [(number, made(urge)) for number, urge in wanted]
        unit.handling.take_urges(events)
        unit.handling.append_urges(events)
        unit.handling.postpone(again)
        if self._sender is not None:
            unit.outbox.put_all((_message(number, urge, terms, now) for number, urge in wanted), now)
        if events:
            unit.audit.append(now, ACTOR, "催办", f"{len(events)} 件", _digests(events))
        return events, broken

    def _look(
        self, unit: UnitOfWork, line: SweepLine, terms: Terms, now: datetime
    ) -> tuple[tuple[Urge, ...], datetime | None]:
        """What is due for one ticket, and when to look at it again."""
        timers = line.timers
        if not timers:  # dispatched before there were clocks: they follow from its history
            timers = clocks_of(replay(unit.tickets.events(line.number)), terms)
            unit.handling.start_timers(line.number, timers)
        return look(timers, line.urged, terms, now)

    def _maker(self, now: datetime) -> Callable[[Urge], TicketUrged]:
        """Makes events; tickets that are urged alike share one, so that it is encoded once."""
        known: dict[tuple[str, int, int, str, int, int], TicketUrged] = {}

        def make(urge: Urge) -> TicketUrged:
            clock = urge.clock
            key = (urge.code, clock.round, clock.leg, clock.unit_code, urge.level.level, len(urge.skipped))
            if key not in known:
                known[key] = self._event(urge, now)
            return known[key]

        return make

    def _event(self, urge: Urge, now: datetime) -> TicketUrged:
        clock = urge.clock
        return TicketUrged(
            at=now,
            actor=ACTOR,
            clock=urge.code,
            round=clock.round,
            leg=clock.leg,
            level=urge.level.level,
            name=urge.level.name,
            unit_code=clock.unit_code,
            channels=(WORKLIST, WEBHOOK) if self._sender else (WORKLIST,),
            skipped=tuple(step.name for step in urge.skipped),
            clock_name=clock.name,
        )

    def deliver(self, now: datetime) -> tuple[int, int]:
        """Send what waits, one message per unit however many tickets it has; returns delivered and not delivered."""
        if self._sender is None:
            return 0, 0
        delivered = undelivered = 0
        while True:
            with self._transactions.write() as unit:
                claimed = unit.outbox.claim(now, now + LEASE, SEND_BATCH)
            if not claimed:
                return delivered, undelivered
            problem = self._sender.send(claimed[0].unit_code, claimed, now)
            self._note(claimed, problem, now)
            delivered += 0 if problem else len(claimed)
            undelivered += len(claimed) if problem else 0

    def _note(self, messages: Iterable[Message], problem: str, now: datetime) -> None:
        with self._transactions.write() as unit:
            if not problem:
                unit.outbox.sent([message.message_id for message in messages], now)
                return
            for message in messages:
                wait = BACKOFF[message.attempts] if message.attempts < len(BACKOFF) else None
                again = None if wait is None else now + timedelta(minutes=wait)
                unit.outbox.failed([message.message_id], again, problem)


class Recompute:
    """After the calendar or a service level was edited: open tickets get new deadlines, closed ones never."""

    def __init__(self, transactions: Transactions, directory: Directory) -> None:
        self._transactions = transactions
        self._directory = directory

    def __call__(self, reason: str, now: datetime) -> tuple[int, int]:
        """Recompute every open ticket; returns how many were looked at and how many changed."""
        terms = self._directory.terms()
        looked, changed, after = 0, 0, ""
        while True:
            with self._transactions.read() as unit:
                numbers = unit.handling.open_numbers(after, BATCH)
            for number in numbers:
                with self._transactions.write() as unit:
                    changed += self._one(unit, number, terms, reason, now)
            looked += len(numbers)
            if len(numbers) < BATCH:
                return looked, changed
            after = numbers[-1]

    def _one(self, unit: UnitOfWork, number: str, terms: Terms, reason: str, now: datetime) -> bool:
        ticket = unit.handling.lock(number)
        if ticket is None or ticket.state in FINAL:
            return False  # closed while we were on our way
        kept = {clock.key: clock for clock in ticket.timers}
        file = replay(unit.tickets.events(number))
        standing = standing_of(file, terms, kept, ticket.lead, ticket.support, now, renew=True)
        if standing.timers == ticket.timers:
            return False
        changes = tuple(_change(kept[c.key], c) for c in standing.timers if c.key in kept and kept[c.key] != c)
        event = ClocksRecomputed(now, ACTOR, reason, changes)
        unit.handling.move(number, ticket.version, replace(standing, version=ticket.version))
        unit.handling.append(number, (event,))
        unit.audit.append(now, ACTOR, "时限重算", number, {"event": encode(event)})
        return True


def _digests(events: Sequence[tuple[str, TicketUrged]]) -> dict[str, JsonValue]:
    """What the audit entry covers: each urging by the digest of its event, worked out once for equal ones."""
    known: dict[int, str] = {}
    for _, event in events:
        if id(event) not in known:
            known[id(event)] = digest(encode(event))
    return {f"{number}/{e.leg}/{e.clock}/{e.level}": known[id(e)] for number, e in events}


def _change(old: TicketClock, new: TicketClock) -> str:
    if old.deadline == new.deadline:
        return f"{new.name}说明已更新"
    first, then = (clock.deadline.astimezone(SHANGHAI) for clock in (old, new))
    return f"{new.name} {first:%Y-%m-%d %H:%M}→{then:%Y-%m-%d %H:%M}"


def _message(number: str, urge: Urge, terms: Terms, now: datetime) -> tuple[str, str, dict[str, str]]:
    key = f"{number}/{urge.clock.leg}/{urge.code}/{urge.level.level}"
    return urge.clock.unit_code, key, _body(number, urge, terms, now)


def _body(number: str, urge: Urge, terms: Terms, now: datetime) -> dict[str, str]:
    """What leaves the desk: no name, no telephone, no text of the caller."""
    clock = urge.clock
    return {
        "ticket": number,
        "level": urge.level.name,
        "clock": clock.name,
        "clause": clock.clause,
        "round": str(clock.round),
        "due": clock.due.isoformat(),
        "left": say_left(clock, now, terms.calendar),
    }
