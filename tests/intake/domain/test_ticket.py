"""Ticket numbers and the labels of the form."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.domain.ticket import form_rows, number_of
from tests.intake.samples import sample_ticket

DAYS = st.dates(min_value=date(2024, 1, 1), max_value=date(2099, 12, 31))
LABELS = [
    "来电日期",
    "工单类型",
    "联系人",
    "联系电话",
    "诉求地址",
    "诉求描述",
    "承办单位",
    "当日先联",
    "现场查看",
    "事实认定",
    "办结汇报",
    "答复日期",
    "是否满意",
]


def test_the_number_is_readable() -> None:
    assert number_of(date(2026, 11, 23), 1) == "JT20261123-0001"
    with pytest.raises(ValueError, match="at least 1"):
        number_of(date(2026, 11, 23), 0)


@given(DAYS, st.integers(1, 99_999), DAYS, st.integers(1, 99_999))
def test_numbers_are_unique_and_well_formed(day: date, count: int, other: date, another: int) -> None:
    number = number_of(day, count)
    assert re.fullmatch(r"JT\d{8}-\d{4,5}", number)
    assert (number == number_of(other, another)) == ((day, count) == (other, another))


def test_every_label_of_the_form_is_there() -> None:
    rows = form_rows(sample_ticket())
    assert [label for label, _ in rows] == LABELS
    assert dict(rows)["来电日期"] == "2026-11-23 10:05"
    assert dict(rows)["承办单位"] == "综合行政执法队；协办：社区管理办公室"
