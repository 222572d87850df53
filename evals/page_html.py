"""What the page 评测 shows, as HTML: remarks, progress, the kept runs, one run, a comparison (pure)."""

from collections.abc import Sequence
from html import escape

from evals.breakdown import by_class, confusions, coverage_curve
from evals.compare import Compared
from evals.figures import TARGET, figures
from evals.html_report import CARDS, TownNames, fill
from evals.plots import coverage_svg
from evals.report import NAMES, paired_text
from evals.run_store import Run, RunHead
from evals.service import Progress

COLUMNS = ("topic_top1", "topic_top3", "lead_top1", "accept_precision")


def notes_html(notes: Sequence[str], most: int = 30) -> str:
    """Remarks on the rows of the file."""
    shown = "".join(f'<div class="notice">{escape(note)}</div>' for note in notes[:most])
    return shown + (f'<div class="notice">……另有 {len(notes) - most} 条提示。</div>' if len(notes) > most else "")


def progress_html(progress: Progress, doing: str = "评测") -> str:
    """A bar while it runs, the outcome afterwards; ``doing`` is what goes on."""
    if progress.running:
        share = round(progress.share * 100)
        return (
            f'<div data-testid="evaluating">正在{doing}：{escape(progress.step)}（{share}%）'
            f'<progress max="100" value="{share}" style="width:100%"></progress>'
            f"来电优先，{doing}会让路；可以离开本页。</div>"
        )
    if not progress.said:
        return ""
    kind = "failed" if progress.failed else "saved"
    return f'<div class="{kind}" data-testid="evaluated">{escape(progress.said)}</div>'


def runs_html(heads: Sequence[RunHead]) -> str:
    """The kept runs with their main figures and what can be taken home."""
    rows = [(head, [_percent(head.metrics.get(key)) for key in COLUMNS]) for head in heads]
    return fill("runs.html.j2", rows=rows, columns=[NAMES[key] for key in COLUMNS])


def run_html(done: Run, names: TownNames) -> str:
    """Main figures as cards, the curve, worst classes and confusions of one run."""
    measured = figures(done.cases)
    points = coverage_curve(done.cases)
    return fill(
        "run.html.j2",
        cards=[(NAMES[key], measured[key]) for key in CARDS if measured[key].count],
        curve=coverage_svg({"本系统": points}, TARGET) if points else "",
        worst=by_class(done.cases)[:8],
        wrong=confusions(done.cases)[:8],
        topics=names.topics,
    )


def comparison_html(found: Compared) -> str:
    """Paired tests, and the way to the full comparison."""
    tests = [(NAMES[name], paired_text(test), name in found.worse) for name, test in found.tests.items()]
    return fill("compared.html.j2", found=found, tests=tests)


def _percent(value: float | None) -> str:
    return "—" if value is None else f"{value:.1%}"
