"""Passages: short enough to read aloud, never across headings or articles, nothing lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.chunking import passages_of
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
