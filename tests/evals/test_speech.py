"""Figures of speech: what counts as an error, and where the words come from."""

from pathlib import Path

import pytest

from evals.cases import CaseError
from evals.speech import Read, character_errors, error_rate, load
from tests.intake.speech.sounds import encoded, tone


@pytest.mark.parametrize(
    ("said", "text", "errors"),
    [
        ("路灯不亮", "路燈不亮。", 0),
        ("早上九点至下午五点", "早上9点,至下午5点", 0),
        ("路灯不亮", "路灯亮", 1),
        ("路灯不亮", "", 4),
        ("路灯不亮", "大路灯不良了", 3),
    ],
)
def test_script_punctuation_and_numerals_are_no_errors(said: str, text: str, errors: int) -> None:
    assert character_errors(said, text)[0] == errors


def test_the_rate_is_of_all_characters_and_views_are_one_recording() -> None:
    reads = [Read("a", "", 1, 10, 1, 1, 1), Read("a", "", 3, 10, 1, 1, 1), Read("b", "", 0, 20, 1, 1, 1)]
    rate = error_rate(reads)
    assert (rate.value, rate.count) == (0.1, 2)


def test_words_stand_beside_the_recording_or_in_a_list(tmp_path: Path) -> None:
    for name in ("a.wav", "b.wav", "c.wav"):
        (tmp_path / name).write_bytes(encoded(tone(0.5)))
    with pytest.raises(CaseError, match="没有带文字的录音"):
        load(tmp_path)
    (tmp_path / "a.txt").write_text("路灯不亮\n", encoding="utf-8")
    (tmp_path / "transcripts.jsonl").write_text('{"file": "b.wav", "text": "没人修"}\n', encoding="utf-8")
    assert [(r.name, r.said) for r in load(tmp_path)] == [("a.wav", "路灯不亮"), ("b.wav", "没人修")]
