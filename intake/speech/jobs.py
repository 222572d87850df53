"""Jobs of speech: each has a thread of its own that hears, and one state that anybody may look at."""

import logging
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from intake.application.speech_port import Hearing
from intake.domain.errors import DeskError
from intake.speech.keep import NoTape, Tape
from intake.speech.listener import Listener
from intake.speech.ports import RATE, Samples
from intake.speech.stretches import Heard

log = logging.getLogger(__name__)
_LOOK_S = 0.25
_GIVE_WAY_S = 0.02
LOWER = 5
SILENT_S = 60.0  # a live job that gets no sound for so long has lost its browser


@dataclass
class Job:
    """One live line or one recording; ``touched`` is when its owner last asked (monotonic seconds)."""

    job_id: str
    owner: str
    state: Hearing
    tape: Tape = field(default_factory=NoTape)
    touched: float = field(default_factory=time.monotonic)
    lock: threading.Condition = field(default_factory=threading.Condition)
    blocks: list[Samples] = field(default_factory=list)
    expected: int = 0
    over: bool = False
    dropped: bool = False
    thread: threading.Thread | None = None

    def feed(self, number: int, sound: bytes) -> Hearing:
        """Take a block in; one that came already is ignored."""
        with self.lock:
            self.touched = time.monotonic()
            if number >= self.expected and not self.over:
                self.expected = number + 1
                self.tape.add(sound)
                self.blocks.append(np.frombuffer(sound, np.int16).astype(np.float32) / 32768.0)
                self.lock.notify_all()
            return self.state

    def finish(self) -> Hearing:
        """No more sound comes."""
        with self.lock:
            self.touched = time.monotonic()
            self.over = True
            self.lock.notify_all()
            return self.state

    def look(self) -> Hearing:
        """The state now."""
        with self.lock:
            self.touched = time.monotonic()
            return self.state

    def drop(self) -> None:
        """Nobody wants the rest."""
        with self.lock:
            self.dropped = self.over = True
            self.lock.notify_all()

    def add(self, heard: Heard, *, partial: str = "", heard_s: float = 0.0) -> None:
        """Put what was heard into the state."""
        with self.lock:
            self.state = replace(
                self.state,
                turns=self.state.turns + heard.turns,
                left_out=self.state.left_out + heard.left_out,
                partial=partial,
                heard_s=heard_s,
            )

    def taken(self) -> tuple[Samples, bool]:
        """Wait for sound, at most a moment; returns it and whether it was the last."""
        with self.lock:
            if not self.blocks and not self.over:
                self.lock.wait(_LOOK_S)
            if not self.blocks and time.monotonic() - self.touched > SILENT_S:
                self.over = True
            sound = np.concatenate(self.blocks) if self.blocks else np.zeros(0, np.float32)
            self.blocks.clear()
            return sound, self.over


def run(job: Job, work: Callable[[Job], None]) -> None:
    """Let ``work`` hear this job in a thread; whatever happens there ends in the job's state."""

    def hear() -> None:
        problem = ""
        _stand_back()
        try:
            work(job)
        except DeskError as error:
            problem = str(error)
        except Exception as error:
            log.error("speech job failed: %s", type(error).__name__, exc_info=error)
            problem = "识别时出错，之后的话没有转写；已经写下的都在，请手工接着记录。"
        finally:
            job.tape.close()
            with job.lock:
                job.blocks.clear()
                job.over = True
                job.state = replace(job.state, partial="", done=True, problem=problem)

    job.thread = threading.Thread(target=hear, name=f"speech-{job.job_id[:6]}", daemon=True)
    job.thread.start()


def _stand_back() -> None:
    """Typing goes first: this thread, and those that the recogniser starts from it, run at a lower priority (Linux)."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), LOWER)


def hear_live(job: Job, listener: Listener) -> None:
    """Hear a live line until it ends."""
    over = False
    while not over and not job.dropped:
        sound, over = job.taken()
        if len(sound) or over:
            job.add(listener.step(sound, last=over), partial=listener.partial, heard_s=listener.seconds)


def hear_recording(job: Job, parts: Iterator[tuple[float, Heard]]) -> None:
    """Hear a recording part by part; each comes with the second up to which it was heard."""
    for until, heard in parts:
        if job.dropped:
            return
        job.add(heard, heard_s=until)
        time.sleep(_GIVE_WAY_S)  # else this thread takes the recogniser again before a live line wakes up


def is_sound(content: bytes) -> bool:
    """Whether these bytes can be a block of 16-bit samples of at most a minute."""
    return 0 < len(content) <= RATE * 2 * 60 and len(content) % 2 == 0
