"""Documents that say nearly the same in nearly the same words, and questions that two documents claim (pure)."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from knowledge.checks.sheet import BASIS
from knowledge.documents import Document
from knowledge.text import squeeze

SHINGLE = 3
# Share of common runs of three characters from which two texts are one text written twice: docs/knowledge-health.md.
NEAR = 0.4


@dataclass(frozen=True, slots=True)
class NearPair:
    """Two documents and the Jaccard coefficient 0..1 of their wording."""

    documents: tuple[str, str]
    likeness: float


def near_duplicates(documents: Sequence[Document], near: float = NEAR) -> tuple[NearPair, ...]:
    """All pairs whose answers (body without 依据) share at least ``near`` of their shingles, the likest first.

    Exact: the shared shingles of a document with all others are counted from the list of holders of each shingle.
    """
    held = [shingles_of(_answer(document)) for document in documents]
    sizes = np.array([len(shingles) for shingles in held])
    holders: dict[str, list[int]] = defaultdict(list)
    for row, shingles in enumerate(held):
        for shingle in shingles:
            holders[shingle].append(row)
    rows = {shingle: np.array(having) for shingle, having in holders.items() if len(having) > 1}
    found = []
    for row, shingles in enumerate(held):
        having = [rows[shingle] for shingle in shingles if shingle in rows]
        if not having:
            continue
        shared = np.bincount(np.concatenate(having), minlength=len(held))[:row]
        likeness = shared / (sizes[:row] + sizes[row] - shared)
        for other in np.flatnonzero(likeness >= near):
            first, second = sorted((documents[row].id, documents[int(other)].id))
            found.append(NearPair((first, second), float(likeness[other])))
    return tuple(sorted(found, key=lambda pair: (-pair.likeness, pair.documents)))


def shared_asks(documents: Sequence[Document]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every title or way of asking that stands in several documents, with their ids."""
    owners: dict[str, dict[str, str]] = defaultdict(dict)
    for document in documents:
        for ask in (document.title, *document.asks):
            owners[squeeze(ask)].setdefault(document.id, ask)
    for asked in owners.values():
        if len(asked) > 1:
            yield next(iter(asked.values())), tuple(asked)


def shingles_of(text: str) -> frozenset[str]:
    """Runs of three characters of the squeezed text."""
    plain = squeeze(text)
    return frozenset(plain[i : i + SHINGLE] for i in range(len(plain) - SHINGLE + 1))


def _answer(document: Document) -> str:
    return document.body.partition(f"## {BASIS}")[0]
