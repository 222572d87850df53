"""What is indexed of a document: its title, each way of asking, the document as a whole, each passage (pure)."""

import hashlib
from dataclasses import dataclass

from knowledge.documents import Document, Passage


@dataclass(frozen=True, slots=True)
class Entry:
    """One indexed text; ``id`` changes with the text, so that a vector of older wording can never be taken for it.

    ``whole``: the document as a whole, in which lines stand side by side that nobody wrote as one sentence.
    """

    id: str
    document_id: str
    passage_id: str | None
    text: str
    whole: bool = False


def entries_of(document: Document, passages: tuple[Passage, ...]) -> tuple[Entry, ...]:
    """Entries of one document: title, ``asks`` and the whole (they point at no passage), then its passages.

    The whole is there for callers whose words are spread over the document.
    """
    faces = tuple(dict.fromkeys((document.title, *document.asks)))
    whole = "\n".join((*faces, *(p.text for p in passages)))
    texts: list[tuple[str | None, str]] = [(None, text) for text in (*faces, whole)]
    texts += [(p.id, "\n".join((*_unsaid(p), p.text))) for p in passages]
    return tuple(
        Entry(f"{document.id}#{n}@{_short_hash(text)}", document.id, passage_id, text, whole=n == len(faces))
        for n, (passage_id, text) in enumerate(texts)
    )


def _unsaid(passage: Passage) -> tuple[str, ...]:
    """Headings above a passage that it does not begin with itself (an article says its own number)."""
    return tuple(name for name in passage.heading_path[1:] if not passage.text.startswith(name))


def _short_hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:12]
