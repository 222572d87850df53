"""The parts of an answer: its sentences, each with the citation that carries it, and documents that disagree (pure)."""

import re
from collections.abc import Sequence
from enum import StrEnum

from knowledge.documents import Passage
from routing.recommendation import Said

_SENTENCE = re.compile(r"[^。！？!?\n]+[。！？!?]*[”』」）)]*")


class AnswerKind(StrEnum):
    """Whether an answer is the town's approved wording, to be read as it stands, or an extract of a document."""

    APPROVED = "标准口径"
    EXTRACT = "摘录"


def said_of(passages: Sequence[Passage], numbers: Sequence[int]) -> tuple[Said, ...]:
    """Sentences of the passages in order; ``numbers`` are the citations (from 1) that carry each passage."""
    return tuple(
        Said(sentence.strip(), number)
        for passage, number in zip(passages, numbers, strict=True)
        for sentence in _SENTENCE.findall(passage.text)
        if sentence.strip()
    )
