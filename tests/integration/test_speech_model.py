"""The real recogniser on recorded speech, on its telephone versions, and on what nobody said."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from intake.bootstrap import open_services
from intake.domain.access import Principal, Role
from intake.domain.errors import NotReadyError
from intake.domain.transcript import Transcript
from intake.settings import Settings
from intake.speech.open import open_speech
from intake.speech.ports import RATE, Samples
from intake.speech.service import SpeechService
from knowledge.text import squeeze
from tests.intake.speech.sounds import GET, MODEL, SPOKEN, encoded, missing, music, silence, spoken

pytestmark = pytest.mark.integration
ME = Principal("坐席示例", Role.OPERATOR)


@pytest.fixture(scope="module")
def speech(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SpeechService]:
    """The product's speech with real weights; without them the tests say how to get them."""
    if not (MODEL / "model.bin").exists():
        missing(GET)
    settings = Settings(_env_file=None, speech_model=MODEL, var=tmp_path_factory.mktemp("var"))  # type: ignore[call-arg]
    opened = open_speech(settings, lambda: datetime.now(UTC))
    yield opened
    opened.close()


def heard(speech: SpeechService, content: bytes, name: str = "a.wav") -> Transcript:
    return speech.transcribe(name, content, ME)


def wrong(said: str, text: str) -> int:
    """Characters to change, insert or delete."""
    row = list(range(len(said) + 1))
    for i, character in enumerate(text, 1):
        before, row[0] = row[0], i
        for j, expected in enumerate(said, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (character != expected))
    return row[-1]


VERSIONS = {
    "16 kHz wav": lambda sound: encoded(sound),
    "8 kHz A-law": lambda sound: encoded(sound, "pcm_alaw", "wav", 8000),
    "8 kHz mp3": lambda sound: encoded(sound, "libmp3lame", "mp3", 8000),
}


@pytest.mark.parametrize("version", VERSIONS)
def test_recorded_speech_is_understood_and_punctuated(speech: SpeechService, version: str) -> None:
    errors = 0
    for name, said in SPOKEN.items():
        transcript = heard(speech, VERSIONS[version](spoken(name)), "a.mp3" if "mp3" in version else "a.wav")
        assert transcript.text.endswith("。"), transcript
        assert not set(transcript.text) & set("廣產間協會現區號")
        errors += wrong(said, squeeze(transcript.text))
    assert errors / sum(map(len, SPOKEN.values())) <= 0.4


def test_caller_and_operator_on_two_channels(speech: SpeechService) -> None:
    first, second = (spoken(name) for name in SPOKEN)
    gap = np.zeros(2 * RATE, np.float32)
    left = np.concatenate([first, gap, np.zeros_like(second)])
    right = np.concatenate([np.zeros_like(first), gap, second])
    transcript = heard(speech, encoded(np.stack([left, right]), "pcm_alaw", "wav", 8000))
    assert [turn.speaker for turn in transcript.turns] == ["坐席", "来电人"]
    assert "交易" in transcript.turns[0].text
    assert "协会" in transcript.told


@pytest.mark.parametrize(
    "sound", [silence(20.0), music(20.0), np.zeros(RATE * 5, np.float32)], ids=["line", "music", "zero"]
)
def test_nobody_speaking_gives_no_text(speech: SpeechService, sound: Samples) -> None:
    transcript = heard(speech, encoded(sound))
    assert transcript.text == ""
    assert transcript.notices


def test_music_in_front_of_speech_adds_no_words(speech: SpeechService) -> None:
    name, said = next(iter(SPOKEN.items()))
    transcript = heard(speech, encoded(np.concatenate([music(6.0), silence(1.0), spoken(name)])))
    assert wrong(said, squeeze(transcript.text)) <= 3, transcript


def test_english_is_told_and_not_written_as_chinese(speech: SpeechService) -> None:
    """An English recording comes with Gradio's own examples."""
    import gradio

    recording = Path(gradio.__file__).parent / "media_assets" / "audio" / "cate_blanch.mp3"
    if not recording.exists():
        missing(f"缺少英语录音 {recording}")
    transcript = heard(speech, recording.read_bytes(), "a.mp3")
    assert transcript.text == ""
    assert "英语" in transcript.notices[0]


def test_a_live_line_writes_the_same_words(speech: SpeechService) -> None:
    name, said = next(iter(SPOKEN.items()))
    sound = np.concatenate([silence(0.5), spoken(name), silence(1.0)])
    line = speech.listen(ME)
    for number, at in enumerate(range(0, len(sound), RATE // 2)):
        speech.feed(line, number, (sound[at : at + RATE // 2] * 32767).astype("<i2").tobytes(), ME)
    speech.finish(line, ME)
    while not (state := speech.look(line, ME)).done:
        time.sleep(0.05)
    assert state.problem == ""
    assert wrong(said, squeeze("".join(turn.text for turn in state.turns))) <= 3


def test_without_weights_the_desk_starts_and_says_what_is_missing(tmp_path: Path) -> None:
    settings = Settings(_env_file=None, speech_model=tmp_path / "none", var=tmp_path / "var")  # type: ignore[call-arg]
    services = open_services(settings)
    try:
        assert services.speech is not None
        assert "文件夹不存在" in services.speech.problem()
        with pytest.raises(NotReadyError, match="可先手工记录"):
            services.speech.listen(ME)
    finally:
        services.close()


def test_a_broken_model_is_named_and_the_recording_not_blamed(tmp_path: Path) -> None:
    for file in ("model.bin", "config.json", "tokenizer.json", "vocabulary.txt"):
        (tmp_path / file).write_bytes(b"{}")
    settings = Settings(_env_file=None, speech_model=tmp_path, var=tmp_path / "var")  # type: ignore[call-arg]
    broken = open_speech(settings, lambda: datetime.now(UTC))
    name = next(iter(SPOKEN))
    with pytest.raises(NotReadyError, match="语音模型打不开"):
        heard(broken, encoded(spoken(name)))
