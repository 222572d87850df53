"""Composition root of knowledge: documents, index and embedder in one object."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from knowledge.documents import Document, Passage
from knowledge.embedding import load_embedder
from knowledge.ingest import IngestReport, sync_vectors
from knowledge.ports import Embedder, VectorIndex
from knowledge.retriever import Retriever
from knowledge.sources import read_folder
from knowledge.vector_index import ChromaIndex


@dataclass(frozen=True, slots=True)
class KnowledgeSettings:
    """``docs``: the master files; ``state``: writable folder; empty ``chroma_url`` and ``embedding_model`` are built in."""

    docs: Path
    state: Path
    chroma_url: str = ""
    embedding_model: str = ""
    topic_codes: frozenset[str] | None = None
    unit_codes: frozenset[str] | None = None


class Knowledge:
    """What the town knows; ``sync`` reads the files anew, ``retriever`` is replaced as a whole."""

    def __init__(self, settings: KnowledgeSettings, embedder: Embedder, vectors: VectorIndex) -> None:
        self._settings = settings
        self._vectors = vectors
        self._lock = threading.Lock()
        self._documents: tuple[Document, ...] = ()
        self.embedder = embedder
        self.retriever = Retriever((), vectors, embedder)

    def sync(self) -> IngestReport:
        """Read ``docs`` and bring index and retriever in line; broken files are reported, the others answer."""
        with self._lock:
            reading = read_folder(self._settings.docs, self._settings.topic_codes, self._settings.unit_codes)
            report = sync_vectors(
                reading.documents, self._vectors, self.embedder, self._settings.state / "index", reading.problems
            )
            self._documents = reading.documents
            self.retriever = Retriever(reading.documents, self._vectors, self.embedder)
            return report

    def documents(self) -> tuple[Document, ...]:
        """All documents as read by the last ``sync``, whatever their status."""
        return self._documents

    @property
    def passages_of(self) -> Mapping[str, Sequence[Passage]]:
        """Passages of each document in reading order."""
        return self.retriever.passages

    def close(self) -> None:
        """Release the index; nothing is lost, every change is on disk."""
        self.retriever = Retriever((), self._vectors, self.embedder)


def open_knowledge(settings: KnowledgeSettings) -> Knowledge:
    """Open index and embedder; call ``sync`` before the first search."""
    embedder = load_embedder(settings.embedding_model)
    vectors = ChromaIndex(settings.state / "index" / "chroma", embedder.name, settings.chroma_url)
    return Knowledge(settings, embedder, vectors)
