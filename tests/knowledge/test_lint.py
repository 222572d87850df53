"""The linter of kb_docs: what the schema cannot say."""

from pathlib import Path

import pytest

from knowledge.lint import lint
from tests.knowledge.makers import BODY, source, write


def messages(folder: Path, text: str) -> list[tuple[int, str]]:
    write(folder, "常见问答/a.md", text)
    return [(p.line, p.message) for p in lint(folder, frozenset({"C01"}), frozenset({"ZFD"}))]


def test_a_sound_document_has_no_problem(tmp_path: Path) -> None:
    assert messages(tmp_path, source()) == []


@pytest.mark.parametrize("section", ["可以这样答复", "办理要点", "依据"])
def test_missing_sections(tmp_path: Path, section: str) -> None:
    assert any(section in m for _, m in messages(tmp_path, source(body=BODY.replace(f"## {section}", "## 其他"))))


def test_answers_that_nobody_can_read_aloud(tmp_path: Path) -> None:
    assert any("不便念" in m for _, m in messages(tmp_path, source(body=BODY.replace("摆摊占道", "摆摊" * 300))))


FULL_WIDTH = "13800000001".translate({ord(digit): chr(ord(digit) + 0xFEE0) for digit in "0123456789"})


@pytest.mark.parametrize("number", ["13800000001", "138 0000 0001", "138-0000-0001", FULL_WIDTH])
def test_private_numbers_are_found_with_their_line(tmp_path: Path, number: str) -> None:
    text = source(body=BODY.replace("问清地点", f"请打 {number} 问清地点"))
    line = 1 + text.splitlines().index(next(row for row in text.splitlines() if "请打" in row))
    assert (line, "文档中有手机号码") in messages(tmp_path, text)


def test_schema_and_codes_are_checked_too(tmp_path: Path) -> None:
    assert any("X99" in m for _, m in messages(tmp_path, source(topics="[X99]")))


def test_ways_of_asking_are_wanted(tmp_path: Path) -> None:
    assert any("怎么问" in m for _, m in messages(tmp_path, source(asks=None)))
