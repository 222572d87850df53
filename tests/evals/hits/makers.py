"""Invented documents, questions and a finder by hand for the tests of the retrieval test."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from evals.hits.asked import Asked, Listed
from evals.hits.finder import ANYTHING, Finding, FoundDocument, Narrowing
from evals.hits.questions import Question
from evals.hits.store import HitHead, HitRun, data_hash
from evals.run_folder import new_id
from evals.run_store import Judge
from knowledge.documents import Document, DocumentKind, DocumentStatus, Passage
from routing.recommendation import Answer, Candidate, Citation

DAY = date(2026, 11, 23)
AT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
JUDGE = Judge("m1", "d1", "p1", "k1")


def document(key: str, *asks: str, topics: tuple[str, ...] = ("C01",), status: str = "已发布") -> Document:
    return Document(
        id=key,
        title=f"示例 {key}",
        kind=DocumentKind.QUESTION,
        topics=topics,
        unit="ZFD",
        status=DocumentStatus(status),
        basis=(),
        asks=asks,
        in_force_from=date(2026, 1, 1),
        in_force_to=None,
        review_by=date(2027, 1, 1),
        body="",
        path=f"{key}.md",
        content_hash=key,
    )


def finding(question: str, found: Sequence[Document], answered: bool = True, support: float = 0.8) -> Finding:
    listed = tuple(
        FoundDocument(d, Passage(f"{d.id}-1", d.id, 1, ("可以这样答复",), "示例段落"), 0.7, 0.6, 0.5, support - i / 10)
        for i, d in enumerate(found)
    )
    citations = tuple(Citation(d.id, d.title, "", d.in_force_from, d.status.value, "") for d in found[:1])
    answer = Answer(True, "示例答复", citations) if answered and found else Answer(False, "可由示例单位解答。")
    return Finding(question, DAY, listed, (Candidate("C01", "无证设摊", 0.8),), answer, 0.61, "示例理由")


@dataclass
class WordFinder:
    """Finds the documents that have the question among their ways of asking, first, then the others by id."""

    shelf: dict[str, Document] = field(default_factory=dict)
    broken: frozenset[str] = frozenset()
    depth: int = 8

    def find(self, question: str, on: date, narrowing: Narrowing = ANYTHING) -> Finding:
        if question in self.broken:
            raise RuntimeError("索引坏了")
        there = sorted(self.shelf.values(), key=lambda d: (question not in d.asks, d.id))
        there = [d for d in there if d.answers_on(on) and narrowing.takes(d)]
        return finding(question, there, answered=any(question in d.asks for d in there))

    def documents(self) -> tuple[Document, ...]:
        return tuple(self.shelf.values())

    def judge(self) -> Judge:
        return JUDGE


def asked(
    key: str,
    rank: int = 1,
    answered: bool = True,
    *,
    answerable: bool = True,
    right_answer: bool = True,
    fault: str = "",
    found: Mapping[str, float] | None = None,
) -> Asked:
    """A judged question; document “D” is right where there is an answer."""
    question = Question(key, f"示例问题 {key}", ("D",) if answerable else (), (), answerable)
    listed = tuple(Listed(one, f"示例 {one}", 0.5, 0.5, support) for one, support in (found or {"D": 0.8}).items())
    rank = rank if answerable and not fault else 0
    return Asked(question, listed, rank, "D" if answered else "", answered and right_answer, "示例理由", fault)


def a_run(rows: Sequence[Asked], name: str = "示例测试", at: datetime = AT) -> HitRun:
    hashed = data_hash(rows)
    return HitRun(
        HitHead(new_id(at, hashed), name, at, "测试评测员", DAY, hashed, len(rows), 8, JUDGE, ("注",)), tuple(rows)
    )
