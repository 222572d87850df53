"""Judging a question, and the figures over many."""

import pytest

from evals.hits.asked import as_row, ask_all, from_row, judge
from evals.hits.figures import figures
from evals.hits.questions import Question
from tests.evals.hits.makers import DAY, WordFinder, asked, document, finding

BAI, WU = document("C01-bai", "楼下摆摊"), document("A01-wu", topics=("A01",))


def test_the_rank_is_that_of_the_first_right_document() -> None:
    question = Question("1", "物业", ("A01-wu", "X"))
    said = judge(question, finding("物业", [BAI, WU]))
    assert (said.rank, said.answered_from, said.right_answer, said.miss) == (2, "C01-bai", False, "排在第 2")
    assert judge(Question("1", "摊", (), ("C01",)), finding("摊", [BAI])).right_answer


@pytest.mark.parametrize(
    ("question", "answered", "miss"),
    [
        (Question("1", "q", ("C01-bai",)), True, ""),
        (Question("1", "q", ("C01-bai",)), False, "找到了但没有答复"),
        (Question("1", "q", ("X",)), True, "没找到"),
        (Question("1", "q", answerable=False), True, "应无答案却答复了"),
        (Question("1", "q", answerable=False), False, ""),
        (Question("1", "q"), False, "没有答复"),
    ],
)
def test_what_went_wrong_is_named(question: Question, answered: bool, miss: str) -> None:
    assert judge(question, finding("q", [BAI], answered)).miss == miss


def test_a_question_that_breaks_the_search_is_kept_and_never_right() -> None:
    finder = WordFinder({"C01-bai": BAI}, frozenset({"坏"}))
    said: list[float] = []
    rows = ask_all(
        finder,
        [
            Question("1", "坏", ("C01-bai",)),
            Question("2", "坏", answerable=False),
            Question("3", "楼下摆摊", ("C01-bai",)),
        ],
        DAY,
        lambda _, share: said.append(share),
    )
    assert [row.miss for row in rows] == ["未能提问", "未能提问", ""]
    assert rows[0].fault == "RuntimeError: 索引坏了"
    measured = figures(rows)
    assert (measured["r_at_1"].value, measured["refused"].value) == (0.5, 0.0)
    assert measured["faults"].value == pytest.approx(2 / 3)
    assert said == [pytest.approx(1 / 3), pytest.approx(2 / 3), 1.0]


def test_every_figure_counts_only_the_questions_that_state_what_is_right() -> None:
    rows = [
        asked("1", 1),
        asked("2", 2, right_answer=False),
        asked("3", 4, answered=False),
        asked("4", 0, answered=False),
        asked("5", answered=False, answerable=False),
        asked("6", answered=True, answerable=False),
    ]
    found = figures(rows)
    values = {key: figure.value for key, figure in found.items()}
    assert values == {
        "r_at_1": 0.25,
        "r_at_3": 0.5,
        "r_at_10": 0.75,
        "mrr": pytest.approx((1 + 1 / 2 + 1 / 4) / 4),
        "answered": 0.5,
        "right_answers": 0.5,
        "refused": 0.5,
        "faults": 0.0,
    }
    assert (found["r_at_1"].count, found["refused"].count, found["faults"].count) == (4, 2, 6)
    assert found["r_at_1"].low < 0.25 < found["r_at_1"].high


def test_a_judged_question_comes_back_from_its_row() -> None:
    row = judge(Question("1", "物业", ("A01-wu",), ("A01",)), finding("物业", [BAI, WU]), 12.3)
    assert from_row(as_row(row)) == row
