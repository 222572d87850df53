"""Bring the vector index to what the documents say, re-encoding only what changed; safe for several processes."""

import json
import logging
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from filelock import FileLock, Timeout

from knowledge.ports import Embedder, VectorIndex
from knowledge.shelf import Shelf
from knowledge.sources import SourceProblem

_LOG = logging.getLogger(__name__)
LOCK_SECONDS = 120
ENCODED_AT_ONCE = 2000
TOLD_AT_ONCE = 200  # where somebody watches the progress


class IndexBusyError(OSError):
    """Another process kept the index locked for too long (Chinese message)."""


@dataclass(frozen=True, slots=True)
class IngestReport:
    """Documents by what became of them since the last time, entries in the index, and every problem found."""

    added: int
    changed: int
    removed: int
    unchanged: int
    entries: int
    problems: tuple[SourceProblem, ...]
    seconds: float

    @property
    def touched(self) -> int:
        """Documents that were added, changed or removed."""
        return self.added + self.changed + self.removed

    def __str__(self) -> str:
        text = (
            f"知识库：新增 {self.added} 篇，修改 {self.changed} 篇，移除 {self.removed} 篇，未变 {self.unchanged} 篇，"
            f"索引 {self.entries} 条，用时 {self.seconds:.1f} 秒"
        )
        if not self.problems:
            return text + "。"
        listed = "\n".join(f"- {problem}" for problem in self.problems)
        return f"{text}；{len(self.problems)} 处问题，所涉文档暂不参与答复，其余不受影响：\n{listed}"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What was indexed last: content hash of each document, and a mark that changes with every writing."""

    documents: dict[str, str]
    generation: str


class StateFolder:
    """The index's folder: its lock and the manifest of one collection."""

    def __init__(self, folder: Path, collection: str) -> None:
        self.folder = folder
        self._manifest = folder / f"{collection}.json"
        folder.mkdir(parents=True, exist_ok=True)

    @contextmanager
    def lock(self, seconds: float = LOCK_SECONDS) -> Iterator[None]:
        """Hold the index against other processes and threads; raises IndexBusyError after ``seconds``."""
        guard = FileLock(self.folder / "index.lock", timeout=seconds)
        try:
            guard.acquire()
        except Timeout as error:
            raise IndexBusyError(
                f"另一个程序占用知识库索引超过 {seconds:g} 秒。文档没有受影响；请确认没有卡住的进程后重试。"
            ) from error
        try:
            yield
        finally:
            guard.release()

    def read(self) -> Manifest:
        """Last manifest; a missing or damaged one is empty (the index itself tells what it holds)."""
        try:
            found = json.loads(self._manifest.read_text(encoding="utf-8"))
            documents = {str(key): str(value) for key, value in found["documents"].items()}
            return Manifest(documents, str(found["generation"]))
        except FileNotFoundError:
            return Manifest({}, "")
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            _LOG.warning("manifest %s is damaged (%s); comparing with the index anew", self._manifest, error)
            return Manifest({}, "")

    def write(self, manifest: Manifest) -> None:
        """Replace the manifest in one step: a reader sees the old one or the new one."""
        temporary = self._manifest.with_suffix(f".{os.getpid()}.tmp")
        content = {"documents": manifest.documents, "generation": manifest.generation}
        temporary.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
        os.replace(temporary, self._manifest)


class Ingester:
    """Compares the index with a shelf and writes the difference."""

    def __init__(self, state: StateFolder, embedder: Embedder, index: VectorIndex) -> None:
        self._state = state
        self._embedder = embedder
        self._index = index
        self._generation: str | None = None

    def run(self, shelf: Shelf, say: Callable[[int, int], None] | None = None) -> IngestReport:
        """Make the index hold exactly the shelf's entries; ``say`` hears how many are encoded, of how many.

        New entries are added before old ones go; whatever is interrupted is put right by the next run.
        """
        started = time.monotonic()
        with self._state.lock():
            before = self._state.read()
            if self._generation not in (None, before.generation):
                self._index.reopen()  # another process wrote
            wrote = self._write(shelf, say)
            documents = {key: document.content_hash for key, document in shelf.documents.items()}
            generation = uuid4().hex if wrote else before.generation
            if Manifest(documents, generation) != before:
                self._state.write(Manifest(documents, generation))
            self._generation = generation
        return _report(before.documents, documents, shelf, time.monotonic() - started)

    def _write(self, shelf: Shelf, say: Callable[[int, int], None] | None) -> bool:
        present = self._index.ids()
        missing = [entry for entry in shelf.entries if entry.id not in present]
        at_once = ENCODED_AT_ONCE if say is None else TOLD_AT_ONCE
        for start in range(0, len(missing), at_once):
            part = missing[start : start + at_once]
            self._index.add([entry.id for entry in part], self._embedder.encode([entry.text for entry in part]))
            if say is not None:
                say(start + len(part), len(missing))
        surplus = present - shelf.rows.keys()
        self._index.remove(surplus)
        return bool(missing or surplus)


def _report(before: dict[str, str], after: dict[str, str], shelf: Shelf, seconds: float) -> IngestReport:
    both = before.keys() & after.keys()
    changed = sum(before[key] != after[key] for key in both)
    return IngestReport(
        added=len(after.keys() - before.keys()),
        changed=changed,
        removed=len(before.keys() - after.keys()),
        unchanged=len(both) - changed,
        entries=len(shelf.entries),
        problems=shelf.reading.problems,
        seconds=seconds,
    )
