"""Word index: BM25 over jieba words and character pairs, and an exact search for what was said literally."""

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.ports import Vectors, WordMatches
from knowledge.text import bigrams, normalise, squeeze, words

# Fitted on the documents' own ways of asking, each left out in turn: a word counts nearly as much said once as often.
K1, B = 0.6, 0.2
MIN_EXACT = 2
FULL_EXACT = 8
# How a caller opens and fills a sentence: it says nothing of the matter, in any corpus.
_OPENINGS = "喂 你好 您好 请问 麻烦 想 想问 问 问问 一下 问一下 咨询 反映 投诉 举报 说 讲"
_PRONOUNS = "我 我们 你 你们 您 他 他们 这个 那个 这 那 谁 什么 哪里 哪个 怎么 怎么办 为什么 多少 几 一个"
_PARTICLES = (
    "就 就是 是 的 了 吗 呢 啊 吧 呀 哦 嗯 呃 额 哎 唉 也 都 还 又 很 太 没 没有 不 不是 有 有没有 现在 已经 时候"
)
_LINKS = "在 到 去 来 把 被 给 跟 和 与 要 会 能 能不能 可以 可不可以 然后 但是 所以 因为 如果"
FILLERS = frozenset(f"{_OPENINGS} {_PRONOUNS} {_PARTICLES} {_LINKS}".split())


@dataclass(frozen=True, slots=True)
class _Cut:
    """A text as the index keeps it: numbers of its distinct tokens, how often each occurs, how many there are in all,
    and its wording without spaces and punctuation."""

    distinct: NDArray[np.int64]
    counts: NDArray[np.float32]
    length: int
    squeezed: str


class TokenCache:
    """Tokens of indexed texts, kept between builds: after an edit only the texts that are new are cut."""

    def __init__(self) -> None:
        self.vocabulary: dict[str, int] = {}
        self._known: dict[str, _Cut] = {}

    def cut(self, texts: Sequence[str]) -> list[_Cut]:
        """Each text cut into tokens; a text that is no longer asked for is forgotten (its words keep their number)."""
        self._known = {text: self._known.get(text) or self._cut(text) for text in dict.fromkeys(texts)}
        return [self._known[text] for text in texts]

    def _cut(self, text: str) -> _Cut:
        plain = normalise(text).lower()
        numbers = [self.vocabulary.setdefault(t, len(self.vocabulary)) for t in words(plain) + bigrams(plain)]
        distinct, counts = np.unique(np.asarray(numbers, dtype=np.int64), return_counts=True)
        return _Cut(distinct, counts.astype(np.float32), len(numbers), squeeze(plain))


class BM25Index:
    """Immutable index over ``texts``; row i of every answer belongs to text i."""

    def __init__(self, texts: Sequence[str], cache: TokenCache | None = None) -> None:
        cache = cache or TokenCache()
        cut = cache.cut(texts)
        self._size = len(cut)
        self._vocabulary = dict(cache.vocabulary)
        every = np.concatenate([text.distinct for text in cut]) if cut else np.zeros(0, dtype=np.int64)
        frequency = np.bincount(every, minlength=len(self._vocabulary))
        # Lucene's idf: never negative, however many texts hold a token.
        self._idf = np.log(1 + (self._size - frequency + 0.5) / (frequency + 0.5))
        self._heard = frequency > 0
        self._bm25 = _fit(cut, every, self._idf) if every.size else None
        self._haystack = "\n".join(["", *(text.squeezed for text in cut), ""])
        self._starts, position = [], 1
        for text in cut:
            self._starts.append(position)
            position += len(text.squeezed) + 1

    def match(self, query: str) -> WordMatches:
        """Share 0..1 of the query's weight (idf) that each row holds, and the rows that hold the query literally."""
        plain = normalise(query).lower()
        said = [word for word in dict.fromkeys(words(plain)) if word not in FILLERS]
        pairs = [pair for pair in dict.fromkeys(bigrams(plain)) if pair not in FILLERS]
        known = [i for token in dict.fromkeys(said + pairs) if (i := self._number(token)) is not None]
        unheard = sum(self._number(word) is None for word in said)
        return WordMatches(self._shares(known, unheard), self._exact(squeeze(plain)))

    def _number(self, token: str) -> int | None:
        number = self._vocabulary.get(token)
        return number if number is not None and self._heard[number] else None

    def _shares(self, known: list[int], unheard: int) -> Vectors:
        if not known or self._bm25 is None:
            return np.zeros(self._size, dtype=np.float32)
        whole = float(self._idf[known].sum()) + unheard * math.log(1 + (self._size + 0.5) / 0.5)
        scores: Vectors = np.asarray(self._bm25[:, known].sum(axis=1), dtype=np.float32).ravel()
        shares: Vectors = np.minimum(scores / np.float32(whole), np.float32(1.0))
        return shares

    def _exact(self, said: str) -> dict[int, float]:
        """Rows that contain ``said``: the more it says and the more of the row it is, the nearer to 1."""
        if len(said) < MIN_EXACT:
            return {}
        found: dict[int, float] = {}
        position = self._haystack.find(said)
        while position >= 0:
            row = bisect_right(self._starts, position) - 1
            length = (self._starts[row + 1] if row + 1 < self._size else len(self._haystack)) - self._starts[row] - 1
            found[row] = min(1.0, len(said) / FULL_EXACT) * (0.5 + 0.5 * len(said) / max(length, len(said)))
            position = self._haystack.find(said, self._starts[row] + length)
        return found


def _fit(cut: Sequence[_Cut], every: NDArray[np.int64], idf: NDArray[np.float64]) -> Any:
    """BM25 weights (texts, tokens) as Lucene computes them, by column, so that a query reads only its own tokens.

    Made from counts that are kept between builds: a library that indexes anew takes a second for 10,000 texts.
    """
    from scipy.sparse import csr_matrix

    lengths = np.array([text.length for text in cut], dtype=np.float32)
    room = K1 * (1.0 - B + B * lengths / max(float(lengths.mean()), 1.0))
    sizes = np.array([len(text.distinct) for text in cut])
    counts = np.concatenate([text.counts for text in cut])
    weights = (idf[every] * counts / (counts + np.repeat(room, sizes))).astype(np.float32)
    return csr_matrix((weights, every, np.cumsum([0, *sizes])), shape=(len(cut), len(idf))).tocsc()
