"""The audit chain in the database: appended under a lock on its head, inside the transaction of the change."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from intake.application.ports import JsonValue
from intake.application.snapshot import digest
from intake.domain.audit_chain import GENESIS, AuditEntry, AuditHead, next_entry
from intake.storage.models import AuditHeadRow, AuditRow

HEAD = 1


class SqlAuditLog:
    """``AuditLog`` over one running transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def append(self, at: datetime, actor: str, action: str, subject: str, content: Mapping[str, JsonValue]) -> None:
        """Add one entry; ``content`` leaves only its digest here, so the log holds nobody's data."""
        head = self._session.execute(select(AuditHeadRow).where(AuditHeadRow.id == HEAD).with_for_update()).scalar_one()
        entry = next_entry(head.sequence + 1, head.hash or GENESIS, at, actor, action, subject, digest(dict(content)))
        self._session.add(
            AuditRow(
                sequence=entry.sequence,
                at=entry.at,
                actor=entry.actor,
                action=entry.action,
                subject=entry.subject,
                digest=entry.digest,
                previous=entry.previous,
                hash=entry.hash,
            )
        )
        head.sequence, head.hash = entry.sequence, entry.hash
        self._session.flush()

    def head(self) -> AuditHead:
        """The end of the chain, held against other writers in a writing transaction."""
        row = self._session.execute(select(AuditHeadRow).where(AuditHeadRow.id == HEAD).with_for_update()).scalar_one()
        count, last = self._session.execute(select(func.count(), func.max(AuditRow.sequence))).one()
        return AuditHead(row.sequence, row.hash or GENESIS, count, last or 0)

    def entries(self) -> Iterator[AuditEntry]:
        """All entries, oldest first, without loading them all at once."""
        for row in self._session.scalars(select(AuditRow).order_by(AuditRow.sequence).execution_options(yield_per=500)):
            yield AuditEntry(
                row.sequence, row.at, row.actor, row.action, row.subject, row.digest, row.previous, row.hash
            )
