"""Two retrieval tests of the same questions, question by question (pure)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from evals.hits.asked import Asked
from evals.hits.store import HitRun
from evals.metrics import Paired, paired

WORSE = 0.05
SIDES: Mapping[str, tuple[Callable[[Asked], bool], Callable[[Asked], bool]]] = {
    "r_at_1": (lambda a: a.question.ranked, lambda a: a.rank == 1),
    "r_at_3": (lambda a: a.question.ranked, lambda a: 0 < a.rank <= 3),
    "r_at_10": (lambda a: a.question.ranked, lambda a: 0 < a.rank <= 10),
    "answered": (lambda a: a.question.answerable, lambda a: a.answered),
    "refused": (lambda a: not a.question.answerable, lambda a: a.refused),
}


@dataclass(frozen=True, slots=True)
class Moved:
    """A question that came out differently."""

    before: Asked
    after: Asked


@dataclass(frozen=True, slots=True)
class HitsCompared:
    """Paired test of every figure (second − first); ``found``: a miss before and none now; ``lost``: the reverse."""

    first: HitRun
    second: HitRun
    common: int
    left_out: int
    tests: Mapping[str, Paired]
    found: tuple[Moved, ...]
    lost: tuple[Moved, ...]

    @property
    def worse(self) -> tuple[str, ...]:
        """Figures in which the second run is worse and chance is no good excuse (two-sided p < 0.05)."""
        return tuple(n for n, t in self.tests.items() if t.difference.value < 0 and t.p_value < WORSE)


def compare(first: HitRun, second: HitRun) -> HitsCompared:
    """Pair equal questions (id, text and what is right); raises ValueError (Chinese) where there is none."""
    before = {a.question: a for a in first.asked}
    pairs = [(before[a.question], a) for a in second.asked if a.question in before]
    if not pairs:
        raise ValueError(
            "两次测试没有相同的问题（编号、问法与期望都相同才算），无法配对比较。请选用同一份文件的两次测试。"
        )
    tests = {}
    for name, (judged, right) in SIDES.items():
        rows = [(right(a), right(b)) for a, b in pairs if judged(b)]
        if rows:
            tests[name] = paired([b for _, b in rows], [a for a, _ in rows])
    return HitsCompared(
        first,
        second,
        len(pairs),
        len(first.asked) + len(second.asked) - 2 * len(pairs),
        tests,
        tuple(Moved(a, b) for a, b in pairs if a.miss and not b.miss),
        tuple(Moved(a, b) for a, b in pairs if b.miss and not a.miss),
    )
