"""Does a question find its own reply? The production knowledge base over a folder of replies, nothing else of ours."""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from evals.metrics import Figure, mean
from evals.rows import read_rows
from knowledge.bootstrap import Knowledge, KnowledgeSettings
from knowledge.fusion import Mix
from knowledge.retriever import Retriever

NEEDED = ("id", "question", "reply")
TITLE = 24
TEN = 10


@dataclass(frozen=True, slots=True)
class Retrieved:
    """``ranks``: 1-based rank of the own reply of each question, 0 when it is not among the first ten."""

    ids: tuple[str, ...]
    ranks: tuple[int, ...]

    @property
    def figures(self) -> dict[str, Figure]:
        """Recall at one and ten, and the mean reciprocal rank (ten places)."""
        return {
            "r_at_1": mean([rank == 1 for rank in self.ranks]),
            "r_at_10": mean([rank > 0 for rank in self.ranks]),
            "mrr": mean([1 / rank if rank else 0.0 for rank in self.ranks]),
        }

    def as_json(self) -> dict[str, Any]:
        """``metrics``, ``intervals`` and one entry per question."""
        return {
            "metrics": {name: round(figure.value, 4) for name, figure in self.figures.items()},
            "intervals": {name: [round(f.low, 4), round(f.high, 4)] for name, f in self.figures.items()},
            "cases": [{"id": key, "rank": rank} for key, rank in zip(self.ids, self.ranks, strict=True)],
        }


def retrieve(pairs: Path, say: Callable[[int, int], None] | None = None) -> Retrieved:
    """Index every reply of ``pairs`` as a document, ask every question; raises ``CaseError`` for a broken file."""
    return retrieve_mixed(pairs, (None,), say)[0]


def retrieve_mixed(
    pairs: Path, mixes: Sequence[Mix | None], say: Callable[[int, int], None] | None = None
) -> list[Retrieved]:
    """The same for each mix of words and vectors (None: that of production), over one index."""
    rows = read_rows(pairs, NEEDED)
    with tempfile.TemporaryDirectory() as folder:
        docs = Path(folder) / "docs" / "常见问答"
        docs.mkdir(parents=True)
        for number, row in enumerate(rows):
            (docs / f"r{number}.md").write_text(_document(number, row["reply"]), encoding="utf-8")
        knowledge = Knowledge(KnowledgeSettings(docs=docs.parent, state=Path(folder) / "state"))
        try:
            knowledge.sync()
            if knowledge.problems():
                raise RuntimeError("; ".join(str(problem) for problem in knowledge.problems()[:5]))
            own = knowledge.retriever
            return [_ask(own if mix is None else own.mixed(mix), rows, say) for mix in mixes]
        finally:
            knowledge.close()


def _ask(retriever: Retriever, rows: Sequence[dict[str, str]], say: Callable[[int, int], None] | None) -> Retrieved:
    ranks = []
    for number, row in enumerate(rows):
        hits = retriever.search(row["question"], on=date(2026, 1, 1), limit=TEN)
        found = [hit.document.id for hit in hits]
        ranks.append(found.index(f"r{number}") + 1 if f"r{number}" in found else 0)
        if say:
            say(number + 1, len(rows))
    return Retrieved(tuple(row["id"] for row in rows), tuple(ranks))


def char_tfidf(pairs: Path) -> Retrieved:
    """The baseline on the same rows: cosine of character 2–3-gram tf-idf."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    rows = read_rows(pairs, NEEDED)
    vectorizer = TfidfVectorizer(analyzer="char", ngram_range=(2, 3), sublinear_tf=True)
    replies = vectorizer.fit_transform([row["reply"] for row in rows])
    similarity = (vectorizer.transform([row["question"] for row in rows]) @ replies.T).toarray()
    order = np.argsort(-similarity, axis=1)[:, :TEN]
    ranks = [(list(best).index(i) + 1 if i in best else 0) for i, best in enumerate(order)]
    return Retrieved(tuple(row["id"] for row in rows), tuple(ranks))


def _document(number: int, reply: str) -> str:
    """One reply as a document in the form of ``kb_docs``: its beginning is its title, its lines are its paragraphs."""
    title = " ".join(reply.split())[:TITLE]
    front = {
        "id": f"r{number}",
        "title": title,
        "kind": "常见问答",
        "topics": ["X01"],
        "unit": "X",
        "status": "已发布",
        "basis": [],
        "asks": [],
        "in_force_from": date(2020, 1, 1),
        "in_force_to": None,
        "review_by": date(2030, 1, 1),
    }
    body = "\n\n".join(line.strip().lstrip("#-*>` ") for line in reply.splitlines() if line.strip())
    return f"---\n{yaml.safe_dump(front, allow_unicode=True, sort_keys=False)}---\n## 答复\n{body}\n"
