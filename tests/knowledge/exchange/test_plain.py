"""Markdown: our own front matter is kept, a broken one is told by line, HTML in it goes."""

from knowledge.documents import DocumentKind
from knowledge.exchange.child import reading_of
from tests.knowledge.makers import source


def test_our_own_document_comes_with_all_its_fields() -> None:
    draft = reading_of(source().encode(), "C01-baiTan.md").drafts[0]
    assert draft.document is not None
    assert (draft.title, draft.kind, draft.topics, draft.notices) == (
        "无证设摊怎么反映",
        DocumentKind.QUESTION,
        ("C01",),
        (),
    )
    assert draft.body == draft.document.body
    assert draft.asks == draft.document.asks


def test_a_broken_front_matter_is_told_by_line_and_the_body_kept() -> None:
    draft = reading_of(source(status="好", in_force_from="去年").encode(), "a.md").drafts[0]
    assert draft.document is None
    assert {notice.place for notice in draft.notices} == {"第 7 行", "第 10 行"}
    assert draft.body.startswith("## 可以这样答复")
    unreadable = reading_of(source(title="[没有收尾").encode(), "a.md").drafts[0]
    assert unreadable.notices[0].place == "第 4 行"


def test_html_comments_and_risky_links_go() -> None:
    text = "# 示例\n正文<script>藏()</script><!-- 藏 -->。<b>粗</b>\n"
    text += '<span style="display:none">藏</span>[点](javascript:a())'
    draft = reading_of(text.encode(), "a.md").drafts[0]
    assert (draft.title, draft.body) == ("示例", "正文。粗\n点")
    told = draft.notices[0].message
    assert all(what in told for what in ("注释", "script", "隐藏文字", "HTML 标签", "能运行程序的链接"))


def test_other_encodings_are_read_and_told() -> None:
    draft = reading_of("示例\n示例正文".encode("gb18030"), "a.txt").drafts[0]
    assert "示例正文" in draft.body
    assert (draft.notices[0].place, "GB18030" in draft.notices[0].message) == ("第 1 行", True)
    assert "编码" in reading_of(b"\xff\xff\xff\x80\xff", "a.md").message()
