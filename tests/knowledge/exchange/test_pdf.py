"""Pdf: lines become paragraphs, bigger letters headings, page numbers go; scans and damaged files are refused."""

from knowledge.exchange.child import reading_of
from tests.knowledge.exchange.files import TEXT, pdf

LONG = "九亭镇示例单位受理示例事项，请带好示例材料前往示例窗口办理，周一至周五"


def test_lines_become_paragraphs() -> None:
    reading = reading_of(pdf([["第一条 示例甲。", LONG, "都可以办理。", "（一）示例乙；"]], title="示例办法"), "a.pdf")
    assert reading.refusal is None, reading.message()
    draft = reading.drafts[0]
    assert draft.title == "示例办法"
    assert draft.body == f"第一条 示例甲。\n\n{LONG}都可以办理。\n\n（一）示例乙；"
    assert "请对照原件核对" in draft.notices[0].remedy


def test_running_lines_and_page_numbers_go() -> None:
    pages = [["示例办法汇编", f"{LONG}{n}", f"— {n} —"] for n in range(1, 5)]
    draft = reading_of(pdf(pages), "a.pdf").drafts[0]
    assert "示例办法汇编" not in draft.body
    assert "—" not in draft.body
    assert draft.body.count("九亭镇示例单位") == 4
    assert any("页眉页脚（8 行）" in notice.message for notice in draft.notices)


def test_pages_without_text_are_named() -> None:
    draft = reading_of(pdf([[TEXT], [], [TEXT]]), "a.pdf").drafts[0]
    assert any(notice.place == "第 2 页" for notice in draft.notices)


def test_a_scan_is_refused_with_what_to_do() -> None:
    reading = reading_of(pdf([[], [], ["1"]]), "扫描.pdf")
    assert reading.drafts == ()
    assert "扫描件没有文字，请先做文字识别" in reading.message()
    assert reading.message().startswith("扫描.pdf：3 页里没有文字")


def test_a_damaged_pdf_is_refused() -> None:
    assert "已损坏" in reading_of(b"%PDF-1.4\n" + b"nonsense" * 50, "坏.pdf").message()
