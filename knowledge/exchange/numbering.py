"""Word's automatic numbers: they stand in no text, so 第一条 would be lost if they were not counted again."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DIGITS = "〇一二三四五六七八九"
_UNITS = ("", "十", "百", "千")
_CHINESE = frozenset(
    ("chineseCounting", "chineseCountingThousand", "chineseLegalSimplified", "taiwaneseCountingThousand",
     "ideographDigital", "japaneseCounting", "taiwaneseCounting", "ideographTraditional")
)  # fmt: skip
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a numbered list: first value, number format, and text such as “第%1条”."""

    start: int
    number_format: str
    text: str


@dataclass(frozen=True, slots=True)
class Mark:
    """What Word shows before a paragraph: a number as text, or a bullet at a depth (from 0)."""

    text: str
    depth: int

    @property
    def bullet(self) -> bool:
        """Say whether the paragraph has a bullet instead of a number."""
        return not self.text


@dataclass
class Numbering:
    """Counters of all lists of one document, to be asked once for every numbered paragraph, in order."""

    levels: dict[str, dict[int, Level]]
    counters: dict[str, str]
    _counts: dict[str, dict[int, int]] = field(default_factory=dict)

    def mark(self, list_id: str, depth: int) -> Mark | None:
        """Number or bullet of the next paragraph of this list at this depth; None where the list is unknown."""
        levels = self.levels.get(list_id)
        if levels is None or depth not in levels:
            return None
        level = levels[depth]
        if level.number_format in ("bullet", "none") or "%" not in level.text:
            return Mark("" if level.number_format == "bullet" else level.text, depth)
        counts = self._counts.setdefault(self.counters[list_id], {})
        counts[depth] = counts.get(depth, level.start - 1) + 1
        for deeper in [key for key in counts if key > depth]:
            del counts[deeper]
        text = level.text
        for key, held in levels.items():
            text = text.replace(f"%{key + 1}", written(counts.get(key, held.start), held.number_format))
        return Mark(text, depth)


def numbering_of(root: Any | None) -> Numbering:
    """Numbering from the root element of ``word/numbering.xml``; empty where there is none."""
    if root is None:
        return Numbering({}, {})
    kinds = {item.get(f"{W}abstractNumId"): dict(_levels(item)) for item in root.iterfind(f"{W}abstractNum")}
    lists, counters = {}, {}
    for item in root.iterfind(f"{W}num"):
        key, kind = str(item.get(f"{W}numId")), _value(item, "abstractNumId", "")
        levels = dict(kinds.get(kind, {}))
        changes = list(item.iterfind(f"{W}lvlOverride"))
        for change in changes:
            levels |= dict(_levels(change))
        lists[key] = levels
        # Lists of one kind go on counting after each other, unless one says that it starts anew.
        counters[key] = f"list {key}" if changes else f"kind {kind}"
    return Numbering(lists, counters)


def _levels(parent: Any) -> Iterator[tuple[int, Level]]:
    for item in parent.iterfind(f"{W}lvl"):
        depth = item.get(f"{W}ilvl", "0")
        start = _value(item, "start", "1")
        yield (
            int(depth) if depth.isdigit() else 0,
            Level(int(start) if start.isdigit() else 1, _value(item, "numFmt", "decimal"), _value(item, "lvlText", "")),
        )


def _value(item: Any, name: str, default: str) -> str:
    found = item.find(f"{W}{name}")
    return default if found is None else str(found.get(f"{W}val", default))


def written(number: int, number_format: str) -> str:
    """A number as Word writes it in this format; unknown formats as digits."""
    if number_format in _CHINESE:
        return chinese(number)
    if number_format in ("lowerLetter", "upperLetter") and 0 < number <= 26:
        letter = "abcdefghijklmnopqrstuvwxyz"[number - 1]
        return letter if number_format == "lowerLetter" else letter.upper()
    if number_format in ("lowerRoman", "upperRoman") and 0 < number < 40:
        roman = "x" * (number // 10) + ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")[number % 10]
        return roman if number_format == "lowerRoman" else roman.upper()
    if number_format.startswith("decimalEnclosed") and 0 < number <= len(_CIRCLED):
        return _CIRCLED[number - 1]
    return str(number)


def chinese(number: int) -> str:
    """A number from 0 to 9999 in Chinese numerals as articles of laws use them: 十, 一百零二, 二百一十."""
    if not 0 < number < 10_000:
        return "零" if number == 0 else str(number)
    text, gap = "", False
    for power in (3, 2, 1, 0):
        digit = number // 10**power % 10
        if digit:
            text += ("零" if gap else "") + _DIGITS[digit] + _UNITS[power]
        gap = bool(text) and not digit
    return text.removeprefix("一") if text.startswith("一十") else text
