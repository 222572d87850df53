"""Composition root of knowledge: settings in, a searchable knowledge base out."""

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from knowledge.documents import Document, Passage
from knowledge.embedder_choice import Chosen, EmbedderChoice
from knowledge.embedding import load_embedder
from knowledge.fusion import Mix
from knowledge.ingest import IngestReport
from knowledge.ports import Embedder, VectorIndex
from knowledge.retriever import Retriever
from knowledge.shelf import Shelf, ShelfCache, build_shelf
from knowledge.sources import Fingerprint, SourceProblem, fingerprint, read_folder
from knowledge.vector_index import collection_name
from knowledge.vector_side import VectorSide, open_side

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
        self._choice = EmbedderChoice(settings.state / "knowledge", settings.embedding_model)
        self._embedder: Embedder | None = None
        self._side: VectorSide | None = None
        self._shelf: Shelf | None = None
        self._seen: Fingerprint | None = None
        self._missed = ""
        self._stop = threading.Event()
        self._watcher: threading.Thread | None = None
        self.retriever = Retriever(self._ready_shelf, self._searching, mix)

    @property
    def embedder(self) -> Embedder:
        """The configured embedder, loaded when first asked for (seconds): the classifier's, and the search's unless a
        rebuild put another one into use."""
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
            report = self._opened_side().ingester.run(shelf)
            self._shelf, self._seen = shelf, seen
            self.retriever.warm()
            return report

    @property
    def in_use(self) -> Chosen:
        """The embedder that searches, since when and by whom."""
        return self._choice.read()

    def rebuild(self, chosen: Chosen, say: Callable[[int, int], None]) -> None:
        """Index everything with another embedder beside the live one, then let searches use it.

        Until the switch the old index answers, whatever happens here; begun again, it goes on where it was. Raises
        EmbedderMissingError or VectorIndexError; nothing is switched then.
        """
        side = self._open_beside(chosen.model)
        while True:
            shelf = self._ready_shelf()
            side.ingester.run(shelf, say)
            with self._lock:
                if self._shelf is shelf:  # nothing was published meanwhile
                    self._choice.write(chosen)
                    self._switch(side)
                    return

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
            if self._side is not None:
                self._side.index.close()
            self._side = None

    def _watch(self, seconds: float, before: Callable[[], object]) -> None:
        while not self._stop.wait(seconds):
            try:
                before()
                self._follow()
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

    def _searching(self) -> tuple[Embedder, VectorIndex]:
        side = self._side or self._opened_side()
        return side.embedder, side.index

    def _opened_side(self) -> VectorSide:
        with self._lock:
            if self._side is None:
                self._side = self._open(self._choice.read().model)
            return self._side

    def _open(self, model: str) -> VectorSide:
        """The model that was chosen; where it is gone, the configured one: searches must go on."""
        if model != self.settings.embedding_model:
            try:
                return self._open_beside(model)
            except (OSError, ValueError) as error:
                _LOG.error("searching with the configured embedder instead of %s: %s", model, error)
        folder = self.settings.state / "knowledge"
        return open_side(folder, self.settings.chroma_url, self.settings.embedding_model, self.embedder)

    def _open_beside(self, model: str) -> VectorSide:
        """A side with a folder and a lock of its own, so that indexing it holds up nobody."""
        if model == self.settings.embedding_model:
            return self._open(model)
        embedder = self._load(model)
        folder = self.settings.state / "knowledge" / collection_name(embedder)
        return open_side(folder, self.settings.chroma_url, model, embedder)

    def _switch(self, side: VectorSide) -> None:
        before, self._side = self._side, side
        if before is not None and before.index is not side.index:
            before.index.close()

    def _follow(self) -> None:
        """Use what another process put into use; the old side answers until the new one is open and complete."""
        model = self._choice.read().model
        if self._side is None or model in (self._side.model, self._missed):
            return
        side = self._open(model)
        if side.model != model:
            self._missed = model  # not on this machine: told once, not three times a second
        side.ingester.run(self._ready_shelf())
        with self._lock:
            self._switch(side)


def open_knowledge(settings: KnowledgeSettings) -> Knowledge:
    """Open the knowledge base; files are read when needed. Raises FileNotFoundError where there is no such folder."""
    if not settings.docs.is_dir():
        raise FileNotFoundError(f"知识库文件夹不存在：{settings.docs}。请检查设置，或从仓库恢复 kb_docs。")
    return Knowledge(settings)
