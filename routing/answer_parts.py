"""The parts of an answer: its sentences, each with the citation that carries it, and documents that disagree (pure)."""

import re
from collections.abc import Sequence
from enum import StrEnum

from knowledge.checks.conflicts import conflicts_between
from knowledge.documents import Document, Passage
from routing.recommendation import Disagreement, Said

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


def disagreements_of(best: Document, others: Sequence[Document]) -> tuple[Disagreement, ...]:
    """Where another document about a matter of the ``best`` one says something else; the newer one stands first."""
    near = [other for other in others if other.id != best.id and not set(best.topics).isdisjoint(other.topics)]
    known = {document.id: document for document in (best, *near)}
    found = []
    for conflict in conflicts_between((best, *near)):
        if best.id not in conflict.documents:
            continue
        sides = [(known[key], sentence) for key, sentence in zip(conflict.documents, conflict.sentences, strict=True)]
        (new, said), (old, said_before) = sorted(sides, key=lambda side: side[0].in_force_from, reverse=True)
        found.append(
            Disagreement(conflict.kind, said, new.title, new.in_force_from, said_before, old.title, old.in_force_from)
        )
    return tuple(found)
