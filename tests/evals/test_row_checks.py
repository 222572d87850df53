"""Rows of case files: what is kept, and what is told with row and remedy."""

from evals.cases import Codes, check_rows, codes_of
from evals.cells import Value

CODES = codes_of([("C01", "无证设摊"), ("D05", "路灯照明")], [("ZFD", "综合行政执法队")])


def reading(*rows: dict[str, Value], codes: Codes = CODES) -> tuple[list[str], list[str]]:
    found = check_rows(list(enumerate(rows, 2)), codes)
    return [case.id for case in found.cases], list(found.notes)


def test_a_bad_row_is_told_and_the_others_are_kept() -> None:
    ids, notes = reading({"id": "1", "text": "设摊", "topic": "C01"}, {"id": "2", "text": ""})
    assert ids == ["1"]
    assert notes == ["第 3 行：没有诉求内容（text）。请补上，或删去该行"]


def test_an_unknown_code_is_told_with_the_nearest_name() -> None:
    _, notes = reading({"id": "1", "text": "灯", "topic": "路灯照名"})
    assert notes == ["第 2 行：事项“路灯照名”不在目录里。是不是“路灯照明”？请改用目录里的代码或名称"]


def test_names_and_lower_case_codes_and_code_with_name_are_understood() -> None:
    rows = [{"id": "1", "text": "a", "topic": "路灯照明"}, {"id": "2", "text": "b", "topic": "c01"}]
    found = check_rows(list(enumerate([*rows, {"id": "3", "text": "c", "topic": "C01 无证设摊"}], 2)), CODES)
    assert [case.topic for case in found.cases] == ["D05", "C01", "C01"]


def test_the_same_text_with_another_label_is_a_remark_and_the_same_number_a_fault() -> None:
    ids, notes = reading(
        {"id": "1", "text": "灯", "topic": "D05"},
        {"id": "2", "text": "灯", "topic": "C01"},
        {"id": "1", "text": "别的", "topic": "D05"},
    )
    assert ids == ["1", "2"]
    assert "第 3 行：文本与第 2 行相同，标注却不同" in notes[0]
    assert "第 4 行：编号 1 与第 2 行重复" in notes[1]


def test_a_file_without_labels_is_told_once() -> None:
    _, notes = reading({"id": "1", "text": "灯"}, {"id": "2", "text": "摊"})
    assert notes == ["整份文件没有标注。只能列出系统的建议，没有正确率；请加上“事项”等列后再评"]


def test_half_labelled_files_are_told_how_many_rows_count() -> None:
    _, notes = reading({"id": "1", "text": "灯", "topic": "D05"}, {"id": "2", "text": "摊"})
    assert notes == ["1 行没有标注事项。这些行不计入事项的正确率，其余照常"]


def test_no_telephone_and_no_name_reaches_the_evaluator() -> None:
    row: dict[str, Value] = {"id": "1", "text": "我叫测试甲，电话13800000000或021-57600000，身份证310117190001011234"}
    (case,) = check_rows([(2, row)], Codes()).cases
    assert case.text == "我叫［姓名］，电话138****0000或［电话］，身份证［证件号］"


def test_numbers_of_a_spreadsheet_become_plain_identities() -> None:
    ids, _ = reading({"id": 12.0, "text": "灯", "topic": "D05"})
    assert ids == ["12"]
