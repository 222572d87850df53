"""The outbox in the database: written with the urging, reserved by one process, counted when it fails."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from intake.application.handling_ports import Message
from intake.storage.models import OutboxRow

MAX_ERROR = 300


class SqlOutbox:
    """``Outbox`` over one running transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def put(self, unit_code: str, key: str, body: Mapping[str, str], at: datetime) -> None:
        """Add a message once; the same key a second time changes nothing."""
        self.put_all([(unit_code, key, body)], at)

    def put_all(self, messages: Iterable[tuple[str, str, Mapping[str, str]]], at: datetime) -> None:
        """See ``Outbox``."""
        insert = postgresql.insert if self._session.get_bind().dialect.name == "postgresql" else sqlite.insert
        common = {"created_at": at, "next_try_at": at, "attempts": 0, "sent_at": None, "error": ""}
        rows = [{**common, "unit_code": unit, "key": key, "body": dict(body)} for unit, key, body in messages]
        if rows:
            self._session.connection().execute(insert(OutboxRow).on_conflict_do_nothing(), rows)

    def claim(self, now: datetime, until: datetime, limit: int) -> tuple[Message, ...]:
        """Move ``next_try_at`` of what is due to ``until``: another process, or this one after a kill, waits for it."""
        due = OutboxRow.next_try_at <= now
        order = (OutboxRow.next_try_at, OutboxRow.id)
        first = select(OutboxRow.unit_code).where(due).order_by(*order).limit(1).with_for_update(skip_locked=True)
        unit = self._session.execute(first).scalar_one_or_none()
        if unit is None:
            return ()
        mine = select(OutboxRow).where(due, OutboxRow.unit_code == unit).order_by(*order).limit(limit)
        rows = self._session.scalars(mine.with_for_update(skip_locked=True)).all()
        for row in rows:
            row.next_try_at = until
        self._session.flush()
        return tuple(
            Message(row.id, row.unit_code, row.key, _words(row.body), row.created_at, row.attempts) for row in rows
        )

    def sent(self, ids: Sequence[int], at: datetime) -> None:
        """They arrived."""
        self._session.execute(
            update(OutboxRow).where(OutboxRow.id.in_(ids)).values(sent_at=at, next_try_at=None, error="")
        )

    def failed(self, ids: Sequence[int], next_try: datetime | None, error: str) -> None:
        """See ``Outbox``."""
        self._session.execute(
            update(OutboxRow)
            .where(OutboxRow.id.in_(ids))
            .values(attempts=OutboxRow.attempts + 1, next_try_at=next_try, error=error[:MAX_ERROR])
        )

    def waiting(self) -> int:
        """See ``Outbox``."""
        statement = select(func.count()).select_from(OutboxRow).where(OutboxRow.next_try_at.is_not(None))
        return self._session.execute(statement).scalar_one()


def _words(body: object) -> dict[str, str]:
    return {str(name): str(value) for name, value in body.items()} if isinstance(body, dict) else {}
