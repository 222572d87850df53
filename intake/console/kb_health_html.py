"""The page 知识体检 drawn: a card a kind with its bar, then the findings with the sentences side by side."""

from collections.abc import Sequence
from html import escape

from intake.application.knowledge_health import FEWEST_ANSWERS, HealthReport
from knowledge.checks.findings import Finding, FindingKind

MOST = 200
_GRAVE = frozenset(
    {
        FindingKind.UNREADABLE,
        FindingKind.CONTRADICTION,
        FindingKind.EXPIRED,
        FindingKind.OUTDATED,
        FindingKind.BROKEN,
        FindingKind.NO_OWNER,
    }
)


def health_html(report: HealthReport, kind: FindingKind | None) -> str:
    """Cards and bars of all kinds, then the findings of ``kind`` (None for all)."""
    found = [finding for finding in report.health.findings if kind in (None, finding.kind)]
    told = ""
    if kind is None:  # hundreds of alike lines would hide the few that are urgent
        alike = sum(finding.kind is FindingKind.UNVERIFIED for finding in found)
        found = [finding for finding in found if finding.kind is not FindingKind.UNVERIFIED]
        told = f"<p>另有 {alike} 项“{FindingKind.UNVERIFIED.value}”，选上面的这一类逐篇查看。</p>" if alike else ""
    return _cards(report) + _bars(report) + _list(found, report) + told


def _cards(report: HealthReport) -> str:
    health = report.health
    grave = sum(finding.kind in _GRAVE for finding in health.findings)
    cards = (
        ("health-documents", health.documents, "篇文档"),
        ("health-answering", health.answering, "篇在用"),
        ("health-sound", health.sound, "篇没有问题（“依据未核”除外）"),
        ("health-grave", grave, "项要尽快处理"),
        ("health-findings", len(health.findings) - grave, "项可以安排"),
    )
    drawn = "".join(
        f'<div class="card" data-testid="{name}"><b>{count}</b><span>{words}</span></div>'
        for name, count, words in cards
    )
    return f'<div class="cards">{drawn}</div>'


def _bars(report: HealthReport) -> str:
    """One row a kind that was found: its name, a bar as long as its share, its count; then what is in order."""
    counts = report.health.counts
    most = max(counts.values(), default=0) or 1
    rows = "".join(_bar(kind, count, count / most) for kind, count in counts.items() if count)
    clean = [kind.value + _mark(kind, report) for kind, count in counts.items() if not count]
    told = f'<p class="why" data-testid="health-clean">没有发现：{"、".join(clean)}</p>' if clean else ""
    return f'<div class="health-bars" data-testid="health-bars">{rows}</div>{told}'


def _bar(kind: FindingKind, count: int, share: float) -> str:
    colour = " late" if kind in _GRAVE else ""
    return (
        f'<div class="cand plain health-bar"><span class="pct">{count}</span><span>{kind.value}</span>'
        f'<span class="bar{colour}"><i style="width:{share:.0%}"></i></span></div>'
    )


def _mark(kind: FindingKind, report: HealthReport) -> str:
    if kind is FindingKind.NEVER_FOUND and not report.usage_counted:
        words = f"{report.since} 以来只有 {report.answers} 次答复，满 {FEWEST_ANSWERS} 次才统计"
        return f"（{words}）"
    return ""


def _list(found: Sequence[Finding], report: HealthReport) -> str:
    if not found:
        return '<p data-testid="health-none">没有别的问题。</p>'
    rows = "".join(_row(finding, report) for finding in found[:MOST])
    more = f"<p>共 {len(found)} 项，只列出前 {MOST} 项，请用上面的筛选缩小范围。</p>" if len(found) > MOST else ""
    return (
        '<table class="runs health" data-testid="health"><thead><tr><th>问题</th><th>文档</th><th>说明</th>'
        f"<th>怎么办</th></tr></thead><tbody>{rows}</tbody></table>{more}"
    )


def _row(finding: Finding, report: HealthReport) -> str:
    chip = "out-notours" if finding.kind in _GRAVE else "out-ask"
    links = "<br>".join(_link(key, report) for key in finding.documents) or escape(finding.subject)
    return (
        f'<tr><td><span class="chip {chip}">{finding.kind.value}</span></td><td>{links}</td>'
        f"<td>{escape(finding.message)}{_sides(finding)}</td><td>{escape(finding.remedy)}</td></tr>"
    )


def _link(key: str, report: HealthReport) -> str:
    title = report.titles.get(key, key)
    return f'<a href="/desk/knowledge?id={escape(key)}" title="{escape(key)}">{escape(title)}</a>'


def _sides(finding: Finding) -> str:
    """The two sentences side by side, each under the id of its document."""
    if not finding.sentences:
        return ""
    pairs = zip(finding.documents, finding.sentences, strict=True)
    drawn = "".join(f'<div class="passage"><b>{escape(key)}</b> {escape(words)}</div>' for key, words in pairs)
    return f'<div class="sides">{drawn}</div>'
