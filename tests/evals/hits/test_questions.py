"""Rows of a question file: what is asked, and what is told with row and remedy."""

from pathlib import Path

import pytest
from openpyxl import Workbook

from evals.cells import Value
from evals.hits.questions import SHAPE, Catalogue, QuestionFile, check_questions
from evals.reading import read_rows_of
from tests.evals.hits.makers import DAY, document

THERE = [document("C01-bai"), document("A01-wu", topics=("A01",)), document("A01-lao", status="草稿")]
KNOWN = Catalogue({d.id: d for d in THERE}, {"C01": "C01", "无证设摊": "C01", "A01": "A01"}, DAY)


def check(*rows: dict[str, Value]) -> QuestionFile:
    return check_questions(enumerate(rows, 2), KNOWN)


def notes(*rows: dict[str, Value]) -> list[str]:
    return [str(problem) for problem in check(*rows).problems]


@pytest.mark.parametrize(
    ("cell", "ids"),
    [
        ("C01-bai", ("C01-bai",)),
        ("C01-bai、A01-wu", ("C01-bai", "A01-wu")),
        ("C01-bai, A01-wu", ("C01-bai", "A01-wu")),
        ("C01-bai；A01-wu", ("C01-bai", "A01-wu")),
        ('["C01-bai", "A01-wu"]', ("C01-bai", "A01-wu")),
        ("c01-BAI;c01-bai", ("C01-bai",)),
        ("示例 A01-wu", ("A01-wu",)),
    ],
)
def test_documents_are_read_as_people_write_them(cell: str, ids: tuple[str, ...]) -> None:
    (question,) = check({"question": "摆摊", "documents": cell}).questions
    assert question.documents == ids
    assert question.ranked


def test_an_unknown_document_is_told_with_the_nearest_one_and_the_other_rows_are_kept() -> None:
    found = check({"question": "摆摊", "documents": "C01-bei"}, {"question": "摊子", "documents": "C01-bai"})
    assert [q.text for q in found.questions] == ["摊子"]
    assert str(found.problems[0]) == "第 2 行：期望文档“C01-bei”不存在。是不是“C01-bai”？请改成知识库里的文档编号"


def test_a_row_without_any_expectation_is_told() -> None:
    assert "没有写期望" in notes({"question": "摆摊"})[0]


@pytest.mark.parametrize(
    ("row", "answerable"),
    [
        ({"answerable": False}, False),
        ({"unanswerable": "是"}, False),
        ({"unanswerable": "否", "topics": "C01"}, True),
        ({"unanswerable": "", "topics": "C01"}, True),
        ({"answerable": True}, True),
    ],
)
def test_whether_an_answer_is_expected_can_be_said_either_way(row: dict[str, Value], answerable: bool) -> None:
    (question,) = check({"question": "摆摊", **row}).questions
    assert question.answerable is answerable


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"unanswerable": "是", "documents": "C01-bai"}, "标了应无答案，又写了期望文档"),
        ({"unanswerable": "也许"}, "“也许”看不懂"),
        ({"answerable": "是", "unanswerable": "是"}, "互相矛盾"),
        ({"topics": "Q99"}, "事项“Q99”不在目录里"),
        ({"documents": '["C01-bai"'}, "不是 JSON 列表"),
    ],
)
def test_contradictions_and_unreadable_cells_are_told(row: dict[str, Value], said: str) -> None:
    found = check({"question": "摆摊", **row})
    assert not found.questions
    assert said in str(found.problems[0])


def test_the_same_question_counts_once_and_a_second_expectation_is_told() -> None:
    row: dict[str, Value] = {"question": "摆摊 ", "documents": "C01-bai"}
    said = notes(row, row, {"question": "摆摊", "documents": "A01-wu"})
    assert "第 3 行：问题与第 2 行相同。同一句话只算一次" in said[0]
    assert "第 4 行：问题与第 2 行相同，期望却不同" in said[1]
    assert "编号 1 与第 2 行重复" in notes({"id": 1, **row}, {"id": 1.0, **row, "question": "别的"})[0]


def test_a_document_that_answers_nobody_is_asked_for_all_the_same_and_told() -> None:
    found = check({"question": "旧的", "documents": "A01-lao"})
    assert len(found.questions) == 1
    assert "A01-lao（草稿） 在 2026-11-23 不参与答复" in str(found.problems[0])
    assert not found.problems[0].fatal


def test_topics_alone_take_any_document_of_the_topic() -> None:
    (question,) = check({"question": "摆摊", "topics": "无证设摊"}).questions
    assert question.takes("C01-bai", ("C01",))
    assert not question.takes("A01-wu", ("A01",))


def test_no_name_and_no_telephone_is_kept() -> None:
    (question,) = check({"question": "我叫测试甲，电话13800000000，摆摊", "documents": "C01-bai"}).questions
    assert question.text == "我叫［姓名］，电话138****0000，摆摊"


def test_chinese_headers_of_a_workbook_are_known(tmp_path: Path) -> None:
    book = Workbook()
    assert book.active is not None
    for row in (["编号", "问题", "期望文档", "应无答案"], [1, "摆摊", "C01-bai", None], [2, "哪家好吃", None, "是"]):
        book.active.append(row)
    book.save(tmp_path / "问题.xlsx")
    found = check_questions(read_rows_of(tmp_path / "问题.xlsx", SHAPE), KNOWN)
    assert [(q.id, q.documents, q.answerable) for q in found.questions] == [
        ("1", ("C01-bai",), True),
        ("2", (), False),
    ]
    assert not found.problems
