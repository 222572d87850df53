"""One piece of work at a time behind a page: it tells how far it is, rests between cases, and can be stopped."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from time import perf_counter, sleep

from evals.cases import CaseError
from evals.replay import NothingToReplayError
from intake.domain.errors import ConflictError, DeskError


class StoppedError(Exception):
    """The evaluator stopped the evaluation."""


@dataclass(frozen=True, slots=True)
class Progress:
    """What is going on; ``share`` 0..1. ``said`` is the outcome once it has ended, ``run_id`` the run that was kept."""

    running: bool = False
    step: str = ""
    share: float = 0.0
    said: str = ""
    failed: bool = False
    run_id: str = ""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a piece of work came out: what is said of it and the run that was kept."""

    said: str
    run_id: str


Say = Callable[[str, float], None]


class Background:
    """Gives way to calls: between two cases it rests as long as the last one took. ``what`` names the work."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._progress = Progress()

    @property
    def progress(self) -> Progress:
        """What is going on."""
        return self._progress

    def start(self, work: Callable[[Say], Ended]) -> None:
        """Begin in a thread; raises ConflictError while another piece runs."""
        what = self._what
        with self._lock:
            if self._progress.running:
                raise ConflictError(f"{what}正在进行", f"已有一次{what}没有结束。", "请等它完成，或先按“停止”。")
            self._stop.clear()
            self._progress = Progress(running=True, step="准备")
        threading.Thread(target=self._run, args=(work,), name="evals", daemon=True).start()

    def stop(self) -> None:
        """Stop what is running at its next case."""
        self._stop.set()

    def _run(self, work: Callable[[Say], Ended]) -> None:
        what = self._what
        try:
            ended = work(self._considerate())
            self._progress = Progress(step="完成", share=1.0, said=ended.said, run_id=ended.run_id)
        except StoppedError:
            self._progress = Progress(said=f"已停止，本次{what}没有保存。以前的{what}不受影响。", failed=True)
        except (DeskError, CaseError, NothingToReplayError, OSError) as error:
            self._progress = Progress(said=f"没有完成：{error}", failed=True)
        except Exception as error:  # a thread's end is seen by nobody: what went wrong is shown on the page
            self._progress = Progress(said=f"{what}意外中断（{error}）。以前的{what}不受影响，请重试。", failed=True)
            raise

    def _considerate(self) -> Say:
        """Progress that rests between cases, so that calls are not slowed, and ends when it was stopped."""
        last = [perf_counter()]

        def say(step: str, share: float) -> None:
            if self._stop.is_set():
                raise StoppedError
            self._progress = replace(self._progress, step=step, share=share)
            sleep(min(0.1, perf_counter() - last[0]))
            last[0] = perf_counter()

        return say
