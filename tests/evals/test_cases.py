"""Case files: what is read, and what is refused with row and remedy."""

import json
from pathlib import Path

import pytest

from evals.cases import CaseError, load_cases


def write(folder: Path, *rows: object, raw: str = "") -> Path:
    path = folder / "cases.jsonl"
    path.write_text("\n".join(json.dumps(r, ensure_ascii=False) for r in rows) + raw, encoding="utf-8")
    return path


def test_topic_counts_as_accepted_beside_the_others(tmp_path: Path) -> None:
    (case,) = load_cases(write(tmp_path, {"id": "1", "text": "路灯不亮", "topic": "D05", "accept": ["D04"]}))
    assert case.accept == ("D05", "D04")


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"id": "1"}, "text"),
        ({"id": "1", "text": "路灯", "type": "抱怨"}, "投诉求助"),
        ({"id": "1", "text": "路灯", "outcome": "扔掉"}, "派单"),
        ({"id": "1", "text": "路灯", "called_at": "昨天"}, "昨天"),
        ({"id": "1", "text": "长" * 10_001}, "10000 字"),
    ],
)
def test_a_broken_row_is_named_with_its_number(tmp_path: Path, row: dict[str, str], said: str) -> None:
    with pytest.raises(CaseError, match="第 2 行") as caught:
        load_cases(write(tmp_path, {"id": "0", "text": "好的一行"}, row))
    assert said in str(caught.value)


def test_every_broken_row_is_named_at_once_and_duplicates_too(tmp_path: Path) -> None:
    path = write(tmp_path, {"id": "1", "text": "甲"}, {"id": "1", "text": "乙"}, raw="\n{not json")
    with pytest.raises(CaseError) as caught:
        load_cases(path)
    assert "第 2 行" in str(caught.value)
    assert "第 3 行" in str(caught.value)


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "leer.jsonl"
    path.write_text("\n")
    with pytest.raises(CaseError, match="是空文件"):
        load_cases(path)


def test_a_time_without_zone_is_read_as_local_time(tmp_path: Path) -> None:
    (case,) = load_cases(write(tmp_path, {"id": "1", "text": "路灯", "called_at": "2026-01-01T10:00:00"}))
    assert case.called_at is not None
    assert case.called_at.isoformat() == "2026-01-01T10:00:00+08:00"


def test_byte_order_mark_from_excel_is_accepted(tmp_path: Path) -> None:
    path = tmp_path / "bom.jsonl"
    path.write_text('{"id":"1","text":"路灯"}', encoding="utf-8-sig")
    assert load_cases(path)[0].id == "1"
