"""Announced calls in the database: each added once, each taken by one."""

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from intake.domain.incoming import IncomingCall
from intake.storage.models import IncomingCallRow


class SqlIncomingCalls:
    """``IncomingCallRepository`` over one running transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, call: IncomingCall) -> bool:
        """See ``IncomingCallRepository``."""
        insert = postgresql.insert if self._session.get_bind().dialect.name == "postgresql" else sqlite.insert
        values = {"call_id": call.call_id, "phone": call.phone, "line": call.line, "at": call.at}
        statement = insert(IncomingCallRow).values(**values, received_at=call.received_at, taken_by="", taken_at=None)
        made = statement.on_conflict_do_nothing().returning(IncomingCallRow.call_id)
        return self._session.execute(made).scalar_one_or_none() is not None

    def get(self, call_id: str) -> IncomingCall | None:
        """See ``IncomingCallRepository``."""
        row = self._session.get(IncomingCallRow, call_id)
        return _call(row) if row else None

    def waiting(self, since: datetime, limit: int) -> tuple[IncomingCall, ...]:
        """See ``IncomingCallRepository``."""
        statement = select(IncomingCallRow).where(IncomingCallRow.received_at >= since, IncomingCallRow.taken_by == "")
        return tuple(_call(row) for row in self._session.scalars(statement.order_by(IncomingCallRow.at).limit(limit)))

    def take(self, call_id: str, name: str, at: datetime) -> bool:
        """See ``IncomingCallRepository``."""
        free = (IncomingCallRow.call_id == call_id) & (IncomingCallRow.taken_by == "")
        statement = update(IncomingCallRow).where(free).values(taken_by=name, taken_at=at)
        return self._session.execute(statement.returning(IncomingCallRow.call_id)).scalar_one_or_none() is not None

    def forget(self, before: datetime) -> None:
        """See ``IncomingCallRepository``."""
        self._session.execute(delete(IncomingCallRow).where(IncomingCallRow.received_at < before))


def _call(row: IncomingCallRow) -> IncomingCall:
    return IncomingCall(row.call_id, row.phone, row.line, row.at, row.received_at, row.taken_by, row.taken_at)
