"""Two runs over the same cases, case by case (pure)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from evals.metrics import Paired, paired
from evals.run_store import Run
from evals.scored import Scored

WORSE = 0.05

SIDES: Mapping[str, tuple[Callable[[Scored], bool], Callable[[Scored], bool]]] = {
    "topic_top1": (lambda s: bool(s.accept), lambda s: s.right),
    "topic_top3": (lambda s: bool(s.accept), lambda s: any(code in s.accept for code in s.codes[:3])),
    "type_accuracy": (lambda s: bool(s.type), lambda s: s.said_type == s.type),
    "lead_top1": (lambda s: bool(s.lead), lambda s: s.said_lead == s.lead),
    "outcome_accuracy": (lambda s: bool(s.outcome), lambda s: s.said_outcome == s.outcome),
}


@dataclass(frozen=True, slots=True)
class Change:
    """A case that the two runs judge differently; ``better`` when only the second is right."""

    before: Scored
    after: Scored

    @property
    def better(self) -> bool:
        """Only the second is right."""
        return self.after.right and not self.before.right

    @property
    def worse(self) -> bool:
        """Only the first is right."""
        return self.before.right and not self.after.right


@dataclass(frozen=True, slots=True)
class Compared:
    """Paired test for every figure (second − first), the cases that changed, and how many could not be paired."""

    first: Run
    second: Run
    common: int
    left_out: int
    tests: Mapping[str, Paired]
    changes: tuple[Change, ...]

    @property
    def worse(self) -> tuple[str, ...]:
        """Figures in which the second run is worse and chance is no good excuse (two-sided p < 0.05)."""
        return tuple(n for n, t in self.tests.items() if t.difference.value < 0 and t.p_value < WORSE)


def compare(first: Run, second: Run) -> Compared:
    """Pair the cases of both runs that have the same id, text and labels; raises ValueError (Chinese) for none."""
    before = {s.id: s for s in first.cases}
    pairs = [(before[s.id], s) for s in second.cases if s.id in before and _same(before[s.id], s)]
    if not pairs:
        raise ValueError(
            "两次评测没有相同的用例（编号、文本与标注都相同才算），无法配对比较。请选用同一份文件的两次评测。"
        )
    tests = {}
    for name, (judged, right) in SIDES.items():
        rows = [(right(a), right(b)) for a, b in pairs if judged(b)]
        if rows:
            tests[name] = paired([b for _, b in rows], [a for a, _ in rows])
    changes = tuple(
        Change(a, b)
        for a, b in pairs
        if (a.first, a.said_lead, a.said_outcome) != (b.first, b.said_lead, b.said_outcome)
    )
    left = len(first.cases) + len(second.cases) - 2 * len(pairs)
    ordered = sorted(changes, key=lambda c: (not c.worse, not c.better, c.after.id))
    return Compared(first, second, len(pairs), left, tests, tuple(ordered))


def _same(a: Scored, b: Scored) -> bool:
    return (a.text, a.address, a.accept, a.type, a.lead, a.outcome) == (
        b.text,
        b.address,
        b.accept,
        b.type,
        b.lead,
        b.outcome,
    )
