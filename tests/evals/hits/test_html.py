"""What the page shows."""

from evals.hits.compare import compare
from evals.hits.html import compared_html, finding_html, miss_label, run_html, runs_html
from evals.hits.marking import pieces
from tests.evals.hits.makers import a_run, asked, document, finding


def test_words_of_the_question_are_marked_and_fillers_are_not() -> None:
    marked = [text for text, hit in pieces("请问您楼下的摆摊问题，可以先摆摊吗", "请问楼下有人摆摊可以吗") if hit]
    assert marked == ["楼下", "摆摊", "摆摊"]
    assert "".join(text for text, _ in pieces("请问您楼下的摆摊问题", "摆摊")) == "请问您楼下的摆摊问题"
    assert list(pieces("", "摆摊")) == []


def test_a_finding_shows_order_answer_and_reason_and_escapes_what_is_written() -> None:
    html = finding_html(finding("<b>摊</b>示例", [document("C01-bai"), document("A01-wu")]), {"ZFD": "示例单位"}, False)
    assert html.index("示例 C01-bai") < html.index("示例 A01-wu")
    for part in ("来电人会听到", "示例理由", "<mark>示例</mark>段落", "/desk/knowledge?id=C01-bai", "示例单位"):
        assert part in html
    assert "知识库暂无答案" in finding_html(finding("x", [], False), {}, True)


def test_a_run_lists_its_misses_and_a_list_of_runs_its_figures() -> None:
    rows = [asked("1", 1), asked("2", 0, found={"X": 0.7}), asked("3", answerable=False)]
    html = run_html(a_run(rows), {"D": "期望的<文档>"}, {})
    for part in ("没问对的 2 句", "期望的&lt;文档&gt;", "没找到", "示例 X", "应无答案却答复了"):
        assert part in html
    assert "全部问对了" in run_html(a_run([asked("1", 1)]), {}, {})
    assert "还没有测过" in runs_html([])
    assert miss_label(rows[1]) == "2　示例问题 2（没找到）"


def test_a_comparison_names_what_was_found_and_lost() -> None:
    found = compare(a_run([asked("1", 0), asked("2", 1)]), a_run([asked("1", 1), asked("2", 2)]))
    html = compared_html(found)
    assert "新问对的 1 句" in html
    assert "新问错的 1 句" in html
    assert "文档没有变" in html
