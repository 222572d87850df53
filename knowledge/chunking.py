"""Cut a document's Markdown into passages short enough to read aloud, each with its headings and clauses (pure)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from knowledge.clauses import ARTICLE, NUMBERED, ClauseTrail, common_path, is_article, mark_of, may_head
from knowledge.documents import Document, Passage

MAX_CHARACTERS = 300
_HEADING = re.compile(r"^(#{1,6})\s+(\S.*)$")
# Markdown has six levels of headings; what the text itself numbers (章, 一、) stands below them.
_OWN = 10
_FENCE = re.compile(r"^\s*(```|~~~)")
_BULLET = re.compile(r"^\s*[-*+]\s+")
_SENTENCE = re.compile(r"[^。！？；!?;]+[。！？；!?;]*[”』」）)]*|[。！？；!?;]+")
_CLAUSE = re.compile(r"[^，、,：:]+[，、,：:]*|[，、,：:]+")
_EMPHASIS = re.compile(r"(\*\*|__)(.+?)\1")
_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^)]{0,2000}\)")


@dataclass(frozen=True, slots=True)
class _Section:
    """What stands under one heading; ``lines`` are plain text, an empty one ends a paragraph."""

    path: tuple[str, ...]
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Piece:
    """A text no longer than a passage may be, and the clauses that hold it."""

    text: str
    clauses: tuple[str, ...]


def passages_of(document: Document, limit: int = MAX_CHARACTERS) -> tuple[Passage, ...]:
    """Passages of at most ``limit`` characters; never across headings or articles (第X条), whole items if possible.

    ``heading_path``: title, headings, and the clauses that hold the whole passage (第三条, 第（二）项).
    Every word of the body is in a text or in a path.
    """
    texts = [
        (section.path + clauses, text)
        for section in _sections(document.title, _without_comments(document.body))
        for clauses, text in _packed(section, limit)
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
    bare = False  # a heading under which nothing has come yet
    for level, text in _levelled(_lines(body)):
        if not level:
            lines.append(text)
            bare = bare and not text
            continue
        path = (title, *(name for _, name in headings))
        if any(lines):
            yield _Section(path, tuple(lines))
        elif bare and level <= headings[-1][0]:
            yield _Section(path[:-1], (headings[-1][1],))  # it heads nothing, so it is itself what is said
        lines, bare = [], True
        headings = [(depth, name) for depth, name in headings if depth < level] + [(level, text)]
    path = (title, *(name for _, name in headings))
    if any(lines):
        yield _Section(path, tuple(lines))
    elif bare:
        yield _Section(path[:-1], (headings[-1][1],))


def _lines(body: str) -> list[tuple[int, str]]:
    """Each line without Markdown's marks, with the level of its heading (0: no heading)."""
    found: list[tuple[int, str]] = []
    fenced = False
    for line in body.splitlines():
        if _FENCE.match(line):
            fenced = not fenced
            continue
        heading = None if fenced else _HEADING.match(line)
        if heading and (name := _plain(heading[2].rstrip().rstrip("#") or heading[2])):
            found.append((len(heading[1]), name))
        else:
            found.append((0, _plain(line)))
    return found


def _levelled(lines: Sequence[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """The same, the text's own headings found: a marked line worded like one, with something below it.

    Below an article, or after an item of its own kind that headed nothing, an item is one of a list.
    """
    listed: set[int] = set()
    for number, (level, text) in enumerate(lines):
        mark = None if level or not text else mark_of(text)
        if level or mark is None:
            listed = set() if level else listed
            yield level, text
            continue
        heads = may_head(text, mark) and (
            mark.level < ARTICLE
            or (
                _heads(mark.level, lines[number + 1 :])
                and (mark.level == ARTICLE or not listed & {ARTICLE, mark.level})
            )
        )
        listed = {other for other in listed if other < mark.level} | (set() if heads else {mark.level})
        yield (_OWN + mark.level if heads else 0), text


def _heads(level: int, following: Sequence[tuple[int, str]]) -> bool:
    """Say whether what follows a line stands below it: a deeper mark; after a gap (not for 1.) a text without one."""
    gap = False
    for heading, text in following:
        if not text:
            gap = True
            continue
        mark = mark_of(text)
        if heading:
            return False
        if mark is not None:
            return mark.level > level
        return gap and level < NUMBERED and not _BULLET.match(text)
    return False


def _units(lines: tuple[str, ...]) -> list[str]:
    """Articles, items and paragraphs; wrapped lines of one paragraph are joined."""
    units: list[str] = []
    open_unit = False
    for text in lines:
        if not text:
            open_unit = False
        elif open_unit and not mark_of(text) and not _BULLET.match(text):
            units[-1] += _joint(units[-1], text) + text
        else:
            units.append(text)
            open_unit = True
    return units


def _packed(section: _Section, limit: int) -> Iterator[tuple[tuple[str, ...], str]]:
    """Fill passages with whole units; a new article always begins a passage of its own."""
    current: _Piece | None = None
    for piece in _placed(section, limit):
        if current is None:
            current = piece
        elif is_article(piece.text) or len(current.text) + 1 + len(piece.text) > limit:
            yield current.clauses, current.text
            current = piece
        else:
            current = _Piece(f"{current.text}\n{piece.text}", common_path(current.clauses, piece.clauses))
    if current is not None:
        yield current.clauses, current.text


def _placed(section: _Section, limit: int) -> Iterator[_Piece]:
    trail = ClauseTrail(inside=any(is_article(name) for name in section.path[1:]))
    for unit in _units(section.lines):
        for number, text in enumerate(_pieces(unit, limit)):
            yield _Piece(text, trail.place(text, begins_paragraph=number == 0))


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
