"""Fill an empty database with life stories: real calls, real steps, at moments of the past; no row by hand."""

import heapq
import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Protocol

from intake.application.handle import At
from intake.application.ports import JsonValue, TicketFilter
from intake.application.register import NewTicket
from intake.application.services import Services
from intake.bootstrap import DEMO_MARK
from intake.demo.people import ACCOUNTS, OPERATORS, caller, places_of
from intake.demo.stories import Move, moves
from intake.domain.access import Principal, Role
from intake.domain.call import CallNotes
from intake.domain.errors import ConflictError, DeskError
from intake.domain.ticket import SHANGHAI
from routing.recommendation import Outcome, Recommendation, TicketType
from routing.taxonomy import Alias, Example

DAYS = 35
TRIES = 4
SWEEP = timedelta(hours=6)
Say = Callable[[str, float], None]
_ADMIN = Principal("演示数据生成", Role.ADMIN)


class Hands(Protocol):
    """A clock that can be set; the services must have been opened with this very one."""

    moment: datetime

    def __call__(self) -> datetime: ...


@dataclass
class StoryClock:
    """The clock of the services while the past is told."""

    moment: datetime

    def __call__(self) -> datetime:
        return self.moment


@dataclass(frozen=True, slots=True)
class Told:
    """What was told: tickets by state, steps taken, accounts with their passwords (shown once)."""

    states: dict[str, int]
    steps: int
    accounts: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class _Next:
    """A call to come (``count``: which) or the step of a ticket (``count``: how often it was refused in a row)."""

    number: str
    move: Move | None
    count: int


@dataclass
class _Teller:
    services: Services
    clock: Hands
    random: Random
    until: datetime
    examples: Sequence[Example]
    places: Sequence[Alias]
    queue: list[tuple[datetime, int, _Next]] = field(default_factory=list)
    count: int = 0
    steps: int = 0

    def tell(self, tickets: int, say: Say) -> None:
        """Tell the stories in order of time; the sweep runs every six hours in between."""
        start = self.until - timedelta(days=DAYS)
        span = (self.until - start).total_seconds()
        for index in range(tickets):
            self._later(start + timedelta(seconds=self.random.random() * span), _Next("", None, index))
        swept, done = start, 0
        while self.queue:
            at, _, following = heapq.heappop(self.queue)
            while swept + SWEEP <= at:
                swept += SWEEP
                self.services.sweep(swept)
            self.clock.moment = at
            if following.move is not None:
                self._step(following.number, following.move, following.count)
                continue
            self._call(following.count)
            done += 1
            say("来电", done / tickets)
        self.clock.moment = self.until
        self.services.sweep(self.until)

    def _later(self, at: datetime, following: "_Next") -> None:
        if at <= self.until:  # what lies behind the end is not told: the ticket is open when the demonstration begins
            self.count += 1
            heapq.heappush(self.queue, (at, self.count, following))

    def _call(self, index: int) -> None:
        """One caller; a text that gives nothing to go on is followed by another, as on the telephone."""
        for _ in range(TRIES * 5):
            who = caller(self.random, index, self.examples, self.places)
            notes = CallNotes(who.text, self.clock.moment, who.address, who.phone, who.name)
            shown = self.services.suggest(notes).recommendation
            if shown is None or shown.outcome in (Outcome.ASK, Outcome.JOINED):
                continue
            if shown.outcome is Outcome.NOT_OURS and self.random.random() < 0.75:
                continue  # the examples hold every topic alike, a telephone does not
            try:
                done = self.services.register(
                    _accepted(notes, shown, self.random), self.random.choice(OPERATORS), f"demo-{index}"
                )
            except DeskError:
                continue  # what the desk refuses is not told
            self._plan(done.ticket.number, 0)
            return

    def _plan(self, number: str, tries: int) -> None:
        """Draw what happens next to this ticket, and when."""
        services = self.services
        ticket, file = services.tickets.get(number, _ADMIN), services.tickets.file(number, _ADMIN)
        units = [unit.code for unit in services.directory.units(self.clock.moment.astimezone(SHANGHAI).date())]
        choices = moves(ticket, file, units, self.random)
        if choices:
            move = self.random.choices(choices, [choice.weight for choice in choices])[0]
            at = self.clock.moment + timedelta(hours=self.random.uniform(*move.hours))
            self._later(at, _Next(number, move, tries))

    def _step(self, number: str, move: Move, tries: int) -> None:
        ticket = self.services.tickets.get(number, _ADMIN)
        try:
            move.take(self.services.handle, At(number, ticket.version, move.who, self.clock.moment))
            self.steps += 1
            tries = 0
        except DeskError:  # a guard refused: somebody thinks again, as people do
            tries += 1
        if tries < TRIES:
            self._plan(number, tries)


def _accepted(notes: CallNotes, shown: Recommendation, random: Random) -> NewTicket:
    """What an operator confirms who follows the proposal; an inquiry with an answer is mostly settled at once."""
    kind = shown.proposal.types[0].code if shown.proposal.types else TicketType.COMPLAINT.value
    topic = shown.topic.code if shown.topic else (shown.proposal.topics[0].code if shown.proposal.topics else "")
    outcome, reasons = shown.outcome, {}
    if (
        kind == TicketType.INQUIRY.value
        and shown.answer.found
        and outcome is Outcome.DISPATCH
        and random.random() < 0.7
    ):
        outcome, reasons = Outcome.ANSWERED, {"outcome": "按标准答复当场答复，来电人满意（演示）"}
        reasons |= {"lead_code": "当场答复，不派单（演示）", "support_codes": "当场答复，不派单（演示）"}
        return NewTicket(notes, kind, topic, outcome.value, "", (), reasons)
    lead = shown.lead.code if shown.lead else ""
    return NewTicket(notes, kind, topic, outcome.value, lead, tuple(u.code for u in shown.support), reasons)


def fill(
    services: Services,
    clock: Hands,
    until: datetime,
    tickets: int,
    seed: int,
    examples: Sequence[Example],
    places: Sequence[Alias],
    state: Path,
    say: Say,
) -> Told:
    """Tell ``tickets`` stories that end at ``until``; the same seed tells the same. Refuses a database with tickets."""
    if services.tickets.search(TicketFilter(), _ADMIN).total:
        raise ConflictError(
            "没有生成演示数据", "数据库里已有工单。", "演示只写进空的数据库：请用另一个 HOTLINE_VAR（如 var/demo）。"
        )
    state.mkdir(parents=True, exist_ok=True)
    note: dict[str, JsonValue] = {"tickets": tickets, "seed": seed, "until": until.isoformat()}
    (state / DEMO_MARK).write_text(json.dumps(note), encoding="utf-8")
    clock.moment = until - timedelta(days=DAYS)
    with services.transactions.write() as unit:
        unit.audit.append(clock.moment, _ADMIN.name, "演示数据", f"{tickets} 件，种子 {seed}", note)
    accounts = tuple((name, role.value, services.accounts.add(name, role, code)) for name, role, code in ACCOUNTS)
    teller = _Teller(services, clock, Random(seed), until, examples, places_of(places))
    teller.tell(tickets, say)
    return Told(_states(services), teller.steps, accounts)


def _states(services: Services) -> dict[str, int]:
    found: Counter[str] = Counter()
    page = 1
    while True:
        lines = services.tickets.search(TicketFilter(page=page, size=100), _ADMIN)
        found.update(line.state.value for line in lines.items)
        if page >= lines.pages:
            return dict(found.most_common())
        page += 1
