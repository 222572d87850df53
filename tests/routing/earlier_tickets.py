"""Earlier tickets for tests: one that matches the usual case of ``towns.case`` unless told otherwise."""

from dataclasses import replace
from datetime import timedelta

from routing.earlier import EarlierTicket
from routing.recommendation import UnitRef
from tests.routing.towns import CALLED_AT

YIDONG = "310117107002"
ZFD = UnitRef("ZFD", "综合行政执法队")


def earlier(**changes: object) -> EarlierTicket:
    """An open ticket of a week ago: stalls at 亭东社区3号门口, held by ZFD."""
    ticket = EarlierTicket(
        number="JT20260401-0007",
        called_at=CALLED_AT - timedelta(days=7),
        topic_code="C01",
        topic_name="无证设摊",
        lead=ZFD,
        first_lead=ZFD,
        community_code=YIDONG,
        address="亭东社区3号门口",
        same_phone=True,
        open=True,
    )
    return replace(ticket, **changes)


def closed(**changes: object) -> EarlierTicket:
    """The same, closed three days ago."""
    return earlier(**{"open": False, "closed_at": CALLED_AT - timedelta(days=3)} | changes)
