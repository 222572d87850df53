"""Numbers that belong to a person: mobiles, telephones that nobody published, identity cards, plates (pure)."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from enum import StrEnum

from knowledge.checks.sheet import Sheet
from knowledge.problems import SourceProblem


class Private(StrEnum):
    """Kinds of private number, as they are named to the writer."""

    MOBILE = "手机号码"
    TELEPHONE = "没有公布过的电话号码"
    IDENTITY = "身份证号码"
    PLATE = "车牌号码"


_REMEDY = {
    Private.MOBILE: "请改为单位电话或删去，不得公布个人号码",
    Private.TELEPHONE: "删去；是公开的单位电话的，先连同来源写进 knowledge/data/public_numbers.yaml",
    Private.IDENTITY: "删去，文档里不写任何人的证件号码",
    Private.PLATE: "删去，案例里写“某号牌车辆”",
}
_DIGIT = dict(zip("零〇○一二三四五六七八九幺", "0001234567891", strict=True))
_ONE = rf"[0-9{''.join(_DIGIT)}]"
_RUN = re.compile(rf"(?<![.\d])\+?{_ONE}(?:[ \-–—·/()]{{0,2}}{_ONE}){{4,}}[Xx]?")
_PIECE = re.compile(rf"{_ONE}+[Xx]?")
_DAY = re.compile(r"\d{4}-\d{1,2}-\d{1,2}|\d{4}/\d{1,2}/\d{1,2}")
_AMOUNT = re.compile(r"\s*(?:多|余)?(?:元|万|亿|平方|㎡|户|人|件|次|米|公里|千米|斤|公斤|岁|度|字)")
_MOBILE = re.compile(r"(?:0086|86)?1[3-9]\d{9}")
_TELEPHONE = re.compile(r"0\d{2,3}[2-9]\d{6,7}(?:\d{1,4})?|[2-9]\d{6,7}|[48]00\d{7}|12\d{3}|9[56]\d{3,4}")
_IDENTITY = re.compile(r"[1-8]\d{5}(\d{4})(\d{2})(\d{2})\d{3}[\dXx]")
_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z][ ·•.\-]?([A-Z0-9]{5,6})(?![A-Z0-9])"
)


def check_privacy(sheet: Sheet, published: frozenset[str]) -> Iterator[SourceProblem]:
    """Errors for every private number, however it is written; ``published`` are the numbers that anyone may call."""
    for row in sheet.texts():
        for kind in private_numbers(row.text, published):
            yield sheet.error(row.line, f"文档中有{kind.value}", _REMEDY[kind])


def private_numbers(text: str, published: frozenset[str] = frozenset()) -> tuple[Private, ...]:
    """Kinds of private number in ``text``: with spaces and dashes, full-width, in Chinese digits (一三八……)."""
    plain = _DAY.sub("。", unicodedata.normalize("NFKC", text))
    found = [Private.PLATE for plate in _PLATE.finditer(plain) if any(c.isdigit() for c in plate[1])]
    for run in _RUN.finditer(plain):
        if _AMOUNT.match(plain, run.end()):
            continue
        kinds = [kind for piece in (run[0], *_PIECE.findall(run[0])) if (kind := _kind(_digits(piece), published))]
        if kinds and _digits(run[0]) not in published:
            found.append(kinds[0])
    return tuple(dict.fromkeys(found))


def _digits(piece: str) -> str:
    return "".join(_DIGIT.get(c, c) for c in piece if c in _DIGIT or c.isdigit() or c in "Xx")


def _kind(digits: str, published: frozenset[str]) -> Private | None:
    if digits in published:
        return None
    if _MOBILE.fullmatch(digits):
        return Private.MOBILE
    identity = _IDENTITY.fullmatch(digits)
    if identity and _is_day(identity[1], identity[2], identity[3]):
        return Private.IDENTITY
    if _TELEPHONE.fullmatch(digits) and not (len(digits) == 8 and _is_day(digits[:4], digits[4:6], digits[6:])):
        return Private.TELEPHONE
    return None


def _is_day(year: str, month: str, day: str) -> bool:
    try:
        return 1900 <= date(int(year), int(month), int(day)).year <= 2100
    except ValueError:
        return False
