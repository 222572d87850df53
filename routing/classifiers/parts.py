"""The judges of the stack: each gives every label a score for a text; none of them is trusted alone.

``note``    one-vs-rest linear SVM, classes balanced, over characters with the operator's opening words
``word``    the same over words and pairs of words
``ratio``   linear SVM over characters weighted by each label's log-count ratio (NB-SVM)
``dense``   logistic regression over the sentence embedding
``mixed``   logistic regression over words and embedding together: it ranks the second and third best
``nearest`` votes of the labelled texts with the most alike wording
``alike``   votes of the labelled texts with the most alike meaning (embedding)
``duty``    similarity to the duty-list text of each label (works with no example at all)
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]
NEIGHBOURS = 12
# Coarser than the default by far; on 4,000 tickets it changes one answer in a thousand and halves the time.
TOLERANCE = 0.1


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
    if (only := _only(features, labels, count)) is not None:
        return only
    from sklearn.svm import LinearSVC

    model = LinearSVC(C=cost, class_weight="balanced" if balanced else None, tol=TOLERANCE, dual=True, random_state=0)
    model.fit(features, labels)
    return _spread(model.coef_, model.intercept_, model.classes_, count)


def _only(features: Any, labels: NDArray[np.int64], count: int) -> Linear | None:
    """The judge of a fold in which only one label is left (the other has a single text); None where there are more."""
    if len(np.unique(labels)) > 1:
        return None
    intercept = np.full(count, -1.0, dtype=np.float32)
    intercept[labels] = 1.0
    return Linear(np.zeros((features.shape[1], count), dtype=np.float32), intercept)


def fit_ratio(features: Any, labels: NDArray[np.int64], count: int) -> Linear:
    """Fit one SVM a label on features weighted by how much more often the label has them (Wang & Manning 2012).

    The weighting is linear, so it is folded into the weights: scoring costs no more than a plain SVM.
    """
    if (only := _only(features, labels, count)) is not None:
        return only
    from sklearn.svm import LinearSVC

    present = (features > 0).astype(np.float32)
    total = np.asarray(present.sum(axis=0)).ravel()
    weights = np.zeros((features.shape[1], count), dtype=np.float32)
    intercept = np.full(count, -3.0, dtype=np.float32)
    for label in np.unique(labels):
        inside = labels == label
        mine = np.asarray(present[inside].sum(axis=0)).ravel() + 1.0
        rest = total - mine + 2.0
        ratio = np.log((mine / mine.sum()) / (rest / rest.sum())).astype(np.float32)
        model = LinearSVC(C=1.0, tol=TOLERANCE, random_state=0).fit(features.multiply(ratio).tocsr(), inside)
        weights[:, label] = model.coef_[0] * ratio
        intercept[label] = model.intercept_[0]
    return Linear(weights, intercept)


def fit_logistic(features: Any, labels: NDArray[np.int64], count: int, *, cost: float, rounds: int) -> Linear:
    """Fit a multinomial logistic regression; ``rounds`` stops it early, which costs nothing once it is blended."""
    if (only := _only(features, labels, count)) is not None:
        return only
    import warnings

    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=cost, max_iter=rounds)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # stopped early on purpose
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
