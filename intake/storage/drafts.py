"""Drafts in the database."""

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from intake.application.ports import Draft
from intake.storage.models import DraftRow


class SqlDrafts:
    """``DraftRepository`` over one running transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def save(self, owner: str, draft: Draft) -> None:
        """Write or replace a draft."""
        row = DraftRow(owner=owner, draft_id=draft.draft_id, payload=draft.payload, updated_at=draft.updated_at)
        self._session.merge(row)
        self._session.flush()

    def load(self, owner: str, draft_id: str) -> Draft | None:
        """One draft of this owner."""
        row = self._session.get(DraftRow, (owner, draft_id))
        return _draft(row) if row else None

    def latest(self, owner: str) -> Draft | None:
        """The draft that was written last."""
        statement = select(DraftRow).where(DraftRow.owner == owner).order_by(DraftRow.updated_at.desc()).limit(1)
        row = self._session.scalars(statement).one_or_none()
        return _draft(row) if row else None

    def discard(self, owner: str, draft_id: str) -> None:
        """Delete a draft; none is no error."""
        self._session.execute(delete(DraftRow).where(DraftRow.owner == owner, DraftRow.draft_id == draft_id))


def _draft(row: DraftRow) -> Draft:
    if not isinstance(row.payload, dict):
        raise TypeError(f"an object was stored here, found {type(row.payload).__name__}")
    return Draft(row.draft_id, row.payload, row.updated_at)
