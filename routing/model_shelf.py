"""Which trained model is in use: a pointer file beside the models; every process follows it within two seconds."""

import json
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from knowledge.ports import Embedder
from routing.classifiers.proposer import Proposer
from routing.classifiers.stack import Stack
from routing.classifiers.training import TrainingError
from routing.classifiers.transformer import AdvisedStack, open_stack, save_stack

log = logging.getLogger(__name__)
LOOK_EVERY_S = 2.0


@dataclass(frozen=True, slots=True)
class ModelRecord:
    """A model that was put into use: where it lies, what it learned from, and what the comparison said."""

    version: str
    topics: str
    types: str
    data_hash: str
    lessons: int
    at: str
    by: str
    said: str


class ModelShelf:
    """Opens and replaces the model in use; may be shared by threads and, through its files, by processes."""

    def __init__(
        self, folder: Path, embedder: Callable[[], Embedder], first: Callable[[], tuple[Stack, Stack]]
    ) -> None:
        self._folder = folder
        self._embedder = embedder
        self._first = first
        self._lock = threading.Lock()
        self._looked = 0.0
        self._stamp: int | None = None
        self._topics: Stack | None = None
        self._proposer: Proposer | None = None

    @property
    def topics(self) -> Stack:
        """The topic classifier in use."""
        self.current()
        if self._topics is None:
            raise RuntimeError("no model was opened")
        return self._topics

    def current(self) -> Proposer:
        """The model in use, newly read when another process has replaced it; a damaged one leaves the old in use."""
        with self._lock:
            if self._proposer is None or time.monotonic() - self._looked > LOOK_EVERY_S:
                self._look()
                self._looked = time.monotonic()
            if self._proposer is None:
                self._topics, types = self._first()
                self._proposer = Proposer(self._topics, types, f"stack-{self._topics.learned.data_hash[:8]}")
            return self._proposer

    def record(self) -> ModelRecord | None:
        """What is in use; None for the model of day one."""
        return self._read()[1]

    def history(self) -> tuple[ModelRecord, ...]:
        """Every model that was ever put into use, oldest first."""
        path = self._folder / "history.jsonl"
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        return tuple(ModelRecord(**json.loads(line)) for line in lines if line.strip())

    def install(self, topics: Stack, types: Stack, lessons: int, at: datetime, by: str, said: str) -> ModelRecord:
        """Save a model, then point at it: a process killed in between leaves the old one in use."""
        kind = "advised" if isinstance(topics, AdvisedStack) else "learned"
        hashed = topics.learned.data_hash
        version = f"stack-{hashed[:8]}" + ("+" if kind == "advised" else "")
        names = (f"topic-{hashed[:12]}-{kind}", f"type-{types.learned.data_hash[:12]}-learned")
        for stack, name in zip((topics, types), names, strict=True):
            save_stack(stack, self._folder / name)
        record = ModelRecord(version, *names, hashed, lessons, at.isoformat(), by, said)
        self._point(record)
        return record

    def go_back(self, version: str) -> ModelRecord:
        """Put an earlier model into use again; raises ``TrainingError`` when it is not there any more."""
        for record in reversed(self.history()):
            if record.version == version and (self._folder / record.topics).exists():
                self._point(record)
                return record
        raise TrainingError(f"没有找到模型 {version}，现用模型保持不变。请从历史列表中选择。")

    def training(self) -> FileLock:
        """The lock that only one training on this machine may hold; raises ``TrainingError`` while another does."""
        self._folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self._folder / "training.lock")
        try:
            lock.acquire(timeout=0)
        except Timeout as error:
            raise TrainingError("已有一次训练正在进行，请等它完成后再开始。现用模型不受影响。") from error
        return lock

    def _point(self, record: ModelRecord) -> None:
        line = json.dumps(asdict(record), ensure_ascii=False)
        with (self._folder / "history.jsonl").open("a", encoding="utf-8") as history:
            history.write(line + "\n")
        beside = self._folder / "in-use.json.new"
        beside.write_text(line, encoding="utf-8")
        beside.replace(self._folder / "in-use.json")
        with self._lock:
            self._looked = 0.0

    def _read(self) -> tuple[int | None, ModelRecord | None]:
        path = self._folder / "in-use.json"
        try:
            stamp = path.stat().st_mtime_ns
            return stamp, ModelRecord(**json.loads(path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return None, None

    def _look(self) -> None:
        try:
            stamp, record = self._read()
            if record is None or stamp == self._stamp:
                return
            embedder = self._embedder()
            stacks = [open_stack(self._folder / name, embedder) for name in (record.topics, record.types)]
        except (OSError, ValueError, KeyError, TypeError) as error:
            log.warning("the learned model in %s is not usable (%s); the one before stays in use", self._folder, error)
            return
        self._stamp, self._topics = stamp, stacks[0]
        self._proposer = Proposer(stacks[0], stacks[1], record.version)
