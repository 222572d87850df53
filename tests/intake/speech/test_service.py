"""Limits, owners and jobs; what is kept of the sound."""

import os
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from intake.application.speech_port import Hearing
from intake.domain.access import Principal, Role
from intake.domain.errors import (
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    NotReadyError,
    ThrottledError,
)
from intake.speech.audio import read_sound
from intake.speech.jobs import LOWER
from intake.speech.keep import Keeper
from intake.speech.ports import RATE, Piece, Reading, Samples
from intake.speech.service import MOST_JOBS, Parts, SpeechService
from tests.intake.speech.fakes import WORDS, ScriptedRecogniser, loud_is_speech
from tests.intake.speech.sounds import encoded, silence, tone

ME, OTHER = Principal("坐席甲示例", Role.OPERATOR), Principal("坐席乙示例", Role.OPERATOR)
NOW = datetime(2026, 11, 23, 2, 5, tzinfo=UTC)


class Moment:
    """A clock that is set by hand."""

    now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def moment() -> Moment:
    return Moment()


def service(
    folder: Path, *script: str, days: int = 0, problem: str = "", moment: Moment | None = None
) -> SpeechService:
    parts = Parts(
        recogniser=ScriptedRecogniser([*script]),
        read_sound=read_sound,
        activity=lambda: loud_is_speech,
        words=lambda: WORDS,
        keeper=Keeper(folder / "speech", days, moment or Moment()),
        problem=lambda: problem,
    )
    return SpeechService(parts)


@pytest.fixture
def speech(tmp_path: Path) -> Iterator[SpeechService]:
    opened = service(tmp_path, "路灯不亮", "没人修")
    yield opened
    opened.close()


def pcm(samples: Samples) -> bytes:
    return (samples * 32767).astype("<i2").tobytes()


def done(speech: SpeechService, job_id: str, who: Principal = ME) -> Hearing:
    for _ in range(200):
        state = speech.look(job_id, who)
        if state.done:
            return state
        time.sleep(0.02)
    raise AssertionError("the job did not end")


def test_a_recording_with_two_speakers(speech: SpeechService) -> None:
    left = np.concatenate([tone(1.0), silence(4.0)])
    right = np.concatenate([silence(2.5), tone(2.0), silence(0.5)])
    transcript = speech.transcribe("来电.wav", encoded(np.stack([left, right])), ME)
    assert transcript.text == "坐席：路灯不亮。\n来电人：没人修。"
    assert transcript.told == "没人修。"
    assert transcript.seconds == pytest.approx(5.0, abs=0.01)


def test_a_live_line(speech: SpeechService) -> None:
    line = speech.listen(ME)
    for number, block in enumerate((tone(1.0), silence(1.0), tone(1.0))):
        speech.feed(line, number, pcm(block), ME)
        speech.feed(line, number, pcm(block), ME)  # the browser repeats what it had no answer to
        while number == 1 and not speech.look(line, ME).turns:
            time.sleep(0.02)
    speech.finish(line, ME)
    state = done(speech, line)
    assert [turn.text for turn in state.turns] == ["路灯不亮。", "没人修。"]
    assert state.heard_s == pytest.approx(3.0, abs=0.1)
    assert speech.feed(line, 9, pcm(tone(0.5)), ME).heard_s == state.heard_s  # after the end nothing is taken


def test_a_job_is_its_starters_alone(speech: SpeechService) -> None:
    line = speech.listen(ME)
    for ask in (
        lambda: speech.look(line, OTHER),
        lambda: speech.finish(line, OTHER),
        lambda: speech.feed(line, 0, pcm(tone(0.5)), OTHER),
        lambda: speech.look("unknown", ME),
    ):
        with pytest.raises(NotFoundError):
            ask()
    with pytest.raises(ForbiddenError):
        speech.listen(Principal("审计示例", Role.AUDITOR))
    with pytest.raises(InvalidInputError):
        speech.feed(line, 0, b"odd", ME)


def test_too_many_at_once_are_told_to_wait(speech: SpeechService) -> None:
    lines = [speech.listen(ME) for _ in range(MOST_JOBS)]
    with pytest.raises(ThrottledError, match="语音正忙"):
        speech.listen(OTHER)
    speech.finish(lines[0], ME)
    done(speech, lines[0])
    assert speech.listen(OTHER)


def test_a_recogniser_that_fails_keeps_what_was_heard(tmp_path: Path) -> None:
    class Failing(ScriptedRecogniser):
        def read(self, samples: Samples, hint: str, *, draft: bool = False):  # type: ignore[no-untyped-def]
            if not self.script:
                raise RuntimeError("boom")
            return super().read(samples, hint, draft=draft)

    speech = service(tmp_path)
    speech._parts = Parts(
        Failing(["路灯不亮"]), read_sound, lambda: loud_is_speech, lambda: WORDS, speech._parts.keeper, lambda: ""
    )
    job = speech.read("a.wav", encoded(np.concatenate([tone(1.0), silence(4.0), tone(1.0)])), ME)
    state = done(speech, job)
    assert [turn.text for turn in state.turns] == ["路灯不亮。"]
    assert "没有转写" in state.problem
    assert "boom" not in state.problem


def test_what_is_missing_is_said_before_anything_is_loaded(tmp_path: Path) -> None:
    speech = service(tmp_path, problem="HOTLINE_SPEECH_MODEL 指向的文件夹不存在：/x。")
    with pytest.raises(NotReadyError, match="文件夹不存在"):
        speech.transcribe("a.wav", encoded(tone(1.0)), ME)


def test_sound_is_not_kept_unless_the_town_says_so(tmp_path: Path) -> None:
    speech = service(tmp_path, "路灯不亮", "没人修")
    speech.transcribe("a.wav", encoded(tone(1.0)), ME)
    line = speech.listen(ME)
    speech.feed(line, 0, pcm(tone(1.0)), ME)
    speech.finish(line, ME)
    done(speech, line)
    assert list(tmp_path.iterdir()) == []


def test_kept_sound_is_whole_private_and_goes_when_its_days_are_over(tmp_path: Path, moment: Moment) -> None:
    speech = service(tmp_path, "路灯不亮", "没人修", days=30, moment=moment)
    content = encoded(tone(1.0))
    speech.transcribe("../../名字.WAV", content, ME)
    line = speech.listen(ME)
    speech.feed(line, 0, pcm(tone(1.5)), ME)
    speech.finish(line, ME)
    done(speech, line)
    kept = sorted((tmp_path / "speech").rglob("*.wav"))
    assert len(kept) == 2
    assert content in {path.read_bytes() for path in kept}
    assert {read_sound("a.wav", path.read_bytes(), 60.0).seconds for path in kept} == {1.0, 1.5}
    assert all(path.stat().st_mode & 0o077 == 0 for path in kept)
    moment.now = datetime.now(UTC) + timedelta(days=31)
    service(tmp_path, days=30, moment=moment)
    assert not list((tmp_path / "speech").rglob("*.wav"))


def test_a_town_that_no_longer_keeps_sound_has_none_left(tmp_path: Path) -> None:
    service(tmp_path, "路灯不亮", days=30).transcribe("a.wav", encoded(tone(1.0)), ME)
    assert list((tmp_path / "speech").rglob("*.wav"))
    service(tmp_path)
    assert not list((tmp_path / "speech").rglob("*.wav"))


def test_a_second_is_so_many_samples() -> None:
    assert len(pcm(tone(1.0))) == 2 * RATE


class Shared(ScriptedRecogniser):
    """One reading at a time, as the real one; notes in which order it read."""

    def __init__(self) -> None:
        super().__init__([])
        self.lock = threading.Lock()
        self.order: list[str] = []

    def read(self, samples: Samples, hint: str, *, draft: bool = False) -> Reading:
        with self.lock:
            time.sleep(0.05)
            self.order.append("live" if len(samples) > 2 * RATE else "recording")
            return Reading((Piece(0, 5, "一句"),))


def test_a_live_line_is_not_kept_waiting_by_a_long_recording(tmp_path: Path) -> None:
    recogniser = Shared()
    keeper = Keeper(tmp_path, 0, Moment())
    speech = SpeechService(Parts(recogniser, read_sound, lambda: loud_is_speech, lambda: WORDS, keeper, lambda: ""))
    long = np.concatenate([np.concatenate([tone(0.5), silence(2.5)]) for _ in range(40)])
    recording = speech.read("a.wav", encoded(long), ME)
    line = speech.listen(OTHER)
    speech.feed(line, 0, pcm(tone(3.0)), OTHER)
    speech.finish(line, OTHER)
    done(speech, line, OTHER)
    done(speech, recording)
    assert len(recogniser.order) == 41
    assert recogniser.order.index("live") < 30


def test_hearing_stands_back_behind_typing(tmp_path: Path) -> None:
    found: list[int] = []

    class Asked(ScriptedRecogniser):
        def read(self, samples: Samples, hint: str, *, draft: bool = False) -> Reading:
            found.append(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))
            return super().read(samples, hint, draft=draft)

    keeper = Keeper(tmp_path, 0, Moment())
    asked = Asked(["一句"])
    SpeechService(Parts(asked, read_sound, lambda: loud_is_speech, lambda: WORDS, keeper, lambda: "")).transcribe(
        "a.wav", encoded(tone(1.0)), ME
    )
    assert found == [LOWER]
    assert os.getpriority(os.PRIO_PROCESS, threading.get_native_id()) < LOWER


def test_closing_waits_for_what_is_being_heard(tmp_path: Path) -> None:
    recogniser = Shared()
    keeper = Keeper(tmp_path, 0, Moment())
    speech = SpeechService(Parts(recogniser, read_sound, lambda: loud_is_speech, lambda: WORDS, keeper, lambda: ""))
    speech.read("a.wav", encoded(np.concatenate([tone(0.5), silence(2.5)] * 20)), ME)
    speech.listen(ME)
    speech.close()
    assert recogniser.closed
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("speech-")]
    assert len(recogniser.order) < 20
