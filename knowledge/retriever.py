"""Hybrid search: words and vectors over one snapshot of the documents; only what is in force on the day answers."""

from collections.abc import Mapping, Sequence
from datetime import date

from knowledge.documents import Document, Hit, Passage
from knowledge.entries import Entry, entries_of
from knowledge.fusion import Weights, fuse
from knowledge.lexical import LexicalIndex
from knowledge.ports import Embedder, VectorIndex
from knowledge.text import normalise

QUERY_LIMIT = 600
WIDE = 60


class Retriever:
    """Searches a fixed set of documents; made anew when they change, so a search never sees half a change."""

    def __init__(
        self, documents: Sequence[Document], vectors: VectorIndex, embedder: Embedder, weights: Weights | None = None
    ) -> None:
        self._documents = {d.id: d for d in documents}
        self._entries: list[Entry] = [e for d in documents for e in entries_of(d)]
        self._by_id = {e.id: e for e in self._entries}
        self._lexical = LexicalIndex([e.text for e in self._entries])
        self._vectors = vectors
        self._embedder = embedder
        self._weights = weights or Weights()
        self._passages: dict[str, list[Passage]] = {}
        for entry in self._entries:
            if "?" not in entry.id:
                self._passages.setdefault(entry.document_id, []).append(entry.passage)

    @property
    def passages(self) -> Mapping[str, Sequence[Passage]]:
        """All passages of every document, in reading order."""
        return self._passages

    def search(
        self, query: str, *, on: date, limit: int = 5, topics: frozenset[str] | None = None
    ) -> tuple[Hit, ...]:
        """Best passage of each document that is in force on ``on``, best first; nothing for an empty question."""
        plain = normalise(query[: QUERY_LIMIT * 4])[:QUERY_LIMIT]
        if not any(c.isalnum() for c in plain):
            return ()
        words = self._word_scores(plain)
        vectors = dict(self._vectors.search(self._embedder.encode([plain])[0], WIDE))
        exact = frozenset(self._entries[i].id for i in self._lexical.exact(plain))
        fused = fuse(words | dict.fromkeys(exact - words.keys(), 0.0), vectors, exact, self._weights)
        best: dict[str, tuple[float, str]] = {}
        for key, score in fused.items():
            entry = self._by_id.get(key)
            if entry is not None and score > best.get(entry.document_id, (-1.0, ""))[0]:
                best[entry.document_id] = (score, key)
        hits = [
            Hit(self._documents[i], self._by_id[key].passage, score, words.get(key), vectors.get(key))
            for i, (score, key) in best.items()
            if self._documents[i].answers_on(on) and (topics is None or topics & set(self._documents[i].topics))
        ]
        # Newer beats older where both fit equally well.
        hits.sort(key=lambda h: (round(h.score, 4), h.document.in_force_from), reverse=True)
        return tuple(hits[:limit])

    def _word_scores(self, plain: str) -> dict[str, float]:
        import numpy as np

        scores = self._lexical.scores(plain)
        if not len(scores):
            return {}
        count = min(WIDE, len(scores))
        top = np.argpartition(-scores, count - 1)[:count]
        return {self._entries[int(i)].id: float(scores[i]) for i in top if scores[i] > 0}
