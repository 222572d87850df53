"""Words: BM25 over jieba words and character bigrams, as the share of the question's weight that a text holds."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.text import normalise, tokens

K1, B = 1.5, 0.75
EXACT_MINIMUM = 4


class LexicalIndex:
    """BM25 over a fixed list of texts; build a new one when the texts change (a thousand documents: a second)."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._plain = [normalise(text).lower() for text in texts]
        self._index: Any = None
        self._idf: dict[str, float] = {}
        if texts:
            self._build([tokens(text) or ["。"] for text in texts])

    def _build(self, corpus: list[list[str]]) -> None:
        import bm25s

        self._index = bm25s.BM25(k1=K1, b=B, method="lucene")
        self._index.index(corpus, show_progress=False)
        counts: dict[str, int] = {}
        for terms in corpus:
            for term in set(terms):
                counts[term] = counts.get(term, 0) + 1
        total = len(corpus)
        self._idf = {t: float(np.log(1 + (total - n + 0.5) / (n + 0.5))) for t, n in counts.items()}
        self._unknown = float(np.log(1 + (total + 0.5) / 0.5))

    def scores(self, query: str) -> NDArray[np.float32]:
        """Score 0..1 of every text: BM25 divided by the weight of all words of the question, known or not."""
        terms = list(dict.fromkeys(tokens(query)))
        known = [term for term in terms if term in self._idf]
        if not known or self._index is None:
            return np.zeros(len(self._plain), dtype=np.float32)
        # A word that no text holds counts as if one text held it: a question full of foreign words scores low.
        bound = sum(self._idf.get(term, self._unknown) for term in terms)
        raw = self._index.get_scores(known)
        return np.asarray(np.clip(raw / bound, 0.0, 1.0), dtype=np.float32)

    def exact(self, query: str) -> list[int]:
        """Positions of the texts that contain the whole question word for word (at least four characters)."""
        wanted = normalise(query).lower().strip("。？?！!，, ")
        if len(wanted) < EXACT_MINIMUM:
            return []
        return [i for i, text in enumerate(self._plain) if wanted in text]
