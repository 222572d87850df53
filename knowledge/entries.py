"""What is indexed of a document: its title, each way of asking, each passage under its title (pure)."""

import hashlib
from dataclasses import dataclass

from knowledge.documents import Document, Passage


@dataclass(frozen=True, slots=True)
class Entry:
    """One indexed text; ``id`` changes with the text, so that a vector of older wording can never be taken for it."""

    id: str
    document_id: str
    passage_id: str | None
    text: str


def entries_of(document: Document, passages: tuple[Passage, ...]) -> tuple[Entry, ...]:
    """Entries of one document: title and ``asks`` first (they point at no passage), then its passages."""
    faces = dict.fromkeys((document.title, *document.asks))
    texts: list[tuple[str | None, str]] = [(None, face) for face in faces]
    texts += [(p.id, "\n".join((*p.heading_path, p.text))) for p in passages]
    return tuple(
        Entry(f"{document.id}#{n}@{_short_hash(text)}", document.id, passage_id, text)
        for n, (passage_id, text) in enumerate(texts)
    )


def _short_hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:12]
