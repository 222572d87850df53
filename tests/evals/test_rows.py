"""Rows of transfer and retrieve: what is broken is named with its row, and nothing is measured."""

import json
from pathlib import Path

import pytest

from evals.cases import CaseError
from evals.rows import MAX_ROWS, read_rows

NEEDED = ("id", "text", "unit")


def _file(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / "rows.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_rows_are_read_in_order_and_only_what_is_needed(tmp_path: Path) -> None:
    path = _file(tmp_path, json.dumps({"id": 1, "text": "路灯坏了", "unit": "城管", "more": "x"}), "")
    assert read_rows(path, NEEDED) == ({"id": "1", "text": "路灯坏了", "unit": "城管"},)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("not json", "不是 JSON"),
        ('["id"]', "JSON 对象"),
        ('{"id": "2", "text": " ", "unit": "城管"}', "缺少“text”"),
        ('{"id": "2", "text": "水管爆了"}', "缺少“unit”"),
        ('{"id": "1", "text": "水管爆了", "unit": "水务"}', "编号 1 重复"),
    ],
)
def test_a_broken_row_is_named_with_its_number(tmp_path: Path, line: str, said: str) -> None:
    good = json.dumps({"id": "1", "text": "路灯坏了", "unit": "城管"})
    with pytest.raises(CaseError, match=f"第 2 行.*{said}"):
        read_rows(_file(tmp_path, good, line), NEEDED)


def test_wrong_encoding_empty_and_far_too_many_rows_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "gbk.jsonl"
    path.write_bytes('{"id": "1", "text": "路灯坏了", "unit": "城管"}'.encode("gb18030"))
    with pytest.raises(CaseError, match="UTF-8"):
        read_rows(path, NEEDED)
    with pytest.raises(CaseError, match="没有数据"):
        read_rows(_file(tmp_path, "", ""), NEEDED)
    with pytest.raises(CaseError, match="上限"):
        read_rows(_file(tmp_path, *["{}"] * (MAX_ROWS + 1)), NEEDED)
