"""All figures of a run, whole and by slice, from the scored cases alone (pure)."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from evals.metrics import Figure, calibration_error, coverage_at, macro_f1_figure, mean, statistic
from evals.scored import Scored

TARGET = 0.95
# A slice of fewer cases says nothing.
LEAST = 5

SLICES: Mapping[str, Callable[[Scored], str]] = {
    "说法": lambda s: s.voice,
    "长度": lambda s: s.length,
    "几件事": lambda s: "一次说几件事" if s.several else "",
    "来源": lambda s: s.source,
    "地址": lambda s: "另填了地址" if s.address else "没有另填地址",
    "把握": lambda s: s.band,
}


def figures(cases: Sequence[Scored]) -> dict[str, Figure]:
    """All figures by name; a figure counts only the cases that state what is right for it."""
    topical = [s for s in cases if s.accept]
    accepted = [s for s in topical if s.accepted]
    top, right = [s.score for s in topical], [s.right for s in topical]
    return {
        "topic_top1": mean(right),
        "topic_top3": mean([any(code in s.accept for code in s.codes[:3]) for s in topical]),
        "topic_macro_f1": macro_f1_figure([s.gold for s in topical], [s.label for s in topical]),
        "type_accuracy": mean([s.said_type == s.type for s in cases if s.type]),
        "lead_top1": mean([s.said_lead == s.lead for s in cases if s.lead]),
        "outcome_accuracy": mean([s.said_outcome == s.outcome for s in cases if s.outcome]),
        "accept_precision": mean([s.right for s in accepted]),
        "accept_coverage": mean([s.accepted for s in topical]),
        "coverage_at_95": _pairs(top, right, lambda scores, hits: coverage_at(scores, hits, TARGET)),
        "calibration_error": _pairs(top, right, calibration_error),
        "answered": mean([s.answered for s in cases if not s.fault]),
        "faults": mean([bool(s.fault) for s in cases]),
    } | latency([s.ms for s in cases if not s.fault])


def peer_figures(cases: Sequence[Scored], said: Sequence[Sequence[str]]) -> dict[str, Figure]:
    """Figures of a peer that gave the topics ``said`` (best first) for the same cases; topics only."""
    pairs = [(s, tuple(top)) for s, top in zip(cases, said, strict=True) if s.accept]
    right = [bool(top) and top[0] in s.accept for s, top in pairs]
    labels = [s.gold if hit else (top[0] if top else "") for (s, top), hit in zip(pairs, right, strict=True)]
    return {
        "topic_top1": mean(right),
        "topic_top3": mean([any(t in s.accept for t in top[:3]) for s, top in pairs]),
        "topic_macro_f1": macro_f1_figure([s.gold for s, _ in pairs], labels),
    }


def by_slice(cases: Sequence[Scored]) -> dict[str, dict[str, dict[str, Figure]]]:
    """``{slice: {value: figures}}`` of topic and lead; values of fewer than ``LEAST`` cases are left out."""
    found: dict[str, dict[str, dict[str, Figure]]] = {}
    for name, of in SLICES.items():
        groups: dict[str, list[Scored]] = {}
        for scored in cases:
            if value := of(scored):
                groups.setdefault(value, []).append(scored)
        kept = {value: few(rows) for value, rows in sorted(groups.items()) if len(rows) >= LEAST}
        if kept:
            found[name] = kept
    return found


def few(cases: Sequence[Scored]) -> dict[str, Figure]:
    """The figures that a slice is judged by."""
    topical = [s for s in cases if s.accept]
    return {
        "topic_top1": mean([s.right for s in topical]),
        "topic_top3": mean([any(code in s.accept for code in s.codes[:3]) for s in topical]),
        "lead_top1": mean([s.said_lead == s.lead for s in cases if s.lead]),
        "accept_precision": mean([s.right for s in topical if s.accepted]),
    }


def latency(milliseconds: Sequence[float]) -> dict[str, Figure]:
    """Median and 95th percentile in milliseconds."""
    times = np.asarray(milliseconds, dtype=np.float64)
    return {
        f"latency_ms_p{q}": statistic(times, lambda rows, q=q: float(np.percentile(rows, q)))  # type: ignore[misc]
        for q in (50, 95)
    }


def _pairs(
    scores: Sequence[float], right: Sequence[bool], compute: Callable[[Sequence[float], Sequence[bool]], float]
) -> Figure:
    """A statistic over pairs of score and truth, with its interval over resampled cases."""
    rows = np.column_stack([np.asarray(scores, dtype=np.float64), np.asarray(right, dtype=np.float64)])
    return statistic(rows, lambda pairs: compute(pairs[:, 0].tolist(), (pairs[:, 1] > 0.5).tolist()))
