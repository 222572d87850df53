"""Word documents (docx) into one draft: headings, automatic numbers, lists and tables as house Markdown."""

import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from knowledge.exchange.drafts import DraftDocument, FileReading, Notice
from knowledge.exchange.lines import MAX_HEADING, chapter_depth, clean_line, heading, joined, stands_alone, table_lines
from knowledge.exchange.names import stem_of
from knowledge.exchange.numbering import Mark, Numbering, W, numbering_of

_ALTERNATIVE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_PICTURES = (f"{W}drawing", f"{W}pict", f"{W}object")
_NOT_SHOWN = (f"{W}del", f"{W}moveFrom", f"{W}instrText", f"{W}delText", f"{W}rPr", f"{W}pPr", _ALTERNATIVE)
_TINY = 4  # half points: letters of two points cannot be read on paper
MAX_TITLE = 60


def read_docx(data: bytes, name: str) -> FileReading:
    """One draft of the whole document; raises whatever python-docx raises for a damaged file."""
    import docx

    opened = docx.Document(io.BytesIO(data))
    styles = _Styles(opened.styles.element)
    numbering = numbering_of(_part_root(opened.part, "/numbering"))
    reader = _Reader(styles, numbering)
    lines = list(reader.lines(opened.element.body))
    title = reader.title or stem_of(name)[:MAX_TITLE]
    if _part_root(opened.part, "/footnotes") is not None:
        reader.dropped["脚注"] += 1
    return FileReading(name, (DraftDocument(title, joined(lines), notices=tuple(reader.notices())),))


def _part_root(part: Any, kind: str) -> Any | None:
    """Root element of the related part whose relation type ends with ``kind``."""
    from lxml import etree

    for relation in part.rels.values():
        if relation.reltype.endswith(kind) and not relation.is_external:
            parser = etree.XMLParser(resolve_entities=False, no_network=True)
            return etree.fromstring(relation.target_part.blob, parser)
    return None


class _Styles:
    """What a paragraph's style says: depth of its heading, list it belongs to, whether it is the title."""

    def __init__(self, root: Any) -> None:
        self._found = {str(item.get(f"{W}styleId")): item for item in root.iterfind(f"{W}style")}

    def chain(self, key: str) -> Iterator[Any]:
        """The style and those that it is based on, at most ten."""
        for _ in range(10):
            item = self._found.get(key)
            if item is None:
                return
            yield item
            parent = item.find(f"{W}basedOn")
            key = "" if parent is None else str(parent.get(f"{W}val"))

    def is_title(self, key: str) -> bool:
        return any(_name(item) in ("title", "标题") for item in self.chain(key))

    def depth(self, key: str) -> int | None:
        """Depth of the heading from 1; by name or by outline level."""
        for item in self.chain(key):
            name, _, number = _name(item).rpartition(" ")
            if name in ("heading", "标题") and number.isdigit():
                return int(number)
            level = _outline(item.find(f"{W}pPr"))
            if level is not None:
                return level
        return None

    def numbers(self, key: str) -> Any | None:
        """Numbering of the style, where it has one."""
        return next((n for item in self.chain(key) if (n := item.find(f"{W}pPr/{W}numPr")) is not None), None)


@dataclass
class _Reader:
    styles: _Styles
    numbering: Numbering
    title: str = ""
    dropped: Counter[str] = field(default_factory=Counter)
    merged: list[str] = field(default_factory=list)
    _tables: int = 0
    _begun: bool = False

    def lines(self, parent: Any) -> Iterator[str]:
        """Markdown lines of a body, of a content control or of a cell, in order."""
        for item in parent:
            if item.tag == f"{W}p":
                yield from self._paragraph(item)
            elif item.tag == f"{W}tbl":
                yield from self._table(item)
            elif item.tag in (f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}smartTag", f"{W}customXml"):
                yield from self.lines(item)

    def _paragraph(self, item: Any) -> Iterator[str]:
        properties = item.find(f"{W}pPr")
        style = _attribute(properties, "pStyle")
        mark = self._mark(properties, style)
        text = "".join(self._texts(item))
        if not text.strip():
            return
        depth = _outline(properties) or self.styles.depth(style)
        if not self._begun and not self.title and self._names_document(text, style, depth, properties):
            self.title = clean_line(text)[:MAX_TITLE]
            return
        self._begun = True
        number = mark.text if mark else ""
        joint = "" if number.endswith(("）", ")", "、")) else " "
        whole = f"{number}{joint}{text.lstrip()}" if number else text
        if depth is not None and len(whole.strip()) <= MAX_HEADING:
            yield heading(depth + 1, whole)
        elif (chapter := chapter_depth(whole.strip())) is not None:
            yield heading(chapter, whole)
        elif mark is not None and mark.bullet:
            yield f"{'  ' * mark.depth}- {clean_line(text).removeprefix('- ')}"
        else:
            yield from (clean_line(line) for line in _broken(whole))

    def _names_document(self, text: str, style: str, depth: int | None, properties: Any | None) -> bool:
        """The first paragraph is the title where it is styled so, or is short and centred."""
        if len(text.strip()) > MAX_TITLE or text.strip().endswith(("。", "；", "，")):
            return False
        return self.styles.is_title(style) or depth == 1 or _attribute(properties, "jc") == "center"

    def _mark(self, properties: Any | None, style: str) -> Mark | None:
        own = None if properties is None else properties.find(f"{W}numPr")
        styled = self.styles.numbers(style)
        for numbers in (own, styled):
            key = _attribute(numbers, "numId") or (_attribute(styled, "numId") if numbers is own else "")
            if numbers is not None and key:
                depth = _attribute(numbers, "ilvl") or "0"
                return self.numbering.mark(key, int(depth) if depth.isdigit() else 0)
        return None

    def _texts(self, item: Any) -> Iterator[str]:
        """Text of a paragraph as it is shown: insertions in, deletions and hidden runs out."""
        for child in item:
            tag = child.tag
            if tag in (f"{W}del", f"{W}moveFrom"):
                self.dropped["修订中已删除的文字"] += 1
            elif tag in _NOT_SHOWN:
                continue
            elif tag == f"{W}r" and (why := _hidden(child)):
                if any(node.text for node in child.iter(f"{W}t")):
                    self.dropped[why] += 1
            elif tag == f"{W}t":
                yield child.text or ""
            elif tag in (f"{W}tab", f"{W}ptab"):
                yield " "
            elif tag in (f"{W}br", f"{W}cr"):
                yield "\n"
            elif tag == f"{W}noBreakHyphen":
                yield "-"
            else:
                yield from self._nested(child)

    def _nested(self, child: Any) -> Iterator[str]:
        boxes = [box for box in child.iter(f"{W}txbxContent") if not _inside(box, _ALTERNATIVE)]
        if boxes:
            yield from (text for box in boxes for p in box.iter(f"{W}p") for text in (*self._texts(p), "\n"))
        elif child.tag in _PICTURES:
            self.dropped["图片"] += 1
        elif isinstance(child.tag, str):
            yield from self._texts(child)

    def _table(self, table: Any) -> Iterator[str]:
        self._begun = True
        self._tables += 1
        rows: list[list[str]] = []
        header, merged = False, False
        for number, row in enumerate(table.iter(f"{W}tr")):
            if next(row.iterancestors(f"{W}tbl")) is not table:
                continue  # a row of a table inside a cell: read with that cell
            header |= number == 0 and row.find(f"{W}trPr/{W}tblHeader") is not None
            cells: list[str] = []
            for cell in row.iterfind(f"{W}tc"):
                text = "\n".join(line.lstrip("# ") for line in self.lines(cell) if line.strip())
                span = _attribute(cell.find(f"{W}tcPr"), "gridSpan")
                vertical = cell.find(f"{W}tcPr/{W}vMerge")
                if vertical is not None and vertical.get(f"{W}val") != "restart" and rows:
                    text = rows[-1][len(cells)] if len(cells) < len(rows[-1]) else text
                    merged = True
                width = min(int(span), 60) if span.isdigit() else 1
                merged |= width > 1
                cells += [text] * width
            rows.append(cells)
        if merged:
            self.merged.append(f"第 {self._tables} 张表")
        yield from table_lines(rows, header)

    def notices(self) -> Iterator[Notice]:
        """What was left out or filled in, for the person who checks the draft."""
        for what, count in self.dropped.items():
            yield Notice("", f"{what}没有读入（{count} 处）", "需要时请对照原件补写")
        for place in self.merged:
            yield Notice(place, "合并的单元格已按第一格的内容填到每一行", "请核对表格内容")


def _broken(text: str) -> Iterator[str]:
    """Lines of a paragraph with manual breaks: apart where one begins an article or item, else joined."""
    held = ""
    for line in text.split("\n"):
        if held and stands_alone(line.strip()):
            yield held
            held = line
        else:
            held += line
    if held.strip():
        yield held


def _hidden(run: Any) -> str:
    """Why a run cannot be seen on paper, or an empty text."""
    properties = run.find(f"{W}rPr")
    if properties is None:
        return ""
    vanish = properties.find(f"{W}vanish")
    if vanish is not None and vanish.get(f"{W}val", "1") not in ("0", "false"):
        return "隐藏文字"
    if _attribute(properties, "color").upper() == "FFFFFF" and properties.find(f"{W}shd") is None:
        return "白色文字"
    size = _attribute(properties, "sz")
    return "极小的文字" if size.isdigit() and int(size) < _TINY else ""


def _attribute(parent: Any | None, name: str) -> str:
    found = None if parent is None else parent.find(f"{W}{name}")
    return "" if found is None else str(found.get(f"{W}val", ""))


def _outline(properties: Any | None) -> int | None:
    level = _attribute(properties, "outlineLvl")
    return int(level) + 1 if level.isdigit() and int(level) < 6 else None


def _name(style: Any) -> str:
    return _attribute(style, "name").lower()


def _inside(item: Any, tag: str) -> bool:
    return next(item.iterancestors(tag), None) is not None
