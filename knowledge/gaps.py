"""Calls that the knowledge base did not help with, put together by what they ask: where a document is missing."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from knowledge.ports import Embedder
from knowledge.text import normalise

MOST = 1_500
# Fitted on the documents' own ways of asking (1,760 of 238 documents, B-cubed F1 .55; docs/knowledge-health.md):
# average linkage ends where two groups are less alike than this, calls of different topics count less alike.
ALIKE = 0.34
WORDS = 0.15
OTHER_TOPIC = 0.6
_CONCEALED = re.compile(
    r"(?:我叫|电话|联系人)?[\s：:]*[［\[][^］\]]{1,6}[］\]]"
)  # what stands for a name makes no two calls alike
_CLAUSE = re.compile(r"[^，。！？；,.!?;\n]+")
ASK_SHORTEST, ASK_LONGEST, ASKS = 5, 32, 8


@dataclass(frozen=True, slots=True)
class OpenCall:
    """One call without help: its text (concealed), topic, moment, and why it counts (没有答案, 答复未采用…).

    ``documents``: ids of those whose answer was not used.
    """

    reference: str
    at: datetime
    text: str
    topic: str
    why: str
    documents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Gap:
    """Calls that ask alike; ``example`` is the one nearest to all others, ``topic`` the most frequent."""

    topic: str
    calls: tuple[OpenCall, ...]
    example: OpenCall

    @property
    def count(self) -> int:
        """How many calls it is."""
        return len(self.calls)

    @property
    def last(self) -> datetime:
        """When it was asked last."""
        return max(call.at for call in self.calls)

    @property
    def asks(self) -> tuple[str, ...]:
        """Short clauses in callers' own words, for the new document; whoever writes it keeps what fits."""
        clauses = [
            clause.strip()
            for call in (self.example, *self.calls)
            for clause in _CLAUSE.findall(call.text)
            if ASK_SHORTEST <= len(clause.strip()) <= ASK_LONGEST
        ]
        return tuple(dict.fromkeys(clauses))[:ASKS]


def find_gaps(calls: Sequence[OpenCall], embedder: Embedder) -> tuple[Gap, ...]:
    """Groups of calls, the most frequent first; at most the newest ``MOST`` calls are looked at."""
    newest = sorted(calls, key=lambda call: call.at, reverse=True)[:MOST]
    texts = [_CONCEALED.sub("", normalise(call.text)) for call in newest]
    said = [row for row, text in enumerate(texts) if text]
    if not said:
        return ()
    alike = _alike([texts[row] for row in said], embedder)
    topics = np.array([newest[row].topic for row in said])
    alike *= np.where(topics[:, None] == topics[None, :], 1.0, OTHER_TOPIC)
    groups: dict[int, list[int]] = {}
    for place, label in enumerate(_labels(alike)):
        groups.setdefault(label, []).append(place)
    found = [_gap([newest[said[p]] for p in places], alike[np.ix_(places, places)]) for places in groups.values()]
    return tuple(sorted(found, key=lambda gap: (-gap.count, -gap.last.timestamp())))


def _gap(calls: list[OpenCall], alike: Any) -> Gap:
    topics = Counter(call.topic for call in calls if call.topic)
    central = calls[int(np.argmax(alike.sum(axis=1)))]
    return Gap(topics.most_common(1)[0][0] if topics else "", tuple(calls), central)


def _alike(texts: Sequence[str], embedder: Embedder) -> Any:
    """Likeness 0..1 of every pair (n, n)."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    words = TfidfVectorizer(analyzer="char", ngram_range=(1, 2), sublinear_tf=True).fit_transform(texts)
    vectors = embedder.encode(texts)
    return WORDS * (words @ words.T).toarray() + (1 - WORDS) * np.clip(vectors @ vectors.T, 0.0, 1.0)


def _labels(alike: Any) -> list[int]:
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import squareform

    if len(alike) < 2:
        return [1] * len(alike)
    distance = np.clip(1.0 - (alike + alike.T) / 2, 0.0, 1.0)
    np.fill_diagonal(distance, 0.0)
    joined = linkage(squareform(distance, checks=False), method="average")
    return [int(label) for label in fcluster(joined, t=1.0 - ALIKE, criterion="distance")]
