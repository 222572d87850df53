"""From sound to turns: where it is cut, who spoke, what is left out."""

import numpy as np

from intake.speech.doubts import STOCK
from intake.speech.ports import RATE, Piece, Reading, Sound
from intake.speech.stretches import read, stretches
from tests.intake.speech.fakes import WORDS, ScriptedRecogniser, loud_is_speech
from tests.intake.speech.sounds import silence, tone

BOTH = ("坐席", "来电人")


def talk(*parts: float) -> np.ndarray:
    """Speech for positive, silence for negative seconds."""
    return np.concatenate([tone(s) if s > 0 else silence(-s) for s in parts])


def test_short_pauses_stay_in_one_turn_long_ones_part() -> None:
    sound = Sound((talk(1, -1, 1, -3, 2),))
    cut = list(stretches(sound, BOTH, loud_is_speech))
    assert [(round(s.start), round(s.end), s.speaker) for s in cut] == [(0, 3, ""), (6, 8, "")]


def test_no_stretch_is_longer_than_the_recogniser_hears() -> None:
    cut = list(stretches(Sound((talk(*[9, -0.5] * 8),)), BOTH, loud_is_speech))
    assert all(len(s.samples) <= 28 * RATE for s in cut)
    assert len(cut) == 3


def test_two_channels_are_two_speakers_in_the_order_of_speaking() -> None:
    left, right = talk(1, -4, 1, -3), talk(-2, 2, -3, 2)
    cut = list(stretches(Sound((left, right)), BOTH, loud_is_speech))
    assert [(s.speaker, round(s.start)) for s in cut] == [("坐席", 0), ("来电人", 2), ("坐席", 5), ("来电人", 7)]


def test_what_nobody_said_is_told_and_the_rest_is_kept() -> None:
    said = Reading((Piece(0, 2, "路燈壞了"), Piece(2, 4, "请不吝点赞 订阅"), Piece(4, 6, "没人修")))
    (stretch,) = stretches(Sound((talk(-1, 6),)), BOTH, loud_is_speech)
    heard = read(stretch, ScriptedRecogniser([said]), WORDS)
    assert [turn.text for turn in heard.turns] == ["路灯坏了，没人修。"]
    assert [(round(left.start), round(left.end), left.reason) for left in heard.left_out] == [(3, 5, STOCK)]


def test_another_language_gives_no_chinese() -> None:
    (stretch,) = stretches(Sound((talk(3),)), BOTH, loud_is_speech)
    heard = read(stretch, ScriptedRecogniser([Reading((), "en")]), WORDS)
    assert heard.turns == ()
    assert "英语" in heard.left_out[0].reason
