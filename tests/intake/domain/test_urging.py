"""Urging: warns before, urges at the deadline, louder later; never at night; after a stop only the loudest."""

from datetime import datetime, timedelta
from random import Random

import pytest

from intake.domain.clocks import SHANGHAI, TicketClock, clocks_of
from intake.domain.lifecycle import replay
from intake.domain.urging import Urged, due_urges, look, next_urge, urge_code
from tests.intake.histories import dispatched, to_callback
from tests.intake.stories import random_story
from tests.intake.terms import TERMS, worked

MONDAY = datetime(2026, 11, 23, 10, 5, tzinfo=SHANGHAI)
HOUR = timedelta(hours=1)


def sweep(
    clocks: tuple[TicketClock, ...], start: datetime, hours: int, step: int = 1
) -> list[tuple[str, str, datetime]]:
    """What a sweep every ``step`` hours sends."""
    urged: Urged = frozenset()
    sent = []
    for n in range(0, hours, step):
        now = start + n * HOUR
        for urge in due_urges(clocks, urged, TERMS, now):
            sent.append((urge.clock.code, urge.level.name, now))
            urged |= {(urge.clock.leg, urge_code(urge.clock), urge.level.level)}
    return sent


def at(day: int, hour: int, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, 5, tzinfo=SHANGHAI)


def test_levels_come_one_after_the_other_by_day() -> None:
    sent = sweep(clocks_of(replay(dispatched(MONDAY)), TERMS), MONDAY, 24 * 9)
    assert [line for line in sent if line[0] == "first_contact"] == [
        ("first_contact", "到期提醒", at(24, 16)),
        ("first_contact", "催办", at(25, 8)),
        ("first_contact", "再次催办", at(26, 8)),
        ("first_contact", "督办", at(30, 8)),
    ]


def test_units_that_work_at_night_are_urged_at_the_deadline_itself() -> None:
    sent = sweep(clocks_of(replay(dispatched(MONDAY, "PCS")), TERMS), MONDAY, 48)
    assert ("first_contact", "催办", at(25, 0)) in sent


def test_the_line_itself_is_reminded_of_its_callback_at_any_hour() -> None:
    sent = sweep(clocks_of(replay(to_callback(MONDAY)), TERMS), MONDAY, 72)
    assert [name for _, name, _ in sent] == ["到期提醒", "催办", "再次催办"]
    assert sent[1][2] == at(25, 0)


def test_after_three_days_of_standstill_one_urging_per_clock_says_what_was_missed() -> None:
    clocks = clocks_of(replay(dispatched(MONDAY)), TERMS)
    (urge,) = due_urges(clocks, frozenset(), TERMS, at(27, 9))
    assert urge.level.name == "再次催办"
    assert [level.name for level in urge.skipped] == ["到期提醒", "催办"]
    assert due_urges(clocks, frozenset({(1, "first_contact", 3)}), TERMS, at(27, 9)) == ()


@pytest.mark.parametrize("seed", range(150))
def test_never_at_night_and_never_twice(seed: int) -> None:
    random = Random(seed)
    story = random_story(random, MONDAY - timedelta(days=320))
    file = replay(story[: random.randint(2, len(story))])
    if file.last_at is None or file.current is None or file.current.at.year != 2026:
        return
    clocks = clocks_of(file, TERMS)
    sent = sweep(clocks, file.current.at, 24 * 20, random.choice((1, 5, 70)))
    assert len(sent) == len({line[:2] for line in sent})
    for code, _, moment in sent:
        if code != "call_back":
            local = moment.astimezone(SHANGHAI)
            assert 8 <= local.hour < 20
            assert worked(local.date())


def test_the_next_moment_is_when_the_sweep_finds_something() -> None:
    clocks = clocks_of(replay(dispatched(MONDAY)), TERMS)
    moment = next_urge(clocks, frozenset(), TERMS, MONDAY)
    assert moment == datetime(2026, 11, 24, 16, tzinfo=SHANGHAI)
    assert due_urges(clocks, frozenset(), TERMS, moment - HOUR) == ()
    assert len(due_urges(clocks, frozenset(), TERMS, moment)) == 1


def test_one_look_says_what_two_questions_say() -> None:
    clocks = clocks_of(replay(dispatched(MONDAY)), TERMS)
    for n in range(24 * 14):
        now = MONDAY + n * HOUR
        urges, again = look(clocks, frozenset(), TERMS, now)
        sent = frozenset((u.clock.leg, u.code, u.level.level) for u in urges)
        assert urges == due_urges(clocks, frozenset(), TERMS, now)
        assert again == next_urge(clocks, sent, TERMS, now)


def test_at_night_the_next_moment_is_the_morning_not_the_moment_that_was_missed() -> None:
    clocks = clocks_of(replay(dispatched(MONDAY)), TERMS)
    night = at(25, 22)
    assert due_urges(clocks, frozenset(), TERMS, night) == ()
    assert next_urge(clocks, frozenset(), TERMS, night) == datetime(2026, 11, 26, 8, tzinfo=SHANGHAI)
