"""How documents are ranked for a call, and when one of them is an answer: fitted weights over what the search saw.

``python -m evals answers --fit`` fits them and writes ``routing/data/finding.json`` with date and provenance.
"""

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from knowledge.documents import Hit
from knowledge.text import normalise
from routing.question_cues import CUES, cues_of

FITTED = Path(__file__).parent / "data" / "finding.json"
KINDS = ("政策法规", "部门职责", "办事指南", "常见问答", "典型案例")
RANK = (
    "alike of best",
    "face of best",
    "near of best",
    "said of best",
    "alike of best by length",
    "near of best by length",
    "topic by length",
    "alike",
    "face",
    "near",
    "said",
    "asked",
    "whole",
    "exact",
    "topic",
    "topics",
    *KINDS,
)
ANSWER = (
    "alike",
    "face",
    "near",
    "said",
    "asked",
    "whole",
    "exact",
    "topic",
    "topics",
    "best topic",
    "topic margin",
    "unrecognisable",
    "not ours",
    "unknown words",
    "share of rank",
    "rank margin",
    "length",
    "best alike",
    "best near",
    "best said",
    "wording",
    *CUES,
)
UNRECOGNISABLE, NOT_OURS = "Z02", "Z01"
FLOOR = 0.003  # a topic that was not proposed is unlikely, not impossible
TINY = 1e-6
LONG = 4.0  # logarithm of the characters of a long question
LONGEST_PIECE = 3
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class FindingModel:
    """``rank`` and ``answer`` hold one weight for each of ``RANK`` and ``ANSWER``, ``wording`` one for each piece of a
    question's wording; from ``threshold`` (probability 0..1) on the best document answers."""

    rank: tuple[float, ...]
    answer: tuple[float, ...]
    intercept: float
    wording: Mapping[str, float]
    wording_intercept: float
    threshold: float

    def rank_score(self, hit: Hit, topics: Mapping[str, float]) -> float:
        """How well a document fits the call; only differences between documents of one call mean something."""
        return _dot(self.rank, rank_row(hit, topics))

    def confidence(self, row: Sequence[float]) -> float:
        """Probability 0..1 that the best document answers; ``row`` from ``answer_row``."""
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, self.intercept + _dot(self.answer, row)))))

    def wording_score(self, question: str) -> float:
        """How much the wording is that of a question that documents of a town answer (above 0: rather yes)."""
        found = pieces(question)
        if not found:
            return 0.0
        return self.wording_intercept + sum(self.wording.get(p, 0.0) for p in found) / math.sqrt(len(found))


def read_finding_model(path: Path = FITTED) -> FindingModel:
    """The fitted model; raises ValueError where the file does not fit this program."""
    content = json.loads(path.read_text(encoding="utf-8"))
    if tuple(content["rank"]) != RANK or tuple(content["answer"]) != ANSWER:
        raise ValueError(f"{path}：与程序不配套，请重新拟合：python -m evals answers --fit")
    return FindingModel(
        rank=tuple(content["rank"].values()),
        answer=tuple(content["answer"].values()),
        intercept=content["intercept"],
        wording=content["wording"],
        wording_intercept=content["wording_intercept"],
        threshold=content["threshold"],
    )


def pieces(question: str) -> frozenset[str]:
    """The distinct pieces of one to three characters of a question."""
    plain = _SPACE.sub("", normalise(question).lower())
    return frozenset(plain[i : i + n] for n in range(1, LONGEST_PIECE + 1) for i in range(len(plain) - n + 1))


def rank_row(hit: Hit, topics: Mapping[str, float]) -> list[float]:
    """Values of ``RANK``; ``topics`` are the probabilities of the call's matter by code."""
    seen, document = hit.signals, hit.document
    main = math.log((topics.get(document.topics[0], 0.0) if document.topics else 0.0) + FLOOR)
    every = math.log(sum(topics.get(code, 0.0) for code in document.topics) + FLOOR)
    alike, near = seen.alike / max(seen.best_alike, TINY), seen.near / max(seen.best_near, TINY)
    length = min(1.0, math.log1p(len(seen.meant)) / LONG)
    return [
        alike,
        seen.face / max(seen.best_face, TINY),
        near,
        seen.said / max(seen.best_said, TINY),
        alike * length,
        near * length,
        main * length,
        seen.alike,
        seen.face,
        seen.near,
        seen.said,
        seen.asked,
        seen.whole,
        seen.exact,
        main,
        every,
        *(float(document.kind.value == kind) for kind in KINDS),
    ]


def answer_row(
    hit: Hit, topics: Mapping[str, float], ranks: Sequence[float], question: str, wording: float
) -> list[float]:
    """Values of ``ANSWER`` for the best document; ``ranks`` are the rank scores of all candidates, best first."""
    seen, document = hit.signals, hit.document
    likely = [*sorted(topics.values(), reverse=True), 0.0, 0.0]
    best = max(topics, key=lambda code: topics[code], default="")
    shares = [math.exp(score - ranks[0]) for score in ranks]
    return [
        seen.alike,
        seen.face,
        seen.near,
        seen.said,
        seen.asked,
        seen.whole,
        seen.exact,
        topics.get(document.topics[0], 0.0) if document.topics else 0.0,
        sum(topics.get(code, 0.0) for code in document.topics),
        likely[0],
        likely[0] - likely[1],
        float(best == UNRECOGNISABLE),
        float(best == NOT_OURS),
        seen.unknown,
        1.0 / sum(shares),
        ranks[0] - ranks[1] if len(ranks) > 1 else 0.0,
        math.log1p(len(question)),
        seen.best_alike,
        seen.best_near,
        seen.best_said,
        wording,
        *cues_of(question),
    ]


def _dot(weights: Sequence[float], values: Sequence[float]) -> float:
    return sum(weight * value for weight, value in zip(weights, values, strict=True))
