"""Pdf into one draft: lines by position become paragraphs again, bigger letters become headings; page by page."""

import ctypes
import itertools
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from knowledge.exchange.drafts import DraftDocument, FileReading, Notice, RefusedError
from knowledge.exchange.lines import MAX_HEADING, chapter_depth, clean_line, heading, joined, stands_alone
from knowledge.exchange.names import stem_of

MAX_PAGES = 300
_PASSWORD, _BIGGER, _FULL = 4, 1.12, 0.88
_SCANNED, _SAMPLE = 5, 6  # letters a page: fewer is a page number on a picture; letters a line that are measured
_ENDS = tuple("。！？；：!?;:")
MAX_TITLE = 60


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    page: int
    size: float
    left: float
    right: float


def read_pdf(data: bytes, name: str) -> FileReading:
    """One draft of all pages; raises RefusedError for a pdf with a password, without text, or damaged."""
    import pypdfium2

    try:
        opened = pypdfium2.PdfDocument(data)
        pages = len(opened)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == _PASSWORD or "password" in str(error).lower():
            raise RefusedError("文件设了密码", "去掉密码后另存一份再导入") from error
        raise RefusedError("pdf 文件已损坏，打不开", "用原来的软件重新导出一份 pdf 再导入") from error
    if pages > MAX_PAGES:
        raise RefusedError(f"有 {pages} 页，超过 {MAX_PAGES} 页", "拆成几个文件再导入")
    lines, empty = _all_lines(opened, pages)
    letters = sum(len(line.text) for line in lines)
    if letters < _SCANNED * max(pages, 1):
        raise RefusedError(
            f"{pages} 页里没有文字，看来是扫描件", "扫描件没有文字，请先做文字识别（OCR），再导入识别后的文件"
        )
    kept, running = _without_running(lines, pages)
    title, rest = _title(kept)
    notices = [Notice("", "pdf 里没有段落和表格的结构，段落按版面推断", "请对照原件核对分段、表格和多栏文字")]
    if empty:
        places = "、".join(str(page) for page in empty[:10])
        notices.append(Notice(f"第 {places} 页", "这些页没有文字（可能是图片）", "需要时先做文字识别，或对照原件补写"))
    if running:
        notices.append(Notice("", f"去掉了每页重复的页眉页脚（{running} 行）", "请核对有没有误删"))
    draft = DraftDocument(title or stem_of(name)[:MAX_TITLE], joined(_markdown(rest)), notices=tuple(notices))
    return FileReading(name, (draft,))


def _all_lines(opened: Any, pages: int) -> tuple[list[_Line], list[int]]:
    import pypdfium2

    lines: list[_Line] = []
    empty: list[int] = []
    for number in range(pages):
        try:
            page = opened[number]
            text_page = page.get_textpage()
            found = list(_page_lines(text_page.raw, number + 1))
            text_page.close()
            page.close()
        except pypdfium2.PdfiumError as error:
            raise RefusedError("这一页已损坏，读不出来", "重新导出一份 pdf 再导入", f"第 {number + 1} 页") from error
        lines += found
        if not found:
            empty.append(number + 1)
    return lines, empty


def _page_lines(text_page: Any, page: int) -> Iterator[_Line]:
    """Lines of one page in the order of the file, each with the usual size of its letters and its edges (points)."""
    from pypdfium2 import raw

    held: list[tuple[int, str]] = []
    for index in range(raw.FPDFText_CountChars(text_page)):
        code = raw.FPDFText_GetUnicode(text_page, index)
        character = chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else ""
        if character in ("\n", "\r"):
            yield from _line(text_page, held, page)
            held = []
        elif character and character != "\x02":  # PDFium's mark for a hyphen at the end of a line
            held.append((index, character))
    yield from _line(text_page, held, page)


def _line(text_page: Any, held: Sequence[tuple[int, str]], page: int) -> Iterator[_Line]:
    inked = [index for index, character in held if not character.isspace()]
    if not inked:
        return
    sizes = Counter(_size(text_page, index) for index in inked[:_SAMPLE])
    edges = [_edges(text_page, index) for index in (inked[0], inked[-1])]
    text = "".join(character for _, character in held).strip()
    yield _Line(text, page, sizes.most_common(1)[0][0], edges[0][0], edges[1][1])


def _size(text_page: Any, index: int) -> float:
    """Height of the letters on the page in points; many writers set size one and scale by the matrix."""
    from pypdfium2 import raw

    matrix = raw.FS_MATRIX()
    size = float(raw.FPDFText_GetFontSize(text_page, index))
    found = raw.FPDFText_GetMatrix(text_page, index, matrix)
    return round(size * math.hypot(matrix.b, matrix.d), 1) if found else round(size, 1)


def _edges(text_page: Any, index: int) -> tuple[float, float]:
    from pypdfium2 import raw

    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    raw.FPDFText_GetCharBox(text_page, index, left, right, bottom, top)
    return left.value, right.value


def _without_running(lines: list[_Line], pages: int) -> tuple[list[_Line], int]:
    """Lines without page numbers and without what stands first or last on most pages; and how many went."""
    ends: Counter[str] = Counter()
    edge: set[int] = set()
    for _, group in itertools.groupby(range(len(lines)), key=lambda number: lines[number].page):
        here = list(group)
        edge.update((here[0], here[-1]))
        ends.update({_shape(lines[here[0]].text), _shape(lines[here[-1]].text)})
    running = {shape for shape, count in ends.items() if count >= max(3, 0.6 * pages)}
    kept = [
        line
        for number, line in enumerate(lines)
        if number not in edge or (_shape(line.text) not in running and not _is_page_number(line.text))
    ]
    return (kept, len(lines) - len(kept)) if kept else (lines, 0)


def _shape(text: str) -> str:
    return "".join("0" if c.isdigit() else c for c in text if not c.isspace())


def _is_page_number(text: str) -> bool:
    shape = _shape(text).strip("-—–·第页共/0")
    return not shape and any(c.isdigit() for c in text)


def _title(lines: list[_Line]) -> tuple[str, list[_Line]]:
    """The biggest lines at the top of the first page, if they are bigger than the text; and the lines after them."""
    usual = _usual_size(lines)
    first = [line for line in lines if line.page == lines[0].page][:6]
    biggest = max(line.size for line in first)
    if biggest < usual * _BIGGER:
        return "", lines
    start = next(number for number, line in enumerate(first) if line.size == biggest)
    end = start
    while end < len(first) and first[end].size == biggest:
        end += 1
    title = "".join(clean_line(line.text) for line in first[start:end])
    return (title, lines[:start] + lines[end:]) if start <= 1 and len(title) <= MAX_TITLE else ("", lines)


def _usual_size(lines: Sequence[_Line]) -> float:
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[line.size] += len(line.text)
    return sizes.most_common(1)[0][0]


def _markdown(lines: Sequence[_Line]) -> Iterator[str]:
    """Paragraphs and headings: a line short of the margin, or before an article or item, ends its paragraph."""
    if not lines:
        return
    usual = _usual_size(lines)
    bigger = sorted({line.size for line in lines if line.size >= usual * _BIGGER}, reverse=True)
    margins = _margins(lines)
    held = ""
    for line in lines:
        text = clean_line(line.text)
        titled = line.size in bigger and len(text) <= MAX_HEADING
        depth = bigger.index(line.size) + 2 if titled else chapter_depth(text)
        if held and (depth is not None or stands_alone(text)):
            yield held
            held = ""
        if depth is not None:
            yield heading(depth, text)
            continue
        held += _joint(held, text) + text
        if line.right < _FULL * margins[line.page] and (held.endswith(_ENDS) or line.right < 0.7 * margins[line.page]):
            yield held
            held = ""
    if held:
        yield held


def _margins(lines: Sequence[_Line]) -> dict[int, float]:
    margins: dict[int, float] = {}
    for line in lines:
        margins[line.page] = max(margins.get(line.page, 0.0), line.right)
    return margins


def _joint(before: str, after: str) -> str:
    return " " if before and after and before[-1].isascii() and after[0].isascii() else ""
