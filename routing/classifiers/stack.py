"""A classifier that learns from labelled texts: eight judges, blended and calibrated (``training.py`` fits it)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.ports import Embedder
from routing.classifiers.calibration import Blend, Thresholds
from routing.classifiers.features import Vocabulary, fold
from routing.classifiers.parts import Linear, Matrix, vote

# Which space each linear judge reads; the other judges compare with the labelled texts themselves.
LINEAR = {"note": "note", "word": "word", "ratio": "char", "dense": "dense", "mixed": "mixed"}
JUDGES = (*LINEAR, "nearest", "alike", "duty")


@dataclass(frozen=True)
class Neighbour:
    """A labelled text that resembles the question, with cosine similarity 0..1."""

    label: str
    text: str
    score: float


@dataclass(frozen=True)
class Learned:
    """Everything that training found; ``targets`` holds the label index and ``vectors`` the embedding of each text."""

    labels: tuple[str, ...]
    texts: tuple[str, ...]
    targets: NDArray[np.int64]
    vectors: Matrix
    duty_texts: tuple[str, ...]
    spaces: Mapping[str, Vocabulary]
    judges: Mapping[str, Linear]
    blend: Blend
    thresholds: Thresholds
    embedder_name: str
    data_hash: str


@dataclass(frozen=True)
class Features:
    """Texts in every space: sparse ``char``, ``note``, ``word``; ``dense`` vectors; ``mixed`` is word beside dense."""

    char: Any
    note: Any
    word: Any
    dense: Matrix
    mixed: Any

    def __getitem__(self, space: str) -> Any:
        return getattr(self, space)

    def rows(self, rows: NDArray[np.int64]) -> "Features":
        """The same of some texts only."""
        return Features(self.char[rows], self.note[rows], self.word[rows], self.dense[rows], self.mixed[rows])


def lay(char: Any, note: Any, word: Any, dense: Matrix) -> Features:
    """Put the spaces of the same texts side by side."""
    from scipy.sparse import csr_matrix, hstack

    return Features(char, note, word, dense, hstack([word, csr_matrix(dense)], format="csr", dtype=np.float32))


def features_of(texts: Sequence[str], spaces: Mapping[str, Vocabulary], embedder: Embedder) -> Features:
    """Fold ``texts`` and lay them out in every space."""
    folded = [fold(text) for text in texts]
    return lay(
        spaces["char"].transform(folded),
        spaces["note"].transform([fold(text, opening=True) for text in texts]),
        spaces["word"].transform(folded),
        np.asarray(embedder.encode(folded), dtype=np.float32),
    )


class Stack:
    """A trained classifier over ``learned.labels``; never changes after it was made, so threads may share it."""

    def __init__(self, learned: Learned, embedder: Embedder) -> None:
        if embedder.name != learned.embedder_name:
            raise ValueError(f"model was trained with embedder {learned.embedder_name!r}, not {embedder.name!r}")
        self.learned = learned
        self.embedder = embedder
        # Turned once here: turning a sparse matrix at every call costs more than the product itself.
        char = learned.spaces["char"]
        self._examples = char.transform([fold(text) for text in learned.texts]).T.tocsr()
        self._vectors = np.ascontiguousarray(learned.vectors.T)
        self._duty = char.transform(learned.duty_texts).T.tocsr()

    @property
    def labels(self) -> tuple[str, ...]:
        """Labels in the order of the columns of ``probabilities``."""
        return self.learned.labels

    def probabilities(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Calibrated probabilities (n, labels) of ``texts``."""
        found = features_of(texts, self.learned.spaces, self.embedder)
        return self._judge(found, (found.char @ self._examples).toarray())

    def judge(self, text: str) -> tuple[NDArray[np.float64], NDArray[np.float32]]:
        """Probabilities (labels,) of one text, and how its wording resembles each labelled text (texts,) 0..1."""
        found = features_of([text], self.learned.spaces, self.embedder)
        similarity = (found.char @ self._examples).toarray()
        return self._judge(found, similarity)[0], np.asarray(similarity[0], dtype=np.float32)

    def _judge(self, found: Features, similarity: Matrix) -> NDArray[np.float64]:
        learned, count = self.learned, len(self.labels)
        scores: list[Matrix] = [learned.judges[name].scores(found[space]) for name, space in LINEAR.items()]
        scores += [
            vote(similarity, learned.targets, count),
            vote(found.dense @ self._vectors, learned.targets, count),
            np.asarray((found.char @ self._duty).toarray(), dtype=np.float32),
        ]
        return learned.blend.probabilities(scores)

    def nearest(self, similarity: NDArray[np.float32], labels: frozenset[str], limit: int = 3) -> tuple[Neighbour, ...]:
        """Labelled texts closest by ``similarity`` (from ``judge``) among ``labels``: the evidence shown."""
        found: list[Neighbour] = []
        for index in np.argsort(-similarity):
            if similarity[index] <= 0.05 or len(found) == limit:
                break
            label = self.labels[int(self.learned.targets[index])]
            if label in labels:
                found.append(Neighbour(label, self.learned.texts[int(index)], float(similarity[index])))
        return tuple(found)
