"""Hybrid search: words and vectors, fused; one hit per document, only documents in force on the day of the call."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from knowledge.documents import Document, Hit, Passage
from knowledge.fusion import Mix, Signals, Weights, fuse, rounded
from knowledge.ports import Embedder, VectorIndex, VectorIndexError, WordMatches
from knowledge.recency import newer_first
from knowledge.shelf import Shelf
from knowledge.text import normalise, squeeze

_LOG = logging.getLogger(__name__)
# A caller's first sentences hold the matter; what follows only costs time.
MAX_READ = 4_000
MAX_QUERY = 600
MAX_LETTER = 1_500
NEAREST = 200
WIDER = 5
WORD_CANDIDATES = 50
# Beyond the wanted hits: a newer document among them may belong before one that is wanted.
LOOKED_AT = 5
# How much of closeness is the share of the query's words; the rest is nearness in meaning.
SAID = 0.4


@dataclass(slots=True)
class _Found:
    """What was found of one document: best cosine and exact match; and of each of its passages share, cosine, exact."""

    share: float = 0.0
    vector: float | None = None
    exact: float | None = None
    passages: dict[str, list[float]] = field(default_factory=dict)

    def passage(self, key: str | None, place: int, value: float) -> None:
        if key is not None:
            scores = self.passages.setdefault(key, [0.0, 0.0, 0.0])
            scores[place] = max(scores[place], value)


def _understood(shelf: Shelf, said: str) -> tuple[str, WordMatches]:
    """What was meant by ``said`` and its words' matches; what a document says literally is never read anew."""
    matches = shelf.words.match(said[:MAX_QUERY])
    meant = said.lower() if matches.exact else shelf.hearing.heard(said.lower())
    if meant == said.lower():
        return said, matches
    return meant, shelf.words.match(meant[:MAX_QUERY])


class Retriever:
    """Searches the current shelf; keeps no state of a search and may be shared by threads."""

    def __init__(
        self,
        shelf: Callable[[], Shelf],
        embedder: Callable[[], Embedder],
        index: Callable[[], VectorIndex],
        mix: Mix | None = None,
    ) -> None:
        self._shelf = shelf
        self._embedder = embedder
        self._index = index
        self.mix = mix or Mix()

    def search(self, query: str, *, on: date, limit: int = 5, topics: frozenset[str] | None = None) -> tuple[Hit, ...]:
        """At most ``limit`` documents in force on ``on`` and of one of ``topics``, each with its best passage.

        Best first. Scores are 0..1 and mean the same for every query; a query that says nothing finds nothing. Only
        the first 1,500 characters count. Of documents that match about equally the newer comes first.
        """
        said = normalise(query[:MAX_READ])[:MAX_LETTER]
        if limit < 1 or not squeeze(said):
            return ()
        shelf = self._shelf()
        letter, matches = _understood(shelf, said)
        text = letter[:MAX_QUERY]
        allowed = {
            key: document
            for key, document in shelf.documents.items()
            if document.answers_on(on) and (topics is None or not topics.isdisjoint(document.topics))
        }
        found: dict[str, _Found] = {}
        self._by_words(shelf, matches, allowed, found)
        try:
            farthest = self._by_vectors(shelf, text, allowed, found, limit)
        except VectorIndexError as error:  # the caller is on the line: words alone are better than no answer
            _LOG.warning("searching by words alone: %s", error)
            farthest = 0.0
        likeness = self._by_likeness(shelf, letter, allowed, found)
        weights = self.mix.for_query(len(letter))
        signals = {key: Signals(likeness.get(key), f.vector, f.exact) for key, f in found.items()}
        scores = fuse(signals, weights, farthest)
        order = sorted(
            scores,
            key=lambda key: (-rounded(scores[key]), -allowed[key].in_force_from.toordinal(), -scores[key], key),
        )[: limit + LOOKED_AT]
        order = newer_first(order, scores, allowed, {key for key, f in found.items() if f.exact is not None})
        return tuple(
            self._hit(allowed[key], shelf.passages[key], found[key], likeness.get(key), weights, rounded(scores[key]))
            for key in order[:limit]
        )

    @staticmethod
    def _by_words(
        shelf: Shelf, matches: WordMatches, allowed: Mapping[str, Document], found: dict[str, _Found]
    ) -> None:
        for row, strength in matches.exact.items():
            entry = shelf.entries[row]
            if entry.document_id in allowed and not entry.whole:
                of = found.setdefault(entry.document_id, _Found())
                of.exact = max(of.exact or 0.0, strength)
                of.passage(entry.passage_id, 2, strength)
        for row in np.argsort(-matches.shares, kind="stable"):
            share = float(matches.shares[row])
            if share <= 0.0:
                break
            entry = shelf.entries[row]
            if entry.document_id not in allowed:
                continue
            if entry.document_id not in found and len(found) >= WORD_CANDIDATES:
                continue
            of = found.setdefault(entry.document_id, _Found())
            of.share = max(of.share, share)
            of.passage(entry.passage_id, 0, share)

    @staticmethod
    def _by_likeness(
        shelf: Shelf, letter: str, allowed: Mapping[str, Document], found: dict[str, _Found]
    ) -> dict[str, float]:
        """Likeness of every document found so far and of the most alike ones, which are thereby found too."""
        cosines = shelf.likeness.cosines(letter)
        alike: dict[str, float] = {}
        for row in np.argsort(-cosines, kind="stable"):
            key = shelf.findable[row]
            if key in allowed and (key in found or (len(alike) < WORD_CANDIDATES and cosines[row] > 0.0)):
                found.setdefault(key, _Found())
                alike[key] = float(cosines[row])
        return alike

    def _by_vectors(
        self, shelf: Shelf, text: str, allowed: Mapping[str, Document], found: dict[str, _Found], limit: int
    ) -> float:
        """Note the nearest entries, filtered here (Chroma's own filter is ten times slower)."""
        vector = self._embedder().encode([text])[0]
        if not vector.any():
            return 0.0
        wanted = min(limit, len(allowed))
        asked = NEAREST
        while True:
            near = self._index().nearest(vector, min(asked, max(1, len(shelf.entries))))
            hits = [(shelf.entries[row], c) for key, c in near if (row := shelf.rows.get(key)) is not None]
            hits = [(entry, cosine) for entry, cosine in hits if entry.document_id in allowed]
            if len({entry.document_id for entry, _ in hits}) >= wanted or asked >= len(shelf.entries):
                break
            asked *= WIDER
        for entry, cosine in hits:
            of = found.setdefault(entry.document_id, _Found())
            of.vector = max(of.vector if of.vector is not None else -1.0, cosine)
            of.passage(entry.passage_id, 1, cosine)
        return max(0.0, near[-1][1]) if near else 0.0

    @staticmethod
    def _hit(
        document: Document,
        passages: tuple[Passage, ...],
        found: _Found,
        likeness: float | None,
        weights: Weights,
        score: float,
    ) -> Hit:
        def worth(passage: Passage) -> float:
            words, cosine, exact = found.passages.get(passage.id, (0.0, 0.0, 0.0))
            return weights.words * words + weights.vectors * cosine + exact

        closeness = SAID * found.share + (1.0 - SAID) * max(0.0, found.vector or 0.0)
        closeness += (1.0 - closeness) * (found.exact or 0.0)
        return Hit(document, max(passages, key=worth), score, likeness, found.vector, closeness)
