"""One consistent state of the knowledge base in memory: documents, passages, entries and their word index."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from knowledge.chunking import passages_of
from knowledge.documents import ANSWERING, Document, Passage
from knowledge.entries import Entry, entries_of
from knowledge.hearing import Hearing, PhraseCache, Weight
from knowledge.lexical import BM25Index, TokenCache
from knowledge.likeness import CountCache, Likeness
from knowledge.ports import LexicalIndex
from knowledge.sources import Reading


@dataclass(frozen=True, slots=True)
class Shelf:
    """Never changes once it was made: a search that began on it ends on it. Row i of ``words`` is ``entries[i]``,
    row i of ``likeness`` is the document ``findable[i]``.

    Only documents with an answering status have entries; the others can be read but not found.
    """

    reading: Reading
    documents: Mapping[str, Document]
    passages: Mapping[str, tuple[Passage, ...]]
    entries: tuple[Entry, ...]
    rows: Mapping[str, int]
    words: LexicalIndex
    findable: tuple[str, ...]
    likeness: Likeness
    hearing: Hearing


@dataclass(slots=True)
class ShelfCache:
    """What is kept between builds, so that after an edit only the texts that are new are cut and counted."""

    tokens: TokenCache = field(default_factory=TokenCache)
    counts: CountCache = field(default_factory=CountCache)
    phrases: PhraseCache = field(default_factory=PhraseCache)


def build_shelf(reading: Reading, cache: ShelfCache) -> Shelf:
    """Cut and index what was read."""
    documents = {document.id: document for document in reading.documents}
    passages = {document.id: passages_of(document) for document in reading.documents}
    entries = tuple(
        entry
        for document in reading.documents
        if document.status in ANSWERING
        for entry in entries_of(document, passages[document.id])
    )
    rows = {entry.id: row for row, entry in enumerate(entries)}
    words = BM25Index([entry.text for entry in entries], cache.tokens)
    whole = {entry.document_id: entry.text for entry in entries if entry.whole}
    likeness = Likeness(tuple(whole.values()), cache.counts)
    hearing = Hearing(cache.phrases.count(_said(documents, passages, whole)))
    return Shelf(reading, documents, passages, entries, rows, words, tuple(whole), likeness, hearing)


def _said(
    documents: Mapping[str, Document], passages: Mapping[str, tuple[Passage, ...]], findable: Iterable[str]
) -> Iterator[tuple[str, Weight]]:
    """Everything that the findable documents say, each once, with its weight."""
    for key in findable:
        yield documents[key].title, Weight.TITLE
        for ask in documents[key].asks:
            yield ask, Weight.ASK
        for passage in passages[key]:
            yield passage.text, Weight.BODY
