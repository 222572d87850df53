"""One piece of work at a time behind a page: it runs in a thread, tells how far it is, and how it ended."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace

from intake.domain.errors import ConflictError, DeskError

Say = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Progress:
    """What is going on; ``share`` 0..1. ``said`` is the outcome or the refusal once it has ended."""

    running: bool = False
    step: str = ""
    share: float = 0.0
    said: str = ""
    failed: bool = False


class Background:
    """``what`` names the work and ``kept`` says what goes on meanwhile, in the messages (Chinese)."""

    def __init__(self, what: str, kept: str) -> None:
        self._what = what
        self._kept = kept
        self._lock = threading.Lock()
        self.progress = Progress()

    def start(self, work: Callable[[Say], str], step: str) -> None:
        """Begin ``work``, which returns what is said of its outcome; raises ConflictError while one is running."""
        with self._lock:
            if self.progress.running:
                detail = f"已有一次{self._what}没有结束。"
                raise ConflictError(f"{self._what}正在进行", detail, f"请等它完成，{self._kept}。")
            self.progress = Progress(running=True, step=step)
        threading.Thread(target=self._run, args=(work,), name=self._what, daemon=True).start()

    def say(self, step: str, share: float) -> None:
        """Tell how far it is."""
        self.progress = replace(self.progress, step=step, share=share)

    def _run(self, work: Callable[[Say], str]) -> None:
        try:
            said = work(self.say)
            self.progress = Progress(step="完成", share=1.0, said=said)
        except DeskError as error:
            self.progress = Progress(said=str(error), failed=True)
        except Exception as error:  # a thread's end is seen by nobody: what went wrong is shown on the page
            told = f"{self._what}意外中断（{error}）。{self._kept}，请重试。"
            self.progress = Progress(said=told, failed=True)
            raise
