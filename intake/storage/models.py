"""Tables of the desk (SQLAlchemy, typed). Times are stored in UTC; what was shown is JSON; secrets are hashes."""

from datetime import UTC, date, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, Date, DateTime, Dialect, ForeignKey, Index, Integer, MetaData, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator, TypeEngine

from intake.application.ports import JsonValue


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime, kept in UTC; SQLite, which knows no zones, gets and gives UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - the signature is SQLAlchemy's
        """Refuse naive times: they would silently shift by eight hours."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive time: {value!r}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - the signature is SQLAlchemy's
        """Give an aware time in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """All tables, with fixed names for constraints, so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[type, TypeEngine[Any]]] = {
        str: Text(),
        datetime: UtcDateTime(),
        date: Date(),
        int: Integer(),
    }


class TicketRow(Base):
    """One ticket; columns are what is searched, the JSON is what was shown and decided."""

    __tablename__ = "tickets"

    number: Mapped[str] = mapped_column(primary_key=True)
    round: Mapped[int]
    called_at: Mapped[datetime] = mapped_column(index=True)
    ticket_type: Mapped[str]
    contact: Mapped[str]
    phone: Mapped[str] = mapped_column(index=True)
    address: Mapped[str]
    text: Mapped[str]
    lead_code: Mapped[str]
    lead_name: Mapped[str]
    topic_code: Mapped[str] = mapped_column(index=True)
    topic_name: Mapped[str]
    community_code: Mapped[str]
    outcome: Mapped[str]
    ledger: Mapped[str]
    state: Mapped[str]
    next_deadline: Mapped[datetime | None]
    version: Mapped[int]
    pending: Mapped[str]
    satisfied: Mapped[str]
    timers: Mapped[JsonValue] = mapped_column(JSON, nullable=False)
    support: Mapped[JsonValue] = mapped_column(JSON, nullable=False)
    topic: Mapped[JsonValue] = mapped_column(JSON, nullable=False)
    clocks: Mapped[JsonValue] = mapped_column(JSON, nullable=False)
    recommendation: Mapped[JsonValue] = mapped_column(JSON, nullable=False)
    confirmation: Mapped[JsonValue] = mapped_column(JSON, nullable=False)
    warnings: Mapped[JsonValue] = mapped_column(JSON, nullable=False)
    pack_version: Mapped[str]
    model_version: Mapped[str]
    created_by: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(index=True)
    external: Mapped[str] = mapped_column(index=True)

    __table_args__ = (
        Index(None, "state", "next_deadline"),
        Index(None, "lead_code", "state", "next_deadline"),
        Index(None, "pending", "next_deadline"),
        # In the order of a worklist, so that its first page needs no sorting; SQLite would misuse them.
        Index(None, "next_deadline", "number").ddl_if(dialect="postgresql"),
        Index(None, "lead_code", "next_deadline", "number").ddl_if(dialect="postgresql"),
        Index(None, "satisfied", "state", "called_at"),
        Index(None, "phone", "called_at"),
        Index(None, "topic_code", "community_code", "called_at"),
    )


class TicketUnitRow(Base):
    """Which units hold a ticket, lead and support: what a unit's account may see."""

    __tablename__ = "ticket_units"

    ticket_number: Mapped[str] = mapped_column(ForeignKey("tickets.number"), primary_key=True)
    unit_code: Mapped[str] = mapped_column(primary_key=True, index=True)
    part: Mapped[str]


class EventRow(Base):
    """One event of one ticket, in order; never changed."""

    __tablename__ = "ticket_events"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    ticket_number: Mapped[str] = mapped_column(ForeignKey("tickets.number"))
    sequence: Mapped[int]
    name: Mapped[str]
    at: Mapped[datetime] = mapped_column(index=True)
    actor: Mapped[str]
    payload: Mapped[JsonValue] = mapped_column(JSON, nullable=False)

    __table_args__ = (UniqueConstraint("ticket_number", "sequence"),)


class UrgingRow(Base):
    """One 催办 that was sent; the key makes it exactly one, whatever number of processes sweep."""

    __tablename__ = "urgings"

    ticket_number: Mapped[str] = mapped_column(ForeignKey("tickets.number"), primary_key=True)
    leg: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    clock: Mapped[str] = mapped_column(primary_key=True)
    level: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    round: Mapped[int]
    at: Mapped[datetime]


class UrgeQueueRow(Base):
    """When the sweep has to look at a ticket, and which clocks can be urged; apart from the ticket's wide row."""

    __tablename__ = "urge_queue"

    ticket_number: Mapped[str] = mapped_column(ForeignKey("tickets.number"), primary_key=True)
    urge_at: Mapped[datetime | None] = mapped_column(index=True)
    timers: Mapped[JsonValue] = mapped_column(JSON, nullable=False)


class OutboxRow(Base):
    """A message for the town's own system; ``next_try_at`` is empty when it was sent or given up."""

    __tablename__ = "outbox"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    key: Mapped[str] = mapped_column(unique=True)
    unit_code: Mapped[str]
    body: Mapped[JsonValue] = mapped_column(JSON, nullable=False)
    created_at: Mapped[datetime]
    next_try_at: Mapped[datetime | None] = mapped_column(index=True)
    attempts: Mapped[int]
    sent_at: Mapped[datetime | None]
    error: Mapped[str]


class CounterRow(Base):
    """How many ticket numbers a day has given out."""

    __tablename__ = "ticket_counters"

    day: Mapped[date] = mapped_column(primary_key=True)
    last: Mapped[int]


class KeyRow(Base):
    """An idempotency key of one actor and the ticket that it made."""

    __tablename__ = "idempotency_keys"

    actor: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    payload_hash: Mapped[str]
    ticket_number: Mapped[str]
    created_at: Mapped[datetime]


class AccountRow(Base):
    """A person's account."""

    __tablename__ = "accounts"

    name: Mapped[str] = mapped_column(primary_key=True)
    role: Mapped[str]
    unit_code: Mapped[str]
    password_hash: Mapped[str]
    active: Mapped[bool]
    created_at: Mapped[datetime]


class SessionRow(Base):
    """A login session, by the hash of its secret."""

    __tablename__ = "sessions"

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    account_name: Mapped[str] = mapped_column(ForeignKey("accounts.name"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class TokenRow(Base):
    """A system's token, by the hash of its secret."""

    __tablename__ = "api_tokens"

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    scopes: Mapped[JsonValue] = mapped_column(JSON, nullable=False)
    active: Mapped[bool]
    created_at: Mapped[datetime]


class LoginTallyRow(Base):
    """Failed logins of one name since its last success."""

    __tablename__ = "login_tallies"

    name: Mapped[str] = mapped_column(primary_key=True)
    failures: Mapped[int]
    locked_until: Mapped[datetime | None]
    updated_at: Mapped[datetime] = mapped_column(index=True)


class DraftRow(Base):
    """A half-typed ticket of one person."""

    __tablename__ = "drafts"

    owner: Mapped[str] = mapped_column(primary_key=True)
    draft_id: Mapped[str] = mapped_column(primary_key=True)
    payload: Mapped[JsonValue] = mapped_column(JSON, nullable=False)
    updated_at: Mapped[datetime]


class AuditHeadRow(Base):
    """The end of the audit chain; its one row is locked while an entry is appended."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sequence: Mapped[int]
    hash: Mapped[str]


class AuditRow(Base):
    """One entry of the audit chain; a trigger refuses to change or delete it."""

    __tablename__ = "audit_entries"

    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    actor: Mapped[str]
    action: Mapped[str]
    subject: Mapped[str] = mapped_column(index=True)
    digest: Mapped[str]
    previous: Mapped[str]
    hash: Mapped[str]


class AnchorRow(Base):
    """What the chain was on a day; ``written`` when its file stands outside."""

    __tablename__ = "audit_anchors"

    day: Mapped[date] = mapped_column(primary_key=True)
    sequence: Mapped[int]
    hash: Mapped[str]
    count: Mapped[int]
    at: Mapped[datetime]
    written: Mapped[bool]


class HoldingRow(Base):
    """A file of town pack or knowledge as it was when it was last looked at."""

    __tablename__ = "holdings"

    path: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[str]
    at: Mapped[datetime]


class IncomingCallRow(Base):
    """A call that the telephone system announced; ``taken_by`` is empty until somebody answers it."""

    __tablename__ = "incoming_calls"

    call_id: Mapped[str] = mapped_column(primary_key=True)
    phone: Mapped[str]
    line: Mapped[str]
    at: Mapped[datetime]
    received_at: Mapped[datetime] = mapped_column(index=True)
    taken_by: Mapped[str]
    taken_at: Mapped[datetime | None]


class ImportJobRow(Base):
    """One uploaded file; ``headers_key`` finds the mapping that was used for such a file before."""

    __tablename__ = "import_jobs"

    id: Mapped[str] = mapped_column(primary_key=True)
    file_name: Mapped[str]
    created_by: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(index=True)
    headers: Mapped[JsonValue] = mapped_column(JSON, nullable=False)
    headers_key: Mapped[str]
    mapping: Mapped[JsonValue] = mapped_column(JSON, nullable=False)
    dispatch: Mapped[bool]
    state: Mapped[str]
    lease_until: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]


class ImportRowRow(Base):
    """One row of an uploaded file; its cells are emptied when it has become a ticket."""

    __tablename__ = "import_rows"

    job_id: Mapped[str] = mapped_column(ForeignKey("import_jobs.id"), primary_key=True)
    row_number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    cells: Mapped[JsonValue] = mapped_column(JSON, nullable=False)
    external: Mapped[str]
    state: Mapped[str]
    ticket_number: Mapped[str]
    problem: Mapped[str]

    __table_args__ = (Index(None, "job_id", "state", "row_number"),)
