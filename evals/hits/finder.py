"""What the retrieval test asks of production: what is found for a question, what would be read out, and why (port)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from evals.run_store import Judge
from knowledge.documents import Document, Passage
from routing.recommendation import Answer, Candidate


@dataclass(frozen=True, slots=True)
class FoundDocument:
    """One document as it was ranked; all figures 0..1 but ``support``, by which it was ranked.

    ``topic`` is the probability that the document's topics are the matter of the question.
    """

    document: Document
    passage: Passage
    score: float
    closeness: float
    topic: float
    support: float


@dataclass(frozen=True, slots=True)
class Finding:
    """What callers get on ``day``: documents, best first; probable topics; the answer, and in words why (not)."""

    question: str
    day: date
    documents: tuple[FoundDocument, ...]
    topics: tuple[Candidate, ...]
    answer: Answer
    threshold: float
    why: str

    def rank_of(self, document_ids: Sequence[str]) -> int:
        """1-based rank of the first of these documents, 0 when none was found."""
        ranks = (i for i, found in enumerate(self.documents, 1) if found.document.id in document_ids)
        return next(ranks, 0)

    @property
    def answered_from(self) -> str:
        """Id of the document that would be read out; empty when there is no answer."""
        return self.answer.citations[0].document_id if self.answer.found and self.answer.citations else ""


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Only documents of this topic and this unit (codes; empty: of any)."""

    topic: str = ""
    unit: str = ""

    def takes(self, document: Document) -> bool:
        """Whether this document is looked at."""
        return (not self.topic or self.topic in document.topics) and self.unit in ("", document.unit)


ANYTHING = Narrowing()


class Finder(Protocol):
    """The function that production uses, and what it works from."""

    @property
    def depth(self) -> int:
        """How many documents it lists at most: what callers get, not what a measurement would like."""

    def find(self, question: str, on: date, narrowing: Narrowing = ANYTHING) -> Finding:
        """What a caller gets who asks on this day; a narrowing changes the list, never the answer."""

    def documents(self) -> tuple[Document, ...]:
        """All documents of every status."""

    def judge(self) -> Judge:
        """Versions of everything that takes part."""
