"""Retrieval tests that were made, kept under ``var/hits``: questions as judged, who asked, and what answered."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from evals.hits.asked import Asked, as_row, from_row
from evals.run_folder import RunFolder
from evals.run_store import Judge


@dataclass(frozen=True, slots=True)
class HitHead:
    """A run without its questions. ``at`` is aware; ``day`` is the day of the calls; ``depth``: documents per list."""

    id: str
    name: str
    at: datetime
    by: str
    day: date
    data_hash: str
    count: int
    depth: int
    judge: Judge
    notes: tuple[str, ...] = ()
    metrics: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class HitRun:
    """A run: head and judged questions."""

    head: HitHead
    asked: tuple[Asked, ...]


def data_hash(asked: Sequence[Asked]) -> str:
    """sha256 over the questions and what is right for them, in their order."""
    rows = [asdict(a.question) for a in asked]
    return hashlib.sha256(json.dumps(rows, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


class HitStore:
    """Folder of retrieval tests."""

    def __init__(self, folder: Path) -> None:
        self._folder = RunFolder(folder, "命中测试")

    def save(self, run: HitRun) -> None:
        """Write the run whole."""
        self._folder.write(run.head.id, head_row(run.head), {"asked": [as_row(a) for a in run.asked]})

    def heads(self) -> tuple[HitHead, ...]:
        """All runs, newest first; a folder that cannot be read is left out."""
        return self._folder.heads(_head)

    def load(self, run_id: str) -> HitRun:
        """The whole run; raises UnknownRunError."""
        return self._folder.read(run_id, _run)

    def drop(self, run_id: str) -> None:
        """Delete a run; raises UnknownRunError."""
        self.load(run_id)
        self._folder.drop(run_id)


def head_row(head: HitHead) -> dict[str, Any]:
    """A head as JSON."""
    row = asdict(head)
    return {**row, "at": head.at.isoformat(), "day": head.day.isoformat(), "metrics": dict(head.metrics)}


def _head(row: Mapping[str, Any]) -> HitHead:
    values = {
        **row,
        "at": datetime.fromisoformat(row["at"]),
        "day": date.fromisoformat(row["day"]),
        "judge": Judge(**row["judge"]),
        "notes": tuple(row["notes"]),
    }
    return HitHead(**values)


def _run(head: Mapping[str, Any], body: Mapping[str, Any]) -> HitRun:
    return HitRun(_head(head), tuple(from_row(row) for row in body["asked"]))
