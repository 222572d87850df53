"""The vectors of the current entries in memory: every document has its exact cosine, whatever a search leaves out."""

import threading
from dataclasses import dataclass

import numpy as np

from knowledge.ports import VectorIndex, Vectors
from knowledge.shelf import Shelf


@dataclass(frozen=True, slots=True)
class _State:
    shelf: Shelf
    index: VectorIndex
    vectors: Vectors


class EntryVectors:
    """Keeps the vectors of one shelf at a time; after an edit only those that are new are fetched from the index."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._state: _State | None = None

    def of(self, shelf: Shelf, index: VectorIndex) -> Vectors:
        """Vectors (entries, dimensions) of ``shelf``, zeros where the index has none; raises VectorIndexError."""
        state = self._state
        if state is None or state.shelf is not shelf or state.index is not index:
            with self._lock:
                state = self._state
                if state is None or state.shelf is not shelf or state.index is not index:
                    state = _State(shelf, index, self._fetched(shelf, index, state))
                    self._state = state
        return state.vectors

    @staticmethod
    def _fetched(shelf: Shelf, index: VectorIndex, before: _State | None) -> Vectors:
        known = before if before is not None and before.index is index else None
        held = {key: row for key, row in known.shelf.rows.items() if known.vectors[row].any()} if known else {}
        fetched = index.vectors([entry.id for entry in shelf.entries if entry.id not in held])
        width = next((len(v) for v in fetched.values()), known.vectors.shape[1] if known else 0)
        vectors = np.zeros((len(shelf.entries), width), dtype=np.float32)
        for row, entry in enumerate(shelf.entries):
            if known is not None and entry.id in held:
                vectors[row] = known.vectors[held[entry.id]]
            elif entry.id in fetched:
                vectors[row] = fetched[entry.id]
        return vectors
