"""Where a run is right and wrong: per class, confusions, curve of coverage and accuracy, calibration (pure)."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from evals.metrics import Figure, mean
from evals.scored import Scored

BINS = 10


@dataclass(frozen=True, slots=True)
class ClassFigures:
    """One class: how many of its cases were found, and how many of the cases given to it belong there."""

    code: str
    recall: Figure
    precision: Figure


@dataclass(frozen=True, slots=True)
class Confusion:
    """``gold`` taken for ``said``, ``count`` times, with the cases."""

    gold: str
    said: str
    cases: tuple[Scored, ...]

    @property
    def count(self) -> int:
        """Number of cases."""
        return len(self.cases)


@dataclass(frozen=True, slots=True)
class Bin:
    """Cases whose score lies in ``[low, high)``: mean score and share that was right."""

    low: float
    high: float
    score: float
    right: float
    count: int


Pairs = Callable[[Scored], tuple[str, str]]


def topic_pair(scored: Scored) -> tuple[str, str]:
    """Gold and said topic; empty gold when the case does not state it."""
    return (scored.gold, scored.label) if scored.accept else ("", "")


def lead_pair(scored: Scored) -> tuple[str, str]:
    """Gold and said lead unit."""
    return scored.lead, scored.said_lead


def by_class(cases: Sequence[Scored], pair: Pairs = topic_pair) -> tuple[ClassFigures, ...]:
    """Recall and precision of every class that occurs in gold, worst recall first."""
    pairs = [p for p in map(pair, cases) if p[0]]
    classes = []
    for code in sorted({gold for gold, _ in pairs}):
        recall = mean([said == code for gold, said in pairs if gold == code])
        precision = mean([gold == code for gold, said in pairs if said == code])
        classes.append(ClassFigures(code, recall, precision))
    return tuple(sorted(classes, key=lambda c: (c.recall.value, -c.recall.count, c.code)))


def confusions(cases: Sequence[Scored], pair: Pairs = topic_pair) -> tuple[Confusion, ...]:
    """What was taken for what, most frequent first."""
    found: dict[tuple[str, str], list[Scored]] = {}
    for scored in cases:
        gold, said = pair(scored)
        if gold and gold != said:
            found.setdefault((gold, said), []).append(scored)
    ordered = sorted(found.items(), key=lambda item: (-len(item[1]), item[0]))
    return tuple(Confusion(gold, said, tuple(rows)) for (gold, said), rows in ordered)


def matrix(cases: Sequence[Scored], pair: Pairs, most: int = 18) -> tuple[tuple[str, ...], tuple[tuple[int, ...], ...]]:
    """Labels and counts (row: gold, column: said) of the ``most`` classes that take part in the most errors.

    Without any error the most frequent classes are shown.
    """
    pairs = [p for p in map(pair, cases) if p[0]]
    weight: Counter[str] = Counter(code for gold, said in pairs if gold != said for code in (gold, said) if code)
    size = Counter(gold for gold, _ in pairs)
    chosen = sorted(set(weight) | set(size), key=lambda code: (-weight[code], -size[code], code))[:most]
    labels = tuple(sorted(chosen))
    counts = Counter(pairs)
    return labels, tuple(tuple(counts[gold, said] for said in labels) for gold in labels)


def coverage_curve(cases: Sequence[Scored]) -> tuple[tuple[float, float], ...]:
    """Points (share taken over, share of those that is right), best score first; at most 200 points."""
    topical = sorted((s for s in cases if s.accept), key=lambda s: -s.score)
    if not topical:
        return ()
    right = np.cumsum([s.right for s in topical]) / np.arange(1, len(topical) + 1)
    # The first few points jump with every case and say nothing.
    start = min(len(topical) - 1, max(4, len(topical) // 50))
    steps = np.unique(np.linspace(start, len(topical) - 1, 200).astype(int))
    return tuple((float((i + 1) / len(topical)), float(right[i])) for i in steps)


def reliability(cases: Sequence[Scored]) -> tuple[Bin, ...]:
    """Ten equal bins of the score; empty ones are left out."""
    topical = [s for s in cases if s.accept and s.topics]
    bins = []
    for number in range(BINS):
        low, high = number / BINS, (number + 1) / BINS
        rows = [s for s in topical if low <= s.score < high or (number == BINS - 1 and s.score >= high)]
        if rows:
            share = sum(s.right for s in rows) / len(rows)
            bins.append(Bin(low, high, sum(s.score for s in rows) / len(rows), share, len(rows)))
    return tuple(bins)
