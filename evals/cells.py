"""What stands in a cell of a file: words, lists, codes, yes or no, as people write them (pure)."""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from difflib import get_close_matches

Value = str | int | float | bool | datetime | list[str] | None
_YES, _NO = {"是", "1", "true", "yes", "有", "多"}, {"否", "0", "false", "no", "无", ""}
_BETWEEN = re.compile("[,，、;；\n]")


class RowError(Exception):
    """A row that cannot be evaluated: what is wrong with it, and the remedy."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(what)
        self.what = what
        self.remedy = remedy


def cell_text(value: Value) -> str:
    """The cell as words, without control characters."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # a spreadsheet's number 12 reads as 12.0
    return "".join(c for c in str(value) if c in "\n\t" or ord(c) >= 32).strip()


def cell_list(value: Value) -> list[str]:
    """Several values: a list, a JSON list in a cell, or words with commas or semicolons between them."""
    if isinstance(value, str) and value.strip().startswith("["):
        try:
            value = json.loads(value)
        except ValueError as error:
            raise RowError(f"“{cell_text(value)[:40]}”不是 JSON 列表", "请检查引号和方括号，或用顿号隔开") from error
    if isinstance(value, list):
        return [cell_text(one) for one in value if cell_text(one)]
    return [part.strip() for part in _BETWEEN.split(cell_text(value)) if part.strip()]


def known_code(value: str, known: Mapping[str, str], what: str) -> str:
    """The code that is meant by code, name or both (“C01 无证设摊”); any where none is known. Raises RowError."""
    value = value.strip()
    if not value or not known:
        return value
    first = value.split()[0]
    for form in (value, first, first.upper()):
        if form in known:
            return known[form]
    near = get_close_matches(value, known, 1, 0.5)
    hint = f"是不是“{near[0]}”？" if near else ""
    raise RowError(f"{what}“{value}”不在目录里", f"{hint}请改用目录里的代码或名称")


def yes_or_no(value: Value) -> bool | None:
    """True or false as people write it; None where nothing is said or it is neither."""
    word = cell_text(value).lower()
    if value is None or word not in _YES | _NO:
        return None
    return word in _YES
