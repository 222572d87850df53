"""Tables of the knowledge base's keeping: every wording of every document, and what became of suggested answers."""

from datetime import datetime

from sqlalchemy import JSON, Index
from sqlalchemy.orm import Mapped, mapped_column

from intake.application.ports import JsonValue
from intake.storage.models import Base


class DocumentVersionRow(Base):
    """One wording of one document; ``planned_for`` where it was only planned."""

    __tablename__ = "document_versions"

    document_id: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    by: Mapped[str]
    deed: Mapped[str]
    reason: Mapped[str]
    status: Mapped[str]
    title: Mapped[str]
    hash: Mapped[str]
    text: Mapped[str]
    planned_for: Mapped[datetime | None]

    __table_args__ = (Index(None, "at"),)


class AnswerUseRow(Base):
    """What an operator did with the answer that was suggested for one call."""

    __tablename__ = "answer_uses"

    owner: Mapped[str] = mapped_column(primary_key=True)
    draft_id: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    documents: Mapped[JsonValue] = mapped_column(JSON, nullable=False)
    verdict: Mapped[str]
    reason: Mapped[str]
    said: Mapped[str]
    question: Mapped[str]
    topic_code: Mapped[str]
