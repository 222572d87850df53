"""What the keepers of the knowledge base work with: the folder, a checked text, one opened document."""

from collections.abc import Callable
from dataclasses import dataclass

from intake.application.knowledge_ports import DocumentVersion
from intake.domain.errors import FieldProblem
from knowledge.documents import Document, Passage
from knowledge.embedder_choice import Chosen
from knowledge.library import Library, Plan, Source
from knowledge.ports import Embedder
from knowledge.problems import Severity, SourceProblem


def _no_rebuild(chosen: Chosen, _say: Callable[[int, int], None]) -> None:
    raise ValueError(f"当前的知识库不能换用向量模型 {chosen.model}。")


@dataclass(frozen=True, slots=True)
class KnowledgeBase:
    """The knowledge base as its keepers use it: the folder, what was read of it, and ``sync`` to see a change now.

    ``in_use`` tells the embedder that searches, ``rebuild`` puts another into use (``knowledge.bootstrap``).
    """

    library: Library
    documents: Callable[[], tuple[Document, ...]]
    problems: Callable[[], tuple[SourceProblem, ...]]
    sync: Callable[[], object]
    embedder: Callable[[], Embedder]
    in_use: Callable[[], Chosen] = lambda: Chosen("")
    rebuild: Callable[[Chosen, Callable[[int, int], None]], None] = _no_rebuild


@dataclass(frozen=True, slots=True)
class Checked:
    """What the checking of a text found.

    ``faults``: why it is no document at all; ``problems``: the linter's findings on one that is.
    """

    document: Document | None
    passages: tuple[Passage, ...]
    faults: tuple[FieldProblem, ...]
    problems: tuple[SourceProblem, ...] = ()

    @property
    def errors(self) -> tuple[SourceProblem, ...]:
        """What keeps the document from being published."""
        return tuple(p for p in self.problems if p.severity is Severity.ERROR)


@dataclass(frozen=True, slots=True)
class Opened:
    """One document as its keeper sees it: the file, work that lies aside, what is planned, and the history."""

    source: Source
    checked: Checked
    draft: str | None
    plan: Plan | None
    versions: tuple[DocumentVersion, ...]
