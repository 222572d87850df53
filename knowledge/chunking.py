"""Cut a document's Markdown into passages short enough to read aloud (pure)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from knowledge.documents import Document, Passage

MAX_CHARACTERS = 300
_HEADING = re.compile(r"^(#{1,6})\s+(\S.*)$")
_FENCE = re.compile(r"^\s*(```|~~~)")
_NUMERAL = "一二三四五六七八九十百零〇两0-9"
_ARTICLE = re.compile(rf"^\s*(?:\*\*)?第[{_NUMERAL}]+条")
_ITEM = re.compile(rf"^\s*(?:[-*+]\s+|\d+[.、)]\s*|[{_NUMERAL}]+、|[（(][{_NUMERAL}]+[）)])")
_SENTENCE = re.compile(r"[^。！？；!?;]+[。！？；!?;]*[”』」）)]*|[。！？；!?;]+")
_CLAUSE = re.compile(r"[^，、,：:]+[，、,：:]*|[，、,：:]+")
_EMPHASIS = re.compile(r"(\*\*|__)(.+?)\1")
_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^)]{0,2000}\)")


@dataclass(frozen=True, slots=True)
class _Section:
    path: tuple[str, ...]
    lines: tuple[str, ...]


def passages_of(document: Document, limit: int = MAX_CHARACTERS) -> tuple[Passage, ...]:
    """Passages of at most ``limit`` characters; never across headings or articles (第X条), whole items if possible."""
    texts = [
        (section.path, text)
        for section in _sections(document.title, _without_comments(document.body))
        for text in _packed(_units(section.lines), limit)
    ]
    return tuple(
        Passage(f"{document.id}#{ordinal}", document.id, ordinal, path, text)
        for ordinal, (path, text) in enumerate(texts)
    )


def _without_comments(body: str) -> str:
    """The body without HTML comments; in linear time, since a body may be anything that somebody uploaded."""
    kept, position = [], 0
    while (start := body.find("<!--", position)) >= 0 and (end := body.find("-->", start + 4)) >= 0:
        kept.append(body[position:start])
        position = end + 3
    return "".join([*kept, body[position:]])


def _sections(title: str, body: str) -> Iterator[_Section]:
    headings: list[tuple[int, str]] = []
    lines: list[str] = []
    fenced = False
    for line in body.splitlines():
        if _FENCE.match(line):
            fenced = not fenced
            continue
        heading = None if fenced else _HEADING.match(line)
        if heading is None:
            lines.append(line)
            continue
        yield _Section((title, *(name for _, name in headings)), tuple(lines))
        lines = []
        level, name = len(heading[1]), heading[2].rstrip().rstrip("#") or heading[2]
        headings = [(depth, name) for depth, name in headings if depth < level] + [(level, _plain(name))]
    yield _Section((title, *(name for _, name in headings)), tuple(lines))


def _units(lines: tuple[str, ...]) -> list[str]:
    """Articles, items and paragraphs; wrapped lines of one paragraph are joined."""
    units: list[str] = []
    open_unit = False
    for line in lines:
        text = _plain(line)
        if not text:
            open_unit = False
        elif open_unit and not _ARTICLE.match(line) and not _ITEM.match(line):
            units[-1] += _joint(units[-1], text) + text
        else:
            units.append(text)
            open_unit = True
    return units


def _packed(units: list[str], limit: int) -> Iterator[str]:
    """Fill passages with whole units; a new article always begins a passage of its own."""
    current = ""
    for unit in units:
        for piece in _pieces(unit, limit):
            if current and (_ARTICLE.match(piece) or len(current) + 1 + len(piece) > limit):
                yield current
                current = ""
            current = f"{current}\n{piece}" if current else piece
    if current:
        yield current


def _pieces(unit: str, limit: int) -> Iterator[str]:
    """Cut a unit that is too long at sentence ends, then at commas, then anywhere."""
    if len(unit) <= limit:
        yield unit
        return
    current = ""
    for part in _parts(unit, limit):
        if current and len(current) + len(part) > limit:
            yield current.strip()
            current = ""
        current += part
    if current.strip():
        yield current.strip()


def _parts(unit: str, limit: int) -> Iterator[str]:
    for sentence in _SENTENCE.findall(unit):
        if len(sentence) <= limit:
            yield sentence
            continue
        for clause in _CLAUSE.findall(sentence):
            yield from (clause[i : i + limit] for i in range(0, len(clause), limit))


def _joint(before: str, after: str) -> str:
    return " " if before[-1].isascii() and before[-1].isalnum() and after[0].isascii() and after[0].isalnum() else ""


def _plain(line: str) -> str:
    """Take Markdown's marks away, so that the line can be read aloud; list marks stay."""
    text = _LINK.sub(r"\1", line)
    return _EMPHASIS.sub(r"\2", text).replace("`", "").strip().removeprefix(">").strip()
