"""Daily anchors and the digests of watched files in the database: each change taken by one process."""

from datetime import date, datetime

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from intake.domain.audit_anchor import Anchor
from intake.storage.models import AnchorRow, HoldingRow


class SqlAnchors:
    """``AnchorRepository`` over one running transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert

    def claim(self, anchor: Anchor) -> bool:
        """See ``AnchorRepository``."""
        values = {"day": anchor.day, "sequence": anchor.sequence, "hash": anchor.hash, "count": anchor.count}
        statement = self._insert(AnchorRow).values(**values, at=anchor.at, written=False).on_conflict_do_nothing()
        return self._session.execute(statement.returning(AnchorRow.day)).scalar_one_or_none() is not None

    def has(self, day: date) -> bool:
        """See ``AnchorRepository``."""
        return self._session.get(AnchorRow, day) is not None

    def unwritten(self) -> tuple[Anchor, ...]:
        """See ``AnchorRepository``."""
        rows = select(AnchorRow).where(AnchorRow.written.is_(False)).order_by(AnchorRow.day)
        held = self._session.scalars(rows.with_for_update(skip_locked=True))
        return tuple(Anchor(row.day, row.sequence, row.hash, row.count, row.at) for row in held)

    def written(self, day: date) -> None:
        """See ``AnchorRepository``."""
        self._session.execute(update(AnchorRow).where(AnchorRow.day == day).values(written=True))

    def files(self) -> dict[str, str]:
        """See ``AnchorRepository``."""
        return {row.path: row.digest for row in self._session.scalars(select(HoldingRow))}

    def set_file(self, path: str, digest: str, at: datetime) -> bool:
        """See ``AnchorRepository``."""
        statement = self._insert(HoldingRow).values(path=path, digest=digest, at=at)
        changed = statement.on_conflict_do_update(
            index_elements=[HoldingRow.path], set_={"digest": digest, "at": at}, where=HoldingRow.digest != digest
        )
        return self._session.execute(changed.returning(HoldingRow.path)).scalar_one_or_none() is not None

    def drop_file(self, path: str) -> bool:
        """See ``AnchorRepository``."""
        statement = delete(HoldingRow).where(HoldingRow.path == path).returning(HoldingRow.path)
        return self._session.execute(statement).scalar_one_or_none() is not None
