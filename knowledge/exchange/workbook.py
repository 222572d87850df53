"""The whole library as a spreadsheet, one document a row, and back: what an import of it would do, row by row."""

import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter

from knowledge.documents import Document, DocumentKind, DocumentStatus
from knowledge.exchange.cells import from_cells, pack, pack_basis, to_cells, unpack, unpack_basis
from knowledge.exchange.confined import confined
from knowledge.exchange.containers import FileFormat, format_of
from knowledge.exchange.drafts import Notice, Refusal, RefusedError
from knowledge.exchange.plan import ImportPlan, Library, PlannedFile, Planner, Verdict, library, library_path, refused
from knowledge.exchange.sheets import MAX_ROWS, cell_text
from knowledge.exchange.unpacked import Row, Rows
from knowledge.sources import Codes
from knowledge.writing import file_path, render_markdown

SHEET, EXPLANATIONS = "知识库", "说明"
MAX_WORKBOOK = 50_000_000
_COLUMNS: Mapping[str, tuple[Callable[[Document], str], str]] = {
    "编号": (lambda d: d.id, "每篇一个，只用字母、数字和短横线；改编号等于新增一篇"),
    "标题": (lambda d: d.title, "像来电人会问的话"),
    "类别": (lambda d: d.kind.value, "、".join(kind.value for kind in DocumentKind)),
    "事项代码": (lambda d: pack(d.topics, "、"), "一个或几个，用顿号隔开，第一个是主要事项"),
    "单位代码": (lambda d: d.unit, "负责这篇文档的单位"),
    "状态": (lambda d: d.status.value, "、".join(status.value for status in DocumentStatus)),
    "依据": (
        lambda d: pack_basis(d.basis),
        "每行一部：名称｜版本（年-月-日，查不到写“未注明”）｜第几条、第几条；没有依据就空着",
    ),
    "问法": (lambda d: pack(d.asks, "\n"), "来电人会怎么问，每行一句（在单元格里按 Alt+Enter 换行）"),
    "生效日": (lambda d: d.in_force_from.isoformat(), "年-月-日"),
    "失效日": (lambda d: d.in_force_to.isoformat() if d.in_force_to else "", "年-月-日，含当日；长期有效就空着"),
    "复核日": (lambda d: d.review_by.isoformat(), "年-月-日"),
    "正文": (lambda d: d.body, "Markdown；超过一格的接在“正文（续1）”等列里，按顺序拼起来"),
    "文件": (lambda d: d.path, "在知识库里的位置，不用改；新增的可以空着"),
}
_OPTIONAL = frozenset({"文件"})
_NOTES = (
    "一行是一篇文档。改好以后用“导入整库”导入，系统先列出新增、改动、相同和拒绝的，确认后才写入；表里没有的文档不会删除。",
    "所有单元格都是文本格式，以 = + - @ 开头的文字也只是文字，不会当公式计算。",
    "文字里原有的反斜杠写作 \\\\，顿号、竖线｜或换行与分隔符相同时前面加反斜杠。",
)
_RISKY = ("=", "+", "-", "@", "\t")
_ROWS = TypeAdapter(Rows)
_E = TypeVar("_E", DocumentKind, DocumentStatus)


def export_xlsx(documents: Iterable[Document]) -> bytes:
    """A workbook with every field of every document as text, and a sheet that explains the columns."""
    import openpyxl
    from openpyxl.cell import WriteOnlyCell

    rows = [{name: to_cells(get(d)) for name, (get, _) in _COLUMNS.items()} for d in documents]
    widths = {name: max((len(row[name]) for row in rows), default=1) for name in _COLUMNS}
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(SHEET)
    sheet.freeze_panes = "C2"

    def text_cell(text: str) -> Any:
        cell: Any = WriteOnlyCell(sheet, text)
        cell.data_type = "s"  # also for what openpyxl takes for a formula or an error
        cell.number_format = "@"
        if text.startswith(_RISKY):
            cell.quotePrefix = 1  # stays a text when a person edits the cell
        return cell

    sheet.append([text_cell(column) for name in _COLUMNS for column in _names(name, widths[name])])
    for row in rows:
        padded = [(*row[name], *[""] * (widths[name] - len(row[name]))) for name in _COLUMNS]
        sheet.append([text_cell(text) if text else None for texts in padded for text in texts])
    notes = book.create_sheet(EXPLANATIONS)
    for line in [("列", "怎么写"), *((name, note) for name, (_, note) in _COLUMNS.items()), *((n,) for n in _NOTES)]:
        notes.append([text_cell(text) for text in line])
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _names(name: str, width: int) -> list[str]:
    return [name, *(f"{name}（续{number}）" for number in range(1, width))]


def import_xlsx(data: bytes, folder: Path, codes: Codes | None = None) -> ImportPlan:
    """What importing this workbook into the library in ``folder`` would do; nothing is written.

    Never raises for what is wrong with the workbook: a row is refused with its reason, or the whole with ``refusal``.
    """
    try:
        if len(data) > MAX_WORKBOOK:
            raise RefusedError(f"文件超过 {MAX_WORKBOOK // 1_000_000} MB", "检查是否选错了文件，或拆成几个表")
        found = _ROWS.validate_json(confined("rows", "", data))
    except RefusedError as error:
        return ImportPlan(refusal=error.refusal)
    return plan_rows(found, library(folder), codes)


def plan_rows(found: Rows, held: Library, codes: Codes | None = None) -> ImportPlan:
    """What importing these rows would do."""
    if found.refusal is not None:
        return ImportPlan(refusal=found.refusal)
    planner = Planner(held, codes or Codes())
    return ImportPlan(tuple(_planned(planner, held, row) for row in found.rows), planner.absent())


def _planned(planner: Planner, held: Library, row: Row) -> PlannedFile:
    origin = f"第 {row.number} 行"
    try:
        document = _document(row.texts)
        path, content = _written(document, held)
    except RefusedError as error:
        return refused(origin, error.refusal)
    planned = planner.plan(origin, path, content)
    if planned.verdict is Verdict.REFUSED:
        # Lines of the file that was never written tell nothing to somebody who looks at a row.
        return replace(planned, reasons=tuple(Notice("", reason.message, reason.remedy) for reason in planned.reasons))
    return planned


def _document(texts: Mapping[str, str]) -> Document:
    """The document of a row; raises RefusedError for a value that no document can have."""
    try:
        basis = unpack_basis(texts["依据"])
    except ValueError as error:
        raise RefusedError(f"“依据”写法不对：{error}", "每行写：名称｜版本｜第几条、第几条") from error
    return Document(
        id=texts["编号"].strip(),
        title=texts["标题"],
        kind=_one_of(DocumentKind, texts, "类别"),
        topics=unpack(texts["事项代码"], "、"),
        unit=texts["单位代码"],
        status=_one_of(DocumentStatus, texts, "状态"),
        basis=basis,
        asks=unpack(texts["问法"], "\n"),
        in_force_from=_day(texts, "生效日"),
        in_force_to=_day(texts, "失效日") if texts["失效日"].strip() else None,
        review_by=_day(texts, "复核日"),
        body=texts["正文"],
        path=texts.get("文件", ""),
        content_hash="",
    )


def _one_of(known: type[_E], texts: Mapping[str, str], column: str) -> _E:
    try:
        return known(texts[column].strip())
    except ValueError as error:
        names = "、".join(item.value for item in known)
        raise RefusedError(f"“{column}”不认识：{texts[column] or '空'}", f"写下列之一：{names}") from error


def _day(texts: Mapping[str, str], column: str) -> date:
    try:
        return date.fromisoformat(texts[column].strip())
    except ValueError as error:
        raise RefusedError(f"“{column}”不是日期：{texts[column] or '空'}", "写成 年-月-日，例如 2026-01-01") from error


def _written(document: Document, held: Library) -> tuple[str, bytes]:
    """Path and bytes of the document's file: those that it has in the library where nothing was changed."""
    content = render_markdown(document).encode("utf-8", "surrogatepass")
    before = held.documents.get(document.id)
    if before is not None and before.kind is document.kind:
        canonical = render_markdown(before).encode("utf-8", "surrogatepass")
        return before.path, held.files[before.path] if canonical == content else content
    try:
        path = library_path(document.path)
    except RefusedError:
        path = file_path(document)
    if not path.startswith(f"{document.kind.value}/") or path in held.files:
        path = file_path(document)
    if path in held.files and (before is None or before.path != path):
        raise RefusedError(f"文件 {path} 已被别的文档使用", "换一个没有用过的编号")
    return path, content


def rows_of(data: bytes) -> Rows:
    """Rows of the library's sheet; runs in the confined process. Never raises."""
    try:
        if format_of(data, "导入.xlsx") is not FileFormat.XLSX:
            raise RefusedError("不是 Excel 表格（xlsx）", "选择用“导出整库”得到的表格")
        return Rows(tuple(_rows(data)))
    except RefusedError as error:
        return Rows((), error.refusal)
    except MemoryError:
        return Rows((), Refusal("", "内容太多，内存不够，已停止读取", "拆成几个表再导入"))
    except Exception as error:  # a damaged file may raise anything in a library
        return Rows((), Refusal("", f"表格已损坏，读不出来（{type(error).__name__}）", "用 Excel 打开，另存一份再导入"))


def _rows(data: bytes) -> Iterable[Row]:
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    sheet = book[SHEET] if SHEET in book.sheetnames else book.worksheets[0]
    lines = sheet.iter_rows()
    columns = _columns([_raw(cell) for cell in next(iter(lines), ())])
    for number, cells in enumerate(lines, start=2):
        if number > MAX_ROWS:
            raise RefusedError(f"超过 {MAX_ROWS} 行", "删去空行，或拆成几个表", f"表“{sheet.title}”")
        values = [_raw(cell) for cell in cells]
        texts = {
            name: from_cells(values[place] for place in places if place < len(values))
            for name, places in columns.items()
        }
        if any(text.strip() for text in texts.values()):
            yield Row(number, texts)


def _columns(header: Sequence[str]) -> dict[str, list[int]]:
    """Places of each column and its continuations, in order; raises RefusedError where one is missing."""
    found: dict[str, list[tuple[int, int]]] = {}
    for place, cell in enumerate(header):
        name, _, rest = cell.strip().partition("（续")
        number = rest.rstrip("）")
        if name in _COLUMNS and (not rest or number.isdigit()):
            found.setdefault(name, []).append((int(number or 0), place))
    missing = [name for name in _COLUMNS if name not in found and name not in _OPTIONAL]
    if missing:
        raise RefusedError(f"表头缺少“{'、'.join(missing)}”", "用“导出整库”得到的表格来改，不要删列", "第 1 行")
    return {name: [place for _, place in sorted(places)] for name, places in found.items()}


def _raw(cell: Any) -> str:
    """A text as it is, with blanks; anything else as a person sees it."""
    value = cell.value
    if isinstance(value, datetime | date):
        return cell_text(value)
    return value if isinstance(value, str) else cell_text(value, str(getattr(cell, "number_format", "")))
