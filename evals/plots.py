"""Pictures of a run as SVG text: they stay sharp, can be searched, and open without a network."""

import io
from collections.abc import Mapping, Sequence
from typing import Any

from evals.breakdown import Bin, ClassFigures
from evals.metrics import Figure

FONTS = ["Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", "SimHei", "DejaVu Sans"]
OURS, PEER, GREY, BAD = "#2f6feb", "#b25e00", "#8c959f", "#b42318"


def coverage_svg(curves: Mapping[str, Sequence[tuple[float, float]]], target: float) -> str:
    """Share taken over against share right among it; one line a run, the target dashed."""
    figure, axes = _figure(5.6, 3.3)
    for (name, points), colour in zip(curves.items(), (OURS, PEER, GREY), strict=False):
        axes.plot([x for x, _ in points], [y for _, y in points], color=colour, label=name, linewidth=1.8)
    axes.axhline(target, color=BAD, linewidth=1, linestyle="--")
    axes.text(0.01, target, f" 目标 {target:.0%}", color=BAD, va="bottom", fontsize=8)
    low = min((y for points in curves.values() for _, y in points), default=0.5)
    axes.set(
        xlim=(0, 1.01),
        ylim=(min(0.9, max(0.0, low - 0.03)), 1.005),
        xlabel="按把握从高到低，采纳的占比",
        ylabel="其中正确的占比",
    )
    _percent(axes, both=True)
    if len(curves) > 1:
        axes.legend(frameon=False, fontsize=8)
    return _svg(figure, "覆盖与正确率曲线")


def reliability_svg(bins: Sequence[Bin]) -> str:
    """Mean score against share right in ten bins; dots as large as their number of cases."""
    figure, axes = _figure(4.2, 3.3)
    axes.plot([0, 1], [0, 1], color=GREY, linewidth=1, linestyle="--")
    most = max((b.count for b in bins), default=1)
    axes.scatter(
        [b.score for b in bins],
        [b.right for b in bins],
        s=[18 + 180 * b.count / most for b in bins],
        color=OURS,
        alpha=0.75,
    )
    axes.plot([b.score for b in bins], [b.right for b in bins], color=OURS, linewidth=1)
    axes.set(xlim=(0, 1.03), ylim=(0, 1.03), xlabel="系统给的把握", ylabel="实际正确的占比")
    _percent(axes, both=True)
    return _svg(figure, "校准：把握与实际正确率")


def intervals_svg(rows: Sequence[tuple[str, Figure]], title: str) -> str:
    """Values with their intervals, one line a figure; all between 0 and 1."""
    shown = [(name, f) for name, f in rows if f.value == f.value]
    figure, axes = _figure(6.2, 0.6 + 0.27 * max(1, len(shown)))
    places = range(len(shown))[::-1]
    for place, (_, f) in zip(places, shown, strict=True):
        if f.low == f.low:
            axes.plot([f.low, f.high], [place, place], color=OURS, linewidth=4, alpha=0.3, solid_capstyle="butt")
        axes.plot([f.value], [place], "o", color=OURS, markersize=5)
        axes.text(1.01, place, f"{f.value:.3f}（{f.count}）", va="center", fontsize=8)
    axes.set(xlim=(0, 1), ylim=(-0.7, len(shown) - 0.3))
    axes.set_yticks(list(places), [name for name, _ in shown], fontsize=8)
    axes.grid(axis="x", linewidth=0.4)
    return _svg(figure, title)


def recall_svg(classes: Sequence[ClassFigures], names: Mapping[str, str]) -> str:
    """Recall of every class with its interval, worst first."""
    rows = [(f"{c.code} {names.get(c.code, '')}".strip(), c.recall) for c in classes]
    return intervals_svg(rows, "各类找到的占比")


def matrix_svg(labels: Sequence[str], counts: Sequence[Sequence[int]], names: Mapping[str, str]) -> str:
    """Confusion matrix: right on the diagonal in blue, wrong in red, counts written into the cells."""
    size = max(3.0, 0.26 * len(labels) + 1.6)
    figure, axes = _figure(size + 1.2, size)
    total = [max(1, sum(row)) for row in counts]
    for y, row in enumerate(counts):
        for x, count in enumerate(row):
            if not count:
                continue
            share = count / total[y]
            axes.add_patch(_cell(x, y, OURS if x == y else BAD, 0.15 + 0.7 * share))
            axes.text(x, y, str(count), ha="center", va="center", fontsize=7)
    axes.set(xlim=(-0.5, len(labels) - 0.5), ylim=(len(labels) - 0.5, -0.5), xlabel="系统建议", ylabel="正确答案")
    axes.set_xticks(range(len(labels)), labels, rotation=90, fontsize=7)
    axes.set_yticks(range(len(labels)), [f"{code} {names.get(code, '')[:8]}" for code in labels], fontsize=7)
    axes.tick_params(length=0)
    return _svg(figure, "混淆矩阵")


def latency_svg(milliseconds: Sequence[float]) -> str:
    """Histogram of the time of one recommendation."""
    figure, axes = _figure(4.6, 2.6)
    shown = sorted(milliseconds)
    cut = shown[max(0, int(len(shown) * 0.99) - 1)] if shown else 1.0
    axes.hist([m for m in shown if m <= cut], bins=40, color=OURS)
    axes.set(xlabel="一次建议的毫秒数（最慢的 1% 未画）", ylabel="用例数")
    return _svg(figure, "时延分布")


def curve_svg(curves: Mapping[str, Sequence[tuple[float, Figure]]], xlabel: str, ylabel: str) -> str:
    """Figures over a growing amount, one line each with its interval as a band (learning curve)."""
    figure, axes = _figure(6.4, 3.6)
    for (name, points), colour in zip(curves.items(), (OURS, PEER, "#157347", GREY), strict=False):
        xs = [x for x, _ in points]
        axes.plot(xs, [f.value for _, f in points], "o-", color=colour, label=name, markersize=4, linewidth=1.6)
        axes.fill_between(xs, [f.low for _, f in points], [f.high for _, f in points], color=colour, alpha=0.12)
    axes.set(xlabel=xlabel, ylabel=ylabel)
    axes.grid(linewidth=0.4)
    axes.legend(frameon=False, fontsize=8)
    return _svg(figure, ylabel)


def _figure(width: float, height: float) -> tuple[Any, Any]:
    """A figure of our own: nothing global is touched, so that threads do not meet."""
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure as Canvas

    figure = Canvas(figsize=(width, height), layout="constrained")
    FigureCanvasSVG(figure)
    axes = figure.add_subplot()
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(labelsize=8)
    return figure, axes


def _cell(x: int, y: int, colour: str, alpha: float) -> Any:
    from matplotlib.patches import Rectangle

    return Rectangle((x - 0.5, y - 0.5), 1, 1, color=colour, alpha=alpha, linewidth=0)


def _percent(axes: Any, both: bool) -> None:
    from matplotlib.ticker import PercentFormatter

    axes.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    if both:
        axes.xaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    axes.grid(linewidth=0.4)


def _svg(figure: Any, title: str) -> str:
    """The figure as an ``<svg>`` element: text stays text, no date, no reference to anything outside."""
    import logging

    import matplotlib as mpl

    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)  # fonts are the reader's, not this machine's
    target = io.StringIO()
    with mpl.rc_context(
        {"svg.fonttype": "none", "font.sans-serif": FONTS, "font.family": "sans-serif", "svg.hashsalt": "hotline"}
    ):
        figure.savefig(target, format="svg", metadata={"Date": None, "Creator": None, "Title": title})
    text = target.getvalue()
    return text[text.index("<svg") :]
