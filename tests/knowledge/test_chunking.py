"""Passages: short enough to read aloud, never across headings or articles, nothing lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.chunking import passages_of
from knowledge.clauses import section_of
from knowledge.entries import entries_of
from tests.knowledge.makers import BODY, document


def test_sections_become_passages_with_their_headings() -> None:
    found = passages_of(document("a", "设摊", BODY))
    assert [p.heading_path for p in found] == [("设摊", "可以这样答复"), ("设摊", "办理要点"), ("设摊", "依据")]
    assert [p.id for p in found] == ["a#0", "a#1", "a#2"]
    assert found[1].text == "- 问清地点、时间和摊位数量。"


def test_an_article_begins_a_passage_of_its_own() -> None:
    found = passages_of(
        document("a", "条例", "## 总则\n第一条 为了整洁。\n第二条 适用本市。\n（一）道路；\n（二）广场。")
    )
    assert [p.text for p in found] == ["第一条 为了整洁。", "第二条 适用本市。\n（一）道路；\n（二）广场。"]


def test_items_stay_whole_and_wrapped_lines_are_joined() -> None:
    body = "一、先问清楚\n地点和时间。\n\n二、再登记。"
    assert [p.text for p in passages_of(document("a", "t", body))] == ["一、先问清楚地点和时间。\n二、再登记。"]
    assert [p.text for p in passages_of(document("a", "t", body), limit=14)] == [
        "一、先问清楚地点和时间。",
        "二、再登记。",
    ]


def test_nested_headings_and_marks() -> None:
    body = "# 大\n## 中\n**重要**的[链接](x.md)`码`\n## 另\n> 引用\n```\n# 不是标题\n```"
    found = passages_of(document("a", "t", body))
    assert [(p.heading_path, p.text) for p in found] == [
        (("t", "大", "中"), "重要的链接码"),
        (("t", "大", "另"), "引用# 不是标题"),
    ]


@given(st.text(alphabet="停水。，；！a1 第二条、\n（一）", max_size=900))
def test_no_passage_is_too_long_and_nothing_is_lost(body: str) -> None:
    found = passages_of(document("a", "t", body), limit=60)
    assert all(0 < len(p.text) <= 60 for p in found)
    assert "".join("".join(p.text for p in found).split()) == "".join(body.split())


def test_entries_are_named_after_their_text() -> None:
    one = document("a", "设摊", BODY, asks=("有人摆摊",))
    other = document("a", "设摊", BODY.replace("摊位数量", "摊位"), asks=("有人摆摊",))
    entries, changed = entries_of(one, passages_of(one)), entries_of(other, passages_of(other))
    assert [e.text for e in entries[:2]] == ["设摊", "有人摆摊"]
    assert {e.passage_id for e in entries} == {None, "a#0", "a#1", "a#2"}
    same = {e.id for e in entries} & {e.id for e in changed}
    assert len(same) == len(entries) - 2  # the edited passage and the whole that contains it


@pytest.mark.parametrize("part", ["[", "![](", "<!--", "[](", "**a", "# a" + " " * 100_000])
def test_a_hostile_body_is_cut_in_linear_time(part: str) -> None:
    """Each of these kept the search busy for minutes while expressions ran in quadratic time."""
    body = "可以\n" + part * (200_000 // len(part)) + "b"
    assert "".join(p.text for p in passages_of(document("a", "设摊", body))).startswith("可以")


def test_comments_are_not_read_aloud() -> None:
    found = passages_of(document("a", "设摊", "甲<!-- 藏 <!-- 藏 -->乙<!-- 没有收尾"))
    assert [p.text for p in found] == ["甲乙<!-- 没有收尾"]


def paths(body: str, limit: int = 300) -> list[tuple[str, ...]]:
    return [p.heading_path for p in passages_of(document("a", "t", body), limit)]


def test_chapters_and_numbered_headings_are_levels_of_the_path() -> None:
    body = "第一章 总则\n一、适用范围\n\n本镇居民。\n\n（一）对象\n\n老年人。\n二、办理材料\n1. 身份证\n2. 户口簿\n"
    body += "第二章 附则\n本办法自公布之日起施行。"
    found = passages_of(document("a", "办法", body))
    assert [(p.heading_path, p.text) for p in found] == [
        (("办法", "第一章 总则", "一、适用范围"), "本镇居民。"),
        (("办法", "第一章 总则", "一、适用范围", "（一）对象"), "老年人。"),
        (("办法", "第一章 总则", "二、办理材料"), "1. 身份证\n2. 户口簿"),
        (("办法", "第二章 附则"), "本办法自公布之日起施行。"),
    ]


def test_a_passage_inside_an_article_is_cited_by_its_item() -> None:
    body = "第三条 有下列情形之一的：\n（一）家庭困难的；\n（二）患有重病的：\n1. 在本市医院确诊的；\n2. 正在治疗的。"
    assert paths(body) == [("t", "第三条")]
    assert paths(body, limit=17) == [
        ("t", "第三条"),
        ("t", "第三条", "第（一）项"),
        ("t", "第三条", "第（二）项"),
        ("t", "第三条", "第（二）项", "第1目"),
        ("t", "第三条", "第（二）项", "第2目"),
    ]
    assert paths("### 第三条\n（一）家庭困难的；\n（二）患有重病的。", limit=10)[1] == ("t", "第三条", "第（二）项")


def test_a_paragraph_after_the_items_belongs_to_the_article_again() -> None:
    body = "第三条之一 可以申请：\n（一）家庭困难的；\n\n前款由镇里受理。"
    assert paths(body, limit=14)[-1] == ("t", "第三条之一")


def test_a_mention_of_an_article_begins_none() -> None:
    assert paths("第三条规定的情形，按第四条办理。\n\n第三条第二款另有规定的除外。") == [("t",)]


def test_a_list_is_no_heading_and_a_heading_over_nothing_is_kept() -> None:
    assert paths("1. 问清地点\n2. 登记\n\n随后派单。") == [("t",)]
    assert paths("一、问清地点\n二、登记\n\n随后派单。") == [("t",)]
    found = passages_of(document("a", "t", "## 要点\n### 空\n## 依据\n"))
    assert [(p.heading_path, p.text) for p in found] == [(("t", "要点"), "空"), (("t",), "依据")]


LINES = "|## 依据|# 停水|第一章 总则|第二条 停水要公告。|第三条 停水|一、停水原因|（一）停电|（二）停气；"
LINES += "|1. 打电话|2. 登记：|①问清|- 问清|水务部门负责|```|> 引用|" + "停水由供水公司修，十天内修好。" * 4


@given(st.lists(st.sampled_from(LINES.split("|")), max_size=30), st.sampled_from([12, 60, 300]))
def test_every_line_is_in_a_text_or_a_path(lines: list[str], limit: int) -> None:
    found = passages_of(document("a", "t", "\n".join(lines)), limit)
    assert all(0 < len(p.text) <= limit for p in found)
    texts = "".join("".join(p.text for p in found).split())
    headings = {"".join(name.split()) for p in found for name in p.heading_path}
    for line in lines:
        plain = "".join(line.lstrip("#>").replace("`", "").split())
        assert plain in texts or plain in headings


def test_a_section_is_said_as_a_citation_says_it() -> None:
    assert section_of(("停水", "办理要点")) == "办理要点"
    assert section_of(("条例", "第一章 总则", "第三条", "第（二）项")) == "第三条 第（二）项"
    assert section_of(("条例",)) == ""


def test_entries_of_an_article_do_not_say_its_number_twice() -> None:
    one = document("a", "条例", "## 总则\n第一条 为了整洁。")
    assert [e.text for e in entries_of(one, passages_of(one))][-1] == "总则\n第一条 为了整洁。"
