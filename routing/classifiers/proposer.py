"""Turn two trained stacks (topic, ticket type) into a ``Proposal``: first three of each, band, evidence, versions."""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from knowledge.documents import Hit
from routing.classifiers.calibration import Thresholds
from routing.classifiers.features import fold
from routing.classifiers.matter import matter_of
from routing.classifiers.stack import Stack
from routing.recommendation import Band, Candidate, Evidence, Proposal
from routing.taxonomy import PackView

UNRECOGNISABLE = "Z02"
MIN_CHARACTERS = 4
LONG_TEXT = 30
HALF = 0.5
# Greetings and fillers: they say nothing of the matter, so they do not make a thin text thick.
_FILLER = re.compile(
    r"喂+|您?你?好+|那个|这个|就是说?|嗯+|啊+|呃+|请问|我想|我要|反映|咨询|投诉|一下|在吗|吗|呢|的|了|[^\u4e00-\u9fffa-z]"
)


def is_thin(text: str) -> bool:
    """Say whether too little is left for a judgement once greetings and fillers are taken away."""
    return len(_FILLER.sub("", fold(text))) < MIN_CHARACTERS


class Proposer:
    """What the model says of a text; the rules have their say later."""

    def __init__(self, topics: Stack, types: Stack, version: str) -> None:
        self._topics = topics
        self._types = types
        self.version = version

    def propose(self, text: str, view: PackView, hits: Sequence[Hit] = ()) -> Proposal:
        """Propose for one text; ``hits`` are passages already found for it, used as evidence only."""
        matter = matter_of(text)
        topic_row, resemblance = self._topics.judge(matter)
        type_row = self._types.probabilities([text])[0]
        topic_row, doubt = self._without_nothing(matter, topic_row)
        topics = tuple(
            Candidate(code, view.topics[code].name, score)
            for code, score in _best(self._topics.labels, topic_row, view)
        )
        types = tuple(Candidate(name, name, score) for name, score in _best(self._types.labels, type_row, None))
        return Proposal(
            types=types,
            topics=topics,
            units=self._units(topic_row, view),
            band=self._band(matter, topics, self._topics.learned.thresholds, doubt),
            evidence=self._evidence(resemblance, topics, view, hits),
            model_version=self.version,
            data_hash=self._topics.learned.data_hash,
        )

    def topic_scores(self, text: str) -> dict[str, float]:
        """Probability of every topic."""
        row = self._topics.probabilities([text])[0]
        return {code: float(p) for code, p in zip(self._topics.labels, row, strict=True)}

    def _units(self, row: NDArray[np.float64], view: PackView) -> tuple[Candidate, ...]:
        totals: dict[str, float] = {}
        for code, probability in zip(self._topics.labels, row, strict=True):
            lead = view.topics[code].lead if code in view.topics else ""
            if lead and lead in view.units:
                totals[lead] = totals.get(lead, 0.0) + float(probability)
        best = sorted(totals.items(), key=lambda item: -item[1])[:3]
        return tuple(Candidate(code, view.units[code].name, round(score, 4)) for code, score in best)

    def _without_nothing(self, text: str, row: NDArray[np.float64]) -> tuple[NDArray[np.float64], float]:
        """Scores of a long text without 无法识别, and how strongly that was felt.

        A long text does say something, only nothing that was learned: its likeliest matters are shown all the same.
        """
        if UNRECOGNISABLE not in self._topics.labels or len(fold(text)) < LONG_TEXT:
            return row, 0.0
        place = self._topics.labels.index(UNRECOGNISABLE)
        doubt = float(row[place])
        rest = row.copy()
        rest[place] = 0.0
        return rest / max(float(rest.sum()), 1e-9), doubt

    @staticmethod
    def _band(text: str, topics: tuple[Candidate, ...], limits: Thresholds, doubt: float) -> Band:
        if is_thin(text) or not topics or topics[0].code == UNRECOGNISABLE:
            return Band.UNKNOWN
        if doubt >= HALF:
            return Band.CENTRE  # the centre reads it, nobody is asked again
        margin = topics[0].score - (topics[1].score if len(topics) > 1 else 0.0)
        if topics[0].score >= limits.accept_score and margin >= limits.accept_margin:
            return Band.ACCEPT
        return Band.CHOOSE if topics[0].score >= limits.centre_score else Band.CENTRE

    def _evidence(
        self,
        resemblance: NDArray[np.float32],
        topics: tuple[Candidate, ...],
        view: PackView,
        hits: Sequence[Hit],
    ) -> tuple[Evidence, ...]:
        wanted = frozenset(candidate.code for candidate in topics)
        examples = [
            Evidence("示例", n.label, view.topics[n.label].name, n.text, round(n.score, 4))
            for n in self._topics.nearest(resemblance, wanted)
        ]
        passages = [
            Evidence("文档", h.document.topics[0], h.document.title, h.passage.text, round(h.score, 4))
            for h in hits[:3]
            if h.document.topics
        ]
        return (*examples, *passages)


def _best(labels: Sequence[str], row: NDArray[np.float64], view: PackView | None) -> list[tuple[str, float]]:
    order = np.argsort(-row)
    known = [(labels[int(i)], round(float(row[i]), 4)) for i in order if view is None or labels[int(i)] in view.topics]
    return known[:3]
