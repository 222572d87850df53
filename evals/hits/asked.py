"""A question as it was asked and judged: what is kept of a run (pure)."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from evals.hits.finder import Finder, Finding
from evals.hits.questions import Question

MOST = 10


@dataclass(frozen=True, slots=True)
class Listed:
    """A found document as it is kept."""

    id: str
    title: str
    closeness: float
    topic: float
    support: float


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, what was found (best first), the ``rank`` of the right document (0: none), and the answer.

    ``answered_from`` is the document that would be read out (empty: 知识库暂无答案). A ``fault`` is never right.
    """

    question: Question
    found: tuple[Listed, ...] = ()
    rank: int = 0
    answered_from: str = ""
    right_answer: bool = False
    why: str = ""
    fault: str = ""
    ms: float = 0.0

    @property
    def answered(self) -> bool:
        """An answer would be read out."""
        return bool(self.answered_from)

    @property
    def refused(self) -> bool:
        """It was said that there is no answer."""
        return not self.answered and not self.fault

    @property
    def miss(self) -> str:
        """What went wrong, in Chinese; empty when the caller got what the row expects."""
        if self.fault:
            return "未能提问"
        if not self.question.answerable:
            return "应无答案却答复了" if self.answered else ""
        if self.question.ranked and self.rank != 1:
            return f"排在第 {self.rank}" if self.rank else "没找到"
        return "" if self.answered else "找到了但没有答复" if self.question.ranked else "没有答复"


def ask_all(
    finder: Finder, questions: Sequence[Question], day: date, say: Callable[[str, float], None]
) -> tuple[Asked, ...]:
    """Ask every question as a caller of ``day``; what production trips over is kept with its question."""
    asked = []
    for number, question in enumerate(questions, 1):
        start = time.perf_counter()
        try:
            finding = finder.find(question.text, day)
        except Exception as error:  # whatever production trips over belongs into the run, with its question
            asked.append(Asked(question, fault=f"{type(error).__name__}: {error}"))
        else:
            asked.append(judge(question, finding, (time.perf_counter() - start) * 1000))
        say("逐条提问", number / len(questions))
    return tuple(asked)


def judge(question: Question, finding: Finding, ms: float = 0.0) -> Asked:
    """Hold what was found against what is right."""
    right = [i for i, f in enumerate(finding.documents, 1) if question.takes(f.document.id, f.document.topics)]
    topics = {f.document.id: f.document.topics for f in finding.documents}
    source = finding.answered_from
    return Asked(
        question,
        tuple(
            Listed(f.document.id, f.document.title, round(f.closeness, 4), round(f.topic, 4), round(f.support, 4))
            for f in finding.documents[:MOST]
        ),
        right[0] if question.ranked and right else 0,
        source,
        bool(source) and question.ranked and question.takes(source, topics.get(source, ())),
        finding.why,
        ms=round(ms, 2),
    )


def as_row(asked: Asked) -> dict[str, Any]:
    """A question of a run as JSON."""
    return asdict(asked)


def from_row(row: Mapping[str, Any]) -> Asked:
    """Back from JSON; raises KeyError or TypeError for a foreign row."""
    question = row["question"] | {key: tuple(row["question"][key]) for key in ("documents", "topics")}
    return Asked(**{**row, "question": Question(**question), "found": tuple(Listed(**one) for one in row["found"])})
