"""How Chinese words sound: toneless pinyin, initials, and a blurred form for accents (pypinyin, loaded when needed)."""

import re
from functools import lru_cache

LONGEST_SYLLABLE = 6
# What many callers and recognisers do not tell apart: zh/z, ch/c, sh/s, final ng/n.
_BLUR = re.compile("(?<=[zcs])h|(?<=n)g(?![aeiouv])")
_SYLLABLE = re.compile(
    "(?:[bpmfdtnlgkhjqxzcsryw]|zh|ch|sh)?"
    "(?:iang|iong|uang|ang|eng|ing|ong|ian|iao|uai|uan|van|"
    "ai|an|ao|ei|en|er|ia|ie|in|iu|ou|ua|ue|ui|un|uo|ve|vn|a|e|i|o|u|v)"
)


@lru_cache(maxsize=200_000)
def syllables(word: str) -> tuple[str, ...]:
    """One toneless syllable for each Chinese character of ``word``, ü written v; other characters have none."""
    from pypinyin import lazy_pinyin

    return tuple(lazy_pinyin(word, errors="ignore"))


@lru_cache(maxsize=200_000)
def sound(word: str) -> str:
    """The syllables of ``word`` in one piece, as one types them: 居住证 juzhuzheng."""
    return "".join(syllables(word))


@lru_cache(maxsize=200_000)
def initials(word: str) -> str:
    """The first letter of each syllable: 居住证 jzz."""
    return "".join(syllable[0] for syllable in syllables(word))


@lru_cache(maxsize=200_000)
def blurred(letters: str) -> str:
    """Pinyin without what accents confuse: zhang and zan become zan."""
    return _BLUR.sub("", letters)


def is_syllable(letters: str) -> bool:
    """Say whether ``letters`` look like one toneless syllable."""
    return _SYLLABLE.fullmatch(letters) is not None
