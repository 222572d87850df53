"""Reads the index of laws (``data/statutes.json``), the town's own papers and the list of what was replaced."""

import json
from dataclasses import replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from knowledge.statutes import Article, Statute, Statutes, Successor, name_key

DATA = Path(__file__).parent / "data"


@lru_cache(maxsize=4)
def load_statutes(folder: Path = DATA) -> Statutes:
    """The laws at hand; raises ValueError (Chinese) where a file cannot be used. Read once per process."""
    try:
        rows = json.loads((folder / "statutes.json").read_text(encoding="utf-8"))["statutes"]
        rows += _rows(folder / "town_papers.yaml", "statutes")
        newer = _rows(folder / "superseded.yaml", "superseded")
        successors = {(name_key(row["law"]), row["version"]): _successor(row) for row in newer}
        statutes = [_statute(row) for row in rows]
    except (OSError, KeyError, TypeError, ValueError, yaml.YAMLError) as error:
        raise ValueError(f"条文索引读不出来：{folder}（{error}）。请从仓库恢复 knowledge/data。") from error
    return Statutes(replace(s, successor=successors.get((name_key(s.title), s.version), s.successor)) for s in statutes)


def _rows(path: Path, key: str) -> list[dict[str, Any]]:
    return list(yaml.safe_load(path.read_text(encoding="utf-8"))[key] or [])


def _statute(row: dict[str, Any]) -> Statute:
    return Statute(
        title=row["title"],
        names=tuple(row["names"]),
        version=row["version"],
        also=tuple(row.get("also", ())),
        earlier=tuple(row.get("earlier", ())),
        in_force=date.fromisoformat(row["in_force"]) if row.get("in_force") else None,
        spans=tuple((first, last) for first, last in row["articles"]),
        branches=tuple(Article(number, branch) for number, branch in row.get("branches", ())),
        successor=_successor(row["superseded"]) if row.get("superseded") else None,
    )


def _successor(row: dict[str, str]) -> Successor:
    return Successor(row["by"], row["by_version"], date.fromisoformat(row["since"]), row["source"])
