"""Spreadsheets: a draft a row under a known header, else a draft a sheet; merged, hidden and open cells are told."""

from datetime import date

import openpyxl
from openpyxl.styles import Font

from knowledge.documents import DocumentKind, LegalBasis
from knowledge.exchange.child import reading_of
from tests.knowledge.exchange.files import saved, sheet


def test_a_row_is_a_document_under_a_known_header() -> None:
    rows = [
        ["示例单位问答汇总"],
        ["序号", "问题", "标准答复", "相似问法", "事项代码", "责任单位", "法律依据", "文档类别"],
        [
            1,
            "示例甲怎么办",
            "请到示例窗口。\n带好材料。",
            "甲怎么弄；甲找谁",
            "C01、C02",
            "ZFD",
            "《示例条例》（2020-01-02）第三条、第四条",
            "办事指南",
        ],
        [2, "示例乙怎么办", "打示例电话。", None, None, None, "《示例规定》第五条", None],
    ]
    reading = reading_of(sheet(rows), "问答.xlsx")
    first, second = reading.drafts
    assert (first.title, first.origin, first.kind) == ("示例甲怎么办", "表“问答”第 3 行", DocumentKind.GUIDE)
    assert (first.topics, first.unit, first.asks) == (("C01", "C02"), "ZFD", ("甲怎么弄", "甲找谁"))
    assert first.basis == (LegalBasis("示例条例", "2020-01-02", ("第三条", "第四条")),)
    assert second.basis == (LegalBasis("示例规定", "未注明", ("第五条",)),)
    assert second.body == (
        "## 可以这样答复\n\n打示例电话。\n\n## 办理要点\n\n- 序号：2\n\n## 依据\n\n《示例规定》第五条"
    )
    assert first.passages[0].text == "请到示例窗口。\n带好材料。"


def test_merged_cells_are_filled_and_named_by_sheet_and_row() -> None:
    book = openpyxl.Workbook()
    book.active.title = "汇总"
    for row in (["事项", "问题", "答复"], ["甲", "问一", "答一"], [None, "问二", "答二"]):
        book.active.append(row)
    book.active.merge_cells("A2:A3")
    reading = reading_of(saved(book), "a.xlsx")
    assert [draft.topics for draft in reading.drafts] == [("甲",), ("甲",)]
    assert [str(n) for n in reading.notices] == ["表“汇总”第 2、3 行：合并的单元格已按第一格的内容填满。请核对这些行。"]


def test_without_a_known_header_a_sheet_is_a_document() -> None:
    rows = [["项目", "标准", "日期"], ["甲", 0.5, date(2026, 1, 2)], ["乙", 3.0, True]]
    draft = reading_of(sheet(rows), "标准.xlsx").drafts[0]
    assert (draft.title, draft.origin) == ("标准", "表“问答”")
    assert draft.body == "- 项目：甲；标准：0.5；日期：2026-01-02\n- 项目：乙；标准：3；日期：是"


def test_hidden_rows_white_text_and_open_formulas_are_told() -> None:
    book = openpyxl.Workbook()
    shown = book.active
    for row in (["问题", "答复"], ["问一", "答一"], ["问二", "答二"], ["问三", "=1+1"], ["问四", "答四"]):
        shown.append(row)
    shown.row_dimensions[3].hidden = True
    shown["B5"].font = Font(color="FFFFFFFF")
    book.create_sheet("藏着").sheet_state = "hidden"
    reading = reading_of(saved(book), "a.xlsx")
    assert [draft.title for draft in reading.drafts] == ["问一", "问三", "问四"]
    told = "".join(str(notice) for notice in reading.notices)
    assert "1 个隐藏的行" in told
    assert "白色文字" in told
    assert "单元格 B4" in told
    assert any("没有答复" in notice.message for notice in reading.drafts[2].notices)
