"""Which places of a passage hold words of the question (pure)."""

from collections.abc import Iterator

from knowledge.lexical import FILLERS
from knowledge.text import bigrams, normalise, words


def pieces(passage: str, question: str) -> Iterator[tuple[str, bool]]:
    """The passage in pieces, each with whether it is a word (or pair of characters) of the question."""
    plain = normalise(question).lower()
    said = {token for token in (*words(plain), *bigrams(plain)) if len(token) > 1 and token not in FILLERS}
    text = passage.lower()
    if len(text) != len(passage):  # a letter whose lower case is longer: marks would be off
        yield passage, False
        return
    marked = [False] * len(text)
    for token in said:
        at = text.find(token)
        while at >= 0:
            marked[at : at + len(token)] = [True] * len(token)
            at = text.find(token, at + 1)
    start = 0
    for end in range(1, len(text) + 1):
        if end == len(text) or marked[end] != marked[start]:
            yield passage[start:end], marked[start]
            start = end
