"""A sound document together with its lines in the file, so that every remark can name the exact line (pure)."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import yaml

from knowledge.documents import Document
from knowledge.front_matter import Fields, parse, split
from knowledge.problems import Severity, SourceProblem

SPOKEN, STEPS, BASIS = SECTIONS = ("可以这样答复", "办理要点", "依据")
_HEADING = re.compile(r"^(#{1,6})\s+(.+?)\s*#*$")
_FENCE = re.compile(r"^\s*(```|~~~)")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the file: its number from 1 and its text."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Section:
    """One heading of the body and the lines below it, up to the next heading of any level."""

    line: int
    level: int
    name: str
    rows: tuple[Row, ...]

    @property
    def text(self) -> str:
        """The lines joined without spaces at their ends."""
        return "".join(row.text.strip() for row in self.rows)


@dataclass(frozen=True, slots=True)
class BasisLines:
    """Lines of one basis: where it begins, its version, and each of its articles."""

    line: int
    version: int
    articles: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A document with its lines: ``fields`` by name, ``asks`` one by one, ``basis`` one by one, rows of the body."""

    document: Document
    fields: Mapping[str, int]
    asks: tuple[Row, ...]
    basis: tuple[BasisLines, ...]
    rows: tuple[Row, ...]

    @property
    def start(self) -> int:
        """Line of the first text after the front matter."""
        return next((row.line for row in self.rows if row.text.strip()), self.rows[0].line if self.rows else 1)

    def field_line(self, name: str) -> int:
        """Line of a field of the front matter, 1 where it is left out."""
        return self.fields.get(name, 1)

    def texts(self) -> Iterator[Row]:
        """Everything that is shown to people: title, ways of asking, laws, body."""
        yield Row(self.field_line("title"), self.document.title)
        yield from self.asks
        yield from (Row(at.line, b.law) for at, b in zip(self.basis, self.document.basis, strict=True))
        yield from self.rows

    def sections(self) -> tuple[Section, ...]:
        """Headings of the body with the lines below them, in order; text before the first heading is left out."""
        found: list[tuple[Row, int, str, list[Row]]] = []
        fenced = False
        for row in self.rows:
            if _FENCE.match(row.text):
                fenced = not fenced
            heading = None if fenced else _HEADING.match(row.text.strip())
            if heading is not None:
                found.append((row, len(heading[1]), heading[2], []))
            elif found:
                found[-1][3].append(row)
        return tuple(Section(row.line, level, name, tuple(below)) for row, level, name, below in found)

    def section(self, name: str) -> Section | None:
        """The first section of this name with its sub-sections."""
        sections = self.sections()
        for place, section in enumerate(sections):
            if section.name == name:
                rows = list(section.rows)
                for below in sections[place + 1 :]:
                    if below.level <= section.level:
                        break
                    rows += below.rows
                return Section(section.line, section.level, name, tuple(rows))
        return None

    def error(self, line: int, message: str, remedy: str) -> SourceProblem:
        """Something that has to be put right before the document may answer."""
        return SourceProblem(self.document.path, line, message, remedy)

    def warning(self, line: int, message: str, remedy: str) -> SourceProblem:
        """Something that a person should look at."""
        return SourceProblem(self.document.path, line, message, remedy, Severity.WARNING)


def sheet_of(source: str, document: Document) -> Sheet:
    """The lines of a document in the source that it was read from; raises FrontMatterError for any other source."""
    front, body, body_line = split(source)
    fields = parse(front)
    return Sheet(
        document,
        {name: fields.line(name) for name in fields.nodes},
        tuple(Row(line, ask) for line, ask in zip(_item_lines(fields, "asks"), document.asks, strict=False)),
        tuple(
            BasisLines(item.first_line, item.line("version"), tuple(_item_lines(item, "articles")))
            for item in fields.mappings("basis")
        ),
        tuple(Row(number, text) for number, text in enumerate(body.split("\n"), body_line)),
    )


def _item_lines(fields: Fields, key: str) -> list[int]:
    node = fields.nodes.get(key)
    return [item.start_mark.line + 2 for item in node.value] if isinstance(node, yaml.SequenceNode) else []
