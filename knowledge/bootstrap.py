"""Composition root of knowledge: settings in, a searchable knowledge base out."""

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from knowledge.documents import Document, Passage
from knowledge.embedding import load_embedder
from knowledge.fusion import Mix
from knowledge.ingest import Ingester, IngestReport, StateFolder
from knowledge.ports import Embedder, VectorIndex
from knowledge.retriever import Retriever
from knowledge.shelf import Shelf, ShelfCache, build_shelf
from knowledge.sources import Fingerprint, SourceProblem, fingerprint, read_folder
from knowledge.vector_index import collection_name, open_folder, open_server

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class KnowledgeSettings:
    """``docs``: folder of documents; ``state``: writable folder; empty texts mean: embedded Chroma, shipped model.

    ``topic_codes`` and ``unit_codes`` are the town pack's; None takes any code.
    """

    docs: Path
    state: Path
    chroma_url: str = ""
    embedding_model: str = ""
    topic_codes: frozenset[str] | None = None
    unit_codes: frozenset[str] | None = None


class Knowledge:
    """The knowledge base; model and index are opened when first needed, everything may be shared by threads."""

    def __init__(
        self,
        settings: KnowledgeSettings,
        load: Callable[[str], Embedder] = load_embedder,
        mix: Mix | None = None,
    ) -> None:
        self.settings = settings
        self._load = load
        self._cache = ShelfCache()
        self._lock = threading.RLock()
        self._embedder: Embedder | None = None
        self._index: VectorIndex | None = None
        self._ingester: Ingester | None = None
        self._shelf: Shelf | None = None
        self._seen: Fingerprint | None = None
        self._stop = threading.Event()
        self._watcher: threading.Thread | None = None
        self.retriever = Retriever(self._ready_shelf, lambda: self.embedder, self._open_index, mix)

    @property
    def embedder(self) -> Embedder:
        """The embedder, loaded when first asked for (seconds)."""
        with self._lock:
            if self._embedder is None:
                self._embedder = self._load(self.settings.embedding_model)
            return self._embedder

    @property
    def passages_of(self) -> Mapping[str, tuple[Passage, ...]]:
        """Passages of every document by its id, in order."""
        return self._ready_shelf().passages

    def documents(self) -> tuple[Document, ...]:
        """All documents that could be read, of every status."""
        return self._ready_shelf().reading.documents

    def problems(self) -> tuple[SourceProblem, ...]:
        """What is wrong with the documents that could not be read."""
        return self._ready_shelf().reading.problems

    def sync(self) -> IngestReport:
        """Read the documents anew and bring both indexes up to date; until it is done the old state answers."""
        with self._lock:
            seen = fingerprint(self.settings.docs)
            reading = read_folder(self.settings.docs, self.settings.topic_codes, self.settings.unit_codes)
            shelf = build_shelf(reading, self._cache)
            self._open_index()
            report = self._opened_ingester().run(shelf)
            self._shelf, self._seen = shelf, seen
            return report

    def watch(self, seconds: float = 0.3, before: Callable[[], object] = lambda: None) -> None:
        """Look every ``seconds`` whether a document was touched and sync if so, until ``close``.

        ``before`` is called before each look: it may put documents into the folder whose moment has come.
        """
        if self._watcher is None:
            self._watcher = threading.Thread(target=self._watch, args=(seconds, before), name="knowledge", daemon=True)
            self._watcher.start()

    def close(self) -> None:
        """Stop watching and let go of the index."""
        self._stop.set()
        if self._watcher is not None:
            self._watcher.join()
        with self._lock:
            if self._index is not None:
                self._index.close()
            self._index = self._ingester = None

    def _watch(self, seconds: float, before: Callable[[], object]) -> None:
        while not self._stop.wait(seconds):
            try:
                before()
                if fingerprint(self.settings.docs) != self._seen:
                    _LOG.info("%s", self.sync())
            except OSError as error:  # a file vanished while it was read, the index is busy: the next round sees it
                _LOG.warning("knowledge not synchronised, the former state answers: %s", error)

    def _ready_shelf(self) -> Shelf:
        shelf = self._shelf
        if shelf is None:
            with self._lock:
                if self._shelf is None:
                    self.sync()
                shelf = self._shelf
        if shelf is None:
            raise RuntimeError("sync left no shelf")
        return shelf

    def _opened_ingester(self) -> Ingester:
        self._open_index()
        if self._ingester is None:
            raise RuntimeError("the index was closed while it was being opened")
        return self._ingester

    def _open_index(self) -> VectorIndex:
        index = self._index
        if index is not None:
            return index
        with self._lock:
            if self._index is None:
                name = collection_name(self.embedder)
                state = StateFolder(self.settings.state / "knowledge", name)
                with state.lock():
                    self._index = self._open(state.folder, name)
                self._ingester = Ingester(state, self.embedder, self._index)
            return self._index

    def _open(self, folder: Path, name: str) -> VectorIndex:
        if self.settings.chroma_url:
            return open_server(self.settings.chroma_url, name)
        return open_folder(folder / "vectors", name)


def open_knowledge(settings: KnowledgeSettings) -> Knowledge:
    """Open the knowledge base; files are read when needed. Raises FileNotFoundError where there is no such folder."""
    if not settings.docs.is_dir():
        raise FileNotFoundError(f"知识库文件夹不存在：{settings.docs}。请检查设置，或从仓库恢复 kb_docs。")
    return Knowledge(settings)
