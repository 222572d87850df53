"""Fit the stack: judges on all labelled texts, blend and thresholds on held-out folds, so that scores are honest."""

import hashlib
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.ports import Embedder
from routing.classifiers.calibration import fit_blend, fit_thresholds
from routing.classifiers.features import Vocabulary, fold, learn
from routing.classifiers.parts import Linear, Matrix, fit_logistic, fit_ratio, fit_svm, vote
from routing.classifiers.stack import JUDGES, LINEAR, Features, Learned, lay

FOLDS = 5
# With that many texts two held-out folds, and with still more one, calibrate as well as five, in a third of the time.
TWO_FOLDS_FROM, ONE_FOLD_FROM, ENOUGH_EACH = 4_500, 8_000, 1_000
# The judges that are only measured learn from so many texts at most, and the two slowest ones never from more than so
# many: what they add to the SVMs they have by then.
MEASURED_ON, SLOW_ON = 4_000, 6_000
# Judging more held-out texts than that calibrates no better.
JUDGED = 2_500
BLOCK = 512
# Bump when features or judges change: a saved model of another recipe is trained anew, never misread.
RECIPE = "stack-4"
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


def train(data: TrainingSet, embedder: Embedder, progress: Progress | None = None) -> Learned:
    """Train on ``data``; raises ``TrainingError`` when there are fewer than two labels or ten texts."""
    say = progress or (lambda _step, _share: None)
    labels = tuple(sorted(set(data.labels) | set(data.label_texts)))
    if len(set(data.labels)) < 2 or len(data.texts) < 10:
        raise TrainingError("训练样本不足：至少需要两类、十条已标注文本。现用模型保持不变，请补充样本后重试。")
    index = {label: i for i, label in enumerate(labels)}
    targets = np.array([index[label] for label in data.labels], dtype=np.int64)
    duty_texts = tuple(fold(data.label_texts.get(label, "")) for label in labels)
    say("提取特征", 0.0)
    spaces, features = _learn_features(data.texts, duty_texts, embedder)
    duty = spaces["char"].transform(duty_texts)
    seen, held_out = _held_out_scores(features, duty, targets, len(labels), say)
    say("校准", 0.8)
    blend = fit_blend(held_out, targets[seen])
    thresholds = fit_thresholds(blend.probabilities(held_out), targets[seen])
    say("用全部样本训练", 0.85)
    judges = _fit_judges(features, targets, len(labels), _rounds_of(targets))
    say("完成", 1.0)
    return Learned(
        labels,
        data.texts,
        targets,
        features.dense,
        duty_texts,
        spaces,
        judges,
        blend,
        thresholds,
        embedder.name,
        data.data_hash,
    )


def _learn_features(
    texts: tuple[str, ...], duty_texts: tuple[str, ...], embedder: Embedder
) -> tuple[dict[str, Vocabulary], Features]:
    """Learn every space from texts and duty list, and lay the texts out in them (each text is cut once only)."""
    folded = [fold(text) for text in texts]
    openings = [fold(text, opening=True) for text in texts]
    spaces, laid = {}, {}
    for name, kind, said in (("char", "char", folded), ("note", "note", openings), ("word", "word", folded)):
        spaces[name], matrix = learn(kind, [*said, *duty_texts])
        laid[name] = matrix[: len(texts)]
    dense = np.asarray(embedder.encode(folded), dtype=np.float32)
    return spaces, lay(laid["char"], laid["note"], laid["word"], dense)


def _rounds_of(targets: NDArray[np.int64]) -> int:
    """Where a logistic regression is stopped: the measured one must be the like of the one that is used."""
    return 40 if len(targets) < ONE_FOLD_FROM else 25


def _fit_judges(features: Features, targets: NDArray[np.int64], count: int, rounds: int) -> dict[str, Linear]:
    """Fit the linear judges, two at a time: liblinear leaves the interpreter free while it works."""
    few = _at_most(np.arange(len(targets)), SLOW_ON)
    fits: dict[str, Callable[[Any], Linear]] = {  # the longest first
        "note": lambda x: fit_svm(x, targets, count, balanced=True, cost=1.0),
        "ratio": lambda x: fit_ratio(x[few], targets[few], count),
        "mixed": lambda x: fit_logistic(x[few], targets[few], count, cost=30.0, rounds=rounds),
        "word": lambda x: fit_svm(x, targets, count, balanced=True, cost=0.5),
        "dense": lambda x: fit_logistic(x, targets, count, cost=20.0, rounds=100),
    }
    with ThreadPoolExecutor(max_workers=2) as pool:
        fitted = {name: pool.submit(fit, features[LINEAR[name]]) for name, fit in fits.items()}
        return {name: future.result() for name, future in fitted.items()}


def _held_out_scores(
    features: Features, duty: Any, targets: NDArray[np.int64], count: int, say: Progress
) -> tuple[NDArray[np.int64], list[Matrix]]:
    """Rows that were held out, and each judge's scores for them by judges that did not see the text."""
    folds = assign_folds(targets)
    rounds = _folds_of(len(targets), count)
    rows: list[NDArray[np.int64]] = []
    scores: list[list[Matrix]] = [[] for _ in JUDGES]
    for number in range(rounds):
        say(f"第 {number + 1}/{rounds} 折", 0.1 + 0.7 * number / rounds)
        inside, outside = np.nonzero(folds != number)[0], np.nonzero(folds == number)[0]
        if not len(outside):
            continue
        inside, outside = _at_most(inside, MEASURED_ON), _at_most(outside, JUDGED)
        known, asked = features.rows(inside), features.rows(outside)
        judges = _fit_judges(known, targets[inside], count, _rounds_of(targets))
        parts = [judges[name].scores(asked[space]) for name, space in LINEAR.items()]
        parts.append(_votes(asked.char, known.char.T.tocsr(), targets[inside], count))
        parts.append(_votes(asked.dense, known.dense.T, targets[inside], count))
        parts.append(np.asarray((asked.char @ duty.T).toarray(), dtype=np.float32))
        rows.append(outside)
        for target, part in zip(scores, parts, strict=True):
            target.append(part)
    return np.concatenate(rows), [np.concatenate(part) for part in scores]


def _folds_of(texts: int, labels: int) -> int:
    """How many folds are held out in turn: with few labels one holds enough texts of each."""
    if texts >= ONE_FOLD_FROM or texts >= ENOUGH_EACH * labels:
        return 1
    return 2 if texts >= TWO_FOLDS_FROM else FOLDS


def _votes(asked: Any, known: Any, targets: NDArray[np.int64], count: int) -> Matrix:
    """Votes in blocks: the whole matrix of similarities of 20,000 tickets would not fit."""
    starts = range(0, asked.shape[0], BLOCK)
    return np.concatenate([vote(asked[start : start + BLOCK] @ known, targets, count) for start in starts])


def _at_most(rows: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """All rows, or ``count`` of them drawn with a fixed seed."""
    return rows if len(rows) <= count else np.sort(np.random.default_rng(7).choice(rows, count, replace=False))


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
