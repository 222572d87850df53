"""The report of a run as one HTML file that opens without a network."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markupsafe import Markup

from evals.breakdown import (
    Pairs,
    by_class,
    confusions,
    coverage_curve,
    lead_pair,
    matrix,
    reliability,
    topic_pair,
)
from evals.compare import Compared
from evals.evaluate import peer_results
from evals.figures import TARGET, by_slice, figures
from evals.metrics import Figure
from evals.plots import coverage_svg, latency_svg, matrix_svg, recall_svg, reliability_svg
from evals.report import NAMES, paired_text
from evals.run_store import Run
from routing.router import Router

_TEMPLATES = Path(__file__).parent / "templates"
CARDS = ("topic_top1", "topic_top3", "lead_top1", "accept_precision", "accept_coverage")
WORST = 12


@dataclass(frozen=True, slots=True)
class TownNames:
    """Names of topics and units by code, for people who read the report."""

    topics: Mapping[str, str]
    units: Mapping[str, str]


def names_of(router: Router) -> TownNames:
    """Names of the town pack that this router uses."""
    return TownNames({t.code: t.name for t in router.pack.topics}, {u.code: u.name for u in router.pack.units})


def html_report(done: Run, names: TownNames) -> str:
    """The whole report; figures, pictures and texts come from the run alone."""
    measured = figures(done.cases)
    points = coverage_curve(done.cases)
    wrong = confusions(done.cases)
    return fill(
        "report.html.j2",
        head=done.head,
        cards=[(NAMES[key], measured[key]) for key in CARDS if measured[key].count],
        figures=[{"key": k, "name": NAMES.get(k, k), "value": cell(f)} for k, f in measured.items() if f.count],
        peers=_peers(done),
        curve=coverage_svg({"本系统": points}, TARGET) if points else "",
        reliability=reliability_svg(reliability(done.cases)) if points else "",
        slices=by_slice(done.cases),
        parts=[
            *_part("按诉求事项", done, topic_pair, names.topics, bool(points)),
            *_part("按承办单位", done, lead_pair, names.units, any(s.lead for s in done.cases)),
        ],
        worst=wrong[:WORST],
        topics=names.topics,
        latency=latency_svg([s.ms for s in done.cases if not s.fault]),
    )


def compare_report(found: Compared, names: TownNames) -> str:
    """Two runs side by side: paired tests, both curves, and every case that changed."""
    curves = {
        name: points
        for name, run in (("之前", found.first), ("之后", found.second))
        if (points := coverage_curve(run.cases))
    }
    return fill(
        "compare.html.j2",
        found=found,
        first=found.first.head,
        second=found.second.head,
        tests=[(NAMES[name], paired_text(test), name in found.worse) for name, test in found.tests.items()],
        curve=coverage_svg(curves, TARGET) if curves else "",
        topics=names.topics,
        units=names.units,
    )


def cell(figure: Figure) -> str:
    """Value, interval and number of cases in a table's cell."""
    if figure.value != figure.value:
        return "—"
    digits = 1 if figure.value > 1.5 else 3
    between = "" if figure.low != figure.low else f" [{figure.low:.{digits}f}, {figure.high:.{digits}f}]"
    return f"{figure.value:.{digits}f}{between} n={figure.count}"


def bar(share: float, late: bool = False) -> Markup:
    """A bar of ``share`` (0..1; more fills it), red where ``late``."""
    width = round(100 * min(1.0, max(0.0, share)))
    return Markup(f'<span class="bar{" late" if late else ""}"><i style="width:{width}%"></i></span>')  # noqa: S704 - a number only


def _peers(done: Run) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "figures": {key: cell(f) for key, f in values.items()},
            "difference": f"{test.difference.value:+.3f} [{test.difference.low:+.3f}, {test.difference.high:+.3f}]",
            "ours": test.only_first,
            "theirs": test.only_second,
            "p": f"{test.p_value:.4f}",
        }
        for name, (values, test) in peer_results(done).items()
        if values["topic_top1"].count
    ]


def _part(title: str, done: Run, pair: Pairs, names: Mapping[str, str], present: bool) -> list[dict[str, Any]]:
    if not present:
        return []
    classes = by_class(done.cases, pair)
    labels, counts = matrix(done.cases, pair)
    return [
        {
            "title": title,
            "names": names,
            "confusions": confusions(done.cases, pair),
            "classes": classes,
            "open": len(classes) <= 30,
            "recall": recall_svg(classes, names),
            "matrix": matrix_svg(labels, counts, names),
        }
    ]


def fill(template: str, **values: object) -> str:
    """Fill one of our templates; everything that comes from a case is escaped."""
    from jinja2 import Environment, FileSystemLoader

    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    environment.globals["cell"] = cell
    environment.globals["pct"] = lambda value: f"{value:.1%}"
    environment.globals["bar"] = bar
    environment.globals["interval"] = lambda f: f"[{f.low:.3f}, {f.high:.3f}]"
    return environment.get_template(template).render(**values)
