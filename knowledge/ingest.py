"""Bring the vector index in line with the documents, touching only what changed (by content hash)."""

import contextlib
import fcntl
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from knowledge.documents import Document
from knowledge.entries import entries_of
from knowledge.ports import Embedder, VectorIndex
from knowledge.sources import SourceProblem

RECIPE = "entries-1"


@dataclass(frozen=True, slots=True)
class IngestReport:
    """How many documents were added, changed, removed and left alone, and which files could not be used."""

    added: int
    changed: int
    removed: int
    unchanged: int
    problems: tuple[SourceProblem, ...] = ()


def sync_vectors(
    documents: Sequence[Document], index: VectorIndex, embedder: Embedder, state: Path,
    problems: tuple[SourceProblem, ...] = (),
) -> IngestReport:
    """Embed new and changed documents, drop vectors of removed ones. One process at a time; others wait."""
    state.mkdir(parents=True, exist_ok=True)
    manifest_path = state / f"manifest-{embedder.name.replace('/', '_')}.json"
    with _locked(state / "ingest.lock"):
        held = index.ids()
        manifest = _read(manifest_path) if held else {}
        wanted = {d.id: f"{RECIPE}:{d.content_hash}" for d in documents}
        stale = [i for i in wanted if manifest.get(i) != wanted[i]]
        removed = [i for i in manifest if i not in wanted]
        gone = set(stale) | set(removed)
        # Everything that belongs to no current document goes too, so that a lost manifest heals itself.
        index.delete([key for key in held if _owner(key) in gone or _owner(key) not in wanted])
        fresh = [entry for d in documents if d.id in gone for entry in entries_of(d)]
        if fresh:
            index.upsert([e.id for e in fresh], embedder.encode([e.text for e in fresh]))
        _write(manifest_path, wanted)
    known = [i for i in stale if i in manifest]
    return IngestReport(len(stale) - len(known), len(known), len(removed), len(wanted) - len(stale), problems)


def _owner(key: str) -> str:
    return key.replace("?", "#").split("#", 1)[0]


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _read(path: Path) -> dict[str, str]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}  # a missing or torn manifest means: embed everything again
    return {str(k): str(v) for k, v in content.items()} if isinstance(content, dict) else {}


def _write(path: Path, content: dict[str, str]) -> None:
    temporary = path.with_suffix(f".{os.getpid()}.tmp")
    temporary.write_text(json.dumps(content), encoding="utf-8")
    temporary.replace(path)
