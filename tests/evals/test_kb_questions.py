"""The question set of the knowledge base: broken rows are named, figures count what they say."""

from pathlib import Path

import pytest

from evals.cases import CaseError
from evals.kb_questions import KbAnswer, KbQuestion, figures, rank_with, read_kb_questions

KNOWN = frozenset({"lamp", "road"})
ROWS = """{"id": "1", "question": "灯不亮", "documents": ["lamp"], "answerable": true}

{"id": "2", "question": "几点下雨", "documents": [], "answerable": false}
"""


def test_rows_are_read(tmp_path: Path) -> None:
    file = tmp_path / "q.jsonl"
    file.write_text(ROWS, encoding="utf-8")
    one, other = read_kb_questions(file, KNOWN)
    assert (one.documents, one.answerable, other.answerable) == ({"lamp"}, True, False)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("not json", "第 1 行"),
        ('{"question": "灯"}', "读不懂"),
        ('{"id": "1", "question": "灯", "documents": ["gone"], "answerable": true}', "gone"),
        ('{"id": "1", "question": "灯", "documents": [], "answerable": true}', "不一致"),
        ("[1]", "读不懂"),
        ("", "没有数据"),
    ],
)
def test_a_broken_row_is_named(tmp_path: Path, row: str, said: str) -> None:
    file = tmp_path / "q.jsonl"
    file.write_text(row, encoding="utf-8")
    with pytest.raises(CaseError, match=said):
        read_kb_questions(file, KNOWN)


def test_figures() -> None:
    lamp, rain = KbQuestion("1", "灯", frozenset({"lamp"})), KbQuestion("2", "雨", frozenset())
    answers = [
        KbAnswer(lamp, ("lamp",), 0.9, True),
        KbAnswer(lamp, ("road", "lamp"), 0.8, True),
        KbAnswer(lamp, ("road",), 0.1, False),
        KbAnswer(rain, ("road",), 0.1, False),
        KbAnswer(rain, (), 0.0, False),
    ]
    values = {name: round(figure.value, 3) for name, figure in figures(answers).items()}
    assert values == {
        "r_at_1": 0.333, "r_at_3": 0.667, "mrr": 0.5, "answered": 0.667, "answered_right": 0.5, "refused": 1.0,
    }  # fmt: skip


def test_a_peer_is_asked_only_what_a_document_answers() -> None:
    asked: list[str] = []

    def ranker(text: str) -> list[str]:
        asked.append(text)
        return ["road", "lamp"]

    questions = [KbQuestion("1", "灯", frozenset({"lamp"})), KbQuestion("2", "雨", frozenset())]
    assert rank_with(ranker, questions)["mrr"].value == 0.5
    assert asked == ["灯"]
