"""A folder of kept runs, each a folder of two JSON files; whatever a run holds."""

import json
import os
import re
import shutil
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

_ID = re.compile(r"[0-9]{8}-[0-9]{6}-[0-9a-f]{6}")
_DAMAGE = (OSError, ValueError, KeyError, TypeError)
Content = Mapping[str, Any]
Head = TypeVar("Head")
Whole = TypeVar("Whole")


class UnknownRunError(LookupError):
    """There is no such run (message in Chinese)."""


def new_id(at: datetime, data: str) -> str:
    """Time and hash: sorts by time, can be told apart."""
    return f"{at:%Y%m%d-%H%M%S}-{data[:6]}"


class RunFolder:
    """Heads and bodies by id; a run is written whole or not at all. ``what`` names a run in messages."""

    def __init__(self, folder: Path, what: str) -> None:
        self._folder = folder
        self._what = what

    def write(self, run_id: str, head: Content, body: Content) -> None:
        """Keep a run; an older one of the same id is replaced."""
        target = self._folder / run_id
        fresh = self._folder / f".{run_id}.{os.getpid()}"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(parents=True)
        _write(fresh / "head.json", head)
        _write(fresh / "cases.json", body)
        if target.exists():
            shutil.rmtree(target)
        fresh.rename(target)

    def heads(self, head_of: Callable[[Content], Head]) -> tuple[Head, ...]:
        """All heads, the newest first; a folder that cannot be read is left out."""
        found = []
        for folder in sorted(self._folder.glob("[0-9]*"), reverse=True):
            try:
                found.append(head_of(_read(folder / "head.json")))
            except _DAMAGE:
                continue  # half-copied or foreign: not a run
        return tuple(found)

    def read(self, run_id: str, run_of: Callable[[Content, Content], Whole]) -> Whole:
        """The whole run from head and body; raises UnknownRunError."""
        if not _ID.fullmatch(run_id):
            raise UnknownRunError(f"没有编号为“{run_id[:40]}”的{self._what}。请从列表中选择。")
        try:
            return run_of(_read(self._folder / run_id / "head.json"), _read(self._folder / run_id / "cases.json"))
        except _DAMAGE as error:
            raise UnknownRunError(
                f"{self._what} {run_id} 不存在或文件已损坏，请从列表中另选，或重新{self._what}。"
            ) from error

    def drop(self, run_id: str) -> None:
        """Delete the folder of a run that was read before."""
        shutil.rmtree(self._folder / run_id)


def _read(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


def _write(path: Path, content: Content) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, allow_nan=False), encoding="utf-8")
