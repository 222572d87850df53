"""Random life stories: at each step one of the events that the table names, until an outcome is reached."""

from datetime import datetime, timedelta
from random import Random

from intake.domain.errors import DeskError
from intake.domain.events import TicketEvent
from intake.domain.events_handling import TicketWithdrawn
from intake.domain.lifecycle import TABLE, advance
from intake.domain.states import FINAL
from intake.domain.ticket_file import TicketFile
from tests.intake.fakes import NOW
from tests.intake.histories import MAKERS

_RARE = {TicketWithdrawn: 0.05}
LONG = 120  # steps after which the caller withdraws, so that every story ends


def random_story(random: Random, start: datetime = NOW) -> tuple[TicketEvent, ...]:
    """One life from the call to its outcome; events that a guard refuses are tried and dropped, as people do."""
    file, story, at = TicketFile(), [], start + timedelta(hours=random.randint(0, 9000))
    while file.state not in FINAL:
        kinds = [line.event for line in TABLE if line.source is file.state and line.event in MAKERS]
        weights = [_RARE.get(kind, 1.0) for kind in kinds]
        kind = TicketWithdrawn if len(story) > LONG else random.choices(kinds, weights)[0]
        event = MAKERS[kind](at, file, random)
        try:
            file = advance(file, event)
        except DeskError:
            at += timedelta(hours=1)  # most refusals pass with time or another step
            continue
        story.append(event)
        at += timedelta(minutes=random.choice((0, 7, 90, 600, 1500)))
    return tuple(story)
