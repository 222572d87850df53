"""Runs that were made, kept as files under ``var/evals``: cases as scored, what judged them, and who asked."""

import hashlib
import json
import os
import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from evals.scored import Scored, as_row, from_row

_ID = re.compile(r"[0-9]{8}-[0-9]{6}-[0-9a-f]{6}")


class UnknownRunError(LookupError):
    """There is no such run (message in Chinese)."""


@dataclass(frozen=True, slots=True)
class Judge:
    """What judged the cases: versions of model, its data, town pack and documents."""

    model: str
    model_data: str
    pack: str
    documents: str


@dataclass(frozen=True, slots=True)
class RunHead:
    """A run without its cases. ``at`` is aware; ``data_hash`` is the sha256 of the cases' texts and labels."""

    id: str
    name: str
    at: datetime
    by: str
    data_hash: str
    count: int
    judge: Judge
    notes: tuple[str, ...] = ()
    metrics: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Run:
    """A run: head, scored cases, and what the peers said to the same cases (first three topics each)."""

    head: RunHead
    cases: tuple[Scored, ...]
    peers: Mapping[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)


def data_hash(cases: Sequence[Scored]) -> str:
    """sha256 over identity, text and labels of the cases, in their order."""
    digest = hashlib.sha256()
    for s in cases:
        digest.update(
            json.dumps(
                [s.id, s.text, s.address, s.topic, s.accept, s.type, s.lead, s.outcome], ensure_ascii=False
            ).encode()
        )
    return digest.hexdigest()


def new_id(at: datetime, data: str) -> str:
    """Time and hash: sorts by time, can be told apart."""
    return f"{at:%Y%m%d-%H%M%S}-{data[:6]}"


class RunStore:
    """Folder of runs; a run is written whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def save(self, run: Run) -> None:
        """Write the run; an older one of the same id is replaced."""
        target = self._folder / run.head.id
        fresh = self._folder / f".{run.head.id}.{os.getpid()}"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(parents=True)
        _write(fresh / "head.json", _head_json(run.head))
        _write(
            fresh / "cases.json",
            {"cases": [as_row(s) for s in run.cases], "peers": {n: [list(t) for t in p] for n, p in run.peers.items()}},
        )
        if target.exists():
            shutil.rmtree(target)
        fresh.rename(target)

    def heads(self) -> tuple[RunHead, ...]:
        """All runs, newest first; a folder that cannot be read is left out."""
        found = []
        for folder in self._folder.glob("[0-9]*"):
            try:
                found.append(_head(_read(folder / "head.json")))
            except (OSError, ValueError, KeyError, TypeError):
                continue  # half-copied or foreign: not a run
        return tuple(sorted(found, key=lambda head: head.id, reverse=True))

    def load(self, run_id: str) -> Run:
        """The whole run; raises UnknownRunError."""
        if not _ID.fullmatch(run_id):
            raise UnknownRunError(f"没有编号为“{run_id[:40]}”的评测。请从列表中选择。")
        try:
            head = _head(_read(self._folder / run_id / "head.json"))
            body = _read(self._folder / run_id / "cases.json")
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise UnknownRunError(f"评测 {run_id} 不存在或文件已损坏，请从列表中另选，或重新评测。") from error
        peers = {name: tuple(tuple(top) for top in said) for name, said in body.get("peers", {}).items()}
        return Run(head, tuple(from_row(row) for row in body["cases"]), peers)

    def drop(self, run_id: str) -> None:
        """Delete a run; raises UnknownRunError."""
        self.load(run_id)
        shutil.rmtree(self._folder / run_id)


def _head_json(head: RunHead) -> dict[str, Any]:
    judge = head.judge
    return {
        "id": head.id,
        "name": head.name,
        "at": head.at.isoformat(),
        "by": head.by,
        "data_hash": head.data_hash,
        "count": head.count,
        "judge": {
            "model": judge.model,
            "model_data": judge.model_data,
            "pack": judge.pack,
            "documents": judge.documents,
        },
        "notes": list(head.notes),
        "metrics": dict(head.metrics),
    }


def _head(content: Mapping[str, Any]) -> RunHead:
    return RunHead(
        content["id"],
        content["name"],
        datetime.fromisoformat(content["at"]),
        content["by"],
        content["data_hash"],
        content["count"],
        Judge(**content["judge"]),
        tuple(content["notes"]),
        dict(content["metrics"]),
    )


def _read(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


def _write(path: Path, content: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, allow_nan=False), encoding="utf-8")
