"""Read case files as people have them: xlsx, CSV, JSONL, in the encodings that spreadsheets write."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evals.cases import NAME_OF, CaseError, Codes, Problem, Reading, check_rows
from evals.cells import Value

MAX_ROWS = 100_000
MAX_BYTES = 60_000_000
# What an honest workbook of that many rows needs when unpacked; a bomb needs far more.
MAX_UNPACKED = 600_000_000
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"

Rows = Iterator[tuple[int, Mapping[str, Value] | Problem]]


@dataclass(frozen=True, slots=True)
class Shape:
    """What columns a file may have: our name by what people call it, and the one column that cannot be missing."""

    name_of: Mapping[str, str]
    needed: str
    needed_said: str


CASES = Shape(NAME_OF, "text", "诉求内容")


def read_cases(path: Path, codes: Codes) -> Reading:
    """Cases and problems of a file; raises CaseError (Chinese) only when nothing of it can be read."""
    return check_rows(read_rows_of(path, CASES), codes)


def read_rows_of(path: Path, shape: Shape) -> Rows:
    """Numbered rows of a file by our column names, or what is wrong with them; raises CaseError, also while reading."""
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise CaseError(
            f"{path.name}：有 {size // 1_000_000} MB，超过 {MAX_BYTES // 1_000_000} MB。请拆成几个文件分别评测。"
        )
    with path.open("rb") as source:
        head = source.read(8)
    if not head.strip():
        raise CaseError(f"{path.name}：是空文件。请检查是否选错了文件。")
    if head.startswith(_OLE):
        raise CaseError(f"{path.name}：是旧式 xls 或加了密码的表格，无法读取。请另存为不加密的 xlsx 或 CSV。")
    if head.startswith(_ZIP):
        return _xlsx(path, shape)
    text = _decode(path)
    is_jsonl = text.lstrip().startswith("{") or path.suffix.lower() == ".jsonl"
    return _limited(path, _jsonl(text, shape) if is_jsonl else _csv(path, text, shape))


def _limited(path: Path, rows: Rows) -> Rows:
    for count, row in enumerate(rows, 1):
        if count > MAX_ROWS:
            raise CaseError(f"{path.name}：超过 {MAX_ROWS} 行。请拆成几个文件分别评测。")
        yield row


def _decode(path: Path) -> str:
    content = path.read_bytes()
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise CaseError(f"{path.name}：既不是 UTF-8 也不是 GB18030 编码。请另存为 UTF-8 后重试。")


def _jsonl(text: str, shape: Shape) -> Rows:
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError:
            yield number, Problem(number, "不是 JSON", "请检查引号和逗号，每行应是一个完整的对象")
            continue
        if not isinstance(row, dict):
            yield number, Problem(number, "不是 JSON 对象", "每行应以花括号开头")
            continue
        yield number, {shape.name_of.get(str(key).strip().lower(), str(key)): value for key, value in row.items()}


def _csv(path: Path, text: str, shape: Shape) -> Rows:
    first = text.lstrip().split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        header = _header(path, next(reader), shape)
        start = reader.line_num
        for cells in reader:
            number, start = start + 1, reader.line_num
            if any(cell.strip() for cell in cells):
                yield number, _row(number, header, cells)
    except csv.Error as error:
        raise CaseError(f"{path.name}：第 {reader.line_num} 行附近读不下去（{error}）。请检查引号是否成对。") from error


def _header(path: Path, cells: list[Any] | tuple[Any, ...], shape: Shape) -> list[str]:
    header = [shape.name_of.get(str(cell or "").strip().lower(), "") for cell in cells]
    if shape.needed not in header:
        shown = "、".join(str(c) for c in cells if c is not None)[:80]
        raise CaseError(
            f"{path.name}：表头里没有“{shape.needed_said}”（{shape.needed}）一列，读到的是：{shown or '空行'}。"
            "请在第一行写上列名。"
        )
    twice = sorted({name for name in header if name and header.count(name) > 1})
    if twice:
        raise CaseError(f"{path.name}：有两列都是“{'、'.join(twice)}”。请删去或改名其中一列。")
    return header


def _row(number: int, header: list[str], cells: list[Any] | tuple[Any, ...]) -> Mapping[str, Value] | Problem:
    if len(cells) > len(header) and any(str(c or "").strip() for c in cells[len(header) :]):
        return Problem(number, f"有 {len(cells)} 格，比表头的 {len(header)} 列多", "请检查逗号或引号")
    return {name: cell for name, cell in zip(header, cells, strict=False) if name}


def _xlsx(path: Path, shape: Shape) -> Rows:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    _check_zip(path)
    merged = _merged_rows(path)
    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (InvalidFileException, KeyError, ValueError, OSError, zipfile.BadZipFile) as error:
        raise CaseError(f"{path.name}：不是完好的 xlsx（{error}）。请用表格软件重新另存为 xlsx。") from error
    try:
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # some programs write a wrong one
        rows = sheet.iter_rows(values_only=True)
        header = _header(path, next(rows, ()), shape)
        for number, cells in enumerate(rows, 2):
            if number - 1 > MAX_ROWS:
                raise CaseError(f"{path.name}：超过 {MAX_ROWS} 行。请拆成几个文件分别评测。")
            if number in merged:
                yield number, Problem(number, "含有合并单元格", "请取消合并并逐行填好")
            elif any(cell is not None and str(cell).strip() for cell in cells):
                yield number, _row(number, header, cells)
    finally:
        book.close()


def _check_zip(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            unpacked = sum(info.file_size for info in archive.infolist())
            locked = any(info.flag_bits & 1 for info in archive.infolist())
    except zipfile.BadZipFile as error:
        raise CaseError(f"{path.name}：文件不完整或已损坏。请重新导出后再上传。") from error
    if locked:
        raise CaseError(f"{path.name}：加了密码。请去掉密码后重试。")
    if unpacked > MAX_UNPACKED:
        raise CaseError(f"{path.name}：展开后有 {unpacked // 1_000_000} MB，不像是正常的表格，已拒绝。")
    if "xl/workbook.xml" not in names:
        raise CaseError(f"{path.name}：不是 xlsx 表格。请选择 xlsx、CSV 或 JSONL 文件。")
    if any(name.endswith("vbaProject.bin") for name in names):
        raise CaseError(f"{path.name}：带有宏，已拒绝。请另存为不带宏的 xlsx。")


_MERGE = re.compile(rb'<mergeCell ref="[A-Z]+(\d+):[A-Z]+(\d+)"')


def _merged_rows(path: Path) -> set[int]:
    """Rows below the header that take part in a merged cell of the first sheet."""
    with zipfile.ZipFile(path) as archive:
        sheets = sorted(n for n in archive.namelist() if re.fullmatch(r"xl/worksheets/sheet\d+\.xml", n))
        found: set[int] = set()
        if sheets:
            with archive.open(sheets[0]) as source:
                for first, last in _MERGE.findall(source.read()):
                    found.update(range(int(first), int(last) + 1))
    return found
