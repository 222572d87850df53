"""What the knowledge base holds: documents, their legal basis, and passages cut from them (pure)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

# What a basis says instead of a date where the text in hand does not name its version.
UNDATED = "未注明"


class DocumentKind(StrEnum):
    """Kinds of document, one folder of ``kb_docs/`` each."""

    POLICY = "政策法规"
    DUTY = "部门职责"
    GUIDE = "办事指南"
    QUESTION = "常见问答"
    CASE = "典型案例"


class DocumentStatus(StrEnum):
    """Life of a document; 待核验 answers with its mark shown, 草稿 and 停用 never answer."""

    DRAFT = "草稿"
    UNVERIFIED = "待核验"
    PUBLISHED = "已发布"
    WITHDRAWN = "停用"


ANSWERING = frozenset({DocumentStatus.UNVERIFIED, DocumentStatus.PUBLISHED})


@dataclass(frozen=True, slots=True)
class LegalBasis:
    """One cited law: its title, the version (date of adoption or amendment, ISO) and the articles relied on."""

    law: str
    version: str
    articles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """One document of the knowledge base; ``in_force_to`` is inclusive, None means open-ended."""

    id: str
    title: str
    kind: DocumentKind
    topics: tuple[str, ...]
    unit: str
    status: DocumentStatus
    basis: tuple[LegalBasis, ...]
    asks: tuple[str, ...]
    in_force_from: date
    in_force_to: date | None
    review_by: date
    body: str
    path: str
    content_hash: str

    def answers_on(self, day: date) -> bool:
        """Say whether this document may answer a call made on ``day`` (status and period in force)."""
        if self.status not in ANSWERING or day < self.in_force_from:
            return False
        return self.in_force_to is None or day <= self.in_force_to


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a document small enough to read aloud; ``heading_path`` leads from the title to its section."""

    id: str
    document_id: str
    ordinal: int
    heading_path: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Signals:
    """What a search saw of one document, each 0..1; ``best_…`` is the most that any document in force has.

    ``alike``, ``face``: its wording as a whole, that of its title and ways of asking; ``near``: the nearest in meaning
    of its entries; ``asked``, ``whole``: of its title and ways of asking, of the document as a whole; ``said``: share
    of the query's weight in one entry; ``exact``: literal text. ``meant`` is the query as it was read, ``unknown`` the
    share of its words that no document knows.
    """

    alike: float = 0.0
    face: float = 0.0
    near: float = 0.0
    asked: float = 0.0
    whole: float = 0.0
    said: float = 0.0
    exact: float = 0.0
    best_alike: float = 0.0
    best_face: float = 0.0
    best_near: float = 0.0
    best_said: float = 0.0
    meant: str = ""
    unknown: float = 0.0


@dataclass(frozen=True, slots=True)
class Hit:
    """One found passage: fused score in 0..1 and the scores of both halves (None where a half did not find it).

    ``score`` orders hits; ``closeness`` (0..1) says whether the document speaks of the matter at all: how much of the
    query's weight one of its entries holds and how near it means the same. ``supersedes``: ids of older documents
    about the same matter.
    """

    document: Document
    passage: Passage
    score: float
    word_score: float | None
    vector_score: float | None
    closeness: float = 0.0
    signals: Signals = Signals()
    supersedes: tuple[str, ...] = ()
