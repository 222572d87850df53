"""Web pages: what a reader sees; scripts, comments, hidden text and risky links stay outside and are told."""

import pytest

from knowledge.exchange.child import reading_of
from knowledge.exchange.drafts import DraftDocument


def draft_of(inner: str, head: str = "") -> DraftDocument:
    page = f"<!doctype html><html><head><meta charset=utf-8>{head}</head><body><p>看得见。</p>{inner}</body></html>"
    reading = reading_of(page.encode(), "示例.html")
    assert reading.refusal is None, reading.message()
    return reading.drafts[0]


@pytest.mark.parametrize(
    ("inner", "told"),
    [
        ("<script>藏()</script>", "脚本"),
        ("<!-- 藏 -->", "注释"),
        ('<p style="display: none">藏</p>', "隐藏文字"),
        ('<p style="VISIBILITY:hidden !important">藏</p>', "隐藏文字"),
        ('<p style="color:#FFFFFF">藏</p>', "白色文字"),
        ('<p style="color:red;background:red">藏</p>', "白色文字"),
        ('<font color="white">藏</font>', "白色文字"),
        ('<span style="font-size:0">藏</span>', "极小的文字"),
        ('<div style="height:0;overflow:hidden">藏</div>', "大小为零的文字"),
        ('<div style="position:absolute;left:-9999px">藏</div>', "移到页面外的文字"),
        ('<p style="opacity:0">藏</p>', "透明文字"),
        ('<p aria-hidden="true">藏</p>', "aria-hidden"),
        ("<p hidden>藏</p>", "hidden 属性"),
        ("<iframe>藏</iframe>", "嵌入的内容"),
        ("<nav>藏</nav>", "导航栏"),
    ],
)
def test_what_a_reader_cannot_see(inner: str, told: str) -> None:
    draft = draft_of(inner)
    assert draft.body == "看得见。"
    assert told in draft.notices[0].message


def test_style_rules_of_the_page_hide_too() -> None:
    draft = draft_of(
        '<p class="a x">藏</p><p id=z>藏</p><b class=y>留</b>', "<style>.x, #z{display:none} i.y{display:none}</style>"
    )
    assert draft.body == "看得见。\n\n留"


def test_links_that_run_programs_lose_their_address() -> None:
    draft = draft_of('<p><a href=" Java\nscript:alert(1)">点</a><a href="https://example.org/a">看</a></p>')
    assert draft.body == "看得见。\n\n点[看](https://example.org/a)"
    assert "能运行程序的链接 1 处" in draft.notices[0].message


def test_headings_lists_and_tables() -> None:
    draft = draft_of(
        "<h1>示例说明</h1><h3>材料</h3><ul><li>甲<ul><li>乙</li></ul></li></ul><p>第一条 示例。<br>第二条 示例。</p>"
        "<table><tr><th>项目</th><th>期限</th></tr>"
        "<tr><td rowspan=2>甲</td><td>三天</td></tr><tr><td>五天</td></tr></table>"
    )
    assert draft.title == "示例说明"
    assert draft.body.endswith(
        "### 材料\n\n- 甲\n  - 乙\n\n第一条 示例。\n\n第二条 示例。\n\n- 项目：甲；期限：三天\n- 项目：甲；期限：五天"
    )


def test_a_page_in_gb18030() -> None:
    page = "<html><head><meta charset=gb2312><title>示例页</title></head><body><p>示例正文。</p></body></html>"
    draft = reading_of(page.encode("gb18030"), "a.htm").drafts[0]
    assert (draft.title, draft.body) == ("示例页", "示例正文。")


def test_deep_nesting_is_cut_off_and_not_fatal() -> None:
    reading = reading_of(("<div>" * 50_000 + "深" + "</div>" * 50_000).encode(), "a.html")
    assert reading.drafts or reading.refusal
