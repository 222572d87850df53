"""Peers in the same run, trained on the same rows: what any engineer would try first, and what others ship."""

import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from knowledge.ports import Embedder

NEIGHBOURS = 12


class Peer(Protocol):
    """A classifier to compare with."""

    name: str

    def top3(self, text: str) -> tuple[str, ...]:
        """First three labels, best first."""


class TfidfSvm:
    """The plain baseline: tf-idf of character 1–3-grams and a linear SVM."""

    name = "tf-idf + 线性 SVM"

    def __init__(self, texts: Sequence[str], labels: Sequence[str]) -> None:
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.pipeline import make_pipeline
        from sklearn.svm import LinearSVC

        vectorizer = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True)
        self._pipeline: Any = make_pipeline(vectorizer, LinearSVC(random_state=0))
        self._pipeline.fit(list(texts), list(labels))

    def top3(self, text: str) -> tuple[str, ...]:
        """First three labels, best first."""
        scores = np.atleast_2d(self._pipeline.decision_function([text]))[0]
        classes = self._pipeline.classes_
        if len(classes) == 2:
            scores = np.array([-scores[0], scores[0]])
        return tuple(str(classes[i]) for i in np.argsort(-scores)[:3])


class EmbeddingNeighbours:
    """Votes of the nearest labelled texts by the embedder alone."""

    name = "向量近邻"

    def __init__(self, texts: Sequence[str], labels: Sequence[str], embedder: Embedder) -> None:
        self._embedder = embedder
        self._labels = np.array(labels)
        self._vectors = np.asarray(embedder.encode(list(texts)), dtype=np.float32)

    def top3(self, text: str) -> tuple[str, ...]:
        """First three labels, best first."""
        similarity = self._vectors @ np.asarray(self._embedder.encode([text])[0])
        votes: dict[str, float] = {}
        for index in np.argsort(-similarity)[:NEIGHBOURS]:
            label = str(self._labels[index])
            votes[label] = votes.get(label, 0.0) + max(0.0, float(similarity[index])) ** 2
        return tuple(sorted(votes, key=lambda label: -votes[label])[:3])


class SemanticRouter:
    """aurelio-labs/semantic-router with our embedder: one route a label, its texts as utterances (``make peers``)."""

    name = "semantic-router"

    def __init__(self, texts: Sequence[str], labels: Sequence[str], embedder: Embedder) -> None:
        from semantic_router import IndexedRouter, Route
        from semantic_router.encoders.base import DenseEncoder

        class Encoder(DenseEncoder):  # type: ignore[misc]  # the library is an extra without type information
            """Our embedder in the library's clothes."""

            name: str = "hotline"

            def __call__(self, docs: list[Any]) -> list[list[float]]:
                return [[float(x) for x in row] for row in embedder.encode([str(d) for d in docs])]

        by_label: dict[str, list[str]] = {}
        for text, label in zip(texts, labels, strict=True):
            by_label.setdefault(label, []).append(text)
        routes = [Route(name=label, utterances=said) for label, said in by_label.items()]
        self._router: Any = IndexedRouter(Encoder(), routes, top_k=NEIGHBOURS, aggregation="sum")

    def top3(self, text: str) -> tuple[str, ...]:
        """First three labels, best first."""
        return tuple(str(choice.name) for choice in self._router(text, limit=3, threshold=-1.0)) or ("",)


def semantic_router_at(folder: Path) -> bool:
    """Whether semantic-router can be imported; what ``make peers`` put into ``folder`` comes after all else.

    It lives outside the desk's environment because it wants an openai older than the desk's.
    """
    if folder.is_dir() and str(folder) not in sys.path:
        sys.path.append(str(folder))
    return find_spec("semantic_router") is not None
