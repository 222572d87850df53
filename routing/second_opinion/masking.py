"""Hide who it is about before a text leaves the process, and put it back afterwards (pure but for the word list).

Names, telephones, identity and bank numbers, plates, house numbers, mail addresses and ticket numbers become marks like
〔电话1〕. The same value always becomes the same mark, so that a model can still follow the story.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from routing.second_opinion.names import names_in

# Published numbers of the line itself and of public services: hiding them would only make a text harder to read.
PUBLIC_NUMBERS = frozenset({"62112345"})
_DIGIT = "0-9０-９"
_SPOKEN = "零〇一二三四五六七八九幺两"
_SEPARATOR = r"[ \t\-‐-―－—.·]?"
_PAUSE = r"[ \t\-‐-―－—.·,，、]?"
_NUMERAL = rf"[{_DIGIT}{_SPOKEN}十百甲乙丙丁A-Za-z]{{1,6}}"
# The order counts: what is longer and surer comes first.
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("工单", re.compile(r"(?<![0-9A-Za-z])[A-Z]{2}\d{8}-\d{2,6}(?!\d)")),
    ("邮箱", re.compile(r"[\w.+\-]+@[\w\-]+(?:\.[\w\-]+)+")),
    ("网址", re.compile(r"(?:https?://|www\.)[^\s，。；、）)”\"'<>]+", re.I)),
    ("账号", re.compile(r"(?:微信号?|QQ号?|支付宝账?号?|抖音号?)[是为：: ]{0,2}([A-Za-z][\w\-]{4,19}|\d{5,12})", re.I)),
    (
        "证件",
        re.compile(rf"(?<![{_DIGIT}A-Za-z])(?:[{_DIGIT}]{_SEPARATOR}){{17}}[{_DIGIT}XxＸｘ](?![{_DIGIT}A-Za-z])"),
    ),
    ("证件", re.compile(r"(?<![0-9A-Za-z])[A-Za-z]{1,2}\d{7,9}(?![0-9A-Za-z])")),
    (
        "车牌",
        re.compile(
            r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]\s?[A-HJ-NP-Za-hj-np-z]\s?[·•.\-]?\s?"
            r"(?:[A-HJ-NP-Za-hj-np-z0-9]\s?){4,5}[A-HJ-NP-Za-hj-np-z0-9挂学警]"
        ),
    ),
    (
        "电话",
        re.compile(rf"(?<![{_DIGIT}A-Za-z])[1１](?:{_SEPARATOR}[{_DIGIT}]){{10}}(?![{_DIGIT}A-Za-z])"),
    ),
    ("电话", re.compile(rf"(?<![{_DIGIT}A-Za-z])1[3-9]\d{_PAUSE}\d{{4}}{_PAUSE}\d{{4}}(?![{_DIGIT}A-Za-z])")),
    ("电话", re.compile(rf"(?<![{_SPOKEN}])[一幺](?:{_PAUSE}[{_SPOKEN}]){{10}}(?![{_SPOKEN}])")),
    (
        "电话",
        re.compile(rf"(?<![{_DIGIT}A-Za-z])(?:0\d{{2,3}}[ \-]?)?[2-9]\d{{3}}[ \-]?\d{{3,4}}(?![{_DIGIT}A-Za-z年])"),
    ),
    ("号码", re.compile(rf"(?<![{_DIGIT}A-Za-z])[{_DIGIT}](?:{_SEPARATOR}[{_DIGIT}]){{6,24}}(?![{_DIGIT}A-Za-z年])")),
    ("号码", re.compile(rf"(?<![{_SPOKEN}])[{_SPOKEN}](?:{_PAUSE}[{_SPOKEN}]){{6,24}}(?![{_SPOKEN}])")),
    (
        "门牌",
        re.compile(
            rf"{_NUMERAL}弄(?:{_NUMERAL}支弄)?(?:{_NUMERAL}(?:号楼?|幢|栋))?(?:{_NUMERAL}单元)?(?:{_NUMERAL}(?:室|层|楼))?"
        ),
    ),
    (
        "门牌",
        re.compile(
            rf"(?:{_NUMERAL}(?:号楼|幢|栋|座)|(?<=[路街村区苑园城邨])[{_DIGIT}{_SPOKEN}十百]{{1,6}}号(?!线))"
            rf"(?:{_NUMERAL}单元)?(?:{_NUMERAL}(?:室|层|楼))?"
        ),
    ),
    ("门牌", re.compile(rf"(?:[{_DIGIT}{_SPOKEN}十百]{{1,4}}单元)?[{_DIGIT}{_SPOKEN}十百]{{2,5}}室")),
    ("门牌", re.compile(rf"(?<![{_DIGIT}])[{_DIGIT}]{{1,4}}[\-－—][{_DIGIT}]{{3,4}}(?![{_DIGIT}\-年月日])")),
)
_DAY = re.compile(r"(?:19|20)\d{2}(?:[年\-/.]?(?:0?[1-9]|1[0-2])(?:[月\-/.]?(?:0?[1-9]|[12]\d|3[01])日?)?)?")
_MARK = re.compile(r"〔([一-鿿]{2})(\d+)〕")


@dataclass(slots=True)
class Mask:
    """The marks of one call. ``known`` values (the contact's name, the telephone) are hidden wherever they stand."""

    known: tuple[tuple[str, str], ...] = ()
    _marks: dict[str, str] = field(default_factory=dict)
    _counts: dict[str, int] = field(default_factory=dict)

    def hide(self, text: str) -> str:
        """The text with marks; square marks that were typed are turned into brackets so that none can be forged."""
        hidden = text.replace("〔", "［").replace("〕", "］")
        for kind, value in self.known:
            if len(value.strip()) >= 2 and value.strip() in hidden:
                hidden = hidden.replace(value.strip(), self._mark(kind, value.strip()))
        for kind, pattern in _PATTERNS:
            hidden = _outside_marks(hidden, lambda part, k=kind, p=pattern: self._hide(k, p, part))  # type: ignore[misc]
        return _outside_marks(hidden, self._hide_names)

    def restore(self, text: str) -> str:
        """Put the values back; a mark that this call never had stays as it is."""
        values = {mark: value for value, mark in self._marks.items()}
        return _MARK.sub(lambda found: values.get(found.group(), found.group()), text)

    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Mark and hidden value, in the order of finding: for the page that shows what would be sent."""
        return tuple((mark, value) for value, mark in self._marks.items())

    def leaks(self, text: str) -> tuple[str, ...]:
        """Marks whose hidden value still stands in ``text``: the last look before anything is sent."""
        return tuple(mark for value, mark in self._marks.items() if _tells(value, text))

    def _hide(self, kind: str, pattern: re.Pattern[str], text: str) -> str:
        def replaced(found: re.Match[str]) -> str:
            value = found.group(1) if found.lastindex else found.group()
            if value in PUBLIC_NUMBERS or (kind in ("号码", "电话", "门牌") and _DAY.fullmatch(value)):
                return found.group()
            return found.group().replace(value, self._mark(kind, value))

        return pattern.sub(replaced, text)

    def _hide_names(self, text: str) -> str:
        for name in sorted(set(names_in(text)), key=len, reverse=True):
            text = _outside_marks(text, lambda part, n=name: part.replace(n, self._mark("姓名", n)))  # type: ignore[misc]
        return text

    def _mark(self, kind: str, value: str) -> str:
        if value not in self._marks:
            self._counts[kind] = self._counts.get(kind, 0) + 1
            self._marks[value] = f"〔{kind}{self._counts[kind]}〕"
        return self._marks[value]


def one_way(texts: Iterable[str]) -> tuple[str, ...]:
    """Other people's texts with everything personal gone for good: marks without a number, never put back."""
    return tuple(_MARK.sub(r"〔\1〕", Mask().hide(text)) for text in texts)


def _tells(value: str, text: str) -> bool:
    return len(value) >= 4 and value in text


def _outside_marks(text: str, change: Callable[[str], str]) -> str:
    """Apply ``change`` to what stands between the marks, so that no mark is masked again."""
    pieces: list[str] = []
    end = 0
    for found in _MARK.finditer(text):
        pieces += [change(text[end : found.start()]), found.group()]
        end = found.end()
    return "".join([*pieces, change(text[end:])])
