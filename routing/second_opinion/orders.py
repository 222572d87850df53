"""Find orders to a machine inside a text that should only tell something, and take out what no reader can see.

Caller text, documents and transcripts are data. A call that gives orders is not sent at all; a passage that does is
left out of what is sent and cannot be cited. What slips through here still meets schema, rules and support check.
The ways of speaking stand in ``routing/data/orders.yaml``.
"""

import re
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

_WORDS = Path(__file__).resolve().parent.parent / "data" / "orders.yaml"
_LETTERS = re.compile(r"(?:[\u4e00-\u9fff][^\w\u4e00-\u9fff]+){3,}[\u4e00-\u9fff](?![\u4e00-\u9fff])")
_SPREAD = re.compile(r"(?<=[\u4e00-\u9fff])[\s.·*_\-/|,，、~～]+(?=[\u4e00-\u9fff])")
# Zero width, bidi, soft hyphen, variation selectors, tags: nobody reads them, a model does.
_HIDDEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0"
    "\ufff0-\ufffb\U000e0000-\U000e0fff]"
)
_COMMENT = re.compile(r"<!--.*?(?:-->|$)|<(script|style)\b.*?(?:</\1>|$)", re.S | re.I)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def visible(text: str) -> str:
    """The text as a reader sees it: no comments, no invisible signs, no control signs but the line break."""
    return _CONTROL.sub("", _HIDDEN.sub("", _COMMENT.sub("", text)))


def has_hidden(text: str) -> bool:
    """Whether something stands in the text that a reader does not see."""
    return visible(text) != text.replace("\r", "")


def orders_in(text: str, *, document: bool = False) -> str:
    """The first words of the text that give an order to a machine; empty when there are none.

    A ``document`` may speak of clauses and fields, which a caller's text may not without being taken for an order.
    """
    anywhere, from_callers = _patterns()
    patterns = anywhere if document else anywhere + from_callers
    folded = unicodedata.normalize("NFKC", _HIDDEN.sub("", text))
    for shape in (
        folded,
        _SPREAD.sub("", folded),
        _LETTERS.sub(_joined, folded),
    ):  # 忽 略 以 上: spread out so that no word is found
        for pattern in patterns:
            found = pattern.search(shape)
            if found:
                return " ".join(found.group().split())[:60]
    return ""


def _joined(spread: re.Match[str]) -> str:
    return re.sub(r"[^\u4e00-\u9fff]", "", spread.group())


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[re.Pattern[str], ...], tuple[re.Pattern[str], ...]]:
    """What is looked for anywhere, and what only in callers' texts."""
    table: dict[str, Any] = yaml.safe_load(_WORDS.read_text(encoding="utf-8"))

    def compiled(rows: list[dict[str, str]]) -> tuple[re.Pattern[str], ...]:
        return tuple(re.compile(_filled(row["pattern"], table["parts"]), re.I | re.S) for row in rows)

    return compiled(table["anywhere"]), compiled(table["from_callers"])


def _filled(pattern: str, parts: dict[str, str]) -> str:
    for name, part in parts.items():
        pattern = pattern.replace(f"<<{name}>>", part)
    return pattern
