"""Sparse text features: character n-grams and words, weighted by tf-idf, saved and loaded without pickle."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.text import normalise

_LONG_NUMBER = re.compile(r"\d{5,}")
_NUMBER = re.compile(r"\d+")
_SPACE = re.compile(r"\s+")
# What operators write before the matter itself; it says who wrote the note, not what the matter is.
_NOTE_OPENING = re.compile(
    r"(市民|来电人|网民|居民|群众)?(来电|微信|公众号|网上|来信)?(反映|咨询|建议|求助|投诉|表示|称)[:：]"
)


def fold(text: str) -> str:
    """Text as the classifier sees it: normalised, numbers folded to ``0`` (no phone number can become a feature)."""
    plain = _NOTE_OPENING.sub(lambda m: m.group(3) + " ", normalise(text))
    return _SPACE.sub(" ", _NUMBER.sub("0", _LONG_NUMBER.sub("#", plain))).strip().lower()


def words(text: str) -> list[str]:
    """Words of ``fold(text)`` and pairs of neighbouring words."""
    import jieba

    jieba.setLogLevel(60)
    single = [w for w in jieba.lcut(text) if w.strip()]
    return single + [a + "_" + b for a, b in pairwise(single)]


def identity(tokens: list[str]) -> list[str]:
    """Analyzer for texts that are already cut."""
    return tokens


@dataclass(frozen=True)
class Vocabulary:
    """One tf-idf space: kind ``char`` (1–3-grams) or ``word`` (words and pairs), its terms and their weights."""

    kind: str
    terms: tuple[str, ...]
    idf: NDArray[np.float64]

    @cached_property
    def _vectorizer(self) -> Any:
        vectorizer = _blank(self.kind, vocabulary={term: i for i, term in enumerate(self.terms)})
        vectorizer.idf_ = self.idf
        return vectorizer

    def transform(self, folded: Sequence[str]) -> Any:
        """Sparse matrix (n, len(terms)), rows of length one."""
        return self._vectorizer.transform(_cut(self.kind, folded))


def _cut(kind: str, folded: Sequence[str]) -> Sequence[str] | list[list[str]]:
    return [words(text) for text in folded] if kind == "word" else folded


def _blank(kind: str, vocabulary: dict[str, int] | None = None) -> Any:
    from sklearn.feature_extraction.text import TfidfVectorizer

    if kind == "word":
        return TfidfVectorizer(analyzer=identity, sublinear_tf=True, vocabulary=vocabulary, dtype=np.float32)
    return TfidfVectorizer(
        analyzer="char", ngram_range=(1, 3), sublinear_tf=True, vocabulary=vocabulary, dtype=np.float32
    )


def learn(kind: str, folded: Sequence[str]) -> Vocabulary:
    """Learn the terms of ``folded`` texts; with many texts a term must occur twice to count."""
    vectorizer = _blank(kind)
    vectorizer.min_df = 2 if len(folded) > 3000 else 1
    vectorizer.fit(_cut(kind, folded))
    return Vocabulary(kind, tuple(str(t) for t in vectorizer.get_feature_names_out()), np.asarray(vectorizer.idf_))
