"""What the application needs from outside: a recommender, a directory of the town pack, and storage."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol, TypeAlias

from intake.application.handling_ports import HandlingRepository, Outbox
from intake.application.import_ports import ImportRepository
from intake.application.knowledge_ports import DocumentRepository
from intake.application.second_opinion_ports import SecondOpinionLedger
from intake.domain.access import Role, Scope
from intake.domain.audit_anchor import Anchor
from intake.domain.audit_chain import AuditEntry, AuditHead
from intake.domain.clocks import Terms
from intake.domain.events import TicketEvent
from intake.domain.incoming import IncomingCall
from intake.domain.ticket import Ticket, TicketLine, TopicRef
from routing.earlier import EarlierTicket, Sought
from routing.recommendation import Clock, Recommendation, Request, UnitRef
from routing.taxonomy import Alias, Lesson

JsonValue: TypeAlias = "str | int | float | bool | list[JsonValue] | dict[str, JsonValue] | None"


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """A model that was put into use: version, tickets it learned from, when (ISO), by whom, and what was measured."""

    version: str
    lessons: int
    at: str
    by: str
    said: str


@dataclass(frozen=True, slots=True)
class Learnt:
    """Outcome of a training: ``said`` is the comparison in Chinese; ``version`` is in use afterwards."""

    replaced: bool
    version: str
    said: str


class Recommender(Protocol):
    """``routing.router.Router`` seen from the desk."""

    def recommend(self, request: Request) -> Recommendation:
        """Proposal, rules, clocks and answer for one request."""


class Directory(Protocol):
    """The town pack as the desk needs it: what codes exist on a day, and the clocks of a dispatch."""

    def units(self, day: date) -> tuple[UnitRef, ...]:
        """Units in force on ``day``."""

    def topics(self, day: date) -> tuple[TopicRef, ...]:
        """Topics in force on ``day``."""

    def clocks(self, dispatched_at: datetime) -> tuple[Clock, ...]:
        """Service-level clocks that start when a ticket is dispatched at ``dispatched_at`` (细则-6-1)."""

    def terms(self) -> Terms:
        """The town's rules of time as they are now."""


class Trainer(Protocol):
    """The classifier that learns; every refusal is a ValueError with a Chinese message, and changes nothing."""

    def version(self) -> str:
        """Version of the model in use."""

    def history(self) -> tuple[ModelEntry, ...]:
        """Models that were put into use, oldest first."""

    def transformer(self) -> str:
        """Name of the pretrained model that may be fine-tuned; empty when none is configured."""

    def learn(
        self, lessons: Sequence[Lesson], by: str, at: datetime, say: Callable[[str, float], None], tune: bool = False
    ) -> Learnt:
        """Train beside the model in use, compare, replace unless worse; ``tune``: fine-tune the pretrained one too."""

    def go_back(self, version: str) -> None:
        """Put an earlier model into use again."""


class Gazetteer(Protocol):
    """The place names of the town; changes are checked with the whole pack and raise ValueError (Chinese)."""

    def names(self, day: date) -> tuple[Alias, ...]:
        """Names in force on ``day``."""

    def areas(self, day: date) -> tuple[tuple[str, str], ...]:
        """Code and name of the 居村委 in force on ``day``."""

    def add(self, alias: Alias) -> None:
        """Put a new name in."""

    def close(self, alias: Alias, last_day: date) -> None:
        """Let a name end with ``last_day``."""


@dataclass(frozen=True, slots=True)
class TicketFilter:
    """What to search for; empty means any. ``phone`` matches the whole number; days are of the call, inclusive."""

    text: str = ""
    phone: str = ""
    state: str = ""
    unit: str = ""
    topic: str = ""
    date_from: date | None = None
    date_to: date | None = None
    page: int = 1
    size: int = 20


@dataclass(frozen=True, slots=True)
class Taken:
    """An idempotency key that was used before: by which payload, for which ticket."""

    payload_hash: str
    ticket_number: str


@dataclass(frozen=True, slots=True)
class Account:
    """A person's account; ``unit_code`` only for 承办单位."""

    name: str
    role: Role
    unit_code: str
    password_hash: str
    active: bool


@dataclass(frozen=True, slots=True)
class ApiToken:
    """A system's token, known by its hash only."""

    name: str
    scopes: frozenset[Scope]
    active: bool


@dataclass(frozen=True, slots=True)
class LoginTally:
    """Failed logins of one name since the last success, and until when it must wait."""

    failures: int
    locked_until: datetime | None


@dataclass(frozen=True, slots=True)
class Draft:
    """A half-typed ticket kept on the server for one person."""

    draft_id: str
    payload: dict[str, JsonValue]
    updated_at: datetime


class TicketRepository(Protocol):
    """Tickets, their events, numbers and idempotency keys."""

    def next_number(self, day: date) -> str: ...
    def claim_key(self, actor: str, key: str, payload_hash: str, at: datetime) -> Taken | None:
        """Take the key for this transaction; None when it was free, else who took it before."""

    def find_key(self, actor: str, key: str) -> Taken | None: ...
    def bind_key(self, actor: str, key: str, ticket_number: str) -> None: ...
    def add(self, ticket: Ticket, events: Sequence[TicketEvent]) -> None: ...
    def get(self, number: str) -> Ticket | None: ...
    def append(self, number: str, events: Sequence[TicketEvent]) -> None:
        """Write further events of a ticket that exists."""

    def earlier(self, sought: Sought) -> tuple[EarlierTicket, ...]:
        """What may be the matter of a call: by number, telephone, or topic with community or address."""

    def events(self, number: str) -> tuple[TicketEvent, ...]: ...
    def lessons(self, most: int) -> tuple[Lesson, ...]:
        """Text, topic and type of the newest ``most`` tickets whose topic a person has settled, oldest first."""

    def search(self, criteria: TicketFilter, only_unit: str) -> tuple[tuple[TicketLine, ...], int]:
        """One page of lines, newest first, and the number of all; ``only_unit`` restricts to one unit's tickets."""


class AccountRepository(Protocol):
    """Accounts, sessions, tokens and failed logins; secrets are stored as hashes only."""

    def add(self, account: Account, at: datetime) -> None: ...
    def get(self, name: str) -> Account | None: ...
    def has_role(self, role: Role) -> bool: ...
    def set_password(self, name: str, password_hash: str) -> None: ...
    def open_session(self, token_hash: str, name: str, at: datetime, expires_at: datetime) -> None: ...
    def session_account(self, token_hash: str, now: datetime) -> Account | None: ...
    def close_session(self, token_hash: str) -> None: ...
    def add_token(self, token_hash: str, token: ApiToken, at: datetime) -> None: ...
    def token(self, token_hash: str) -> ApiToken | None: ...
    def tally(self, name: str) -> LoginTally: ...
    def set_tally(self, name: str, tally: LoginTally, at: datetime) -> None: ...
    def clear_tally(self, name: str) -> None: ...


class DraftRepository(Protocol):
    """Drafts by owner and id."""

    def save(self, owner: str, draft: Draft) -> None: ...
    def load(self, owner: str, draft_id: str) -> Draft | None: ...
    def latest(self, owner: str) -> Draft | None: ...
    def discard(self, owner: str, draft_id: str) -> None: ...


class AuditLog(Protocol):
    """The hash chain, appended inside the running transaction."""

    def append(self, at: datetime, actor: str, action: str, subject: str, content: Mapping[str, JsonValue]) -> None: ...
    def head(self) -> AuditHead:
        """The end of the chain; in a writing transaction nobody appends until it ends."""

    def entries(self) -> Iterator[AuditEntry]: ...


class AnchorRepository(Protocol):
    """Daily anchors, and the digests of the files that the chain covers."""

    def claim(self, anchor: Anchor) -> bool:
        """Take the day's anchor for good; False when another process has it."""

    def has(self, day: date) -> bool: ...
    def unwritten(self) -> tuple[Anchor, ...]:
        """Anchors whose file does not stand outside yet, held against other processes."""

    def written(self, day: date) -> None: ...
    def files(self) -> dict[str, str]:
        """Digest by path as it was when last looked at."""

    def set_file(self, path: str, digest: str, at: datetime) -> bool:
        """Note a new digest; False when it was noted before."""

    def drop_file(self, path: str) -> bool:
        """A file that is gone; False when that was noted before."""


class IncomingCallRepository(Protocol):
    """Calls that the telephone system announced."""

    def add(self, call: IncomingCall) -> bool:
        """Keep it; False when this call id is known."""

    def get(self, call_id: str) -> IncomingCall | None: ...
    def waiting(self, since: datetime, limit: int) -> tuple[IncomingCall, ...]:
        """Calls received since then that nobody has taken, the longest waiting first."""

    def take(self, call_id: str, name: str, at: datetime) -> bool:
        """Give it to this person; False when somebody has it."""

    def forget(self, before: datetime) -> None: ...


class UnitOfWork(Protocol):
    """One transaction: everything inside is written together or not at all."""

    @property
    def tickets(self) -> TicketRepository: ...
    @property
    def accounts(self) -> AccountRepository: ...
    @property
    def drafts(self) -> DraftRepository: ...
    @property
    def audit(self) -> AuditLog: ...
    @property
    def handling(self) -> HandlingRepository: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def anchors(self) -> AnchorRepository: ...
    @property
    def calls(self) -> IncomingCallRepository: ...
    @property
    def imports(self) -> ImportRepository: ...
    @property
    def documents(self) -> DocumentRepository: ...
    @property
    def opinions(self) -> SecondOpinionLedger: ...


class Transactions(Protocol):
    """Opens transactions; leaving the block commits, an exception rolls back."""

    def write(self) -> AbstractContextManager[UnitOfWork]: ...
    def read(self) -> AbstractContextManager[UnitOfWork]: ...
