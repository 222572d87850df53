"""History of documents and use of answers in the database."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from intake.application.knowledge_ports import AnswerUse, Deed, DocumentVersion, OpenQuestion, Verdict
from intake.storage.knowledge_models import AnswerUseRow, DocumentVersionRow
from intake.storage.models import TicketRow

_ANSWER = TicketRow.recommendation["answer"]


class SqlDocuments:
    """``DocumentRepository`` over one running transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add_version(self, version: DocumentVersion) -> bool:
        """See ``DocumentRepository``."""
        values = {
            "document_id": version.document_id,
            "number": version.number,
            "at": version.at,
            "by": version.by,
            "deed": version.deed.value,
            "reason": version.reason,
            "status": version.status,
            "title": version.title,
            "hash": version.hash,
            "text": version.text,
            "planned_for": version.planned_for,
        }
        made = self._insert(DocumentVersionRow).values(**values).on_conflict_do_nothing()
        added = self._session.execute(made.returning(DocumentVersionRow.number)).scalar_one_or_none()
        return added is not None

    def next_number(self, document_id: str) -> int:
        """See ``DocumentRepository``."""
        last = select(func.max(DocumentVersionRow.number)).where(DocumentVersionRow.document_id == document_id)
        return (self._session.execute(last).scalar_one() or 0) + 1

    def versions(self, document_id: str) -> tuple[DocumentVersion, ...]:
        """See ``DocumentRepository``."""
        rows = select(DocumentVersionRow).where(DocumentVersionRow.document_id == document_id)
        return tuple(_version(r) for r in self._session.scalars(rows.order_by(DocumentVersionRow.number.desc())))

    def version(self, document_id: str, number: int) -> DocumentVersion | None:
        """See ``DocumentRepository``."""
        row = self._session.get(DocumentVersionRow, (document_id, number))
        return _version(row) if row else None

    def hashes(self) -> Mapping[str, str]:
        """See ``DocumentRepository``."""
        in_force = DocumentVersionRow.planned_for.is_(None)
        newest = (
            select(DocumentVersionRow.document_id, func.max(DocumentVersionRow.number).label("number"))
            .where(in_force)
            .group_by(DocumentVersionRow.document_id)
            .subquery()
        )
        rows = select(DocumentVersionRow.document_id, DocumentVersionRow.hash).join(
            newest,
            (newest.c.document_id == DocumentVersionRow.document_id) & (newest.c.number == DocumentVersionRow.number),
        )
        return {row.document_id: row.hash for row in self._session.execute(rows)}

    def note_use(self, use: AnswerUse) -> None:
        """See ``DocumentRepository``."""
        values: dict[str, Any] = {
            "at": use.at,
            "documents": list(use.documents),
            "verdict": use.verdict.value,
            "reason": use.reason,
            "said": use.said,
            "question": use.question,
            "topic_code": use.topic_code,
        }
        made = self._insert(AnswerUseRow).values(owner=use.owner, draft_id=use.draft_id, **values)
        self._session.execute(made.on_conflict_do_update(index_elements=["owner", "draft_id"], set_=values))

    def uses(self, since: datetime) -> Sequence[AnswerUse]:
        """See ``DocumentRepository``."""
        rows = select(AnswerUseRow).where(AnswerUseRow.at >= since).order_by(AnswerUseRow.at.desc())
        return [_use(row) for row in self._session.scalars(rows)]

    def shown_counts(self, since: datetime) -> Mapping[str, int]:
        """See ``DocumentRepository``."""
        cited: Counter[str] = Counter()
        rows = select(_ANSWER["citations"]).where(TicketRow.created_at >= since)
        for citations in self._session.scalars(rows):
            cited.update({str(c["document_id"]) for c in citations or ()})
        return cited

    def unanswered(self, since: datetime, most: int) -> tuple[OpenQuestion, ...]:
        """See ``DocumentRepository``."""
        columns = (TicketRow.number, TicketRow.created_at, TicketRow.text, TicketRow.topic_code)
        none = _ANSWER["found"].as_boolean().is_(False)
        rows = select(*columns).where(TicketRow.created_at >= since, none).order_by(TicketRow.created_at.desc())
        return tuple(
            OpenQuestion(number, at, text, topic, "没有答案")
            for number, at, text, topic in self._session.execute(rows.limit(most))
        )

    def _insert(self, table: type[DocumentVersionRow] | type[AnswerUseRow]) -> Any:
        insert = postgresql.insert if self._session.get_bind().dialect.name == "postgresql" else sqlite.insert
        return insert(table)


def _version(row: DocumentVersionRow) -> DocumentVersion:
    return DocumentVersion(
        row.document_id,
        row.number,
        row.at,
        row.by,
        Deed(row.deed),
        row.reason,
        row.status,
        row.title,
        row.hash,
        row.text,
        row.planned_for,
    )


def _use(row: AnswerUseRow) -> AnswerUse:
    documents = tuple(str(key) for key in row.documents) if isinstance(row.documents, list) else ()
    return AnswerUse(
        row.owner,
        row.draft_id,
        row.at,
        documents,
        Verdict(row.verdict),
        row.reason,
        row.said,
        row.question,
        row.topic_code,
    )
