"""Against the accepted baseline: is the desk worse than what was accepted, or below what was promised?"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from evals.cases import load_cases
from evals.compare import SIDES, WORSE
from evals.evaluate import Say, evaluate
from evals.figures import figures
from evals.metrics import paired
from evals.report import NAMES
from evals.run_store import Run
from routing.router import Router

DATA = Path(__file__).parent / "data"
BASELINE = DATA / "baseline.json"
SETS = {"自有用例": DATA / "cases.jsonl", "独立问题": DATA / "questions.jsonl"}
# What was promised for our own cases on day one.
FLOORS: Mapping[str, Mapping[str, float]] = {
    "自有用例": {"topic_top1": 0.90, "topic_top3": 0.97, "accept_precision": 0.95, "accept_coverage": 0.60}
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """One sentence (Chinese) and whether it lets the change pass."""

    passed: bool
    sentence: str


def measure(router: Router, by: str, at: datetime, say: Say) -> dict[str, Run]:
    """Run every set of the gate; raises CaseError for a broken file."""
    return {name: evaluate(router, load_cases(path), name, by, at, say, peers=False) for name, path in SETS.items()}


def judge(runs: Mapping[str, Run], baseline: Mapping[str, Any]) -> tuple[Verdict, ...]:
    """Compare with the baseline (paired, p < 0.05) and with the promised figures."""
    verdicts: list[Verdict] = []
    for name, run in runs.items():
        verdicts += _floors(name, run)
        accepted = baseline.get("sets", {}).get(name)
        if accepted is None:
            verdicts.append(Verdict(False, f"{name}：没有已接受的基线，请先运行 python -m evals gate --accept"))
            continue
        verdicts += [_side(name, side, run, accepted) for side in SIDES if side in accepted["wrong"]]
    return tuple(verdicts)


def baseline_of(runs: Mapping[str, Run], at: datetime) -> dict[str, Any]:
    """What ``judge`` compares with: for every figure the cases that are wrong, and how many there are."""
    return {"accepted_at": at.isoformat(), "sets": {name: _accepted(run) for name, run in runs.items()}}


def read_baseline(path: Path = BASELINE) -> dict[str, Any]:
    """The accepted baseline; empty when none was accepted yet."""
    if not path.exists():
        return {}
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


def _accepted(run: Run) -> dict[str, Any]:
    wrong = {
        side: sorted(s.id for s in run.cases if counts(s) and not right(s))
        for side, (counts, right) in SIDES.items()
        if any(counts(s) for s in run.cases)
    }
    head = run.head
    return {
        "data_hash": head.data_hash,
        "ids": [s.id for s in run.cases],
        "model": head.judge.model,
        "pack": head.judge.pack,
        "documents": head.judge.documents,
        "wrong": wrong,
    }


def _floors(name: str, run: Run) -> Sequence[Verdict]:
    measured = figures(run.cases)
    return [
        Verdict(measured[key].value >= floor, f"{name} {NAMES[key]} {measured[key].value:.3f}，承诺不低于 {floor:.2f}")
        for key, floor in FLOORS.get(name, {}).items()
    ]


def _side(name: str, side: str, run: Run, accepted: Mapping[str, Any]) -> Verdict:
    counts, right = SIDES[side]
    known, wrong = set(accepted["ids"]), set(accepted["wrong"][side])
    pairs = [(right(s), s.id not in wrong) for s in run.cases if counts(s) and s.id in known]
    if not pairs:
        return Verdict(False, f"{name} {NAMES[side]}：基线里的用例都不见了，请核对用例文件")
    test = paired([now for now, _ in pairs], [then for _, then in pairs])
    worse = test.difference.value < 0 and test.p_value < WORSE
    return Verdict(
        not worse,
        f"{name} {NAMES[side]}：比基线 {test.difference.value:+.3f}（新错 {test.only_second}，新对 {test.only_first}，"
        f"p={test.p_value:.3f}，{len(pairs)} 条）",
    )


def check(router: Router, at: datetime, say: Say, accept: bool, tell: Callable[[str], None]) -> bool:
    """Measure and judge; with ``accept`` the result becomes the new baseline, whatever it is. True: passed."""
    runs = measure(router, "门禁", at, say)
    if accept:
        BASELINE.write_text(json.dumps(baseline_of(runs, at), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        tell(f"已把本次结果记为基线：{BASELINE}")
    verdicts = judge(runs, read_baseline())
    for verdict in verdicts:
        tell(("通过  " if verdict.passed else "未通过 ") + verdict.sentence)
    return all(verdict.passed for verdict in verdicts)
