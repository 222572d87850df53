"""Events are stored as JSON and read back equal; what an earlier version stored stays readable."""

from random import Random

import pytest

from intake.application.snapshot import decode, encode
from intake.domain.events import TicketDispatched, TicketEvent
from intake.domain.events_handling import TicketUrged
from intake.domain.lifecycle import replay
from tests.intake.fakes import NOW
from tests.intake.histories import MAKERS, to_callback


@pytest.mark.parametrize("kind", MAKERS, ids=lambda kind: kind.__name__)
def test_every_event_comes_back_equal(kind: type[TicketEvent]) -> None:
    event = MAKERS[kind](NOW, replay(to_callback()), Random(1))
    assert decode(kind, encode(event)) == event


def test_what_was_stored_before_is_still_read() -> None:
    stored = {"at": NOW.isoformat(), "actor": "坐席甲", "round": 1, "lead_code": "ZFD", "support_codes": ["SQB"]}
    assert decode(TicketDispatched, stored) == TicketDispatched(NOW, "坐席甲", 1, "ZFD", ("SQB",))
    urged = TicketUrged(NOW, "系统", "reply", 1, 1, 2, "催办", "ZFD", ("工作台",))
    raw = encode(urged)
    assert isinstance(raw, dict)
    raw.pop("clock_name")
    assert decode(TicketUrged, raw) == urged
