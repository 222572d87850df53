"""A classifier that learns from labelled texts: five judges, blended and calibrated (``training.py`` fits it)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.ports import Embedder
from routing.classifiers.calibration import Blend, Thresholds
from routing.classifiers.features import Vocabulary, fold
from routing.classifiers.parts import Linear, Matrix, vote

JUDGES = ("char", "word", "dense", "nearest", "duty")


@dataclass(frozen=True)
class Neighbour:
    """A labelled text that resembles the question, with cosine similarity 0..1."""

    label: str
    text: str
    score: float


@dataclass(frozen=True)
class Learned:
    """Everything that training found; ``targets`` holds the label index of each text."""

    labels: tuple[str, ...]
    texts: tuple[str, ...]
    targets: NDArray[np.int64]
    duty_texts: tuple[str, ...]
    char: Vocabulary
    word: Vocabulary
    char_judge: Linear
    word_judge: Linear
    dense_judge: Linear
    blend: Blend
    thresholds: Thresholds
    embedder_name: str
    data_hash: str


class Stack:
    """A trained classifier over ``learned.labels``; never changes after it was made, so threads may share it."""

    def __init__(self, learned: Learned, embedder: Embedder) -> None:
        if embedder.name != learned.embedder_name:
            raise ValueError(f"model was trained with embedder {learned.embedder_name!r}, not {embedder.name!r}")
        self.learned = learned
        self.embedder = embedder
        # Turned once here: turning a sparse matrix at every call costs more than the product itself.
        self._examples = learned.char.transform([fold(text) for text in learned.texts]).T.tocsr()
        self._duty = learned.char.transform(learned.duty_texts).T.tocsr()

    @property
    def labels(self) -> tuple[str, ...]:
        """Labels in the order of the columns of ``probabilities``."""
        return self.learned.labels

    def probabilities(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Calibrated probabilities (n, labels) of ``texts``."""
        folded = [fold(text) for text in texts]
        learned = self.learned
        char = learned.char.transform(folded)
        scores: list[Matrix] = [
            learned.char_judge.scores(char),
            learned.word_judge.scores(learned.word.transform(folded)),
            learned.dense_judge.scores(self.embedder.encode(folded)),
            vote(char @ self._examples, learned.targets, len(learned.labels)),
            np.asarray((char @ self._duty).toarray(), dtype=np.float32),
        ]
        return learned.blend.probabilities(scores)

    def nearest(self, text: str, labels: frozenset[str], limit: int = 3) -> tuple[Neighbour, ...]:
        """Labelled texts closest to ``text`` among ``labels``: the evidence shown to the operator."""
        similarity = np.asarray((self.learned.char.transform([fold(text)]) @ self._examples).toarray())[0]
        found: list[Neighbour] = []
        for index in np.argsort(-similarity):
            if similarity[index] <= 0.05 or len(found) == limit:
                break
            label = self.labels[int(self.learned.targets[index])]
            if label in labels:
                found.append(Neighbour(label, self.learned.texts[int(index)], float(similarity[index])))
        return tuple(found)
