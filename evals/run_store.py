"""Runs that were made, kept as files under ``var/evals``: cases as scored, what judged them, and who asked."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from evals.run_folder import RunFolder, UnknownRunError, new_id
from evals.scored import Scored, as_row, from_row

__all__ = ["Judge", "Run", "RunHead", "RunStore", "UnknownRunError", "data_hash", "new_id"]


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


class RunStore:
    """Folder of runs; a run is written whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self._folder = RunFolder(folder, "评测")

    def save(self, run: Run) -> None:
        """Write the run; an older one of the same id is replaced."""
        peers = {name: [list(top) for top in said] for name, said in run.peers.items()}
        self._folder.write(run.head.id, _head_json(run.head), {"cases": [as_row(s) for s in run.cases], "peers": peers})

    def heads(self) -> tuple[RunHead, ...]:
        """All runs, newest first; a folder that cannot be read is left out."""
        return self._folder.heads(_head)

    def load(self, run_id: str) -> Run:
        """The whole run; raises UnknownRunError."""
        return self._folder.read(run_id, _run)

    def drop(self, run_id: str) -> None:
        """Delete a run; raises UnknownRunError."""
        self.load(run_id)
        self._folder.drop(run_id)


def _run(head: Mapping[str, Any], body: Mapping[str, Any]) -> Run:
    peers = {name: tuple(tuple(top) for top in said) for name, said in body.get("peers", {}).items()}
    return Run(_head(head), tuple(from_row(row) for row in body["cases"]), peers)


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
