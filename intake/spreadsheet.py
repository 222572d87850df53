"""Tables of other systems: xlsx and CSV in any usual encoding, read row by row; and our own report as xlsx."""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from pathlib import Path

from intake.domain.errors import InvalidInputError
from intake.domain.import_rows import recognise

MAX_ROWS = 200_000
MAX_COLUMNS = 200
MAX_CELL = 20_000
MAX_UNPACKED = 1_500_000_000
_HEAD_ROWS = 15
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_MERGED = re.compile(rb'<mergeCell ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Table:
    """Names of the columns, and the rows below with their numbers as the spreadsheet shows them."""

    headers: tuple[str, ...]
    rows: Iterator[tuple[int, tuple[str, ...]]]


def read_table(name: str, content: bytes) -> Table:
    """The first sheet of an xlsx, or a CSV; raises InvalidInputError that says what to do."""
    if content[:4] == b"PK\x03\x04":
        rows = _xlsx_rows(content)
    elif content[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise _refused("这是旧版 .xls 文件。", "请用 Excel 或 WPS 另存为 .xlsx 再上传。")
    elif name.lower().endswith((".csv", ".txt", ".tsv")):
        rows = _csv_rows(content)
    else:
        raise _refused(f"“{name[:60]}”不是 xlsx 或 CSV 文件。", "请从市平台导出 xlsx 或 CSV 再上传。")
    return _below_header(rows)


def _below_header(rows: Iterator[tuple[int, tuple[str, ...]]]) -> Table:
    """Exports put a title above: the header is the row among the first in which most columns are known."""
    head: list[tuple[int, tuple[str, ...]]] = []
    for row in rows:
        head.append(row)
        if len(head) == _HEAD_ROWS:
            break
    known = [len(recognise(cells)) for _, cells in head]
    best = max(known, default=0)
    if not head or best < 1:
        raise _refused("没有找到表头（工单编号、来电时间、诉求内容等列名）。", "请核对文件与编码，表头须在前 15 行内。")
    at = known.index(best)
    width = max((i + 1 for i, cell in enumerate(head[at][1]) if cell), default=0)
    headers = tuple(cell or f"第 {i + 1} 列" for i, cell in enumerate(head[at][1][:width]))

    def below() -> Iterator[tuple[int, tuple[str, ...]]]:
        count = 0
        for part in (head[at + 1 :], rows):
            for number, cells in part:
                if not any(cells):
                    continue
                count += 1
                if count > MAX_ROWS:
                    raise _refused(f"文件超过 {MAX_ROWS} 行。", "请分成几个文件导入。")
                yield number, cells[:width]

    return Table(headers, below())


def _xlsx_rows(content: bytes) -> Iterator[tuple[int, tuple[str, ...]]]:
    from openpyxl import load_workbook

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(item.file_size for item in packed.infolist()) > MAX_UNPACKED:
                raise _refused("文件解开后太大。", "请分成几个文件导入。")
            book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
            sheet = book.worksheets[0]
            sheet.reset_dimensions()  # some exports state a wrong size
            merged = _merged(packed, str(getattr(sheet, "_worksheet_path", "")))
        kept: dict[int, str] = {}
        for number, values in enumerate(sheet.iter_rows(values_only=True, max_col=MAX_COLUMNS), 1):
            cells = [_text(value) for value in values]
            for column in merged.get(number, ()):
                cells += [""] * (column + 1 - len(cells))
                cells[column] = cells[column] or kept.get(column, "")
            kept = dict(enumerate(cells))
            yield number, tuple(cells)
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, IndexError, SyntaxError) as error:
        raise _refused(f"xlsx 文件读不出（{type(error).__name__}），可能已损坏。", "请重新导出后上传。") from error


def _merged(packed: zipfile.ZipFile, path: str) -> dict[int, list[int]]:
    """Rows whose cell belongs to the one above (merged downwards), with the columns; read from the sheet's end."""
    if path not in packed.namelist():
        return {}
    found: dict[int, list[int]] = {}
    with packed.open(path) as sheet:
        tail = b""
        while part := sheet.read(1 << 20):
            for match in _MERGED.finditer(tail + part):
                column, last = _column(match[1]), _column(match[3])
                if column == last:
                    for row in range(int(match[2]) + 1, min(int(match[4]), MAX_ROWS) + 1):
                        found.setdefault(row, []).append(column)
            tail = part[-40:]
    return {row: sorted(set(columns)) for row, columns in found.items()}


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def _csv_rows(content: bytes) -> Iterator[tuple[int, tuple[str, ...]]]:
    text = _decoded(content)
    first = text.split("\n", 1)[0]
    delimiter = max(",\t;|", key=first.count)
    csv.field_size_limit(MAX_CELL * 10)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for cells in reader:
            yield reader.line_num, tuple(_text(cell) for cell in cells[:MAX_COLUMNS])
    except csv.Error as error:
        raise _refused(f"CSV 第 {reader.line_num} 行读不出（{error}）。", "请核对该行的引号，或改用 xlsx。") from error


def _decoded(content: bytes) -> str:
    """UTF-8 with or without mark, UTF-16 with mark, else GB18030 (which holds GBK and GB2312)."""
    marks = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
    encodings = (marks[content[:2]],) if content[:2] in marks else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _refused("文件的编码认不出，不是 UTF-8，也不是 GBK。", "请用 Excel 或 WPS 另存为 xlsx，或“CSV UTF-8”再上传。")


def _text(value: object) -> str:
    """A cell as words; a whole number without ``.0``, a date as ISO."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()[:MAX_CELL]


def report_xlsx(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A table for people: every cell is text and none can be taken for a formula."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet("导入问题")
    for row in chain((headers,), rows):
        cells = []
        for value in row:
            cell = WriteOnlyCell(sheet, value=harmless(value))
            cell.data_type = "s"
            cells.append(cell)
        sheet.append(cells)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def harmless(value: str) -> str:
    """Text that no spreadsheet runs as a formula, also after it was saved as CSV."""
    clean = _ILLEGAL.sub("", value)[:MAX_CELL]
    return "'" + clean if clean.startswith(_FORMULA) else clean


def read_file(path: Path) -> tuple[str, bytes]:
    """Name and content; raises InvalidInputError when it cannot be read."""
    try:
        return path.name, path.read_bytes()
    except OSError as error:
        raise _refused(f"{path} 读不出（{error.strerror}）。", "请核对文件名。") from error


def _refused(detail: str, remedy: str) -> InvalidInputError:
    return InvalidInputError("文件不能导入", detail, f"没有导入任何工单。{remedy}")
