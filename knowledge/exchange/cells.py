"""Texts in spreadsheet cells without loss: characters that XML cannot hold, long texts, lists (pure)."""

import re
from collections.abc import Iterable, Iterator

from knowledge.documents import LegalBasis

MAX_CELL = 32_767  # Excel's limit, in UTF-16 units
_FORBIDDEN = r"\x00-\x08\x0b-\x1f\ufffe\uffff"
# Office's own way (ST_Xstring): a character as _xHHHH_, and the underscore of a text that looks like one as _x005F_.
_ESCAPED = re.compile(rf"[{_FORBIDDEN}]|_(?=x[0-9A-Fa-f]{{4}}[_{_FORBIDDEN}])")
_CODE = re.compile(r"_x([0-9A-Fa-f]{4})_")


def to_cells(text: str) -> list[str]:
    """The text as one cell, or as several where it is too long; each is escaped."""
    pieces: list[str] = []
    held: list[str] = []
    size = 0
    for character in text:
        # Seven: what an escaped character may take; two: what Excel counts for one beyond the basic plane.
        room = 7 if _ESCAPED.match(character) or character == "_" else 2 if ord(character) > 0xFFFF else 1
        if size + room > MAX_CELL:
            pieces.append("".join(held))
            held, size = [], 0
        held.append(character)
        size += room
    return [_ESCAPED.sub(lambda found: f"_x{ord(found[0]):04X}_", piece) for piece in [*pieces, "".join(held)]]


def from_cells(cells: Iterable[str]) -> str:
    """The text that was written as these cells."""
    return "".join(_CODE.sub(lambda found: chr(int(found[1], 16)), cell) for cell in cells)


def pack(items: Iterable[str], separator: str) -> str:
    """Texts in one cell, apart by ``separator``; one that stands in a text is marked with a backslash."""
    return separator.join(_marked(item, separator) for item in items)


def unpack(text: str, separator: str) -> tuple[str, ...]:
    """The texts of a cell; empty ones are left out."""
    return tuple(_unmarked(part) for part in _parts(text, separator) if part.strip())


def pack_basis(basis: Iterable[LegalBasis]) -> str:
    """One line for each law: 名称｜版本｜第一条、第二条."""
    return "\n".join(
        "｜".join(
            (_marked(b.law, "｜、"), _marked(b.version, "｜、"), "、".join(_marked(a, "｜、") for a in b.articles))
        )
        for b in basis
    )


def unpack_basis(text: str) -> tuple[LegalBasis, ...]:
    """Laws of a cell; raises ValueError for a line without its three parts."""
    found = []
    for line in (line for line in text.split("\n") if line.strip()):
        parts = _parts(line, "｜")
        if len(parts) != 3:
            raise ValueError(line)
        law, version, articles = parts
        named = tuple(_unmarked(part) for part in _parts(articles, "、") if part.strip())
        found.append(LegalBasis(_unmarked(law), _unmarked(version), named))
    return tuple(found)


def _marked(text: str, separators: str) -> str:
    text = text.replace("\\", "\\\\").replace("\n", "\\n")
    for separator in separators.replace("\n", ""):
        text = text.replace(separator, f"\\{separator}")
    return text


def _unmarked(text: str) -> str:
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] == "n" else found[1], text, flags=re.S)


def _parts(text: str, separator: str) -> list[str]:
    """Parts between separators that no backslash marks; marks stay."""
    return list(_cut(text, separator))


def _cut(text: str, separator: str) -> Iterator[str]:
    held = ""
    for token in re.findall(r"\\.|.", text, flags=re.S):
        if token == separator:
            yield held
            held = ""
        else:
            held += token
    yield held
