"""File names from outside: only the bare, harmless last part is ever used (pure)."""

import re
import unicodedata

MAX_NAME = 100
_SEPARATOR = re.compile(r"[/\\]")
_FORBIDDEN = re.compile(r'[<>:"|?*]')


def safe_name(name: str) -> str:
    """The last part of a path without control, format and reserved characters, at most 100 characters long."""
    last = _SEPARATOR.split(name)[-1]
    # Cc and Cf: NUL, line ends, direction marks; Cs: halves of characters; Co, Cn: nothing that can be shown.
    shown = "".join(c for c in unicodedata.normalize("NFC", last) if unicodedata.category(c)[0] != "C")
    clean = _FORBIDDEN.sub("_", shown).strip(" .")
    stem, dot, extension = clean.rpartition(".")
    if dot and len(extension) <= 10:
        return f"{stem[: MAX_NAME - len(extension) - 1].strip(' .') or '未命名'}.{extension}"
    return clean[:MAX_NAME].strip(" .") or "未命名"


def stem_of(name: str) -> str:
    """A safe file name without its extension, as a title of last resort."""
    return name.rpartition(".")[0] or name
