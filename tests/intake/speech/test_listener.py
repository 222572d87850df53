"""A live line: a draft while somebody speaks, a sentence when he pauses, no sound held longer than needed."""

import numpy as np

from intake.speech.listener import Listener
from intake.speech.ports import RATE
from tests.intake.speech.fakes import WORDS, ScriptedRecogniser, loud_is_speech
from tests.intake.speech.sounds import silence, tone

NOTHING = np.zeros(0, np.float32)


def listener(*script: str) -> tuple[Listener, ScriptedRecogniser]:
    recogniser = ScriptedRecogniser([*script])
    return Listener(loud_is_speech, recogniser, WORDS), recogniser


def test_draft_while_speaking_sentence_after_the_pause() -> None:
    line, _ = listener("小区门口的路灯不亮", "已经三天了")
    assert line.step(tone(0.5)).turns == ()
    assert line.step(tone(1.0)).turns == ()
    assert line.partial == "小区门口"
    (turn,) = line.step(silence(0.8)).turns
    assert (turn.text, round(turn.start, 1), round(turn.end, 1)) == ("小区门口的路灯不亮。", 0.0, 1.5)
    assert line.partial == ""
    line.step(tone(1.2))
    (second,) = line.step(NOTHING, last=True).turns
    assert (second.text, round(second.start, 1)) == ("已经三天了。", 2.3)
    assert round(line.seconds, 1) == 3.5


def test_a_draft_costs_at_most_one_reading_a_second() -> None:
    line, recogniser = listener("路灯")
    drafts = []
    for _ in range(40):
        line.step(tone(0.1))
        drafts.append(line.partial)
    assert line.partial
    assert recogniser.read_lengths == []  # no sentence yet
    assert drafts.index(line.partial) >= 9


def test_silence_is_forgotten_but_for_a_lead() -> None:
    line, recogniser = listener("路灯不亮")
    for _ in range(20):
        assert line.step(silence(1.0)).turns == ()
    line.step(tone(1.0))
    (turn,) = line.step(silence(1.0)).turns
    assert round(turn.start, 1) == 20.0
    assert recogniser.read_lengths[0] < 1.2


def test_two_sentences_in_one_block_and_the_rest_at_the_end() -> None:
    line, _ = listener("第一句", "第二句")
    block = np.concatenate([tone(1.0), silence(1.0), tone(1.0)])
    turns = [turn.text for turn in line.step(block).turns] + [t.text for t in line.step(NOTHING, last=True).turns]
    assert turns == ["第一句。", "第二句。"]


def test_a_line_on_which_nobody_speaks_gives_nothing() -> None:
    line, recogniser = listener("编出来的话")
    assert line.step(silence(3.0)).turns == ()
    assert line.step(NOTHING, last=True).turns == ()
    assert recogniser.script == ["编出来的话"]


def test_nobody_has_to_pause_to_be_written_down() -> None:
    line, recogniser = listener(*["一段"] * 10)
    turns = []
    for _ in range(40):
        turns += line.step(tone(1.0)).turns
    turns += line.step(NOTHING, last=True).turns
    assert turns
    assert max(recogniser.read_lengths) <= 41
    assert len(line._sound) < RATE
