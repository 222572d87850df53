"""Which documents answer a call: search, the call's topics and fitted weights in one ranking.

The one function that desk, API, retrieval test and evaluation all come to (``Router.find``).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from knowledge.documents import Hit
from routing.finding_model import FindingModel, answer_row

# So many documents are looked at: one that the search ranks low may be of the very topic.
CANDIDATES = 40
# By so much (natural logarithm of odds) a newer document may fit worse than an older one about its matter.
NEWER = 1.0
TopicScores = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Supported:
    """A document's hit; ``support``: the probability 0..1 that it is the answer; ``topic``: that of its topics."""

    hit: Hit
    support: float
    topic: float


@dataclass(frozen=True, slots=True)
class Found:
    """Documents best first; from ``threshold`` on the best one is good enough to be read out."""

    documents: tuple[Supported, ...]
    threshold: float

    @property
    def answers(self) -> bool:
        """Whether the best document answers."""
        return bool(self.documents) and self.documents[0].support >= self.threshold

    @property
    def meant(self) -> str:
        """The question as it was read: pinyin, initials and homophones in the documents' words."""
        return self.documents[0].hit.signals.meant if self.documents else ""


def rank(question: str, hits: Sequence[Hit], likely: TopicScores, model: FindingModel, limit: int) -> Found:
    """Order ``hits`` of ``question`` by how well they answer it and keep ``limit``.

    ``likely``: the probabilities of the question's topics by code.
    """
    if not hits:
        return Found((), model.threshold)
    scores = _newer_first(hits, [model.rank_score(hit, likely) for hit in hits])
    order = sorted(range(len(hits)), key=lambda n: (-scores[n], -hits[n].document.in_force_from.toordinal()))
    ranks = [scores[n] for n in order]
    row = answer_row(hits[order[0]], likely, ranks, question, model.wording_score(question))
    best = model.confidence(row)
    return Found(
        tuple(
            Supported(hits[n], best * math.exp(scores[n] - ranks[0]), _topic(hits[n], likely)) for n in order[:limit]
        ),
        model.threshold,
    )


def _newer_first(hits: Sequence[Hit], scores: Sequence[float]) -> list[float]:
    """Scores, a document's no lower than that of an older one of its matter that fits little better."""
    place = {hit.document.id: n for n, hit in enumerate(hits)}
    lifted = list(scores)
    for n, hit in enumerate(hits):
        for older in hit.supersedes:
            old = place.get(older)
            if old is None or (hits[old].signals.exact and not hit.signals.exact):
                continue
            if scores[n] >= scores[old] - NEWER:
                lifted[n] = max(lifted[n], scores[old])
    return lifted


def _topic(hit: Hit, likely: TopicScores) -> float:
    return min(1.0, sum(likely.get(code, 0.0) for code in hit.document.topics))
