"""Telephone numbers: which are right, which are not and why, and what is left to be seen of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.domain.privacy import mask_phone, mask_text, normalise_phone, phone_problem, valid_phone


@pytest.mark.parametrize(
    "number",
    [
        "",
        "13800000000",
        "１３８００００００００",
        "138 0000-0000",
        "+86 13800000000",
        "62112345",
        "021-62112345",
        "(021)62112345",
        "0512-66112345",
        "0571 8611234",
        "12345",
        "62112345转801",
        "4008000000",
    ],
)
def test_right_numbers(number: str) -> None:
    assert valid_phone(number)


@pytest.mark.parametrize(
    ("number", "why"),
    [
        ("1380000000", "11 位，现在是 10 位"),
        ("138000000000", "现在是 12 位"),
        ("6211234512", "固定电话应为 7～8 位"),
        ("62112", "现在是 5 位"),
        ("电话不知道", "不是数字"),
        ("1' OR '1'='1", "不是数字"),
    ],
)
def test_wrong_numbers_are_told_why(number: str, why: str) -> None:
    assert why in phone_problem(number)


def test_masking_keeps_the_ends() -> None:
    assert mask_phone("13800000000") == "138****0000"
    assert mask_phone("02162112345") == "****2345"
    assert mask_phone("12345") == "****45"
    assert mask_phone("") == ""


def test_masking_in_text_leaves_ticket_numbers_and_dates() -> None:
    text = "工单JT20261123-0001，20261123，电话13800000000或１３８００００００００"
    assert mask_text(text) == "工单JT20261123-0001，20261123，电话138****0000或138****0000"
    assert mask_text("没有号码，１２３号") == "没有号码，１２３号"


@given(st.integers(min_value=0, max_value=9999))
def test_a_masked_mobile_never_shows_its_middle(tail: int) -> None:
    number = f"1380000{tail:04d}"
    masked = mask_phone(normalise_phone(number))
    assert len(masked) == 11
    assert masked[3:7] == "****"
