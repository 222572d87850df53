"""Word documents: headings, automatic numbers, tables, what cannot be seen."""

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Pt, RGBColor

from knowledge.exchange.child import reading_of
from knowledge.exchange.drafts import DraftDocument
from tests.knowledge.exchange.files import number_paragraphs, saved, word


def draft_of(opened: object) -> DraftDocument:
    reading = reading_of(saved(opened), "示例.docx")
    assert reading.refusal is None, reading.message()
    return reading.drafts[0]


def test_headings_and_automatic_numbers_are_written_out() -> None:
    opened = docx.Document()
    opened.add_heading("示例管理办法", 0)
    opened.add_heading("第一章 总则", 1)
    number_paragraphs(
        opened, [("为了示例，制定本办法。", 0), ("下列情形：", 0), ("甲；", 1), ("乙。", 1), ("公布之日施行。", 0)]
    )
    opened.add_paragraph("示例材料", style="List Bullet")
    draft = draft_of(opened)
    assert draft.title == "示例管理办法"
    assert draft.body == (
        "## 第一章 总则\n\n第一条 为了示例，制定本办法。\n\n第二条 下列情形：\n\n（一）甲；\n\n（二）乙。\n\n"
        "第三条 公布之日施行。\n\n- 示例材料"
    )
    assert [p.text for p in draft.passages][:2] == [
        "第一条 为了示例，制定本办法。",
        "第二条 下列情形：\n（一）甲；\n（二）乙。",
    ]
    assert draft.passages[0].heading_path[:2] == ("示例管理办法", "第一章 总则")


def test_plain_paragraphs_with_chapters_and_lines_that_stand_alone() -> None:
    draft = reading_of(word("第一章 总则", "第一条 示例。", "一、示例项目", "（一）示例分项"), "示例.docx").drafts[0]
    assert draft.title == "示例"
    assert draft.body == "## 第一章 总则\n\n第一条 示例。\n\n一、示例项目\n\n（一）示例分项"


def test_a_table_is_read_aloud_and_merged_cells_are_filled() -> None:
    opened = docx.Document()
    table = opened.add_table(3, 3)
    for row, texts in enumerate([("项目", "标准", "期限"), ("甲", "一", "三天"), ("", "二", "五天")]):
        for column, text in enumerate(texts):
            table.cell(row, column).text = text
    table.cell(1, 0).merge(table.cell(2, 0))
    draft = draft_of(opened)
    assert draft.body == "- 项目：甲；标准：一；期限：三天\n- 项目：甲；标准：二；期限：五天"
    assert [str(n) for n in draft.notices] == ["第 1 张表：合并的单元格已按第一格的内容填到每一行。请核对表格内容。"]


def test_what_a_reader_cannot_see_stays_outside_and_is_told() -> None:
    opened = docx.Document()
    paragraph = opened.add_paragraph("看得见。")
    paragraph.add_run("藏起来").font.hidden = True
    paragraph.add_run("白的").font.color.rgb = RGBColor(255, 255, 255)
    paragraph.add_run("小的").font.size = Pt(1)
    paragraph._p.append(parse_xml(f"<w:del {nsdecls('w')}><w:r><w:delText>删了</w:delText></w:r></w:del>"))
    paragraph._p.append(parse_xml(f"<w:ins {nsdecls('w')}><w:r><w:t>新增的。</w:t></w:r></w:ins>"))
    draft = draft_of(opened)
    assert draft.body == "看得见。新增的。"
    told = "".join(notice.message for notice in draft.notices)
    assert all(what in told for what in ("隐藏文字", "白色文字", "极小的文字", "已删除的文字"))
