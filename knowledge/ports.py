"""What knowledge asks of its machinery: an embedder, a vector index, a word index."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


class VectorIndexError(OSError):
    """The vector index cannot be opened or reached; the message says what to do (Chinese)."""


class Embedder(Protocol):
    """Turns sentences into vectors; ``name`` changes whenever the vectors would."""

    @property
    def name(self) -> str:
        """Name that changes with the model's weights."""
        ...

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Vectors (n, dimensions), float32, each of length one (zero where a text says nothing)."""
        ...


class VectorIndex(Protocol):
    """Vectors of entries named by id, kept beyond the process; safe to share between threads."""

    def ids(self) -> frozenset[str]:
        """Ids of all entries."""
        ...

    def add(self, ids: Sequence[str], vectors: Vectors) -> None:
        """Add or replace entries."""
        ...

    def remove(self, ids: Collection[str]) -> None:
        """Remove entries; unknown ids are ignored."""
        ...

    def vectors(self, ids: Sequence[str]) -> Mapping[str, Vectors]:
        """Vectors of those of ``ids`` that the index holds; raises VectorIndexError."""
        ...

    def reopen(self) -> None:
        """See what other processes wrote since this one opened the index."""
        ...

    def close(self) -> None:
        """Let go of files and connections."""
        ...


@dataclass(frozen=True, slots=True)
class WordMatches:
    """How rows of the word index match a query: ``shares`` (n,) of its weight 0..1, and rows that hold it literally.

    ``exact`` maps a row to 0..1: how much of the row the query is and how much it says.
    """

    shares: Vectors
    exact: Mapping[int, float]


class LexicalIndex(Protocol):
    """Scores every row against a query by its words."""

    def match(self, query: str) -> WordMatches:
        """Match one normalised query against all rows."""
        ...
