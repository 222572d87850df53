"""The judges of the stack: each gives every label a score for a text; none of them is trusted alone.

``linear``  one-vs-rest linear SVM over a tf-idf space (characters or words)
``dense``   logistic regression over the sentence embedding
``nearest`` votes of the most similar labelled texts
``duty``    similarity to the duty-list text of each label (works with no example at all)
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]
NEIGHBOURS = 12


@dataclass(frozen=True)
class Linear:
    """Weights (features, labels) and intercepts (labels) of a linear judge."""

    weights: Matrix
    intercept: Matrix

    def scores(self, features: Any) -> Matrix:
        """Decision values (n, labels)."""
        return np.asarray(features @ self.weights + self.intercept, dtype=np.float32)


def fit_svm(features: Any, labels: NDArray[np.int64], count: int, *, balanced: bool, cost: float) -> Linear:
    """Fit a one-vs-rest linear SVM; labels that do not occur get weight zero and a low intercept."""
    from sklearn.svm import LinearSVC

    model = LinearSVC(C=cost, class_weight="balanced" if balanced else None, dual=True, random_state=0, max_iter=2000)
    model.fit(features, labels)
    return _spread(model.coef_, model.intercept_, model.classes_, count)


def fit_logistic(features: Matrix, labels: NDArray[np.int64], count: int) -> Linear:
    """Fit a multinomial logistic regression on dense features."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=20.0, max_iter=200)
    model.fit(features, labels)
    return _spread(model.coef_, model.intercept_, model.classes_, count)


def _spread(coef: Any, intercept: Any, classes: Any, count: int) -> Linear:
    """Lay the rows of a fitted model out over all ``count`` labels (two classes give one row in scikit-learn)."""
    if len(classes) == 2 and len(coef) == 1:
        coef, intercept = np.vstack([-coef, coef]), np.concatenate([-intercept, intercept])
    weights = np.zeros((coef.shape[1], count), dtype=np.float32)
    bias = np.full(count, float(np.min(intercept)) - 1.0, dtype=np.float32)
    weights[:, classes] = coef.T
    bias[classes] = intercept
    return Linear(weights, bias)


def vote(similarity: Any, labels: NDArray[np.int64], count: int, k: int = NEIGHBOURS) -> Matrix:
    """Votes (n, count) of the ``k`` most similar labelled texts; ``similarity`` is (n, examples), sparse or dense."""
    dense = similarity.toarray() if hasattr(similarity, "toarray") else np.asarray(similarity)
    votes = np.zeros((dense.shape[0], count), dtype=np.float32)
    k = min(k, dense.shape[1])
    best = np.argpartition(-dense, k - 1, axis=1)[:, :k]
    for row, columns in enumerate(best):
        weights = np.clip(dense[row, columns], 0.0, 1.0) ** 2
        np.add.at(votes[row], labels[columns], weights)
    return votes
