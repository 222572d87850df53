"""House Markdown from the pieces of a foreign document: headings, articles, items, tables read aloud (pure)."""

import re
from collections.abc import Iterable, Sequence

_NUMERAL = "一二三四五六七八九十百千零〇两0-9０-９"
_CHAPTER = re.compile(rf"^第[{_NUMERAL}]+(编|章|节)(?=[\s　]|$|[^，。；])")
_OWN_LINE = re.compile(
    rf"^\s*(?:第[{_NUMERAL}]+条|[{_NUMERAL}]{{1,4}}、|[（(][{_NUMERAL}]{{1,4}}[）)]|\d{{1,3}}[.．)）、](?!\d)|[-*+•·●▪◆○]\s*|[①-⑳])"
)
# Word and pdf write bullets as characters of a symbol font, in the private area.
_BULLET = re.compile(r"^[•·●▪◆○■□➢◇\ue000-\uf8ff]\s*")
_LISTED = re.compile(r"\s*(?:-|\d{1,3}\.) ")
_MARKUP = re.compile(r"^(?=#{1,6}\s|>|```|~~~|---)")
_BLANKS = re.compile(r"[ \t\u00a0\u2000-\u200a\u3000]+")
_DEPTH = {"编": 2, "章": 2, "节": 3}
MAX_HEADING = 60


def clean_line(text: str) -> str:
    """One line of running text: blanks joined, a bullet written as ``-``, nothing that Markdown takes for a heading."""
    line = _BLANKS.sub(" ", text.replace("\n", " ")).strip()
    line = _BULLET.sub("- ", line)
    return _MARKUP.sub(r"\\", line)


def stands_alone(line: str) -> bool:
    """Say whether a line begins an article (第X条), an item (一、 （一） 1.) or a bullet."""
    return bool(_OWN_LINE.match(line))


def chapter_depth(line: str) -> int | None:
    """Depth of the Markdown heading for a line that is the title of a part, chapter or section; else None."""
    found = _CHAPTER.match(line)
    if found is None or len(line) > MAX_HEADING or line.endswith(("。", "；", "，", "：")):
        return None
    return _DEPTH[found[1]]


def heading(depth: int, text: str) -> str:
    """A Markdown heading; the title of the document has depth one, so sections begin at two."""
    return f"{'#' * min(max(depth, 2), 6)} {_BLANKS.sub(' ', text.replace(chr(10), ' ')).strip().lstrip('#').strip()}"


def joined(lines: Iterable[str]) -> str:
    """Body of a document: paragraphs apart by a blank line, runs of list items together."""
    body: list[str] = []
    listed = False
    for line in lines:
        if not line.strip():
            continue
        item = bool(_LISTED.match(line))
        if body and not (item and listed):
            body.append("")
        body.append(line)
        listed = item
    return "\n".join(body)


def table_lines(rows: Sequence[Sequence[str]], header: bool = False) -> list[str]:
    """A table as list items that can be read aloud: “- 项目：甲；标准：乙”; two columns as “- 甲：乙”.

    The first row names the columns where ``header`` says so, or where there are three columns or more and it is filled
    with different short texts.
    """
    filled = [[_cell(cell) for cell in row] for row in rows]
    filled = [row for row in filled if any(row)]
    if not filled:
        return []
    width = max(len(row) for row in filled)
    filled = [row + [""] * (width - len(row)) for row in filled]
    first = filled[0]
    named = len(filled) > 1 and width > 1 and all(first) and len(set(first)) == width
    if named and (header or (width > 2 and all(len(cell) <= 20 for cell in first))):
        return [_named(first, row) for row in filled[1:]]
    if width == 1:
        return [clean_line(row[0]) for row in filled]
    return [_plain(row) for row in filled]


def _cell(text: str) -> str:
    return _BLANKS.sub(" ", re.sub(r"\s*\n\s*", "，", text.strip())).strip()


def _named(names: Sequence[str], row: Sequence[str]) -> str:
    return "- " + "；".join(f"{name}：{cell.rstrip('；。')}" for name, cell in zip(names, row, strict=True) if cell)


def _plain(row: Sequence[str]) -> str:
    """Cells of a row that is not explained by a header; a cell that spans columns is read once."""
    cells = [cell for number, cell in enumerate(row) if cell and (number == 0 or cell != row[number - 1])]
    if len(cells) == 2:
        return f"- {cells[0].rstrip('：:')}：{cells[1]}"
    return f"- {'；'.join(cells)}"
