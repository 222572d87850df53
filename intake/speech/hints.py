"""The town's own names for the recogniser: a bounded prompt before it reads, and their spelling after it has read.

A small model has never seen 涞亭 or 颐景园: it writes characters that sound the same. What sounds exactly like a name
of the town pack, three syllables or more, is written as the pack writes it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

MOST_CHARACTERS = 110  # the model reads 223 tokens of prompt at most, and every one of them costs time
SHORTEST = 3
_TAILS = ("社区居委会", "居委会", "村委会")
_HAN_FIRST, _HAN_LAST = "\u3400", "\u9fff"
# Callers from the Yangtze delta do not tell these apart, and neither does a telephone line.
_ALIKE_FIRST = (("zh", "z"), ("ch", "c"), ("sh", "s"))
_ALIKE_LAST = (("ing", "in"), ("eng", "en"))


def prompt_of(town: str, names: Sequence[str], most: int = MOST_CHARACTERS) -> str:
    """A sentence in Simplified Chinese with punctuation, whose style the model follows, and as many names as fit."""
    opening = f"以下是居民打给{town}便民服务热线的电话，简体中文，有标点。"
    taken: list[str] = []
    for name in dict.fromkeys(names):
        if len(opening) + len("、".join([*taken, name])) + len("地名：。") > most:
            break
        taken.append(name)
    return f"{opening}地名：{'、'.join(taken)}。" if taken else opening


def short_names(names: Iterable[str]) -> tuple[str, ...]:
    """Names as callers say them: 亭东社区 for 亭东社区居委会, beside the full ones."""
    short: dict[str, None] = {}
    for name in names:
        for tail in _TAILS:
            if name.endswith(tail) and len(name) > len(tail):
                short[name.removesuffix(tail) + ("社区" if tail == "社区居委会" else "")] = None
        short[name] = None
    return tuple(short)


@dataclass(frozen=True, slots=True)
class Speller:
    """Writes names as the town does. ``names`` by their length, longest first."""

    names: tuple[tuple[str, tuple[str, ...]], ...]

    @classmethod
    def of(cls, names: Iterable[str], sounds: Callable[[str], tuple[str, ...]]) -> "Speller":
        """A speller for names of Chinese characters that are long enough; a sound two names share is left out."""
        by_sound: dict[tuple[str, ...], set[str]] = {}
        for name in dict.fromkeys(names):
            if len(name) >= SHORTEST and all(_HAN_FIRST <= c <= _HAN_LAST for c in name):
                by_sound.setdefault(sounds(name), set()).add(name)
        alone = ((next(iter(found)), sound) for sound, found in by_sound.items() if len(found) == 1)
        return cls(tuple(sorted(alone, key=lambda pair: (-len(pair[1]), pair[0]))))

    def spell(self, text: str, sounds: Callable[[str], tuple[str, ...]]) -> str:
        """``text`` with the town's spelling; everything that does not sound exactly like a name stays."""
        said = sounds(text)
        written = list(text)
        taken = [False] * len(text)
        for name, sound in self.names:
            size = len(name)
            for i in range(len(text) - size + 1):
                if tuple(said[i : i + size]) == sound and not any(taken[i : i + size]):
                    written[i : i + size] = name
                    taken[i : i + size] = [True] * size
        return "".join(written)


def sounds(text: str) -> tuple[str, ...]:
    """A syllable without tone for every character; raises ImportError without the extra ``speech``."""
    return tuple(_sound(character) for character in text)


@lru_cache(maxsize=8192)
def _sound(character: str) -> str:
    from pypinyin import lazy_pinyin

    (syllable,) = lazy_pinyin(character) or (character,)
    for sharp, blunt in _ALIKE_FIRST:
        syllable = blunt + syllable.removeprefix(sharp) if syllable.startswith(sharp) else syllable
    for sharp, blunt in _ALIKE_LAST:
        syllable = syllable.removesuffix(sharp) + blunt if syllable.endswith(sharp) else syllable
    return syllable
