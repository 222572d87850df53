"""What was meant by what was heard or typed: pinyin, initials and homophones become words of the documents.

Only what the documents do not know is read anew; a query in their own words stays as it is. Measured in
docs/embedding.md.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

from knowledge.lexical import FILLERS
from knowledge.pinyin import LONGEST_SYLLABLE, blurred, initials, is_syllable, sound
from knowledge.text import dictionary_words, normalise, share_in_language, words

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+")
_LATIN = re.compile(r"[a-z]+(?:['\s]+[a-z]+)*")
_GAP = re.compile(r"['\s]+")
LONGEST_SOUND = 26
LONGEST_PHRASE = 6
LONGEST_INITIALS = 8
WORDS_OF_A_PHRASE = 3
UNKNOWN_SYLLABLE = 14.0
# How much likelier (natural logarithm) the documents' word must be than what was written; chosen on questions into
# which homophones were put.
GAIN = 8.0
MOST_OWN = 6.0


class Weight(IntEnum):
    """How much a word counts by where it stands: people type the words of titles and of ways of asking."""

    TITLE = 12
    ASK = 4
    BODY = 1


class PhraseCache:
    """Counted words of the indexed texts, kept between builds: after an edit only new texts are cut."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, Weight], Counter[str]] = {}
        self._held: Counter[tuple[str, Weight]] = Counter()
        self._total: Counter[str] = Counter()

    def count(self, texts: Iterable[tuple[str, Weight]]) -> Mapping[str, int]:
        """Weighted counts of all words and phrases of ``texts``."""
        wanted = Counter(texts)
        for key in (wanted - self._held).keys() | (self._held - wanted).keys():
            if key not in self._known:
                self._known[key] = Counter(phrases_of(normalise(key[0]).lower(), face=key[1] is not Weight.BODY))
            change = (wanted[key] - self._held[key]) * int(key[1])
            for word, count in self._known[key].items():
                self._total[word] += change * count
            if not wanted[key]:
                del self._known[key]
        self._held = wanted
        self._total = +self._total
        return dict(self._total)


def phrases_of(text: str, *, face: bool) -> list[str]:
    """Words of a text; of a title or a way of asking also the phrases of two and three words, without fillers."""
    found: list[str] = []
    for run in _HAN.findall(text):
        said = words(run)
        found += said
        for size in range(2, WORDS_OF_A_PHRASE + 1) if face else ():
            for start in range(len(said) - size + 1):
                part = said[start : start + size]
                phrase = "".join(part)
                if len(phrase) <= LONGEST_PHRASE and part[0] not in FILLERS and part[-1] not in FILLERS:
                    found.append(phrase)
    return found + [run for run in _LATIN.findall(text) if not face or " " not in run]


@dataclass(frozen=True, slots=True)
class _Known:
    word: str
    count: float


class Hearing:
    """The words of one state of the documents by their sound; never changes and may be shared by threads."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        self._counts = counts
        self._total = max(1, sum(counts.values()))
        self._sounds: dict[str, _Known] = {}
        self._blurred: dict[str, _Known] = {}
        self._initials: dict[str, _Known] = {}
        for word, count in counts.items():
            if not _HAN.fullmatch(word):
                continue
            letters = sound(word)
            _keep(self._sounds, letters, word, count)
            _keep(self._blurred, blurred(letters), word, count)
            if len(word) > 1 and count >= Weight.ASK:
                _keep(self._initials, initials(word), word, count * self._own(word, count))

    def heard(self, plain: str) -> str:
        """``plain`` (normalised, lower case) with pinyin, initials and homophones replaced by the documents' words."""
        spelled = _LATIN.sub(lambda run: self._latin(run[0]), plain)
        return _HAN.sub(lambda run: self._chinese(run[0]), spelled)

    def unknown(self, text: str) -> float:
        """Share 0..1 of the words of ``text`` (two characters or more, no fillers) that the documents do not have."""
        said = [word for word in words(text.lower()) if len(word) > 1 and word not in FILLERS]
        return sum(word not in self._counts for word in said) / len(said) if said else 0.0

    def _own(self, word: str, count: int) -> float:
        """How much more than general Chinese the documents speak of it: nobody shortens 一半 to its initials."""
        return min(MOST_OWN, max(0.1, math.log(count / self._total / share_in_language(word))))

    def _latin(self, run: str) -> str:
        letters = _GAP.sub("", run)
        if run in self._counts or len(letters) < 2:
            return run
        read = self._read(letters, self._sounds) or self._read(blurred(letters), self._blurred)
        return read or " ".join(self._short(part) for part in run.split())

    def _short(self, part: str) -> str:
        """The phrase that these initials stand for, or two phrases that they stand for together."""
        if not 2 <= len(part) <= LONGEST_INITIALS or part in self._counts:
            return part
        if part in self._initials:
            return self._initials[part].word
        halves = [(part[:cut], part[cut:]) for cut in range(2, len(part) - 1)]
        both = [(self._initials[a], self._initials[b]) for a, b in halves if {a, b} <= self._initials.keys()]
        best = max(both, key=lambda pair: min(pair[0].count, pair[1].count), default=None)
        return best[0].word + best[1].word if best else part

    def _read(self, letters: str, sounds: Mapping[str, _Known]) -> str | None:
        """Letters as the likeliest words of the documents; None where they are no pinyin or mostly unknown."""
        ways: list[tuple[float, str, int] | None] = [(0.0, "", 0), *([None] * len(letters))]
        for start in range(len(letters)):
            way = ways[start]
            if way is None:
                continue
            for stop in range(start + 1, min(len(letters), start + LONGEST_SOUND) + 1):
                step = self._step(way, letters[start:stop], sounds)
                held = ways[stop]
                if step is not None and (held is None or step[0] < held[0]):
                    ways[stop] = step
        last = ways[-1]
        return last[1].strip() if last is not None and 2 * last[2] > len(letters) else None

    def _step(
        self, way: tuple[float, str, int], piece: str, sounds: Mapping[str, _Known]
    ) -> tuple[float, str, int] | None:
        """Cost, text and number of known letters when ``piece`` is added; None where it is no sound."""
        cost, text, known = way
        if (found := sounds.get(piece)) is not None:
            return cost - math.log(found.count / self._total), text + found.word, known + len(piece)
        if len(piece) <= LONGEST_SYLLABLE and is_syllable(piece):
            return cost + UNKNOWN_SYLLABLE, text + " ", known
        return None

    def _chinese(self, run: str) -> str:
        pieces = dictionary_words(run)
        found: list[str] = []
        start = 0
        while start < len(pieces):
            stop, word = self._meant(pieces, start)
            found.append(word)
            start = stop
        return "".join(found)

    def _meant(self, pieces: Sequence[str], start: int) -> tuple[int, str]:
        """The longest group of whole dictionary words that is known, or sounds like a word that is far likelier."""
        for stop in range(min(len(pieces), start + LONGEST_PHRASE), start, -1):
            group = pieces[start:stop]
            said = "".join(group)
            if not 2 <= len(said) <= LONGEST_PHRASE:
                continue
            if said in self._counts:
                return stop, said
            meant = self._like(said)
            if meant is not None and (len(said) > 2 or len(group) > 1) and self._gain(group, meant) > GAIN:
                return stop, meant.word
        return start + 1, pieces[start]

    def _like(self, said: str) -> _Known | None:
        """The likeliest word of the same length and sound; of two characters the sound must be the very same."""
        letters = sound(said)
        known = self._sounds.get(letters) or (self._blurred.get(blurred(letters)) if len(said) > 2 else None)
        return known if known is not None and len(known.word) == len(said) else None

    def _gain(self, group: Sequence[str], meant: _Known) -> float:
        """By how much ``meant`` is likelier here than the words that were written, in this language and anywhere."""
        shares = (max(share_in_language(w), self._counts.get(w, 0) / self._total / 2) for w in group)
        return math.log(meant.count / self._total) - sum(math.log(share) for share in shares)


def _keep(known: dict[str, _Known], key: str, word: str, count: float) -> None:
    held = known.get(key)
    if held is None or (count, word) > (held.count, held.word):
        known[key] = _Known(word, count)
