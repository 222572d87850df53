"""Files that telephones and people send, and files that are no recordings."""

import numpy as np
import pytest

from intake.domain.errors import InvalidInputError
from intake.speech.audio import read_sound
from intake.speech.confined import read_confined
from intake.speech.ports import RATE
from tests.intake.speech.sounds import encoded, tone, video


def test_decoding_in_a_process_of_its_own_gives_the_same() -> None:
    content = encoded(np.stack([tone(1.0, 300), tone(1.5, 900)[:RATE]]), "pcm_alaw", "wav", 8000)
    inside, outside = read_sound("a.wav", content, 60.0), read_confined("a.wav", content, 60.0)
    assert len(outside.channels) == 2
    for ours, theirs in zip(inside.channels, outside.channels, strict=True):
        assert np.abs(ours - theirs).max() < 0.001
    with pytest.raises(InvalidInputError, match="录音太长"):
        read_confined("a.wav", content, 0.5)
    with pytest.raises(InvalidInputError, match="已损坏"):
        read_confined("a.mp3", b"ID3" + bytes(5000), 60.0)


@pytest.mark.parametrize(
    ("name", "codec", "container", "rate"),
    [
        ("a.wav", "pcm_s16le", "wav", RATE),
        ("a.wav", "pcm_alaw", "wav", 8000),
        ("a.wav", "pcm_mulaw", "wav", 8000),
        ("a.alaw", "pcm_alaw", "alaw", 8000),
        ("a.ulaw", "pcm_mulaw", "mulaw", 8000),
        ("a.mp3", "libmp3lame", "mp3", 8000),
        ("a.mp3", "libmp3lame", "mp3", 44100),
        ("a.m4a", "aac", "ipod", 44100),
        ("a.flac", "flac", "flac", RATE),
        ("a.ogg", "libopus", "ogg", 48000),
        ("a.bin", "pcm_s16le", "wav", 48000),
    ],
)
def test_every_usual_recording_is_read(name: str, codec: str, container: str, rate: int) -> None:
    content = encoded(tone(2.0), codec, container, rate)
    sound = read_sound(name, content, 60.0)
    assert len(sound.channels) == 1
    assert sound.seconds == pytest.approx(2.0, abs=0.15)
    middle = sound.channels[0][RATE // 2 : RATE]
    assert np.argmax(np.abs(np.fft.rfft(middle))) * RATE / len(middle) == pytest.approx(440, abs=3)
    assert float(np.abs(middle).max()) == pytest.approx(0.3, abs=0.06)


def test_two_voices_on_two_channels_stay_apart() -> None:
    sound = read_sound("a.wav", encoded(np.stack([tone(1.0, 300), tone(1.0, 900)])), 60.0)
    tops = [np.argmax(np.abs(np.fft.rfft(channel))) / sound.seconds for channel in sound.channels]
    assert tops == pytest.approx([300, 900], abs=3)


def test_the_same_sound_twice_or_one_silent_channel_is_one() -> None:
    assert len(read_sound("a.wav", encoded(np.stack([tone(1.0), tone(1.0)])), 60.0).channels) == 1
    (only,) = read_sound("a.wav", encoded(np.stack([np.zeros(RATE), tone(1.0)])), 60.0).channels
    assert float(np.abs(only).max()) > 0.2


def refusal(name: str, content: bytes, most_s: float = 60.0) -> InvalidInputError:
    with pytest.raises(InvalidInputError) as caught:
        read_sound(name, content, most_s)
    assert "页面上的内容都还在" in caught.value.remedy
    return caught.value


def test_what_is_no_recording_is_named() -> None:
    assert refusal("a.wav", b"").title == "录音是空的"
    assert refusal("a.mp4", video()).title == "这是视频文件"
    assert refusal("a.avi", b"RIFF\x00\x00\x00\x00AVI LIST").title == "这是视频文件"
    assert refusal("a.mp3", b"\x00" * 4000).title == "录音读不出来"
    assert refusal("a.mp3", b"ID3" + bytes(range(256)) * 20).title == "录音读不出来"
    assert refusal("a.wav", encoded(tone(1.0))[:44]).title == "录音读不出来"
    assert refusal("a.docx", b"PK\x03\x04 whatever").title == "这不是录音"
    assert refusal("a.m3u8", b"#EXTM3U\nfile:///etc/passwd\n").title == "这不是录音"


def test_a_recording_that_breaks_off_is_read_as_far_as_it_goes() -> None:
    whole = encoded(tone(4.0), "libmp3lame", "mp3", 16000)
    damaged = whole[: len(whole) // 2] + bytes(200) + whole[len(whole) // 2 + 200 : -300]
    assert 2.0 < read_sound("a.mp3", damaged, 60.0).seconds < 4.2


def test_two_hours_are_refused_by_what_the_file_announces() -> None:
    content = encoded(tone(120 * 60.0, rate=1000), "pcm_alaw", "wav", 1000, at=1000)
    error = refusal("a.wav", content, 30 * 60.0)
    assert error.title == "录音太长"
    assert "120:00" in error.detail
    assert "30 分钟" in error.detail


def test_a_file_that_announces_no_length_is_given_up_at_the_limit() -> None:
    content = encoded(tone(20.0, rate=8000), "libopus", "ogg", 8000, at=8000)
    assert refusal("a.ogg", content, 5.0).title == "录音太长"
