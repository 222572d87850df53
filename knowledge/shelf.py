"""One consistent state of the knowledge base in memory: documents, passages, entries and their indexes."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from knowledge.chunking import passages_of
from knowledge.documents import ANSWERING, Document, Passage
from knowledge.entries import Entry, entries_of
from knowledge.hearing import Hearing, PhraseCache, Weight
from knowledge.lexical import BM25Index, TokenCache
from knowledge.likeness import CountCache, Likeness
from knowledge.ports import LexicalIndex
from knowledge.recency import VersionFinder
from knowledge.sources import Reading


@dataclass(frozen=True, slots=True)
class Shelf:
    """Never changes once it was made: a search that began on it ends on it.

    Row i of ``words`` is ``entries[i]``; row i of ``likeness`` and of ``faces`` (title and ways of asking) is the
    document ``findable[i]``, whose entries begin at ``starts[i]`` and which is in force from
    day ``since[i]`` to ``until[i]`` (ordinals); ``older[i]`` are the rows of older documents
    about its matter. Only documents with an answering status are findable; the others can be read but not found.
    """

    reading: Reading
    documents: Mapping[str, Document]
    passages: Mapping[str, tuple[Passage, ...]]
    entries: tuple[Entry, ...]
    rows: Mapping[str, int]
    words: LexicalIndex
    findable: tuple[Document, ...]
    starts: NDArray[np.int64]
    since: NDArray[np.int64]
    until: NDArray[np.int64]
    likeness: Likeness
    faces: Likeness
    hearing: Hearing
    older: Mapping[int, tuple[int, ...]]


@dataclass(slots=True)
class ShelfCache:
    """What is kept between builds, so that after an edit only the texts that are new are cut and counted."""

    tokens: TokenCache = field(default_factory=TokenCache)
    counts: CountCache = field(default_factory=CountCache)
    faces: CountCache = field(default_factory=CountCache)
    phrases: PhraseCache = field(default_factory=PhraseCache)
    versions: VersionFinder = field(default_factory=VersionFinder)
    cut: dict[Document, "_Pieces"] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Pieces:
    passages: tuple[Passage, ...]
    entries: tuple[Entry, ...]


def build_shelf(reading: Reading, cache: ShelfCache) -> Shelf:
    """Cut and index what was read."""
    cache.cut = {document: cache.cut.get(document) or _pieces(document) for document in reading.documents}
    passages = {document.id: pieces.passages for document, pieces in cache.cut.items()}
    findable = tuple(document for document in reading.documents if document.status in ANSWERING)
    cut = [cache.cut[document].entries for document in findable]
    entries = tuple(entry for of_one in cut for entry in of_one)
    return Shelf(
        reading=reading,
        documents={document.id: document for document in reading.documents},
        passages=passages,
        entries=entries,
        rows={entry.id: row for row, entry in enumerate(entries)},
        words=BM25Index([entry.text for entry in entries], cache.tokens),
        findable=findable,
        starts=np.cumsum([0, *(len(of_one) for of_one in cut)])[: len(findable)],
        since=np.array([document.in_force_from.toordinal() for document in findable], dtype=np.int64),
        until=np.array([(document.in_force_to or date.max).toordinal() for document in findable], dtype=np.int64),
        likeness=Likeness(tuple(entry.text for entry in entries if entry.whole), cache.counts),
        faces=Likeness(["\n".join((d.title, *d.asks)) for d in findable], cache.faces, kinds=("pairs",)),
        hearing=Hearing(cache.phrases.count(_said(findable, passages))),
        older=cache.versions.older(findable),
    )


def _pieces(document: Document) -> _Pieces:
    passages = passages_of(document)
    return _Pieces(passages, entries_of(document, passages))


def _said(findable: Iterable[Document], passages: Mapping[str, tuple[Passage, ...]]) -> Iterator[tuple[str, Weight]]:
    """Everything that the findable documents say, with its weight."""
    for document in findable:
        yield document.title, Weight.TITLE
        for ask in document.asks:
            yield ask, Weight.ASK
        for passage in passages[document.id]:
            yield passage.text, Weight.BODY
