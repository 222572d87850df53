"""Of two documents about one matter that match about equally, the newer one comes first (pure)."""

from collections.abc import Collection, Mapping, Sequence

from knowledge.documents import Document
from knowledge.text import squeeze

# With so much of the other's score a document matches about equally: two wordings of one rule rarely differ by more.
NEAR = 0.85
# Share of character pairs that two documents must have in common to be about one matter.
ALIKE = 0.5


def newer_first(
    order: Sequence[str], scores: Mapping[str, float], documents: Mapping[str, Document], literal: Collection[str]
) -> list[str]:
    """``order`` (best first) with each document before older ones of its matter that it matches nearly as well as.

    A document of ``literal`` holds the query word for word and gives way only to another such one.
    """
    found: list[str] = []
    for key in order:
        place = len(found)
        while place and _supersedes(key, found[place - 1], scores, documents, literal):
            place -= 1
        found.insert(place, key)
    return found


def _supersedes(
    key: str, other: str, scores: Mapping[str, float], documents: Mapping[str, Document], literal: Collection[str]
) -> bool:
    new, old = documents[key], documents[other]
    return (
        new.in_force_from > old.in_force_from
        and scores[key] >= NEAR * scores[other]
        and new.topics[:1] == old.topics[:1]
        and (key in literal or other not in literal)
        and _alike(new, old)
    )


def _alike(first: Document, second: Document) -> bool:
    one, other = _pairs(first), _pairs(second)
    return len(one & other) >= ALIKE * min(len(one), len(other))


def _pairs(document: Document) -> frozenset[str]:
    text = squeeze("".join((document.title, *document.asks, document.body)))
    return frozenset(text[i : i + 2] for i in range(len(text) - 1))
