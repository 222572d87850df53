"""The page 知识体检 drawn: counts, bars, sentences side by side, links, and nothing that a document can inject."""

from datetime import date

from intake.application.knowledge_health import HealthReport
from intake.console.kb_health_html import health_html
from knowledge.checks.findings import Finding, FindingKind
from knowledge.health import Health

DAY = date(2026, 11, 23)
CLASH = Finding(
    FindingKind.CONTRADICTION,
    ("C01-a", "C01-b"),
    ("一个工作日内联系您。", "三个工作日内<b>联系</b>您。"),
    "数字不同",
    "核对",
)
MISSING = Finding(FindingKind.NO_DOCUMENT, (), (), "“C02 跨门”没有文档", "写一篇", "C02")
UNSURE = Finding(FindingKind.UNVERIFIED, ("C01-a",), (), "状态是“待核验”", "核对后发布")


def drawn(*findings: Finding, kind: FindingKind | None = None, answers: int = 500) -> str:
    report = HealthReport(Health(DAY, 12, 10, findings), {"C01-a": "甲<script>"}, answers, date(2026, 8, 25))
    return health_html(report, kind)


def test_counts_and_a_bar_for_every_kind() -> None:
    page = drawn(CLASH, MISSING, UNSURE)
    assert 'data-testid="health-documents"><b>12</b>' in page
    assert 'data-testid="health-grave"><b>1</b>' in page
    assert 'data-testid="health-findings"><b>2</b>' in page
    assert 'data-testid="health-sound"><b>8</b>' in page
    for kind in FindingKind:
        assert kind.value in page
    assert page.count("width:100%") == 3
    assert "没有发现：读不出来" in page
    assert "没有发现" not in page.partition("health-clean")[0]


def test_a_contradiction_shows_both_sentences_and_leads_to_both_documents() -> None:
    page = drawn(CLASH)
    for part in ("/desk/knowledge?id=C01-a", "/desk/knowledge?id=C01-b", "一个工作日内联系您。"):
        assert part in page


def test_what_documents_say_is_text() -> None:
    page = drawn(CLASH)
    assert "<script>" not in page
    assert "三个工作日内&lt;b&gt;联系" in page


def test_one_kind_alone() -> None:
    page = drawn(CLASH, MISSING, kind=FindingKind.NO_DOCUMENT)
    assert "C02" in page
    assert "一个工作日" not in page
    assert "没有别的问题" in drawn(CLASH, kind=FindingKind.EXPIRED)


def test_too_few_answers_are_told() -> None:
    assert "只有 7 次答复" in drawn(answers=7)
    assert "次答复" not in drawn(answers=500)


def test_a_long_list_is_cut_and_says_so() -> None:
    assert "共 250 项" in drawn(*[UNSURE] * 250, kind=FindingKind.UNVERIFIED)


def test_what_is_only_unverified_does_not_hide_what_is_urgent() -> None:
    page = drawn(CLASH, *[UNSURE] * 3)
    assert "另有 3 项“依据未核”" in page
    assert page.count("<tr>") == 2  # the head and the contradiction
