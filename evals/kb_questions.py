"""Does a caller's question find the documents that answer it, and does a question that none answers find none?

Everything runs through ``Router.find``, the function that the desk uses; peers search the same documents.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from evals.cases import CaseError
from evals.metrics import Figure, mean
from knowledge.documents import Document
from knowledge.fusion import Mix
from knowledge.retriever import Retriever
from routing.recommendation import Request
from routing.router import Router

TEN = 10
Ranker = Callable[[str], list[str]]


@dataclass(frozen=True, slots=True)
class KbQuestion:
    """A question, the documents that answer it (empty: none does)."""

    id: str
    question: str
    documents: frozenset[str]

    @property
    def answerable(self) -> bool:
        """Whether any document answers it."""
        return bool(self.documents)


@dataclass(frozen=True, slots=True)
class KbAnswer:
    """What production found: ids, best first; whether it would read the first one out."""

    question: KbQuestion
    found: tuple[str, ...]
    support: float
    answered: bool

    @property
    def rank(self) -> int:
        """1-based rank of the first document that answers; 0 when none is among those found."""
        return next((n for n, key in enumerate(self.found, 1) if key in self.question.documents), 0)


def read_kb_questions(path: Path, known: frozenset[str]) -> tuple[KbQuestion, ...]:
    """Rows {"id", "question", "documents", "answerable"}; raises CaseError (Chinese) for a broken row.

    ``known``: ids of all documents; an id that no document has is an error, not a miss.
    """
    questions: list[KbQuestion] = []
    problems: list[str] = []
    for number, line in enumerate(path.read_text(encoding="utf-8-sig").splitlines(), 1):
        if not line.strip():
            continue
        try:
            row: dict[str, Any] = json.loads(line)
            documents = frozenset(row.get("documents") or ())
            question = KbQuestion(str(row["id"]), str(row["question"]), documents)
            answerable = bool(row.get("answerable", bool(documents)))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            problems.append(f"{path} 第 {number} 行：读不懂（{error}），应有 id、question、documents、answerable")
            continue
        if unknown := documents - known:
            problems.append(f"{path} 第 {number} 行：没有编号为 {'、'.join(sorted(unknown))} 的文档")
        elif answerable != question.answerable:
            problems.append(f"{path} 第 {number} 行：answerable 与 documents 不一致")
        else:
            questions.append(question)
    if problems or not questions:
        raise CaseError("\n".join(problems[:20]) or f"{path}：没有数据")
    return tuple(questions)


def ask(router: Router, questions: Sequence[KbQuestion], now: datetime) -> tuple[KbAnswer, ...]:
    """Put every question to production on the day of ``now``."""
    answers = []
    for question in questions:
        found = router.find(Request(question.question, now), limit=TEN)
        ids = tuple(one.hit.document.id for one in found.documents)
        support = found.documents[0].support if found.documents else 0.0
        answers.append(KbAnswer(question, ids, support, found.answers))
    return tuple(answers)


def figures(answers: Sequence[KbAnswer]) -> dict[str, Figure]:
    """Ranking over the questions that a document answers, and both shares of refusing."""
    ranks = [a.rank for a in answers if a.question.answerable]
    return {
        **ranking(ranks),
        "answered": mean([a.answered for a in answers if a.question.answerable]),
        "answered_right": mean([a.rank == 1 for a in answers if a.answered]),
        "refused": mean([not a.answered for a in answers if not a.question.answerable]),
    }


def ranking(ranks: Sequence[int]) -> dict[str, Figure]:
    """Recall at one and three and the mean reciprocal rank (ten places) of 1-based ranks (0: not found)."""
    return {
        "r_at_1": mean([rank == 1 for rank in ranks]),
        "r_at_3": mean([0 < rank <= 3 for rank in ranks]),
        "mrr": mean([1 / rank if rank else 0.0 for rank in ranks]),
    }


def rank_with(ranker: Ranker, questions: Sequence[KbQuestion]) -> dict[str, Figure]:
    """Ranking figures of a peer over the same questions."""
    ranks = []
    for question in questions:
        if question.answerable:
            found = ranker(question.question)[:TEN]
            ranks.append(next((n for n, key in enumerate(found, 1) if key in question.documents), 0))
    return ranking(ranks)


def peers(router: Router, now: datetime) -> Mapping[str, Ranker]:
    """Searches of the same documents: char tf-idf, and our search without topics, words alone, vectors alone."""
    documents = [d for d in router.knowledge.documents() if d.answers_on(now.date())]
    return {
        "字符 1–3 元 tf-idf": _char_tfidf(documents),
        "只检索，不看事项": _search(router.knowledge.retriever, now),
        "只用词": _search(router.knowledge.retriever.mixed(Mix(1.0, 0.0)), now),
        "只用向量": _search(router.knowledge.retriever.mixed(Mix(0.0, 1.0)), now),
    }


def _search(retriever: Retriever, now: datetime) -> Ranker:
    return lambda text: [h.document.id for h in retriever.search(text, on=now.date(), limit=TEN)]


def _char_tfidf(documents: Sequence[Document]) -> Ranker:
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectorizer = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True)
    held = vectorizer.fit_transform(["\n".join((d.title, *d.asks, d.body)) for d in documents])

    def rank(text: str) -> list[str]:
        scores = (held @ vectorizer.transform([text]).T).toarray().ravel()
        return [documents[int(i)].id for i in np.argsort(-scores, kind="stable")[:TEN]]

    return rank
