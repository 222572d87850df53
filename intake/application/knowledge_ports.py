"""What keeping the knowledge base needs from storage: the history of each document, and what became of answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class Deed(StrEnum):
    """What was done to a document."""

    FOUND = "收录"  # the file was there when the desk began to keep its history
    NEW = "新建"
    EDIT = "修改"
    PUBLISH = "发布"
    PLAN = "预定发布"
    PLANNED = "到期发布"
    CANCEL = "取消预定"
    WITHDRAW = "停用"
    RESTORE = "恢复旧版"
    IMPORT = "导入"
    FILE = "文件修改"
    REMOVED = "文件移除"


@dataclass(frozen=True, slots=True)
class DocumentVersion:
    """One wording of a document, ``number`` from 1; ``planned_for`` where it was to begin later."""

    document_id: str
    number: int
    at: datetime
    by: str
    deed: Deed
    reason: str
    status: str
    title: str
    hash: str
    text: str
    planned_for: datetime | None = None


class Verdict(StrEnum):
    """What the operator did with a suggested answer."""

    ADOPTED = "采用"
    EDITED = "修改后采用"
    REJECTED = "不采用"


@dataclass(frozen=True, slots=True)
class AnswerUse:
    """What became of one suggested answer; ``question`` is concealed, ``said`` what was said instead of it."""

    owner: str
    draft_id: str
    at: datetime
    documents: tuple[str, ...]
    verdict: Verdict
    reason: str
    said: str
    question: str
    topic_code: str


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A call that the knowledge base did not help with; ``text`` is as it was registered, ``why`` says what failed."""

    reference: str
    at: datetime
    text: str
    topic_code: str
    why: str


class DocumentRepository(Protocol):
    """History of documents and use of answers."""

    def add_version(self, version: DocumentVersion) -> bool:
        """Keep a version; False where this number of this document is taken."""

    def next_number(self, document_id: str) -> int: ...
    def versions(self, document_id: str) -> tuple[DocumentVersion, ...]:
        """All versions of a document, the newest first."""

    def version(self, document_id: str, number: int) -> DocumentVersion | None: ...
    def hashes(self) -> Mapping[str, str]:
        """Hash of the newest wording in force of every document with a history; empty for one that is gone."""

    def note_use(self, use: AnswerUse) -> None:
        """What became of an answer; a later word on the same call replaces the earlier one."""

    def uses(self, since: datetime) -> Sequence[AnswerUse]: ...
    def shown_counts(self, since: datetime) -> Mapping[str, int]:
        """How often each document stood in the answer of a registered call."""

    def unanswered(self, since: datetime, most: int) -> tuple[OpenQuestion, ...]:
        """Registered calls whose suggestion had no answer, the newest first."""
