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
# From so many texts on, a term must occur in so many of them: it keeps training on 20,000 tickets under a minute.
_RARE = ((8_000, 6), (1_500, 2), (0, 1))
_SPACE = re.compile(r"\s+")
# What operators write before the matter itself; it says who wrote the note, not what the matter is.
_NOTE_OPENING = re.compile(
    r"(市民|来电人|网民|居民|群众)?(来电|微信|公众号|网上|来信)?(反映|咨询|建议|求助|投诉|表示|称)[:：]"
)


def fold(text: str, *, opening: bool = False) -> str:
    """Text as the classifier sees it: normalised, numbers folded to ``0`` (no phone number can become a feature).

    ``opening`` keeps an operator's first words: they tell the channel, and in some towns the channel tells the unit.
    """
    plain = normalise(text)
    if not opening:
        plain = _NOTE_OPENING.sub(lambda m: m.group(3) + " ", plain)
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
    """One tf-idf space: kind ``char``/``note`` (1–3-grams) or ``word`` (words and pairs), terms and their weights."""

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


def learn(kind: str, folded: Sequence[str]) -> tuple[Vocabulary, Any]:
    """Learn the terms of ``folded`` texts and lay the texts out in them; of many texts rare terms are left away."""
    vectorizer = _blank(kind)
    vectorizer.min_df = next(least for size, least in _RARE if len(folded) >= size)
    matrix = vectorizer.fit_transform(_cut(kind, folded))
    terms = tuple(str(term) for term in vectorizer.get_feature_names_out())
    return Vocabulary(kind, terms, np.asarray(vectorizer.idf_)), matrix
