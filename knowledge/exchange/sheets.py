"""Spreadsheets (xlsx): a draft for each row under a header that is recognised, else one for each sheet."""

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from knowledge.documents import UNDATED, DocumentKind, LegalBasis
from knowledge.exchange.drafts import DraftDocument, FileReading, Notice, RefusedError
from knowledge.exchange.lines import clean_line, joined, table_lines
from knowledge.exchange.names import stem_of

MAX_ROWS, MAX_COLUMNS, MAX_DRAFTS, MAX_TITLE = 20_000, 200, 2_000, 60
_LOOK_FOR_HEADER = 10
_NAMES = {
    "title": ("标题", "问题", "题目", "标准问", "标准问题", "咨询问题", "问", "文档标题", "名称"),
    "body": (
        "答复",
        "答案",
        "内容",
        "回答",
        "标准答案",
        "标准答复",
        "标准口径",
        "答复口径",
        "口径",
        "正文",
        "答",
        "答复内容",
    ),
    "asks": ("问法", "相似问", "相似问法", "相似问题", "常见问法", "扩展问", "来电人怎么问", "来电人会怎么问"),
    "topics": ("事项", "事项代码", "主题", "分类", "事项分类"),
    "unit": ("单位", "部门", "主责单位", "承办单位", "责任单位", "责任部门", "单位代码"),
    "basis": ("依据", "法律依据", "政策依据", "文件依据"),
    "kind": ("文档类别", "类别", "文档类型"),
}
_COLUMNS = {name: key for key, names in _NAMES.items() for name in names}
_LAW = re.compile(
    r"《([^《》]{2,80})》[（(]?(\d{4}-\d{2}-\d{2})?[）)]?((?:[、，和及\s]*第[一二三四五六七八九十百千零〇0-9]+条)+)"
)
_ARTICLE = re.compile(r"第[一二三四五六七八九十百千零〇0-9]+条")
_LIST = re.compile(r"[\n；;|]+")
_CODES = re.compile(r"[\n；;|、，, ]+")


@dataclass(frozen=True, slots=True)
class _Sheet:
    name: str
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    notices: tuple[Notice, ...]


def read_xlsx(data: bytes, name: str) -> FileReading:
    """Drafts of all sheets that can be seen; raises RefusedError where there is nothing in them."""
    drafts: list[DraftDocument] = []
    sheets = list(_sheets(data))
    for sheet in sheets:
        drafts += _drafts(sheet, stem_of(name) if len(sheets) == 1 else f"{stem_of(name)} {sheet.name}")
        if len(drafts) > MAX_DRAFTS:
            raise RefusedError(f"超过 {MAX_DRAFTS} 行", "拆成几个文件再导入", f"表“{sheet.name}”")
    if not drafts:
        raise RefusedError("表格里没有可以读入的内容", "检查内容是否在隐藏的表里，或者表里只有公式和图片")
    return FileReading(name, tuple(drafts), tuple(notice for sheet in sheets for notice in sheet.notices))


def _sheets(data: bytes) -> Iterator[_Sheet]:
    import openpyxl

    shown = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    formulas = openpyxl.load_workbook(io.BytesIO(data)) if _has_formulas(data) else None
    for sheet in shown.worksheets:
        if sheet.sheet_state != "visible":
            continue
        if sheet.max_row > MAX_ROWS or sheet.max_column > MAX_COLUMNS:
            size = f"有 {sheet.max_row} 行 {sheet.max_column} 列，超过 {MAX_ROWS} 行或 {MAX_COLUMNS} 列"
            raise RefusedError(size, "删去空行空列，或拆成几个文件再导入", f"表“{sheet.title}”")
        yield _sheet(sheet, formulas[sheet.title] if formulas else None)


def _has_formulas(data: bytes) -> bool:
    from zipfile import ZipFile

    with ZipFile(io.BytesIO(data)) as archive:
        members = [member for member in archive.namelist() if member.startswith("xl/worksheets/")]
        return any(re.search(rb"<(?:\w+:)?f[ >/]", archive.read(member)) for member in members)


def _sheet(sheet: Any, formulas: Any | None) -> _Sheet:
    """Cells as text, merged ones filled; hidden rows and columns and white text stay outside, each with a notice."""
    place = f"表“{sheet.title}”"
    filled, notices = _merged(sheet, place)
    hidden_columns = _hidden_columns(sheet)
    rows, hidden, white, open_formulas = [], 0, 0, []
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        if sheet.row_dimensions[number].hidden:
            hidden += any(cell.value is not None for cell in cells)
            continue
        texts: list[str] = []
        for cell in cells:
            value = filled.get((cell.row, cell.column), cell.value)
            if formulas is not None and value is None and formulas.cell(cell.row, cell.column).value is not None:
                open_formulas.append(cell.coordinate)
            concealed = value is not None and _is_white(cell)
            white += concealed
            texts.append("" if concealed or cell.column in hidden_columns else cell_text(value, cell.number_format))
        if any(texts):
            rows.append((number, tuple(texts)))
    if hidden or hidden_columns:
        what = f"{hidden} 个隐藏的行、{len(hidden_columns)} 个隐藏的列"
        notices.append(Notice(place, f"{what}没有读入", "需要时在 Excel 里取消隐藏，再导入"))
    if white:
        notices.append(Notice(place, f"{white} 个单元格是白色文字，没有读入", "需要时改成黑色，再导入"))
    if open_formulas:
        cells_named = "、".join(open_formulas[:5])
        notices.append(
            Notice(
                place,
                f"单元格 {cells_named} 等 {len(open_formulas)} 处只有公式，没有算出的值",
                "在 Excel 里打开并保存一次，再导入",
            )
        )
    return _Sheet(sheet.title, tuple(rows), tuple(notices))


def _merged(sheet: Any, place: str) -> tuple[dict[tuple[int, int], Any], list[Notice]]:
    filled: dict[tuple[int, int], Any] = {}
    rows: set[int] = set()
    for area in sheet.merged_cells.ranges:
        if area.size["rows"] * area.size["columns"] > MAX_ROWS:
            continue
        value = sheet.cell(area.min_row, area.min_col).value
        for row in range(area.min_row, area.max_row + 1):
            filled |= {(row, column): value for column in range(area.min_col, area.max_col + 1)}
            if value is not None:
                rows.add(row)
    if not rows:
        return filled, []
    shown = "、".join(str(row) for row in sorted(rows)[:10]) + ("等" if len(rows) > 10 else "")
    return filled, [Notice(f"{place}第 {shown} 行", "合并的单元格已按第一格的内容填满", "请核对这些行")]


def _hidden_columns(sheet: Any) -> frozenset[int]:
    return frozenset(
        column
        for dimension in sheet.column_dimensions.values()
        if dimension.hidden
        for column in range(dimension.min or 0, min(dimension.max or 0, MAX_COLUMNS) + 1)
    )


def _is_white(cell: Any) -> bool:
    font, fill = getattr(cell, "font", None), getattr(cell, "fill", None)
    colour = getattr(getattr(font, "color", None), "rgb", None)
    return colour in ("FFFFFFFF", "00FFFFFF") and (fill is None or fill.fill_type is None)


def cell_text(value: object, number_format: str = "") -> str:
    """A cell's value as a person sees it: days in ISO form, whole numbers without a point, percents."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, float):
        scaled, sign = (value * 100, "%") if number_format.rstrip().endswith("%") else (value, "")
        return f"{scaled:.10g}{sign}"
    return str(value).strip()


def _drafts(sheet: _Sheet, title: str) -> Iterator[DraftDocument]:
    found = _header(sheet.rows)
    if found is None:
        if body := joined(table_lines([row for _, row in sheet.rows])):
            yield DraftDocument(clean_line(title)[:MAX_TITLE], body, f"表“{sheet.name}”")
        return
    index, columns, others = found
    for number, cells in sheet.rows[index + 1 :]:
        draft = _row(f"表“{sheet.name}”第 {number} 行", cells, columns, others)
        if draft is not None:
            yield draft


def _header(rows: Sequence[tuple[int, tuple[str, ...]]]) -> tuple[int, dict[str, list[int]], dict[int, str]] | None:
    """Row that names the columns: its place, columns by field, and names of the other columns."""
    for index, (_, cells) in enumerate(rows[:_LOOK_FOR_HEADER]):
        columns: dict[str, list[int]] = {}
        others: dict[int, str] = {}
        for column, cell in enumerate(cells):
            name = re.sub(r"[\s*＊:：]|[（(].*?[）)]", "", cell)
            if name in _COLUMNS:
                columns.setdefault(_COLUMNS[name], []).append(column)
            elif cell:
                others[column] = cell
        if "title" in columns and "body" in columns:
            return index, columns, others
    return None


def _row(
    place: str, cells: Sequence[str], columns: Mapping[str, list[int]], others: Mapping[int, str]
) -> DraftDocument | None:
    held = {key: "\n".join(cells[c] for c in places if cells[c]) for key, places in columns.items()}
    title, answer = clean_line(held["title"]), held["body"].strip()
    if not title and not answer:
        return None
    notices = []
    if not title or not answer:
        missing = "标题" if not title else "答复"
        notices.append(Notice(place, f"这一行没有{missing}", "补写后再发布，或者不选这一篇"))
    extra = [f"- {name}：{clean_line(cells[column])}" for column, name in others.items() if cells[column]]
    kind = held.get("kind", "")
    topics = tuple(part for part in _CODES.split(held.get("topics", "")) if part)
    return DraftDocument(
        title=title or clean_line(answer)[:30],
        body=_body(answer, extra, held.get("basis", "")),
        origin=place,
        kind=DocumentKind(kind) if kind in {known.value for known in DocumentKind} else None,
        topics=topics,
        unit=held.get("unit", "").replace("\n", "、"),
        asks=tuple(part.strip() for part in _LIST.split(held.get("asks", "")) if part.strip()),
        basis=tuple(laws(held.get("basis", ""))),
        notices=tuple(notices),
    )


def _body(answer: str, extra: Sequence[str], basis: str) -> str:
    """The house's three sections; a text that brings its own headings is left as it is."""
    if answer.startswith("## "):
        return answer
    spoken = [clean_line(line) for line in answer.split("\n")]
    parts = ["## 可以这样答复", joined(spoken)]
    if extra:
        parts += ["## 办理要点", "\n".join(extra)]
    if basis.strip():
        parts += ["## 依据", joined(clean_line(line) for line in basis.split("\n"))]
    return "\n\n".join(part for part in parts if part)


def laws(text: str) -> Iterator[LegalBasis]:
    """Laws cited with articles in a text such as 《某某条例》第三条、第四条; without a day the version is 未注明."""
    for found in _LAW.finditer(text):
        yield LegalBasis(found[1], found[2] or UNDATED, tuple(_ARTICLE.findall(found[3])))
