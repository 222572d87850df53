"""Fit how documents are ranked and when one answers (``routing/finding_model.py``) on development questions.

Never on ``kb_questions.jsonl``: that set reports. Weights go to ``routing/data/finding.json`` with their provenance.
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.documents import Hit
from routing.finding import TopicScores
from routing.finding_model import ANSWER, FITTED, RANK, FindingModel, answer_row, pieces, rank_row
from routing.recommendation import Request
from routing.router import Router

DATA = Path(__file__).parent / "data"
FOLDS = 5
RANK_CARE, ANSWER_COST, WORDING_COST = 1e-3, 0.1, 4.0
MOST_PIECES = 600
Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Row:
    """A development question: what answers it (documents, or any of topics), and how much it counts for both fits."""

    question: str
    documents: frozenset[str]
    topics: frozenset[str]
    answerable: bool
    rank_weight: float
    answer_weight: float
    judged: bool = False

    def takes(self, hit: Hit) -> bool:
        """Whether a document answers the question."""
        if self.documents:
            return hit.document.id in self.documents
        return bool(self.topics) and hit.document.topics[:1] != () and hit.document.topics[0] in self.topics


@dataclass(frozen=True, slots=True)
class Searched:
    """A row with everything that production saw of it."""

    row: Row
    hits: tuple[Hit, ...]
    likely: TopicScores


def development_rows() -> list[Row]:
    """All development questions: ours judged by document, damaged ones, ones with a topic only, ones without answer."""
    rows: list[Row] = []
    for row in _read("kb_dev.jsonl"):
        documents = frozenset(row.get("documents", ()))
        rows.append(Row(row["question"], documents, frozenset(), row["answerable"], 1.5, 1.5, judged=True))
    for row in _read("kb_noise.jsonl"):
        documents, topics = frozenset(row.get("documents", ())), frozenset(row["topics"])
        for text in (row["question"], row["clean"]):
            rows.append(Row(text, documents, topics, bool(row.get("answerable", True)), 0.3, 0.3))
    for row in _read("questions.jsonl"):
        rows.append(Row(row["question"], frozenset(), frozenset(row["topics"]), True, 1.0, 0.5))
    for name in ("unanswerable.jsonl", "kb_refuse.jsonl"):
        rows += [Row(row["question"], frozenset(), frozenset(), False, 0.0, 0.5) for row in _read(name)]
    return rows


def searched(router: Router, rows: Sequence[Row], now: datetime) -> list[Searched]:
    """Put every row to production's search and classifier."""
    return [Searched(row, *router.candidates(Request(row.question, now))) for row in rows]


def fit(found: Sequence[Searched], say: Callable[[str], None]) -> FindingModel:
    """Fit ranking, wording and answer; the threshold is chosen on questions that the fit had left out."""
    usable = [one for one in found if one.hits]
    fold = np.arange(len(usable)) % FOLDS
    scores = np.zeros(len(usable))
    for left in range(FOLDS):
        model = _fitted([one for one, f in zip(usable, fold, strict=True) if f != left])
        for place in np.nonzero(fold == left)[0].tolist():
            scores[place] = _confidence(model, usable[place])
    judged = np.array([one.row.judged for one in usable])
    right = np.array([one.row.answerable for one in usable])
    threshold = _balanced(scores[judged & right], scores[judged & ~right])
    answered = float((scores[judged & right] >= threshold).mean())
    refused = float((scores[judged & ~right] < threshold).mean())
    say(f"留出折上：有答案的答复 {answered:.3f}，无答案的拒答 {refused:.3f}，门槛 {threshold:.3f}")
    return replace(_fitted(usable), threshold=threshold)


def write(model: FindingModel, found: Sequence[Searched], now: datetime, path: Path = FITTED) -> None:
    """Keep the weights with the day and what they were fitted on."""
    names = ("kb_dev", "kb_noise", "questions", "unanswerable", "kb_refuse")
    content: dict[str, Any] = {
        "fitted_at": now.date().isoformat(),
        "command": "python -m evals answers --fit",
        "rows": len(found),
        "fitted_on": {name: hashlib.sha256((DATA / f"{name}.jsonl").read_bytes()).hexdigest()[:12] for name in names},
        "threshold": round(model.threshold, 4),
        "rank": {name: round(weight, 4) for name, weight in zip(RANK, model.rank, strict=True)},
        "answer": {name: round(weight, 4) for name, weight in zip(ANSWER, model.answer, strict=True)},
        "intercept": round(model.intercept, 4),
        "wording_intercept": round(model.wording_intercept, 4),
        "wording": {piece: round(weight, 3) for piece, weight in sorted(model.wording.items())},
    }
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _fitted(found: Sequence[Searched]) -> FindingModel:
    rank = _fit_rank(found)
    fold = np.arange(len(found)) % FOLDS
    inner = np.zeros(len(found))
    for left in range(FOLDS):  # the answer must not trust a wording that was learned by heart
        model = _fit_wording([one.row for one, f in zip(found, fold, strict=True) if f != left])
        for place in np.nonzero(fold == left)[0].tolist():
            inner[place] = _blank(*model).wording_score(found[place].row.question)
    answer, intercept = _fit_answer(found, rank, inner)
    wording, wording_intercept = _fit_wording([one.row for one in found])
    return FindingModel(rank, answer, intercept, wording, wording_intercept, 0.5)


def _fit_rank(found: Sequence[Searched]) -> tuple[float, ...]:
    """Weights under which the documents that answer have the greatest share (conditional logit)."""
    from scipy.optimize import minimize

    cases: list[tuple[Array, NDArray[np.bool_], float]] = []
    for one in found:
        right = np.array([one.row.takes(hit) for hit in one.hits])
        if one.row.rank_weight and right.any() and not right.all():
            values = np.array([rank_row(hit, one.likely) for hit in one.hits])
            cases.append((values, right, one.row.rank_weight))
    total = sum(weight for _, _, weight in cases)

    def loss(weights: Array) -> tuple[float, Array]:
        value, slope = RANK_CARE * float(weights @ weights), 2 * RANK_CARE * weights
        for values, right, weight in cases:
            odds = np.exp((scores := values @ weights) - scores.max())
            share, among = odds / odds.sum(), odds * right / odds[right].sum()
            value -= weight / total * float(np.log(share[right].sum() + 1e-12))
            slope = slope - weight / total * (values.T @ (among - share))
        return value, slope

    best = minimize(loss, np.zeros(len(RANK)), jac=True, method="L-BFGS-B")
    return tuple(float(weight) for weight in best.x)


def _fit_wording(rows: Sequence[Row]) -> tuple[dict[str, float], float]:
    """Weights of the pieces that tell questions with and without an answer apart best."""
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression

    counted = [{piece: 1.0 / len(found) ** 0.5 for piece in found} for found in (pieces(r.question) for r in rows)]
    vectorizer = DictVectorizer()
    values = vectorizer.fit_transform(counted)
    model = LogisticRegression(C=WORDING_COST, class_weight="balanced", max_iter=2000)
    model.fit(values, [row.answerable for row in rows])
    weights = model.coef_[0]
    kept = np.argsort(-np.abs(weights))[:MOST_PIECES]
    names = vectorizer.get_feature_names_out()
    return {str(names[i]): float(weights[i]) for i in kept}, float(model.intercept_[0])


def _fit_answer(found: Sequence[Searched], rank: tuple[float, ...], wording: Array) -> tuple[tuple[float, ...], float]:
    from sklearn.linear_model import LogisticRegression

    ranker = replace(_blank({}, 0.0), rank=rank)
    values = np.array([_answer_values(ranker, one, word) for one, word in zip(found, wording, strict=True)])
    middle, spread = values.mean(axis=0), values.std(axis=0) + 1e-9
    model = LogisticRegression(C=ANSWER_COST, max_iter=2000)
    model.fit(
        (values - middle) / spread,
        [one.row.answerable for one in found],
        sample_weight=[one.row.answer_weight for one in found],
    )
    weights = model.coef_[0] / spread
    return tuple(float(w) for w in weights), float(model.intercept_[0] - weights @ middle)


def _answer_values(model: FindingModel, one: Searched, wording: float) -> list[float]:
    scored = sorted(((model.rank_score(hit, one.likely), -n) for n, hit in enumerate(one.hits)), reverse=True)
    best = one.hits[-scored[0][1]]
    return answer_row(best, one.likely, [score for score, _ in scored], one.row.question, wording)


def _confidence(model: FindingModel, one: Searched) -> float:
    return model.confidence(_answer_values(model, one, model.wording_score(one.row.question)))


def _balanced(answerable: Array, foreign: Array) -> float:
    """The threshold at which the worse of 'answered' and 'refused' is best."""
    tried = np.unique(np.concatenate([answerable, foreign]))
    return float(max(tried, key=lambda t: min((answerable >= t).mean(), (foreign < t).mean())))


def _blank(wording: dict[str, float], intercept: float) -> FindingModel:
    return FindingModel((0.0,) * len(RANK), (0.0,) * len(ANSWER), 0.0, wording, intercept, 0.5)


def _read(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (DATA / name).read_text(encoding="utf-8").splitlines() if line.strip()]
