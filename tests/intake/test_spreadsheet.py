"""Tables of other systems, as they come: titles above, merged cells, any encoding; and no formula leaves us."""

import io
import zipfile
from datetime import datetime

import pytest

from intake.domain.errors import InvalidInputError
from intake.spreadsheet import harmless, read_table, report_xlsx

HEAD = ("工单编号", "来电时间", "诉求内容", "联系电话")
ROW = ("SH1", "2026-11-20 18:05", "门口有人摆摊，没人管", "13800000000")


def _csv(rows: list[tuple[str, ...]], encoding: str, delimiter: str = ",") -> bytes:
    return "\r\n".join(delimiter.join(row) for row in rows).encode(encoding)


def _xlsx(rows: list[tuple[object, ...]], merge: tuple[str, ...] = ()) -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    for cells in merge:
        sheet.merge_cells(cells)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_csv_in_every_usual_encoding(encoding: str, delimiter: str) -> None:
    table = read_table("导出.csv", _csv([HEAD, ROW], encoding, delimiter))
    assert table.headers == HEAD
    assert [*table.rows] == [(2, ROW)]


def test_a_quoted_cell_may_have_lines() -> None:
    text = '工单编号,来电时间,诉求内容\nSH1,2026-11-20,"第一行\n第二行，有""引号"""\n\nSH2,2026-11-20,b\n'
    rows = [*read_table("a.csv", text.encode()).rows]
    assert rows == [(3, ("SH1", "2026-11-20", '第一行\n第二行，有"引号"')), (5, ("SH2", "2026-11-20", "b"))]


def test_xlsx_with_title_merged_cells_dates_and_numbers() -> None:
    rows: list[tuple[object, ...]] = [
        ("12345 工单导出", None, None, None),
        (None, None, None, None),
        HEAD,
        ("SH1", datetime.fromisoformat("2026-11-20 18:05"), "门口有人摆摊", 13800000000),
        ("SH2", None, "路灯不亮", None),
        (20261120.0, "2026/11/21", "=1+1", None),
    ]
    table = read_table("导出.xlsx", _xlsx(rows, ("A1:D1", "B4:B5", "D4:D5")))
    assert table.headers == HEAD
    assert [*table.rows] == [
        (4, ("SH1", "2026-11-20 18:05:00", "门口有人摆摊", "13800000000")),
        (5, ("SH2", "2026-11-20 18:05:00", "路灯不亮", "13800000000")),
        (6, ("20261120", "2026/11/21", "", "")),
    ]


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("a.csv", b"", "表头"),
        ("a.csv", b"a,b\n1,2\n", "表头"),
        ("a.csv", b"\xff\x00\x81\xff\xff\xff", "编码"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....", "旧版 .xls"),
        ("a.xlsx", b"PK\x03\x04 broken", "损坏"),
        ("a.xlsx", "说明".encode(), "不是 xlsx"),
        ("a.pdf", b"%PDF-1.4", "不是 xlsx"),
    ],
)
def test_what_cannot_be_read_says_what_to_do(name: str, content: bytes, why: str) -> None:
    with pytest.raises(InvalidInputError, match=why) as refusal:
        [*read_table(name, content).rows]
    assert "没有导入任何工单" in refusal.value.remedy


def test_a_zip_that_is_no_workbook_is_refused() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.txt", "x")
    with pytest.raises(InvalidInputError, match="损坏"):
        read_table("a.xlsx", packed.getvalue())


@pytest.mark.parametrize("cell", ["=1+1", "+86", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x","y")'])
def test_no_cell_of_the_report_is_a_formula(cell: str) -> None:
    from openpyxl import load_workbook

    content = report_xlsx(("行号", "=问题"), [("1", cell), ("2", "平常的字\x07")])
    sheet = load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    values = [list(row) for row in sheet.iter_rows()]
    assert all(value.data_type == "s" for row in values for value in row)
    assert str(values[1][1].value).startswith("'")
    assert values[2][1].value == "平常的字"
    assert harmless("平常的字") == "平常的字"
