"""Speech for screens and API: limits, jobs and their owners around the recogniser."""

import secrets
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from intake.application.speech_port import MAX_MINUTES, Hearing
from intake.domain.access import Permission, Principal
from intake.domain.errors import ForbiddenError, InvalidInputError, NotFoundError, NotReadyError, ThrottledError
from intake.domain.transcript import CALLER, OPERATOR, Transcript
from intake.speech.jobs import Job, hear_live, hear_recording, is_sound, run
from intake.speech.keep import Keeper
from intake.speech.listener import Listener
from intake.speech.ports import Activity, Recogniser, Sound, SoundReader
from intake.speech.stretches import Heard, Words, read, stretches

MOST_JOBS = 6
CLOSE_S = 15.0
FORGET_S = 300.0  # a finished job that nobody looks at
SPEAKERS = (OPERATOR, CALLER)


@dataclass(frozen=True, slots=True)
class Parts:
    """What speech is made of: ``activity`` opens a detector, ``words`` are today's, ``speakers`` by channel.

    ``problem`` says (Chinese) what is missing before anything is loaded, empty when nothing is.
    """

    recogniser: Recogniser
    read_sound: SoundReader
    activity: Callable[[], Activity]
    words: Callable[[], Words]
    keeper: Keeper
    problem: Callable[[], str]
    speakers: tuple[str, str] = SPEAKERS


class SpeechService:
    """See ``Speech``. Jobs live in this process: a browser's next request has to reach the same one."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._jobs: dict[str, Job] = {}
        self._lock = threading.Lock()
        parts.keeper.expire()

    def problem(self) -> str:
        """See ``Speech``."""
        return self._parts.problem()

    def transcribe(self, name: str, content: bytes, principal: Principal) -> Transcript:
        """See ``Speech``."""
        job_id = self.read(name, content, principal)
        job = self._mine(job_id, principal)
        with job.lock:
            while not job.state.done:
                job.touched = time.monotonic()
                job.lock.wait(0.2)
            state = job.state
        self._forget(job_id)
        if state.problem:
            raise NotReadyError("没有转写完", state.problem, "录音没有保存在系统里，请稍后重新上传。")
        return Transcript(state.total_s, state.turns, state.left_out)

    def listen(self, principal: Principal) -> str:
        """See ``Speech``."""
        self._check(principal)
        job = self._open(principal, 0.0)
        job.tape = self._parts.keeper.tape()
        listener_of = self._listener
        run(job, lambda opened: hear_live(opened, listener_of()))
        return job.job_id

    def read(self, name: str, content: bytes, principal: Principal) -> str:
        """See ``Speech``."""
        self._check(principal)
        sound = self._parts.read_sound(name, content, MAX_MINUTES * 60.0)
        job = self._open(principal, sound.seconds)
        self._parts.keeper.keep(name, content)
        run(job, lambda opened: hear_recording(opened, self._heard(sound)))
        return job.job_id

    def feed(self, job_id: str, number: int, sound: bytes, principal: Principal) -> Hearing:
        """See ``Speech``."""
        if not is_sound(sound):
            raise InvalidInputError("声音块不对", "应为 16 kHz 单声道 16 位采样，至多一分钟。", "请重新开始听写。")
        return self._mine(job_id, principal).feed(number, sound)

    def finish(self, job_id: str, principal: Principal) -> Hearing:
        """See ``Speech``."""
        return self._mine(job_id, principal).finish()

    def look(self, job_id: str, principal: Principal) -> Hearing:
        """See ``Speech``."""
        return self._mine(job_id, principal).look()

    def close(self) -> None:
        """See ``Speech``."""
        with self._lock:
            jobs, self._jobs = list(self._jobs.values()), {}
        for job in jobs:
            job.drop()
        for job in jobs:
            if job.thread is not None:
                job.thread.join(CLOSE_S)  # an interpreter that ends while the recogniser computes would abort
        self._parts.recogniser.close()

    def _listener(self) -> Listener:
        return Listener(self._parts.activity(), self._parts.recogniser, self._parts.words())

    def _heard(self, sound: Sound) -> Iterator[tuple[float, Heard]]:
        words = self._parts.words()
        for stretch in stretches(sound, self._parts.speakers, self._parts.activity()):
            yield stretch.end, read(stretch, self._parts.recogniser, words)

    def _check(self, principal: Principal) -> None:
        if not principal.may(Permission.SUGGEST):
            raise ForbiddenError("没有权限", "这个账号不能使用语音转写。", "请联系专线管理。")
        problem = self._parts.problem()
        if problem:
            raise NotReadyError("语音没有就绪", problem, "可先手工记录，不影响登记工单。")

    def _open(self, principal: Principal, total_s: float) -> Job:
        job_id = secrets.token_urlsafe(12)
        job = Job(job_id, principal.name, Hearing(job_id, total_s=total_s))
        with self._lock:
            self._sweep()
            if sum(not other.state.done for other in self._jobs.values()) >= MOST_JOBS:
                told = f"同时在转写的已有 {MOST_JOBS} 路，这一路没有开始。"
                raise ThrottledError("语音正忙", told, "请稍后再试，可先手工记录。", 30)
            self._jobs[job_id] = job
        return job

    def _sweep(self) -> None:
        now = time.monotonic()
        for job_id, job in list(self._jobs.items()):
            if job.state.done and now - job.touched > FORGET_S:
                del self._jobs[job_id]

    def _forget(self, job_id: str) -> None:
        with self._lock:
            self._jobs.pop(job_id, None)

    def _mine(self, job_id: str, principal: Principal) -> Job:
        with self._lock:
            job = self._jobs.get(job_id)
        if job is None or job.owner != principal.name:
            raise NotFoundError("没有这次转写", "转写已经结束或不在这台机器上。", "已写下的都在，请重新开始听写。")
        return job
