"""Two wordings of a document side by side: which lines stayed, went, came or changed, and where in the line (pure)."""

import difflib
from dataclasses import dataclass
from enum import StrEnum


class Change(StrEnum):
    """What happened to a piece of text."""

    SAME = "same"
    GONE = "gone"
    CAME = "came"


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of characters and what happened to it."""

    change: Change
    text: str


@dataclass(frozen=True, slots=True)
class Pair:
    """One line of both sides; an empty side has no such line."""

    before: tuple[Piece, ...]
    after: tuple[Piece, ...]

    @property
    def same(self) -> bool:
        """True where nothing changed."""
        return all(piece.change is Change.SAME for piece in (*self.before, *self.after))


def compare_texts(before: str, after: str) -> tuple[Pair, ...]:
    """Lines of both texts paired in order; every character of both is in exactly one piece of its side."""
    old, new = before.split("\n"), after.split("\n")
    pairs: list[Pair] = []
    for tag, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            pairs += [_same(line) for line in old[a:b]]
            continue
        both = min(b - a, d - c)
        pairs += [_changed(x, y) for x, y in zip(old[a : a + both], new[c : c + both], strict=True)]
        pairs += [Pair((Piece(Change.GONE, line),), ()) for line in old[a + both : b]]
        pairs += [Pair((), (Piece(Change.CAME, line),)) for line in new[c + both : d]]
    return tuple(pairs)


def _same(line: str) -> Pair:
    piece = (Piece(Change.SAME, line),)
    return Pair(piece, piece)


def _changed(old: str, new: str) -> Pair:
    before: list[Piece] = []
    after: list[Piece] = []
    for tag, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            before.append(Piece(Change.SAME, old[a:b]))
            after.append(Piece(Change.SAME, new[c:d]))
        else:
            before += [Piece(Change.GONE, old[a:b])] if b > a else []
            after += [Piece(Change.CAME, new[c:d])] if d > c else []
    return Pair(tuple(before), tuple(after))
