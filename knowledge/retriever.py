"""Hybrid search: words and vectors, fused; one hit per document, only documents in force on the day of the call."""

import logging
from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass
from datetime import date
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from knowledge.dialect import plainly
from knowledge.documents import Document, Hit, Signals
from knowledge.fusion import DIGITS, Mix, Weights, fuse
from knowledge.nearness import EntryVectors
from knowledge.ports import Embedder, VectorIndex, VectorIndexError, Vectors, WordMatches
from knowledge.recency import NEAR
from knowledge.shelf import Shelf
from knowledge.text import normalise, squeeze

_LOG = logging.getLogger(__name__)
# A caller's first sentences hold the matter; what follows only costs time.
MAX_READ = 4_000
MAX_QUERY = 600
MAX_LETTER = 1_500
# How much of closeness is the share of the query's words; the rest is nearness in meaning.
SAID = 0.4


@dataclass(frozen=True, slots=True)
class _Seen:
    """What one query finds: of every entry its share of the words, cosine and literal match; of every document its
    likeness, best share, best cosine and literal match. ``near`` says whether there are cosines at all."""

    meant: str
    unknown: float
    shares: Vectors
    cosines: Vectors
    literal: Mapping[int, float]
    alike: Vectors
    faces: Vectors
    said: Vectors
    nearest: Vectors
    exact: Mapping[int, float]
    near: bool


class Retriever:
    """Searches the current shelf; keeps no state of a search and may be shared by threads."""

    def __init__(
        self,
        shelf: Callable[[], Shelf],
        side: Callable[[], tuple[Embedder, VectorIndex]],
        mix: Mix | None = None,
    ) -> None:
        self._shelf = shelf
        self._side = side
        self._vectors = EntryVectors()
        self.mix = mix or Mix()

    def mixed(self, mix: Mix) -> "Retriever":
        """The same search with other shares of words and vectors, to see what either does alone."""
        other = copy(self)
        other.mix = mix
        return other

    def warm(self) -> None:
        """Fetch the vectors of the current shelf, so that the next search need not; raises VectorIndexError."""
        self._vectors.of(self._shelf(), self._side()[1])

    def search(
        self,
        query: str,
        *,
        on: date,
        limit: int = 5,
        topics: frozenset[str] | None = None,
        units: frozenset[str] | None = None,
    ) -> tuple[Hit, ...]:
        """At most ``limit`` documents in force on ``on``, of one of ``topics`` and ``units``, with their best passage.

        Best first. Scores are 0..1 and mean the same for every query and filter: a filter only leaves out. A query
        that says nothing finds nothing; only the first 1,500 characters count. Of documents about one matter that
        match about equally the newer comes first.
        """
        said = normalise(query[:MAX_READ])[:MAX_LETTER]
        if limit < 1 or not squeeze(said):
            return ()
        shelf = self._shelf()
        in_force = (shelf.since <= on.toordinal()) & (on.toordinal() <= shelf.until)
        if not in_force.any():
            return ()
        letter, matches = _understood(shelf, said)
        seen = self._seen(shelf, letter, matches)
        weights = self.mix.for_query(len(letter))
        scores = _scored(shelf, seen, in_force, weights).astype(np.float64)
        shown = np.round(np.clip(scores, 0.0, 1.0), DIGITS)
        order = np.lexsort((-scores, -shelf.since, -shown))  # equal as shown: the newer one first
        wanted = (row for row in order.tolist() if scores[row] and _wanted(shelf.findable[row], topics, units))
        best = _best(seen, in_force)
        return tuple(_hit(shelf, row, seen, best, weights, float(shown[row])) for row in islice(wanted, limit))

    def _seen(self, shelf: Shelf, letter: str, matches: WordMatches) -> _Seen:
        cosines = self._cosines(shelf, letter[:MAX_QUERY])
        near = cosines is not None
        if cosines is None:
            cosines = np.zeros(len(shelf.entries), dtype=np.float32)
        literal = {row: strength for row, strength in matches.exact.items() if not shelf.entries[row].whole}
        exact: dict[int, float] = {}
        for row, strength in literal.items():
            owner = int(np.searchsorted(shelf.starts, row, side="right")) - 1
            exact[owner] = max(exact.get(owner, 0.0), strength)
        return _Seen(
            letter,
            shelf.hearing.unknown(letter),
            matches.shares,
            cosines,
            literal,
            shelf.likeness.cosines(letter),
            shelf.faces.cosines(letter),
            np.maximum.reduceat(matches.shares, shelf.starts),
            np.maximum.reduceat(cosines, shelf.starts),
            exact,
            near,
        )

    def _cosines(self, shelf: Shelf, text: str) -> Vectors | None:
        """Cosine of every entry with ``text``; None where the vector index is away or the text says nothing to it."""
        try:
            embedder, index = self._side()
            vectors = self._vectors.of(shelf, index)
        except VectorIndexError as error:  # the caller is on the line: words alone are better than no answer
            _LOG.warning("searching by words alone: %s", error)
            return None
        vector = embedder.encode([text])[0]
        if vectors.shape[1] != len(vector) or not vector.any():
            return None
        return np.asarray(vectors @ vector, dtype=np.float32)


def _understood(shelf: Shelf, said: str) -> tuple[str, WordMatches]:
    """What was meant by ``said`` and its words' matches; what a document says literally is never read anew."""
    matches = shelf.words.match(said[:MAX_QUERY])
    meant = said.lower() if matches.exact else shelf.hearing.heard(plainly(said.lower()))
    if meant == said.lower():
        return said, matches
    return meant, shelf.words.match(meant[:MAX_QUERY])


def _wanted(document: Document, topics: frozenset[str] | None, units: frozenset[str] | None) -> bool:
    of_topic = topics is None or not topics.isdisjoint(document.topics)
    return of_topic and (units is None or document.unit in units)


def _scored(shelf: Shelf, seen: _Seen, in_force: NDArray[np.bool_], weights: Weights) -> Vectors:
    """Score of every document; one not in force has 0, and a newer one at least that of an older one of its matter."""
    exact = {row: strength for row, strength in seen.exact.items() if in_force[row]}
    alike, nearest = seen.alike * in_force, seen.nearest * in_force
    plain = fuse(alike, nearest, exact, weights)
    scores = plain.copy()
    for new, older in shelf.older.items():
        for old in older:
            near = plain[new] >= NEAR * plain[old] and (new in exact or old not in exact)
            if in_force[new] and in_force[old] and near:
                scores[new] = max(scores[new], plain[old])
    return scores


def _best(seen: _Seen, in_force: NDArray[np.bool_]) -> tuple[float, ...]:
    """The most likeness (whole, face), nearness and share of words that any document in force has."""
    return tuple(float((of * in_force).max()) for of in (seen.alike, seen.faces, seen.nearest, seen.said))


def _hit(shelf: Shelf, row: int, seen: _Seen, best: tuple[float, ...], weights: Weights, score: float) -> Hit:
    """The hit of one document, with the passage that fits best."""
    document = shelf.findable[row]
    start = int(shelf.starts[row])
    stop = int(shelf.starts[row + 1]) if row + 1 < len(shelf.starts) else len(shelf.entries)
    places = range(start, stop)
    worth = {
        shelf.entries[place].passage_id: weights.words * float(seen.shares[place])
        + weights.vectors * float(seen.cosines[place])
        + seen.literal.get(place, 0.0)
        for place in places
    }
    passage = max(shelf.passages[document.id], key=lambda p: worth.get(p.id, 0.0))
    whole = next(place for place in places if shelf.entries[place].whole)
    signals = Signals(
        alike=float(seen.alike[row]),
        face=float(seen.faces[row]),
        near=max(0.0, float(seen.nearest[row])),
        asked=max(0.0, float(seen.cosines[start:whole].max())),
        whole=max(0.0, float(seen.cosines[whole])),
        said=float(seen.said[row]),
        exact=seen.exact.get(row, 0.0),
        best_alike=best[0],
        best_face=best[1],
        best_near=best[2],
        best_said=best[3],
        meant=seen.meant,
        unknown=seen.unknown,
    )
    cosine = float(seen.nearest[row]) if seen.near else None
    closeness = SAID * signals.said + (1.0 - SAID) * signals.near
    closeness += (1.0 - closeness) * signals.exact
    older = tuple(shelf.findable[old].id for old in shelf.older.get(row, ()))
    return Hit(document, passage, score, signals.alike, cosine, closeness, signals, older)
