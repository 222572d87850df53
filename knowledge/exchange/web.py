"""Web pages into one draft: what a reader sees, as house Markdown; scripts, hidden text, risky links stay outside."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from knowledge.exchange.concealed import Concealment, concealment
from knowledge.exchange.drafts import DraftDocument, FileReading, Notice, RefusedError
from knowledge.exchange.lines import chapter_depth, clean_line, heading, joined, table_lines
from knowledge.exchange.names import stem_of

MAX_DEPTH, MAX_TITLE = 200, 60
_DROPPED = {
    "script": "脚本",
    "nav": "导航栏",
    **dict.fromkeys(("noscript", "template"), "备用内容"),
    **dict.fromkeys(("iframe", "frame", "object", "embed", "applet"), "嵌入的内容"),
    **dict.fromkeys(("svg", "canvas", "math", "img", "video", "audio"), "图片、公式或音视频"),
    **dict.fromkeys(("input", "button", "select", "textarea"), "表单控件"),
    **dict.fromkeys(("head", "title", "meta", "link", "base", "style"), ""),
}
_BLOCKS = frozenset(
    ["p", "div", "section", "article", "main", "header", "footer", "aside", "ul", "ol", "li",
     "dl", "dt", "dd", "table", "blockquote", "pre", "figure", "figcaption", "address", "details", "summary",
     "h1", "h2", "h3", "h4", "h5", "h6", "hr", "body", "html", "form", "fieldset",
     "center"]
)  # fmt: skip
_SAFE_LINK = re.compile(r"(?:https?|mailto|tel):[^\s()<>]+", re.I)
_META = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w-]+)", re.I)


def read_html(data: bytes, name: str) -> FileReading:
    """One draft of the page; raises RefusedError where it is damaged beyond reading."""
    from lxml import etree, html

    text = _decoded(data)
    try:
        root = html.document_fromstring(text, parser=html.HTMLParser(encoding="utf-8", no_network=True))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise RefusedError("网页读不出来", "在浏览器里打开，另存为网页或 pdf 再导入") from error
    sheets = [item.text_content() for item in root.iter("style")]
    reader = _Reader(concealment(sheets))
    reader.dropped["注释"] = sum(1 for item in root.iter(etree.Comment) if (item.text or "").strip())
    lines = list(reader.lines(root))
    named = root.findtext(".//title") or ""
    title = reader.first_heading or clean_line(named)[:MAX_TITLE] or stem_of(name)[:MAX_TITLE]
    if lines and lines[0] == heading(2, title):
        del lines[0]
    return FileReading(name, (DraftDocument(title, joined(lines), notices=tuple(reader.notices())),))


def _decoded(data: bytes) -> bytes:
    """The page as UTF-8, after the mark at its beginning, what it declares, or GB18030 where it is no UTF-8."""
    declared = _META.search(data[:4096])
    for encoding in ("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig", _name(declared), "gb18030"):
        try:
            return data.decode(encoding).replace("\x00", "").encode("utf-8", "ignore")
        except (UnicodeDecodeError, LookupError):
            continue
    return data.decode("gb18030", "replace").encode()


def _name(declared: re.Match[bytes] | None) -> str:
    return declared[1].decode("ascii") if declared else "utf-8"


@dataclass
class _Reader:
    concealment: Concealment
    first_heading: str = ""
    dropped: Counter[str] = field(default_factory=Counter)
    merged: int = 0

    def lines(self, item: Any, depth: int = 0) -> Iterator[str]:
        """Lines of a block element: text between its blocks, and its blocks, in order."""
        if not self._shown(item, depth):
            return
        held = _spaced(item.text)
        for child in item:
            if isinstance(child.tag, str) and child.tag in _BLOCKS:
                yield from _running(held)
                held = ""
                yield from self._block(child, depth + 1)
            elif isinstance(child.tag, str) and child.find(".//*") is not None and _holds_block(child):
                yield from _running(held)
                held = ""
                yield from self.lines(child, depth + 1)
            else:
                held += self._inline(child, depth + 1)
            held += _spaced(child.tail)
        yield from _running(held)

    def _block(self, item: Any, depth: int) -> Iterator[str]:
        if item.tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
            if text := self._inline(item, depth).strip():
                self.first_heading = self.first_heading or clean_line(text)[:MAX_TITLE]
                yield heading(max(int(item.tag[1]), 2), text)
        elif item.tag == "table":
            yield from self._table(item, depth)
        elif item.tag in ("li", "dt", "dd"):
            yield from self._item(item, depth)
        else:
            yield from self.lines(item, depth)

    def _item(self, item: Any, depth: int) -> Iterator[str]:
        lines = list(self.lines(item, depth))
        if lines and item.tag == "li":
            ordered = item.getparent() is not None and item.getparent().tag == "ol"
            place = 1 + sum(1 for before in item.itersiblings("li", preceding=True)) if ordered else 0
            yield f"{place}. {lines[0]}" if ordered else f"- {lines[0].removeprefix('- ')}"
            yield from (f"  {line}" if line.startswith(("- ", "  ")) else line for line in lines[1:])
        else:
            yield from lines

    def _table(self, table: Any, depth: int) -> Iterator[str]:
        if not self._shown(table, depth):
            return
        rows: list[list[str]] = []
        reach: dict[int, tuple[int, str]] = {}
        header = False
        for row in (r for r in table.iter("tr") if next(r.iterancestors("table")) is table):
            if not self._shown(row, depth):
                continue
            cells: list[str] = []
            _fill(cells, reach)
            for cell in row.iterchildren("td", "th"):
                header |= not rows and cell.tag == "th"
                text = "\n".join(line.lstrip("# ") for line in self.lines(cell, depth + 1))
                wide, high = _span(cell, "colspan"), _span(cell, "rowspan")
                self.merged += wide > 1 or high > 1
                for _ in range(wide):
                    if high > 1:
                        reach[len(cells)] = (high - 1, text)
                    cells.append(text)
                _fill(cells, reach)
            rows.append(cells)
        yield from table_lines(rows, header)

    def _inline(self, item: Any, depth: int) -> str:
        """Text of an inline element and its children, as a reader sees it."""
        if not self._shown(item, depth):
            return ""
        if item.tag == "br":
            return "\n"
        inner = _spaced(item.text) + "".join(self._inline(child, depth + 1) + _spaced(child.tail) for child in item)
        return self._link(item, inner) if item.tag == "a" else inner

    def _link(self, item: Any, text: str) -> str:
        address = re.sub(r"[\x00-\x20]", "", item.get("href") or "")
        if not address or address.startswith("#") or not text.strip():
            return text
        if _SAFE_LINK.fullmatch(address):
            return f"[{text.strip().replace('[', '（').replace(']', '）')}]({address})"
        scheme = address.partition(":")[0].lower()
        self.dropped["能运行程序的链接" if scheme in ("javascript", "data", "vbscript") else "站内链接的地址"] += 1
        return text

    def _shown(self, item: Any, depth: int) -> bool:
        """Say whether the element is read; what is not is counted with its reason."""
        if not isinstance(item.tag, str):
            return False
        if depth > MAX_DEPTH:
            self.dropped["嵌套过深的内容"] += 1
            return False
        if item.tag in _DROPPED:
            if what := _DROPPED[item.tag]:
                self.dropped[what] += 1
            return False
        reason = self.concealment.reason(item.tag, {str(key): str(value) for key, value in item.attrib.items()})
        if reason and (item.text_content() or "").strip():
            self.dropped[reason] += 1
        return not reason

    def notices(self) -> Iterator[Notice]:
        """What was left out or filled in, for the person who checks the draft."""
        found = [f"{what} {count} 处" for what, count in self.dropped.items() if count]
        if found:
            yield Notice("", f"没有读入网页里的{'、'.join(found)}", "需要时请对照原网页补写")
        if self.merged:
            yield Notice("", f"有 {self.merged} 个合并的单元格，已按第一格的内容填到每一行每一列", "请核对表格内容")


def _spaced(text: str | None) -> str:
    """Text with the line ends of the source as blanks; only a ``<br>`` ends a line."""
    return (text or "").replace("\r", " ").replace("\n", " ")


def _running(text: str) -> Iterator[str]:
    for line in text.split("\n"):
        if clean := clean_line(line):
            depth = chapter_depth(clean)
            yield clean if depth is None else heading(depth, clean)


def _holds_block(item: Any) -> bool:
    return any(isinstance(child.tag, str) and child.tag in _BLOCKS for child in item.iterdescendants())


def _span(cell: Any, name: str) -> int:
    value = (cell.get(name) or "1").strip()
    return min(max(int(value), 1), 60) if value.isascii() and value.isdigit() and len(value) < 6 else 1


def _fill(cells: list[str], reach: dict[int, tuple[int, str]]) -> None:
    """Cells that reach down from rows above."""
    while len(cells) in reach:
        left, text = reach.pop(len(cells))
        if left > 1:
            reach[len(cells)] = (left - 1, text)
        cells.append(text)
