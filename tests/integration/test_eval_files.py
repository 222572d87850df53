"""Case files as spreadsheets write them: real xlsx, CSV in several encodings, and what has to be refused."""

import csv
import io
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from evals.cases import CaseError, Codes, Reading
from evals.errors_xlsx import errors_xlsx
from evals.html_report import TownNames
from evals.reading import MAX_ROWS, read_cases
from tests.evals.scored_cases import scored

pytestmark = pytest.mark.integration
ROWS = [
    ["编号", "诉求内容", "诉求事项", "承办单位"],
    ["1", "路灯坏了", "D05", "SZS"],
    [2, "人行道上摆摊", "C01", "ZFD"],
]


def book(path: Path, rows: list[list[object]], merge: str = "") -> Path:
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    if merge:
        sheet.merge_cells(merge)
    workbook.save(path)
    return path


def table(path: Path, encoding: str, delimiter: str = ",") -> Path:
    with path.open("w", encoding=encoding, newline="") as target:
        csv.writer(target, delimiter=delimiter).writerows(ROWS)
    return path


def gist(found: Reading) -> list[tuple[str, str, str]]:
    return [(case.id, case.topic, case.lead) for case in found.cases]


EXPECTED = [("1", "D05", "SZS"), ("2", "C01", "ZFD")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_tables_in_every_encoding_that_people_save(tmp_path: Path, encoding: str, delimiter: str) -> None:
    assert gist(read_cases(table(tmp_path / "a.csv", encoding, delimiter), Codes())) == EXPECTED


def test_a_workbook_reads_like_the_table(tmp_path: Path) -> None:
    assert gist(read_cases(book(tmp_path / "a.xlsx", ROWS), Codes())) == EXPECTED


def test_merged_cells_cost_their_rows_only(tmp_path: Path) -> None:
    found = read_cases(book(tmp_path / "a.xlsx", [*ROWS, ["3", "积水", "F02", "SWZ"]], "C3:C4"), Codes())
    assert [case.id for case in found.cases] == ["1"]
    assert [p.row for p in found.problems if p.fatal] == [3, 4]
    assert "请取消合并" in str(found.problems[-1])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "空文件"),
        (b"\xd0\xcf\x11\xe0rest", "旧式 xls"),
        (b"PK\x03\x04rest", "损坏"),
        ("编号,别的\n1,2\n".encode(), "没有“诉求内容”"),
        ("内容,文本\n1,2\n".encode(), "两列都是"),
        (b"\x81\x20\xff\xff\xfe", "另存为 UTF-8"),
    ],
)
def test_what_cannot_be_read_at_all_is_refused_with_a_remedy(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    with pytest.raises(CaseError, match=said):
        read_cases(path, Codes())


def test_a_macro_workbook_and_a_bomb_are_refused(tmp_path: Path) -> None:
    macro, bomb = tmp_path / "m.xlsx", tmp_path / "b.xlsx"
    with zipfile.ZipFile(macro, "w") as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
        archive.writestr("xl/vbaProject.bin", "x")
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
        for number in range(7):
            archive.writestr(f"xl/worksheets/sheet{number}.xml", b"0" * 100_000_000)
    with pytest.raises(CaseError, match="带有宏"):
        read_cases(macro, Codes())
    with pytest.raises(CaseError, match="不像是正常的表格"):
        read_cases(bomb, Codes())


def test_a_hundred_thousand_rows_are_read_and_one_more_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "big.csv"
    lines = ["编号,内容,事项", *(f"{i},第{i}条诉求,C01" for i in range(MAX_ROWS))]
    path.write_text("\n".join(lines), encoding="utf-8")
    assert len(read_cases(path, Codes()).cases) == MAX_ROWS
    path.write_text("\n".join([*lines, "x,多出的一条,C01"]), encoding="utf-8")
    with pytest.raises(CaseError, match="请拆成几个文件"):
        read_cases(path, Codes())


def test_the_sheet_of_errors_runs_nothing_and_says_what_is_wrong() -> None:
    from dataclasses import replace

    cases = [scored("1", "C01", "C01"), replace(scored("2", "C01", "D05", said_lead="SZS"), text="=HYPERLINK(1)")]
    content = errors_xlsx(cases, TownNames({"C01": "无证设摊"}, {"ZFD": "综合行政执法队"}))
    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    rows = list(sheet.iter_rows(values_only=True))
    assert [row[0] for row in rows] == ["编号", "2"]
    assert rows[1][1] == "'=HYPERLINK(1)"
    assert rows[1][2] == "C01 无证设摊"
    assert rows[1][-1] == "事项；承办单位"
