"""Which documents are newer wordings of which others: of two about one matter the newer one answers (pure)."""

from collections.abc import Mapping, Sequence
from itertools import combinations

from knowledge.documents import Document
from knowledge.text import squeeze

# With so much of the other's score a document matches about equally: two wordings of one rule rarely differ by more.
NEAR = 0.85
# Share of character pairs that two documents must have in common to be about one matter.
ALIKE = 0.5


class VersionFinder:
    """Compares documents of one main topic and of different age; what was compared once is remembered by content."""

    def __init__(self) -> None:
        self._pairs: dict[str, frozenset[str]] = {}
        self._alike: dict[tuple[str, str], bool] = {}

    def older(self, documents: Sequence[Document]) -> Mapping[int, tuple[int, ...]]:
        """Places of older documents of the same matter, by the place of the newer one."""
        by_topic: dict[str, list[int]] = {}
        for place, document in enumerate(documents):
            by_topic.setdefault(next(iter(document.topics), ""), []).append(place)
        found: dict[int, list[int]] = {}
        before, self._alike = self._alike, {}
        self._pairs = {d.content_hash: held for d in documents if (held := self._pairs.get(d.content_hash))}
        for places in by_topic.values():
            for one, other in combinations(places, 2):
                new, old = sorted((one, other), key=lambda place: documents[place].in_force_from, reverse=True)
                if documents[new].in_force_from == documents[old].in_force_from:
                    continue
                key = (documents[new].content_hash, documents[old].content_hash)
                alike = before.get(key)
                self._alike[key] = self._compare(documents[new], documents[old]) if alike is None else alike
                if self._alike[key]:
                    found.setdefault(new, []).append(old)
        return {new: tuple(old) for new, old in found.items()}

    def _compare(self, first: Document, second: Document) -> bool:
        one, other = self._pairs_of(first), self._pairs_of(second)
        return len(one & other) >= ALIKE * min(len(one), len(other))

    def _pairs_of(self, document: Document) -> frozenset[str]:
        held = self._pairs.get(document.content_hash)
        if held is None:
            text = squeeze("".join((document.title, *document.asks, document.body)))
            held = self._pairs[document.content_hash] = frozenset(text[i : i + 2] for i in range(len(text) - 1))
        return held
