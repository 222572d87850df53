"""Telephone numbers: checked when typed, masked wherever the role may not see them (pure)."""

import re
import unicodedata

_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"(?:0(?:10|2\d)[2-9]\d{7}|0[3-9]\d{2}[2-9]\d{6,7}|[2-9]\d{6,7})(?:(?:转|#)\d{1,6})?")
_SERVICE = re.compile(r"1\d{2,4}|[48]00\d{7}")
_SEPARATORS = re.compile(r"[\s\-‐-―()·.]+")
# Not inside a longer word: the ticket number JT20261123-0001 must not be taken for a telephone.
_IN_TEXT = re.compile(r"(?<![0-9A-Za-z\-])(1[3-9]\d)[ \-]?(\d{4})[ \-]?(\d{4})(?![0-9A-Za-z\-])")


def normalise_phone(value: str) -> str:
    """Fold full-width digits and drop separators and the country code: ``１３８ 0000-0000`` → ``13800000000``."""
    folded = _SEPARATORS.sub("", unicodedata.normalize("NFKC", value))
    for prefix in ("+86", "0086"):
        if folded.startswith(prefix):
            return folded[len(prefix) :]
    return folded


def phone_problem(value: str) -> str:
    """Say in Chinese what is wrong with a telephone number; empty when it is right or not given."""
    number = normalise_phone(value)
    if not number or any(p.fullmatch(number) for p in (_MOBILE, _LANDLINE, _SERVICE)):
        return ""
    if re.search(r"[^\d#转]", number):
        return "联系电话里有不是数字的字符，请核对后重填。"
    if number.startswith("1"):
        return f"联系电话位数不对：手机号应为 11 位，现在是 {len(number)} 位，请与来电人核对。"
    return f"联系电话位数不对：固定电话应为 7～8 位（可加区号），现在是 {len(number)} 位，请与来电人核对。"


def valid_phone(value: str) -> bool:
    """True for a mobile, a landline with or without area code, a service number, or nothing at all."""
    return not phone_problem(value)


def mask_phone(number: str) -> str:
    """Hide the middle: ``138****1234``; a landline keeps only its last four digits, short ones only two."""
    if not number:
        return ""
    if _MOBILE.fullmatch(number):
        return f"{number[:3]}****{number[-4:]}"
    visible = 4 if len(number) > 6 else 2
    return "****" + number[-visible:]


def mask_text(text: str) -> str:
    """Mask the mobile numbers inside running text; ticket numbers and dates stay."""
    if text.isascii() or not any(0xFF10 <= ord(c) <= 0xFF19 for c in text):
        return _IN_TEXT.sub(r"\1****\3", text)
    half = text.translate({0xFF10 + i: str(i) for i in range(10)})
    return _IN_TEXT.sub(r"\1****\3", half) if _IN_TEXT.search(half) else text
