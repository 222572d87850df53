"""How alike a query and whole documents are: tf-idf cosines of character pairs, character triples and words.

Measured beside BM25 (docs/embedding.md): over a whole document the cosine ranks better, for a short call by character
pairs alone, for a long letter by triples and words too.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.ports import Vectors
from knowledge.text import normalise, words

# From this many characters a query counts as a letter: triples and words have their full weight.
LETTER = 200
TRIPLES, WORDS = 2.5, 1.0


@dataclass(frozen=True, slots=True)
class _Counts:
    """Numbers of the distinct terms of a text and how often each occurs."""

    terms: NDArray[np.int64]
    counts: NDArray[np.float32]


class CountCache:
    """Counted texts, kept between builds: after an edit only the texts that are new are counted."""

    def __init__(self) -> None:
        self.vocabulary: dict[str, int] = {}
        self._known: dict[tuple[str, str], _Counts] = {}

    def count(self, kind: str, texts: Sequence[str]) -> list[_Counts]:
        """Counts of each text in one kind of terms; texts that are no longer asked for are forgotten."""
        wanted = {text: self._known.get((kind, text)) or self._count(kind, text) for text in dict.fromkeys(texts)}
        self._known = {key: held for key, held in self._known.items() if key[0] != kind}
        self._known |= {(kind, text): held for text, held in wanted.items()}
        return [wanted[text] for text in texts]

    def _count(self, kind: str, text: str) -> _Counts:
        found = Counter(_terms(kind, text))
        numbers = [self.vocabulary.setdefault(term, len(self.vocabulary)) for term in found]
        return _Counts(np.asarray(numbers, dtype=np.int64), np.asarray(list(found.values()), dtype=np.float32))


class Likeness:
    """Immutable; row i of every answer belongs to text i."""

    def __init__(
        self,
        texts: Sequence[str],
        cache: CountCache | None = None,
        kinds: Sequence[str] = ("pairs", "triples", "words"),
    ) -> None:
        cache = cache or CountCache()
        self._size = len(texts)
        self._spaces = {kind: _space(cache.count(kind, texts), cache) for kind in kinds}
        # Only what the texts hold counts: a term that is new later is unknown to this state.
        self._vocabulary = dict(cache.vocabulary)

    def cosines(self, query: str) -> Vectors:
        """Cosine 0..1 of ``query`` with every text, the kinds of terms weighted by the query's length."""
        plain = normalise(query).lower()
        letter = min(1.0, len(plain) / LETTER)
        weights = {"pairs": 1.0, "triples": TRIPLES * letter, "words": WORDS * letter}
        parts = {kind: weights[kind] for kind in self._spaces if weights[kind]}
        total = np.zeros(self._size, dtype=np.float32)
        for kind, weight in parts.items():
            total += np.float32(weight / sum(parts.values())) * self._cosine(kind, plain)
        return np.clip(total, 0.0, 1.0)

    def _cosine(self, kind: str, plain: str) -> Vectors:
        matrix, idf = self._spaces[kind]
        counted = Counter(_terms(kind, plain))
        numbered = [(self._vocabulary.get(term, len(idf)), count) for term, count in counted.items()]
        known = [(n, count) for n, count in numbered if n < len(idf) and idf[n] > 0.0]
        if not known or not self._size:
            return np.zeros(self._size, dtype=np.float32)
        numbers = np.array([n for n, _ in known])
        weights = (1.0 + np.log(np.array([c for _, c in known], dtype=np.float32))) * idf[numbers]
        norm = float(np.linalg.norm(weights)) or 1.0
        return np.asarray(matrix[:, numbers] @ (weights / norm), dtype=np.float32)


def _terms(kind: str, text: str) -> list[str]:
    """Terms of one kind; a mark keeps a pair of characters apart from a word of the same two."""
    plain = normalise(text).lower() if kind == "words" else " ".join(normalise(text).lower().split())
    if kind == "words":
        return ["w" + word for word in words(plain)]
    low, high = (1, 2) if kind == "pairs" else (2, 3)
    return [plain[i : i + n] for n in range(low, high + 1) for i in range(len(plain) - n + 1)]


def _space(counted: Sequence[_Counts], cache: CountCache) -> tuple[Any, Vectors]:
    """The rows of unit length (by column, so that a query reads only its own terms) and the weight of each term.

    A term that no text holds has weight 0: it was counted for another state of the documents.
    """
    from scipy.sparse import csr_matrix

    width = len(cache.vocabulary)
    every = np.concatenate([held.terms for held in counted]) if counted else np.zeros(0, dtype=np.int64)
    frequency = np.bincount(every, minlength=width)
    idf = np.log((1 + len(counted)) / (1 + frequency)).astype(np.float32) + np.float32(1.0)
    idf[frequency == 0] = 0.0
    rows = []
    for held in counted:
        weights = (1.0 + np.log(held.counts)) * idf[held.terms]
        rows.append(weights / (np.linalg.norm(weights) or 1.0))
    lengths = np.cumsum([0, *(len(held.terms) for held in counted)])
    values = np.concatenate(rows) if rows else np.zeros(0, dtype=np.float32)
    return csr_matrix((values, every, lengths), shape=(len(counted), width), dtype=np.float32).tocsc(), idf
