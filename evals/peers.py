"""The peer in the same run: tf-idf (character 1–3-grams) and a linear SVM, trained on the same examples."""

from collections.abc import Sequence
from typing import Any

import numpy as np


class TfidfSvm:
    """The plain baseline that any engineer would try first."""

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
        return tuple(str(classes[i]) for i in np.argsort(-scores)[:3])
