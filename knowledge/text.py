"""Text as the indexes see it: one normal form for documents and callers' words, and its tokens."""

import html
import re
import unicodedata
from functools import lru_cache

_TAG = re.compile(r"</?[a-zA-Z!][^<>]*>")
_OPENING = re.compile(r"<!--|<(script|style)\b[^<>]*>", re.I)
_CLOSING = {name: re.compile(f"</{name}", re.I) for name in ("script", "style")} | {"": re.compile("-->")}
_SPACE = re.compile(r"\s+")
_NOT_SAID = re.compile(r"[\W_]+")
_RUN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+|[a-z]+|[0-9]+")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
# Control, format (zero width, direction), lone surrogate, private use and unassigned characters.
UNKNOWN = 0.5  # of a count of one
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


def normalise(text: str) -> str:
    """Fold ``text`` to NFKC, Simplified Chinese, no control characters, no HTML, single spaces; case is kept."""
    plain = unicodedata.normalize("NFKC", text)
    if "<" in plain or "&" in plain:
        plain = _without_html(plain)
    if not plain.isprintable():
        plain = "".join(_visible(c) for c in plain)
    return _SPACE.sub(" ", simplified(plain)).strip()


def squeeze(text: str) -> str:
    """``normalise(text)`` in lower case without spaces and punctuation, for comparing wording exactly."""
    return _NOT_SAID.sub("", normalise(text).lower())


def tokens(text: str) -> list[str]:
    """Words of ``normalise(text)`` in lower case, then the pairs of neighbouring Chinese characters."""
    plain = normalise(text).lower()
    return words(plain) + bigrams(plain)


def words(plain: str) -> list[str]:
    """Words of an already normalised lower-case text, without punctuation."""
    cut = _tokenizer()
    found: list[str] = []
    for run in _RUN.findall(plain):
        found.extend(cut.lcut(run) if _HAN.match(run) else [run])
    return found


def dictionary_words(run: str) -> list[str]:
    """A run of Chinese characters cut into words of the dictionary; what is no word falls into single characters."""
    found: list[str] = _tokenizer().lcut(run, HMM=False)
    return found


def share_in_language(word: str) -> float:
    """How large a share ``word`` has of all words of general Chinese; of an unknown word a very small one."""
    dictionary = _tokenizer()
    return float((dictionary.FREQ.get(word) or UNKNOWN) / dictionary.total)


def bigrams(plain: str) -> list[str]:
    """Pairs of neighbouring Chinese characters of an already normalised text."""
    runs = [run for run in _RUN.findall(plain) if _HAN.match(run)]
    return [run[i : i + 2] for run in runs for i in range(len(run) - 1)]


def _visible(character: str) -> str:
    if character.isspace():
        return " "
    return "" if unicodedata.category(character) in _UNSEEN else character


def _without_html(text: str) -> str:
    """Drop comments, scripts and styles with what they hold, then all tags; entities become characters."""
    kept, position = [], 0
    while (opening := _OPENING.search(text, position)) is not None:
        closing = _CLOSING[(opening[1] or "").lower()].search(text, opening.end())
        if closing is None:
            break
        kept.append(text[position : opening.start()])
        position = closing.end() if opening[1] is None else closing.start()
    kept.append(text[position:])
    return _TAG.sub(" ", html.unescape(_TAG.sub(" ", " ".join(kept))))


def simplified(text: str) -> str:
    """Traditional characters become simplified ones; everything else, punctuation too, stays as it is."""
    if any(_is_traditional(c) for c in set(text)):
        converted: str = _converter().convert(text)
        return converted
    return text


@lru_cache(maxsize=32768)
def _is_traditional(character: str) -> bool:
    return _HAN.match(character) is not None and _converter().convert(character) != character


@lru_cache(maxsize=1)
def _converter():  # type: ignore[no-untyped-def]  # opencc ships no types
    import opencc

    return opencc.OpenCC("t2s")


@lru_cache(maxsize=1)
def _tokenizer():  # type: ignore[no-untyped-def]  # jieba ships no types
    import jieba

    jieba.setLogLevel(60)
    jieba.initialize()
    return jieba.dt
