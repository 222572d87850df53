"""Another town's tickets: train the production classifier on A's units and nothing of ours, score it on B."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from evals.metrics import Figure, coverage_at, macro_f1_figure, mean, paired
from evals.peers import Peer, TfidfSvm
from evals.report import peer_lines
from evals.rows import read_rows
from knowledge.ports import Embedder
from routing.classifiers.stack import Stack
from routing.classifiers.training import TrainingSet, train

NEEDED = ("id", "text", "unit")


@dataclass(frozen=True, slots=True)
class Transferred:
    """First three units of every test row with scores, the figures, and the seconds that training took."""

    figures: Mapping[str, Figure]
    cases: tuple[dict[str, Any], ...]
    right: tuple[bool, ...]
    train_s: float
    latency_ms_p95: float

    def as_json(self) -> dict[str, Any]:
        """``metrics``, ``intervals`` and ``cases``."""
        metrics: dict[str, float] = {name: round(figure.value, 4) for name, figure in self.figures.items()}
        metrics |= {"train_s": round(self.train_s, 2), "latency_ms_p95": round(self.latency_ms_p95, 3)}
        intervals = {n: [round(f.low, 4), round(f.high, 4)] for n, f in self.figures.items() if f.low == f.low}
        return {"metrics": metrics, "intervals": intervals, "cases": list(self.cases)}


def transfer(
    train_file: Path, test_file: Path, embedder: Embedder, say: Callable[[str, float], None] | None = None
) -> Transferred:
    """Train on ``train_file``, score ``test_file``; raises ``CaseError`` or ``TrainingError`` with the remedy."""
    known, asked = read_rows(train_file, NEEDED), read_rows(test_file, NEEDED)
    data = TrainingSet(tuple(r["text"] for r in known), tuple(r["unit"] for r in known), {})
    started = time.perf_counter()
    stack = Stack(train(data, embedder, say), embedder)
    took = time.perf_counter() - started
    labels = np.array(stack.labels)
    rows, times = [], []
    for row in asked:  # one by one: that is how calls arrive, and what the time of one is
        begun = time.perf_counter()
        rows.append(stack.judge(row["text"])[0])
        times.append((time.perf_counter() - begun) * 1000)
    probabilities = np.stack(rows)
    order = np.argsort(-probabilities, axis=1)[:, :3]
    gold = [row["unit"] for row in asked]
    first = [str(labels[i]) for i in order[:, 0]]
    right = [a == b for a, b in zip(gold, first, strict=True)]
    top = probabilities.max(axis=1)
    figures = {
        "top1": mean(right),
        "top3": mean([unit in labels[best] for unit, best in zip(gold, order, strict=True)]),
        "macro_f1": macro_f1_figure(gold, first),
        "coverage_at_95": Figure(coverage_at(top.tolist(), right, 0.95), float("nan"), float("nan"), len(right)),
    }
    cases = tuple(
        {
            "id": row["id"],
            "units": [{"code": str(labels[i]), "score": round(float(p[i]), 4)} for i in best],
        }
        for row, best, p in zip(asked, order, probabilities, strict=True)
    )
    return Transferred(figures, cases, tuple(right), took, float(np.percentile(times, 95)))


def compare_with_peers(
    done: Transferred, train_file: Path, test_file: Path, peers: Sequence[Callable[..., Peer]] = (TfidfSvm,)
) -> str:
    """The peers on the same rows, each with a paired test against the classifier."""
    known, asked = read_rows(train_file, NEEDED), read_rows(test_file, NEEDED)
    gold = [row["unit"] for row in asked]
    parts = []
    for make in peers:
        peer = make([r["text"] for r in known], [r["unit"] for r in known])
        said = [peer.top3(row["text"]) for row in asked]
        right = [top[0] == unit for top, unit in zip(said, gold, strict=True)]
        figures = {
            "top1": mean(right),
            "top3": mean([unit in top for top, unit in zip(said, gold, strict=True)]),
            "macro_f1": macro_f1_figure(gold, [top[0] for top in said]),
        }
        parts.append(peer_lines(peer.name, figures, paired(done.right, right)))
    return "\n".join(parts)
