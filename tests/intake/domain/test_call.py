"""What was said stays as it was said; what cannot become a ticket is told why."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.domain.call import (
    MAX_TEXT,
    CallNotes,
    clean_notes,
    clean_text,
    hidden_characters,
    note_problems,
    text_problem,
)
from tests.intake.fakes import NOW


@pytest.mark.parametrize(
    "text",
    [
        "隔壁很吵😡😡",
        "樓上漏水，沒有人管",
        "１２３弄５号",
        "<script>alert(1)</script>路灯坏了",
        "'; DROP TABLE tickets; --",
        "第一行\n第二行\t缩进",
    ],
)
def test_unusual_texts_are_kept_exactly(text: str) -> None:
    assert clean_text(text) == text
    assert text_problem(text) == ""


def test_control_characters_go_and_are_counted() -> None:
    dirty = "路灯\x00坏了\x1b[31m\u202e，\ufeff晚上\r\n很黑\ud800"
    assert clean_text(dirty) == "路灯坏了[31m，晚上\n很黑"
    assert hidden_characters(dirty) == 5


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "空的"),
        ("  \n ", "空的"),
        ("吵", "只有一个字"),
        ("。。。！？", "只有标点"),
        ("😡😡", "只有标点或符号"),
        ("吵！", "只有一个字"),
    ],
)
def test_texts_that_say_nothing_are_refused(text: str, why: str) -> None:
    assert why in text_problem(clean_text(text))


def test_the_limit_is_twenty_thousand_characters() -> None:
    assert text_problem("吵" * MAX_TEXT) == ""
    problem = text_problem("吵" * (MAX_TEXT + 1))
    assert "20001 字" in problem
    assert "上限 20000 字" in problem


def test_all_problems_are_named_at_once() -> None:
    notes = CallNotes("", NOW + timedelta(days=1), "路" * 201, "1380000000", "张" * 51)
    assert {p.field for p in note_problems(notes, NOW)} == {"text", "called_at", "address", "phone", "contact"}


@given(st.text(max_size=80))
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    once = clean_notes(CallNotes(text, NOW, text, "", text))
    assert clean_notes(once) == once
    assert hidden_characters(once.text) == 0
