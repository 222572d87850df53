"""Put every case through the very function the desk calls, and judge what came back."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from evals.cases import Case
from evals.metrics import Figure, calibration_error, coverage_at, macro_f1_figure, mean, statistic
from routing.recommendation import Recommendation, Request
from routing.router import Router

SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Judged:
    """One case with the recommendation that the router gave; ``ms`` is its time in milliseconds."""

    case: Case
    recommendation: Recommendation
    ms: float

    @property
    def topics(self) -> tuple[str, ...]:
        """Proposed topic codes, best first."""
        return tuple(c.code for c in self.recommendation.proposal.topics)

    @property
    def topic_right(self) -> bool:
        """Whether the first topic is one that counts as right."""
        return bool(self.topics) and self.topics[0] in self.case.accept


def run(
    router: Router, cases: Sequence[Case], progress: Callable[[int, int], None] | None = None
) -> tuple[Judged, ...]:
    """Recommend for every case; the first call is made once beforehand so that loading is not timed."""
    router.recommend(Request("小区门口有人占道摆摊", datetime.now(SHANGHAI)))
    judged = []
    for number, case in enumerate(cases, 1):
        request = Request(case.text, case.called_at or datetime.now(SHANGHAI), case.address)
        start = time.perf_counter()
        recommendation = router.recommend(request)
        judged.append(Judged(case, recommendation, (time.perf_counter() - start) * 1000))
        if progress:
            progress(number, len(cases))
    return tuple(judged)


def figures(judged: Sequence[Judged]) -> dict[str, Figure]:
    """All figures of a run, by name; a figure counts only the cases that state what is right for it."""
    topical = [j for j in judged if j.case.accept]
    typed = [j for j in judged if j.case.ticket_type]
    led = [j for j in judged if j.case.lead]
    ended = [j for j in judged if j.case.outcome]
    accepted = [j for j in topical if j.recommendation.proposal.band.value == "建议采纳"]
    gold = [j.case.topic or j.case.accept[0] for j in topical]
    said = [g if j.topic_right else (j.topics[0] if j.topics else "") for g, j in zip(gold, topical, strict=True)]
    top = [j.recommendation.proposal.topics[0].score if j.topics else 0.0 for j in topical]
    right = [j.topic_right for j in topical]
    one = len(topical)
    return {
        "topic_top1": mean(right),
        "topic_top3": mean([any(t in j.case.accept for t in j.topics[:3]) for j in topical]),
        "topic_macro_f1": macro_f1_figure(gold, said),
        "type_accuracy": mean([j.recommendation.proposal.types[0].code == j.case.ticket_type for j in typed]),
        "lead_top1": mean([_lead(j) == j.case.lead for j in led]),
        "outcome_accuracy": mean([j.recommendation.outcome.value == j.case.outcome for j in ended]),
        "accept_precision": mean([j.topic_right for j in accepted]),
        "accept_coverage": mean([j.recommendation.proposal.band.value == "建议采纳" for j in topical]),
        "coverage_at_95": _single(coverage_at(top, right, 0.95), one),
        "calibration_error": _single(calibration_error(top, right), one),
        "answered": mean([j.recommendation.answer.found for j in judged]),
    } | latency([j.ms for j in judged])


def _lead(judged: Judged) -> str:
    return judged.recommendation.lead.code if judged.recommendation.lead else ""


def _single(value: float, count: int) -> Figure:
    return Figure(value, float("nan"), float("nan"), count)


def latency(milliseconds: Sequence[float]) -> dict[str, Figure]:
    """Median and 95th percentile in milliseconds."""
    import numpy as np

    times = np.asarray(milliseconds, dtype=np.float64)
    return {
        f"latency_ms_p{q}": statistic(times, lambda rows, q=q: float(np.percentile(rows, q)))  # type: ignore[misc]
        for q in (50, 95)
    }
