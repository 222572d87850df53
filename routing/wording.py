"""Find words that say something in a caller's text, and tell when they do not say it (pure).

A literal word table decides, no pattern language: a clerk can read and change it. A word is disarmed when it stands in
a longer word (火锅), or is said of the past, of what is over, of what might be, or of what happens often.
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from routing.taxonomy import Combo, Discount, DiscountWords, WordRule

# Only what the word tables and place names need: rare, but an alarm in traditional characters must be heard.
_TRADITIONAL = str.maketrans(
    "著煙氣燒點電關裡裏來鎮區臺飛墜樓輕殺門鎖搶闖強姦綁傷當發聞頭暈惡腫藥喫斷線觸掛滿沒應喚護車禍壓險現剛"
    "還馬個婦產兒鬧對證據訴訟審執業務園號棟衛綠灣麗莊興聯龍吳滬雲潤淶國頤復訪貪嚴毆種東從們這濃趕緊過後幾"
    "滅災樣頂癇圍導進嬰爺燈場條間時開報聲無與內裝為會長見說話請問樹橋廠倉庫實驗經營違規亂標誌濱寧醫療傳單"
    "戶舊邊處罰錢債離賠誤決紀舉賄領幹書記",
    "着烟气烧点电关里里来镇区台飞坠楼轻杀门锁抢闯强奸绑伤当发闻头晕恶肿药吃断线触挂满没应唤护车祸压险现刚"
    "还马个妇产儿闹对证据诉讼审执业务园号栋卫绿湾丽庄兴联龙吴沪云润涞国颐复访贪严殴种东从们这浓赶紧过后几"
    "灭灾样顶痫围导进婴爷灯场条间时开报声无与内装为会长见说话请问树桥厂仓库实验经营违规乱标志滨宁医疗传单"
    "户旧边处罚钱债离赔误决纪举贿领干书记",
)
_BREAK = re.compile(r"[。！？!?；;，,、：:…\n]+|\.{2,}")
_SENTENCE_END = frozenset("。！？!?；;…\n")
_TIME_ONLY = re.compile(r"[年月日号点分春夏秋冬天的时候左右晚早上下中午凌晨间里期一二三四五六七八九十半几\d]*")
_DATE = re.compile(r"\d{2,4}年|\d+月份|\d+月\d+[日号]")
# A text with more hits than this is no speech; reading them all would hold up the desk.
_MOST_HITS = 200
_WINDOW, _NEAR_WINDOW, _AFTER, _OPENING = 20, 60, 8, 4


def plain(text: str) -> str:
    """Text for matching: width folded, simplified where known, small letters, no blanks or control characters."""
    folded = unicodedata.normalize("NFKC", text).translate(_TRADITIONAL).lower()
    return "".join(c for c in folded if c == "\n" or not (c.isspace() or unicodedata.category(c)[0] == "C"))


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch between commas: where it lies and to which sentence it belongs."""

    start: int
    end: int
    sentence: int


@dataclass(frozen=True, slots=True)
class Spoken:
    """A plain text cut into clauses."""

    text: str
    clauses: tuple[Clause, ...]

    def index_at(self, position: int) -> int:
        """Number of the clause in which ``position`` lies."""
        return max(0, bisect_right(self.clauses, position, key=lambda c: c.start) - 1)

    def before(self, position: int) -> str:
        """What was said before ``position`` in its clause, as far as it can still belong to it."""
        return self.text[max(self.clauses[self.index_at(position)].start, position - _NEAR_WINDOW) : position]

    def after(self, position: int) -> str:
        """What follows in the clause of the character before ``position``, as far as it can still belong to it."""
        end = self.clauses[self.index_at(max(0, position - 1))].end
        return self.text[position : min(end, position + _NEAR_WINDOW)]

    def words(self, index: int) -> str:
        """The text of a clause; empty outside the text."""
        if not 0 <= index < len(self.clauses):
            return ""
        return self.text[self.clauses[index].start : self.clauses[index].end]


@lru_cache(maxsize=64)
def listen(text: str) -> Spoken:
    """Cut a text as typed into clauses."""
    said = plain(text)
    clauses, start, sentence = [], 0, 0
    for mark in _BREAK.finditer(said):
        clauses.append(Clause(start, mark.start(), sentence))
        sentence += any(c in _SENTENCE_END for c in mark.group())
        start = mark.end()
    clauses.append(Clause(start, len(said), sentence))
    return Spoken(said, tuple(clauses))


@dataclass(frozen=True, slots=True)
class Heard:
    """What was found: ``words`` that count, or ``disarmed`` words with the reason why they do not (Chinese)."""

    words: tuple[str, ...] = ()
    disarmed: str = ""

    def __bool__(self) -> bool:
        return bool(self.words)


@dataclass(frozen=True, slots=True)
class _Hit:
    start: int
    end: int
    words: tuple[str, ...]


def hear(rule: WordRule, spoken: Spoken, discount_words: DiscountWords) -> Heard:
    """Look for the rule's words; the first that is not disarmed counts."""
    masked = spoken.text
    for guard in sorted(rule.guards, key=len, reverse=True):
        masked = masked.replace(guard, "＃" * len(guard))
    disarmed, hits = "", _hits(rule, masked, spoken)
    urgent = bool(hits) and bool(_first_in(discount_words.urgent, spoken.text))
    for hit in hits[:_MOST_HITS]:
        reason = _disarmed_by(hit, rule.discounts, spoken, discount_words, urgent)
        if not reason:
            return Heard(words=hit.words)
        disarmed = disarmed or f"“{'、'.join(hit.words)}”{reason}"
    return Heard(disarmed=disarmed)


def _hits(rule: WordRule, masked: str, spoken: Spoken) -> list[_Hit]:
    found = [_Hit(start, end, (word,)) for start, end, word in _occurrences(rule.triggers, masked)]
    for combo in rule.combos:
        found += _meetings(combo, masked, spoken, reach=0, window=_WINDOW)
    for combo in rule.near:
        found += _meetings(combo, masked, spoken, reach=2, window=_NEAR_WINDOW)
    return found


def _occurrences(words: Sequence[str], text: str) -> list[tuple[int, int, str]]:
    found = []
    for word in words:
        start = text.find(word)
        while start >= 0:
            found.append((start, start + len(word), word))
            start = text.find(word, start + 1)
    return sorted(found)


def _meetings(combo: Combo, masked: str, spoken: Spoken, reach: int, window: int) -> list[_Hit]:
    """Places where one word of every part stands within ``reach`` clauses and ``window`` characters."""
    parts = [_occurrences(part, masked) for part in combo]
    if not all(parts):
        return []
    hits = []
    for first in parts[0]:
        chosen = [first, *(_nearest(first, part) for part in parts[1:])]
        clauses = [spoken.index_at(start) for start, _, _ in chosen]
        start, end = min(c[0] for c in chosen), max(c[1] for c in chosen)
        overlapping = any(a[0] < b[1] and b[0] < a[1] for i, a in enumerate(chosen) for b in chosen[:i])
        if max(clauses) - min(clauses) <= reach and end - start <= window and not overlapping:
            last = max(chosen)
            hits.append(_Hit(last[0], last[1], tuple(word for _, _, word in sorted(chosen))))
    return hits


def _nearest(to: tuple[int, int, str], part: list[tuple[int, int, str]]) -> tuple[int, int, str]:
    """The occurrence closest to ``to``, one that does not overlap it if there is any close by."""
    index = bisect_left(part, to)
    around = part[max(0, index - 3) : index + 3]
    return min(around, key=lambda found: (found[0] < to[1] and to[0] < found[1], abs(found[0] - to[0])))


def _disarmed_by(hit: _Hit, discounts: frozenset[Discount], spoken: Spoken, words: DiscountWords, urgent: bool) -> str:
    """Why the hit does not count, in Chinese; empty when it does."""
    if Discount.OVER in discounts and (word := _over(hit, spoken, words)):
        return f"已经结束（{word}）"
    if urgent:
        return ""
    if Discount.PAST in discounts and (word := _past(hit, spoken, words)):
        return f"说的是以前（{word}）"
    if Discount.IMAGINED in discounts and (word := _imagined(hit, spoken, words)):
        return f"说的是可能（{word}）"
    if Discount.HABIT in discounts and (word := _habit(hit, spoken, words)):
        return f"说的是经常发生（{word}）"
    return ""


def _over(hit: _Hit, spoken: Spoken, words: DiscountWords) -> str:
    later = spoken.text[hit.start : hit.end + _NEAR_WINDOW]
    return _first_in(words.over, spoken.before(hit.start) + later)


def _past(hit: _Hit, spoken: Spoken, words: DiscountWords) -> str:
    index = spoken.index_at(hit.start)
    clause = spoken.clauses[index]
    before, after = spoken.before(hit.start), spoken.after(hit.end)
    past, present = max(_last_in(words.past, before), _last_date(before)), _last_in(words.present, before)
    if max(past, present)[0] >= 0:  # of two marks of time the one next to the word decides: 去年着过火现在又着火
        return past[1] if past > present else ""
    if _first_in(words.present, after):
        return ""
    if word := _first_in(words.past, after):
        return word
    previous = spoken.words(index - 1) if index else ""
    if previous and spoken.clauses[index - 1].sentence == clause.sentence:
        word = _first_in(words.past, previous)
        if word and _TIME_ONLY.fullmatch(previous.replace(word, "", 1)):
            return word  # 去年夏天，三号楼着火
    return ""


def _imagined(hit: _Hit, spoken: Spoken, words: DiscountWords) -> str:
    index = spoken.index_at(hit.start)
    clause = spoken.clauses[index]
    if word := _first_in(words.imagined_before, spoken.before(hit.start)):
        return word
    if word := _first_in(words.imagined_after, spoken.after(hit.end)[:_AFTER]):
        return word
    opens_clause = hit.start - clause.start <= _OPENING  # 着火了怎么办 asks, 充电的车着火了怎么办 reports
    if opens_clause and _first_in(words.hazard, spoken.text):
        rest = spoken.after(hit.end) + spoken.words(index + 1)[:_NEAR_WINDOW]
        return _first_in(words.hazard_tail, rest)
    return ""


def _habit(hit: _Hit, spoken: Spoken, words: DiscountWords) -> str:
    clause = spoken.before(hit.start) + spoken.after(hit.start)
    return "" if _first_in(words.present, clause) else _first_in(words.habit, clause)


def _first_in(words: Sequence[str], text: str) -> str:
    return next((word for word in words if word in text), "")


def _last_in(words: Sequence[str], text: str) -> tuple[int, str]:
    """Position and text of the last of ``words``; position -1 when there is none."""
    return max(((text.rfind(word), word) for word in words), default=(-1, ""))


def _last_date(text: str) -> tuple[int, str]:
    """A date that is spelled out is told afterwards: who is in danger says 现在."""
    return max(((found.start(), found.group()) for found in _DATE.finditer(text)), default=(-1, ""))
