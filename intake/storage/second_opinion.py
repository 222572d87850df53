"""The ledger of second opinions in the database; the day's row is the lock that several processes share."""

from datetime import date, datetime

from sqlalchemy import BigInteger, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from intake.application.second_opinion_ports import Logged, Outcome, Question
from intake.domain.second_opinion import Expected, Tally
from intake.storage.models import Base


class SecondOpinionDayRow(Base):
    """What a day has cost."""

    __tablename__ = "second_opinion_days"

    day: Mapped[date] = mapped_column(primary_key=True)
    calls: Mapped[int]
    tokens: Mapped[int] = mapped_column(BigInteger)
    micros: Mapped[int] = mapped_column(BigInteger)
    millis: Mapped[int] = mapped_column(BigInteger)
    failures: Mapped[int]
    paused_until: Mapped[datetime | None]


class SecondOpinionCallRow(Base):
    """One question: hash and length of what went out and came in, and what it cost."""

    __tablename__ = "second_opinion_calls"

    id: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[date]
    started_at: Mapped[datetime] = mapped_column(index=True)
    finished_at: Mapped[datetime | None]
    actor: Mapped[str]
    model: Mapped[str]
    sent_hash: Mapped[str]
    sent_length: Mapped[int]
    reply_hash: Mapped[str]
    reply_length: Mapped[int]
    expected_tokens: Mapped[int]
    expected_micros: Mapped[int] = mapped_column(BigInteger)
    tokens_in: Mapped[int]
    tokens_out: Mapped[int]
    micros: Mapped[int] = mapped_column(BigInteger)
    millis: Mapped[int] = mapped_column(BigInteger)
    outcome: Mapped[str]


class SqlSecondOpinions:
    """``SecondOpinionLedger`` over one running transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def tally(self, day: date, alive_since: datetime) -> Tally:
        """See ``SecondOpinionLedger``."""
        row = self._session.scalars(
            select(SecondOpinionDayRow).where(SecondOpinionDayRow.day == day).with_for_update()
        ).one_or_none()
        calls = SecondOpinionCallRow
        alive = select(func.count()).where(calls.finished_at.is_(None), calls.started_at >= alive_since)
        running = self._session.scalar(alive) or 0
        if row is None:
            return Tally(running=running)
        return Tally(row.calls, row.tokens, row.micros, row.millis, row.failures, row.paused_until, running)

    def open_day(self, day: date) -> None:
        """See ``SecondOpinionLedger``."""
        insert = postgresql.insert if self._session.get_bind().dialect.name == "postgresql" else sqlite.insert
        fresh = {"calls": 0, "tokens": 0, "micros": 0, "millis": 0, "failures": 0, "paused_until": None}
        self._session.execute(insert(SecondOpinionDayRow).values(day=day, **fresh).on_conflict_do_nothing())

    def begin(self, question: Question) -> None:
        """See ``SecondOpinionLedger``."""
        expected = question.expected
        self._session.add(
            SecondOpinionCallRow(
                id=question.id,
                day=question.day,
                started_at=question.started_at,
                finished_at=None,
                actor=question.actor,
                model=question.model,
                sent_hash=question.sent_hash,
                sent_length=question.sent_length,
                reply_hash="",
                reply_length=0,
                expected_tokens=expected.tokens,
                expected_micros=expected.micros,
                tokens_in=0,
                tokens_out=0,
                micros=0,
                millis=0,
                outcome="",
            )
        )
        self._book(question.day, calls=1, tokens=expected.tokens, micros=expected.micros, millis=0)

    def finish(self, question: Question, outcome: Outcome, failures: int, paused_until: datetime | None) -> None:
        """See ``SecondOpinionLedger``."""
        call = SecondOpinionCallRow
        self._session.execute(
            update(call)
            .where(call.id == question.id)
            .values(
                finished_at=outcome.finished_at,
                tokens_in=outcome.tokens_in,
                tokens_out=outcome.tokens_out,
                micros=outcome.micros,
                millis=outcome.millis,
                reply_hash=outcome.reply_hash,
                reply_length=outcome.reply_length,
                outcome=outcome.said,
            )
        )
        tokens = outcome.tokens_in + outcome.tokens_out - question.expected.tokens
        micros = outcome.micros - question.expected.micros
        self._book(question.day, calls=0, tokens=tokens, micros=micros, millis=outcome.millis)
        row = SecondOpinionDayRow
        stopped = {"failures": failures, "paused_until": paused_until}
        self._session.execute(update(row).where(row.day == question.day).values(**stopped))

    def recent(self, limit: int) -> tuple[Logged, ...]:
        """See ``SecondOpinionLedger``."""
        newest = select(SecondOpinionCallRow).order_by(SecondOpinionCallRow.started_at.desc()).limit(limit)
        return tuple(_logged(row) for row in self._session.scalars(newest))

    def _book(self, day: date, *, calls: int, tokens: int, micros: int, millis: int) -> None:
        row = SecondOpinionDayRow
        self._session.execute(
            update(row)
            .where(row.day == day)
            .values(
                calls=row.calls + calls,
                tokens=row.tokens + tokens,
                micros=row.micros + micros,
                millis=row.millis + millis,
            )
        )


def _logged(row: SecondOpinionCallRow) -> Logged:
    question = Question(
        row.id,
        row.day,
        row.started_at,
        row.actor,
        row.model,
        row.sent_hash,
        row.sent_length,
        Expected(row.expected_tokens, row.expected_micros),
    )
    if row.finished_at is None:
        return Logged(question, None)
    return Logged(
        question,
        Outcome(
            row.finished_at,
            row.tokens_in,
            row.tokens_out,
            row.micros,
            row.millis,
            row.reply_hash,
            row.reply_length,
            row.outcome,
        ),
    )
