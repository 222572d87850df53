"""附件2 as a Word document: the paper's table with exactly its labels, a page a ticket, earlier rounds below."""

import io
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from intake.application.forms import FormPage
from intake.domain.ticket import SHANGHAI, form_rows
from intake.domain.ticket_file import Assignment, TicketFile

TITLE = "九亭镇便民服务专线工单信息记录表"
NOTE = "注：“工单类型”分为：投诉求助、意见建议、咨询。"
# One moment for every file: the same ticket gives the same bytes.
_FIXED = (2025, 1, 1, 0, 0, 0)
_WIDTHS_CM = (1.5, 2.4, 4.6, 2.4, 5.1)


def forms_docx(pages: Sequence[FormPage]) -> bytes:
    """The forms of these tickets, each beginning on a page of its own; raises ValueError for none."""
    if not pages:
        raise ValueError("no ticket to print")
    from docx import Document

    document = Document()
    _lay_out(document)
    for number, page in enumerate(pages):
        if number:
            document.add_page_break()
        _form(document, page)
    core = document.core_properties
    core.author, core.title = "九亭镇便民服务专线", TITLE
    core.created = core.modified = datetime(*_FIXED, tzinfo=UTC)
    target = io.BytesIO()
    document.save(target)
    return _same_bytes(target.getvalue())


def _lay_out(document: Any) -> None:
    from docx.shared import Cm, Pt

    section = document.sections[0]
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.5)
    section.top_margin = section.bottom_margin = Cm(2.2)
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Times New Roman", Pt(12)
    _east_asian(style.element, "宋体")
    style.paragraph_format.space_after = Pt(0)


def _form(document: Any, page: FormPage) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    ticket, file = page.ticket, page.file
    head = document.add_paragraph()
    head.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _write(head, TITLE, 18, bold=True, font="黑体")
    line = document.add_paragraph()
    line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    marked = f"    {page.mark}" if page.mark else ""
    _write(line, f"编号：{ticket.number}    第 {max(1, file.round)} 轮{marked}", 10.5)
    rows = dict(form_rows(ticket, file))
    table = _table(document, 5)
    _pair(table, 0, ("来电日期", rows["来电日期"]), ("工单类型", rows["工单类型"]))
    _pair(table, 1, ("联系人", rows["联系人"]), ("联系电话", rows["联系电话"]))
    for index, label in enumerate(("诉求地址", "诉求描述", "承办单位"), 2):
        _wide(table, index, label, rows[label], 0)
    _height(table.rows[3], 4.0)
    _handling(table, rows, file.assignments[-1] if file.assignments else None)
    note = document.add_paragraph()
    _write(note, NOTE, 10.5)
    for earlier in _earlier(file):
        note = document.add_paragraph()
        note.paragraph_format.space_before = Pt(10)
        lead = page.units.get(earlier.lead_code, earlier.lead_code)
        label = f"第 {earlier.round} 轮（{lead}，派单 {_minute(earlier.at)}）"
        _write(note, label, 11, bold=True)
        alone = TicketFile(assignments=(earlier,))
        again = _table(document, 0)
        _handling(again, dict(form_rows(ticket, alone)), earlier)


def _earlier(file: TicketFile) -> tuple[Assignment, ...]:
    """Dispatches before the last one that led to a result: what they did stays on the paper."""
    return tuple(a for a in file.assignments[:-1] if a.resolved is not None)


def _handling(table: Any, rows: dict[str, str], last: Assignment | None) -> None:
    """The block 处置 below whatever the table holds already."""
    first = len(table.rows)
    for _ in range(4):
        table.add_row()
    title = table.cell(first, 0).merge(table.cell(first + 3, 0))
    _label(title, "处置")
    contacted = None if last is None else True if last.contact else False if last.waived else None
    visited = None if last is None or last.resolved is None else last.resolved.visited_at is not None
    _cell(table, first, 1, "当日先联")
    _fill(table.cell(first, 2), _ticked(contacted, rows["当日先联"]))
    _cell(table, first, 3, "现场查看")
    _fill(table.cell(first, 4), _ticked(visited, rows["现场查看"]))
    for offset, label in ((1, "事实认定"), (2, "办结汇报")):
        _cell(table, first + offset, 1, label)
        _fill(table.cell(first + offset, 2).merge(table.cell(first + offset, 4)), rows[label])
        _height(table.rows[first + offset], 3.2)
    _cell(table, first + 3, 1, "答复日期")
    _fill(table.cell(first + 3, 2), rows["答复日期"])
    _cell(table, first + 3, 3, "是否满意")
    said = rows["是否满意"]
    satisfied = said.startswith("满意") if said else None
    _fill(table.cell(first + 3, 4), _ticked(satisfied, said.partition("（")[2].rstrip("）")))
    for row in table.rows[first:]:
        _height(row, 1.1)


def _ticked(yes: bool | None, detail: str) -> str:
    """Both boxes, the right one ticked; none while nobody has said."""
    boxes = f"{'☑' if yes else '☐'} 是  {'☑' if yes is False else '☐'} 否"
    return f"{boxes}\n{detail}" if detail else boxes


def _table(document: Any, rows: int) -> Any:
    from docx.enum.table import WD_TABLE_ALIGNMENT
    from docx.shared import Cm

    table = document.add_table(rows=rows, cols=len(_WIDTHS_CM))
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for column, width in zip(table.columns, _WIDTHS_CM, strict=True):
        column.width = Cm(width)
    return table


def _pair(table: Any, row: int, left: tuple[str, str], right: tuple[str, str]) -> None:
    _label(table.cell(row, 0).merge(table.cell(row, 1)), left[0])
    _fill(table.cell(row, 2), left[1])
    _cell(table, row, 3, right[0])
    _fill(table.cell(row, 4), right[1])
    _height(table.rows[row], 1.0)


def _wide(table: Any, row: int, label: str, value: str, column: int) -> None:
    _label(table.cell(row, column).merge(table.cell(row, 1)), label)
    _fill(table.cell(row, 2).merge(table.cell(row, 4)), value)
    _height(table.rows[row], 1.0)


def _cell(table: Any, row: int, column: int, label: str) -> None:
    _label(table.cell(row, column), label)


def _label(cell: Any, text: str) -> None:
    from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    paragraph = cell.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _write(paragraph, text, 12, bold=True)


def _fill(cell: Any, text: str) -> None:
    from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT

    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    first, *others = _clean(text).split("\n")
    _write(cell.paragraphs[0], first, 11)
    for line in others:
        _write(cell.add_paragraph(), line, 11)


def _write(paragraph: Any, text: str, size: float, bold: bool = False, font: str = "宋体") -> None:
    from docx.shared import Pt

    run = paragraph.add_run(text)
    run.font.size, run.bold = Pt(size), bold
    _east_asian(run._element, font)


def _east_asian(element: Any, font: str) -> None:
    """Chinese characters take their font from an attribute of their own."""
    from docx.oxml.ns import qn

    element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)


def _height(row: Any, centimetres: float) -> None:
    from docx.shared import Cm

    row.height = max(row.height or 0, Cm(centimetres))  # at least: long texts make the row grow and flow on


def _clean(text: str) -> str:
    """XML knows no control characters; what a caller said is kept but for those."""
    return "".join(c for c in text if c in "\n\t" or ((c.isprintable() or c.isspace()) and ord(c) >= 32))


def _minute(moment: datetime) -> str:
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def _same_bytes(content: bytes) -> bytes:
    """Write the archive anew with fixed times."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, _FIXED), old.read(name), zipfile.ZIP_DEFLATED)
    return target.getvalue()
