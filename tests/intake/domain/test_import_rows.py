"""Columns are recognised whatever they are called; a row that cannot become a ticket says why and what to do."""

from datetime import datetime, timedelta

import pytest

from intake.domain.clocks import SHANGHAI
from intake.domain.import_rows import ImportField, read_moment, read_row, recognise
from routing.recommendation import TicketType
from tests.intake.fakes import NOW

F = ImportField
COLUMNS = {F.EXTERNAL: 0, F.CALLED_AT: 1, F.TEXT: 2, F.PHONE: 3, F.TYPE: 4, F.CONTACT: 5, F.ADDRESS: 6}
GOOD = ("SH2026-1", "2026-11-20 18:05", "门口有人摆摊没人管", "13800000000", "投诉举报", "测试先生", "亭中小区门口")


def test_columns_are_recognised_and_none_is_taken_twice() -> None:
    found = recognise(
        ("序号", "工单编号*", "来电时间", "诉求内容（全文）", "联系电话", "事发地址", "工单类型", "来电人")
    )
    assert found == {
        F.EXTERNAL: 1,
        F.CALLED_AT: 2,
        F.TEXT: 3,
        F.PHONE: 4,
        F.ADDRESS: 5,
        F.TYPE: 6,
        F.CONTACT: 7,
    }
    assert recognise(("a", "b")) == {}
    assert recognise(("受理编号", "办理编号"))[F.EXTERNAL] == 0


@pytest.mark.parametrize(
    "written",
    [
        "2026-11-20 18:05",
        "2026-11-20T18:05:00",
        "2026/11/20 18:05:00",
        "2026.11.20 18:05",
        "2026年11月20日 18时05分",
        "2026年11月20日18:05",
        "202611201805",
        "20261120180500",
        "２０２６-11-20 18：05",
        "2026-11-20T10:05:00Z",
        "46346.753472222",
    ],
)
def test_a_date_in_any_form_is_the_same_moment(written: str) -> None:
    assert read_moment(written, NOW) == (datetime(2026, 11, 20, 18, 5, tzinfo=SHANGHAI), "")


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("", "没有来电日期"),
        ("昨天", "读不懂"),
        ("2026-02-30", "读不懂"),
        ("11/20/2026", "读不懂"),
        ("1970-01-01 08:00", "早于 2010 年"),
        ("0", "读不懂"),
        ("25569", "早于 2010 年"),
        ("2099-01-01", "晚于现在"),
        ((NOW + timedelta(hours=1)).isoformat(), "晚于现在"),
        ("20261399", "读不懂"),
        ("99999", "晚于现在"),
        ("9" * 400, "读不懂"),
    ],
)
def test_an_impossible_date_is_told(written: str, why: str) -> None:
    moment, said = read_moment(written, NOW)
    assert moment is None
    assert why in said


def test_a_good_row_is_read() -> None:
    row, problems = read_row(GOOD, COLUMNS, NOW)
    assert problems == ()
    assert row is not None
    assert (row.external, row.ticket_type, row.notes.phone) == ("SH2026-1", TicketType.COMPLAINT, "13800000000")
    two, _ = read_row((*GOOD[:3], "13800000000,13800000001", "说不清", *GOOD[5:]), COLUMNS, NOW)
    assert two is not None
    assert (two.notes.phone, two.ticket_type) == ("13800000000", None)


@pytest.mark.parametrize(
    ("column", "value", "field", "why"),
    [
        (0, "", F.EXTERNAL, "没有外部工单编号"),
        (0, "x" * 61, F.EXTERNAL, "超过 60 字"),
        (1, "1970-01-01", F.CALLED_AT, "早于 2010 年"),
        (2, "", F.TEXT, "是空的"),
        (2, "。。。！", F.TEXT, "没有文字"),
        (2, "锟斤拷锟斤拷", F.TEXT, "乱码"),
        (3, "138000000001", F.PHONE, "位数不对"),
        (6, "路" * 201, F.ADDRESS, "超过上限"),
    ],
)
def test_a_broken_row_names_the_field(column: int, value: str, field: ImportField, why: str) -> None:
    cells = [*GOOD]
    cells[column] = value
    row, problems = read_row(cells, COLUMNS, NOW)
    assert row is None
    assert any(p.field == field.value and why in p.message for p in problems), problems


def test_a_short_row_misses_its_last_cells_only() -> None:
    row, _ = read_row(GOOD[:3], COLUMNS, NOW)
    assert row is not None
    assert (row.notes.phone, row.notes.address) == ("", "")
