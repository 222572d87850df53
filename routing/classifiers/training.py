"""Fit the stack: judges on all labelled texts, blend and thresholds on held-out folds, so that scores are honest."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.ports import Embedder
from routing.classifiers.calibration import fit_blend, fit_thresholds
from routing.classifiers.features import fold, learn
from routing.classifiers.parts import Linear, Matrix, fit_logistic, fit_svm, vote
from routing.classifiers.stack import JUDGES, Learned

FOLDS = 5
# Bump when features or judges change: a saved model of another recipe is trained anew, never misread.
RECIPE = "stack-1"
Progress = Callable[[str, float], None]


class TrainingError(ValueError):
    """The training set cannot be learned from; the message (Chinese) says why and what to do."""


@dataclass(frozen=True)
class TrainingSet:
    """Labelled texts; ``label_texts`` describes labels in the duty list's words and may be empty."""

    texts: tuple[str, ...]
    labels: tuple[str, ...]
    label_texts: Mapping[str, str]

    @property
    def data_hash(self) -> str:
        """Hash of everything that training sees, and of the recipe."""
        digest = hashlib.sha256(RECIPE.encode())
        for text, label in sorted(zip(self.texts, self.labels, strict=True)):
            digest.update(f"{label}\t{text}\n".encode())
        for label, text in sorted(self.label_texts.items()):
            digest.update(f"{label}\t{text}\n".encode())
        return digest.hexdigest()


@dataclass(frozen=True)
class _Data:
    """Features of the labelled texts in one tf-idf space; ``rows`` selects a fold without recomputing words."""

    folded: list[str]
    char: Any
    word: Any
    dense: Matrix
    targets: NDArray[np.int64]
    duty: Any
    count: int


def train(data: TrainingSet, embedder: Embedder, progress: Progress | None = None) -> Learned:
    """Train on ``data``; raises ``TrainingError`` when there are fewer than two labels or ten texts."""
    say = progress or (lambda _step, _share: None)
    labels = tuple(sorted(set(data.labels) | set(data.label_texts)))
    if len(set(data.labels)) < 2 or len(data.texts) < 10:
        raise TrainingError("训练样本不足：至少需要两类、十条已标注文本。现用模型保持不变，请补充样本后重试。")
    index = {label: i for i, label in enumerate(labels)}
    targets = np.array([index[label] for label in data.labels], dtype=np.int64)
    folded = [fold(text) for text in data.texts]
    duty_texts = tuple(fold(data.label_texts.get(label, "")) for label in labels)
    say("提取特征", 0.0)
    char, word = learn("char", [*folded, *duty_texts]), learn("word", [*folded, *duty_texts])
    features = _Data(
        folded,
        char.transform(folded),
        word.transform(folded),
        embedder.encode(folded),
        targets,
        char.transform(duty_texts),
        len(labels),
    )
    held_out = _held_out_scores(features, say)
    say("校准", 0.85)
    blend = fit_blend(held_out, targets)
    thresholds = fit_thresholds(blend.probabilities(held_out), targets)
    judges = _fit_judges(features, np.arange(len(targets)))
    say("完成", 1.0)
    return Learned(
        labels, data.texts, targets, duty_texts, char, word, *judges, blend, thresholds, embedder.name, data.data_hash
    )


def _fit_judges(data: _Data, rows: NDArray[np.int64]) -> tuple[Linear, Linear, Linear]:
    targets = data.targets[rows]
    return (
        fit_svm(data.char[rows], targets, data.count, balanced=False, cost=0.7),
        fit_svm(data.word[rows], targets, data.count, balanced=True, cost=0.7),
        fit_logistic(data.dense[rows], targets, data.count),
    )


def _held_out_scores(data: _Data, say: Progress) -> list[Matrix]:
    """Each judge's scores for every text, made by judges that did not see the text (stratified folds)."""
    folds = assign_folds(data.targets)
    scores = [np.zeros((len(data.targets), data.count), dtype=np.float32) for _ in JUDGES]
    for fold_number in range(FOLDS):
        say(f"第 {fold_number + 1}/{FOLDS} 折", 0.1 + 0.15 * fold_number)
        inside, outside = np.nonzero(folds != fold_number)[0], np.nonzero(folds == fold_number)[0]
        if not len(outside):
            continue
        char_judge, word_judge, dense_judge = _fit_judges(data, inside)
        similarity = data.char[outside] @ data.char[inside].T
        parts = (
            char_judge.scores(data.char[outside]),
            word_judge.scores(data.word[outside]),
            dense_judge.scores(data.dense[outside]),
            vote(similarity, data.targets[inside], data.count),
            np.asarray((data.char[outside] @ data.duty.T).toarray(), dtype=np.float32),
        )
        for target, part in zip(scores, parts, strict=True):
            target[outside] = part
    return scores


def assign_folds(targets: NDArray[np.int64], folds: int = FOLDS) -> NDArray[np.int64]:
    """Deal the texts of each label over the folds in turn, so that every fold sees every label it can."""
    assigned = np.zeros(len(targets), dtype=np.int64)
    offset = 0
    generator = np.random.default_rng(20251101)
    for label in np.unique(targets):
        rows = generator.permutation(np.nonzero(targets == label)[0])
        assigned[rows] = (np.arange(len(rows)) + offset) % folds
        offset += len(rows)
    return assigned
