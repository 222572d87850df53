"""Reads the list of telephones that anybody may call (``data/public_numbers.yaml``), each with its source."""

from functools import lru_cache
from pathlib import Path

import yaml

FILE = Path(__file__).parent / "data" / "public_numbers.yaml"


@lru_cache(maxsize=4)
def public_numbers(path: Path = FILE) -> frozenset[str]:
    """The numbers as digits; raises ValueError (Chinese) where the file cannot be used. Read once per process."""
    try:
        rows = yaml.safe_load(path.read_text(encoding="utf-8"))["numbers"]
        unsourced = [row["number"] for row in rows if not row["source"] or not row["from"]]
        numbers = frozenset(str(row["number"]) for row in rows)
    except (OSError, KeyError, TypeError, yaml.YAMLError) as error:
        raise ValueError(f"公开电话清单读不出来：{path}（{error}）。请照文件开头的样式改正。") from error
    if unsourced:
        raise ValueError(f"公开电话清单里 {'、'.join(unsourced)} 没有出处或日期。请补上 source 和 from。")
    return numbers
