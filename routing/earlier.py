"""Earlier tickets as the rules see them, and which of them are the matter of this call (pure).

Where they are stored is the desk's affair (port ``EarlierTickets``); what makes them the same matter is decided here.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache

from routing.recommendation import Place, Request, UnitRef
from routing.taxonomy import PackView
from routing.wording import plain

WINDOW = timedelta(days=90)
# Two operators take calls at once, and a call is dated by its first minute: the other ticket may be a little younger.
ALONGSIDE = timedelta(hours=1)
_MOST_SHOWN = 8
_NUMBER = re.compile(r"\d+")
_COUNTERS = re.compile(r"[\d号弄幢栋楼室门单元层、,，。.()（）\-—#]")
_OFFICE = re.compile(r"社区居委会$")
_COMMUNITY = ("", "社区", "社区居委会", "居委会", "居委", "居民区")
_TICKET_NUMBER = re.compile(r"(?<![0-9a-z])jt(\d{8})[-—_]?(\d{4,})(?!\d)")


@dataclass(frozen=True, slots=True)
class EarlierTicket:
    """What the rules need of a ticket that was registered before; no name and no telephone. ``state`` is shown.

    ``first_lead`` had it first (首接负责), ``lead`` has it now. ``redispatches`` counts dispatches after the first;
    ``refused`` means that a unit returned it, ``unsatisfied`` that a callback said so; ``submitted`` that it went to
    综合网格, ``raised`` that it went to 镇领导, ``overdue`` that some clock ran out. ``repeats`` counts the complaints
    that were joined to it.
    """

    number: str
    called_at: datetime
    topic_code: str
    topic_name: str
    lead: UnitRef | None
    first_lead: UnitRef | None
    community_code: str
    address: str
    same_phone: bool
    open: bool
    text: str = ""
    state: str = ""
    closed_at: datetime | None = None
    redispatches: int = 0
    overdue: bool = False
    refused: bool = False
    unsatisfied: bool = False
    submitted: bool = False
    raised: bool = False
    repeats: int = 0


@dataclass(frozen=True, slots=True)
class Sought:
    """What to look for: ``numbers`` of any age; telephone, or topic with community or address, open or since ``since``.

    ``at`` is the moment of the call; tickets that are more than ``ALONGSIDE`` younger are not looked for.
    """

    numbers: tuple[str, ...]
    phone: str
    topic_codes: tuple[str, ...]
    community_code: str
    address: str
    since: datetime
    at: datetime


class Why(StrEnum):
    """What makes an earlier ticket the matter of this call, the surest first; ``NEARBY`` only asks to look."""

    NUMBER = "来电说到工单编号"
    CALLER = "同一来电人"
    PLACE = "同一地点"
    NEARBY = "同一社区"


@dataclass(frozen=True, slots=True)
class Match:
    """An earlier ticket and why it belongs here; only a ``sure`` one decides anything."""

    ticket: EarlierTicket
    why: Why
    sure: bool


def numbers_in(text: str) -> tuple[str, ...]:
    """Ticket numbers in a text, as they are written on the ticket: ``JT20261123-0001``."""
    return tuple(dict.fromkeys(f"JT{day}-{count}" for day, count in _TICKET_NUMBER.findall(plain(text))))


def sought(request: Request, place: Place, topic_codes: Iterable[str]) -> Sought:
    """What to ask the storage for one call."""
    return Sought(
        numbers=numbers_in(request.text),
        phone=request.caller_phone,
        topic_codes=tuple(dict.fromkeys(topic_codes)),
        community_code=place.community_code,
        address=request.address,
        since=request.called_at - WINDOW,
        at=request.called_at,
    )


def matches(
    request: Request,
    place: Place,
    topic_code: str,
    view: PackView,
    earlier: Iterable[EarlierTicket],
    *,
    any_topic: bool,
) -> tuple[Match, ...]:
    """The earlier tickets of this matter, the surest first, open before closed, newest first.

    ``any_topic``: the call is about an existing ticket, so that the same caller is enough (进度查询 names no matter).
    """
    numbers = numbers_in(request.text)
    found = []
    for ticket in earlier:
        match = _match(ticket, numbers, request, place, topic_code, view, any_topic=any_topic)
        if match is not None:
            found.append(match)
    if any_topic and not any(match.sure for match in found):
        found = _the_only_one(found)
    order = list(Why)
    found.sort(key=lambda m: m.ticket.called_at, reverse=True)
    found.sort(key=lambda m: (not m.sure, order.index(m.why), m.ticket.topic_code != topic_code, not m.ticket.open))
    return tuple(found[:_MOST_SHOWN])


def _the_only_one(found: list[Match]) -> list[Match]:
    """Who asks about a ticket without number or telephone means the only open one of the community and topic."""
    running = [match for match in found if match.why is Why.NEARBY and match.ticket.open]
    return [replace(match, sure=len(running) == 1 and match in running) for match in found]


def _match(
    ticket: EarlierTicket,
    numbers: tuple[str, ...],
    request: Request,
    place: Place,
    topic_code: str,
    view: PackView,
    *,
    any_topic: bool,
) -> Match | None:
    if ticket.number in numbers:
        return Match(ticket, Why.NUMBER, sure=True)
    if ticket.called_at >= request.called_at + ALONGSIDE:
        return None  # registered later: an old call is explained by what was known on its day
    last = ticket.closed_at or ticket.called_at
    if not ticket.open and last < request.called_at - WINDOW:
        return None
    same_topic = bool(topic_code) and ticket.topic_code == topic_code
    elsewhere = bool(place.community_code and ticket.community_code and place.community_code != ticket.community_code)
    if ticket.same_phone and (same_topic or any_topic):
        return Match(ticket, Why.CALLER, sure=not elsewhere)
    if not same_topic or elsewhere:
        return None
    if same_spot(request.address, ticket.address, view) or _names_the_spot(ticket, place, request, view):
        return Match(ticket, Why.PLACE, sure=True)
    if place.community_code and place.community_code == ticket.community_code:
        return Match(ticket, Why.NEARBY, sure=False)
    return None


def same_spot(first: str, second: str, view: PackView) -> bool:
    """Whether two addresses mean one spot: the same words without town and counters, and no other house number.

    A community alone is no spot: it needs a house number or something more to be told (门口, an estate, a road).
    """
    one, other = _words(first, view), _words(second, view)
    if not one or not other:
        return False
    if one != other and not (min(len(one), len(other)) >= 3 and (one in other or other in one)):
        return False
    numbers, others = _NUMBER.findall(plain(first)), _NUMBER.findall(plain(second))
    shared = min(len(numbers), len(others))
    if numbers[:shared] != others[:shared]:
        return False
    return shared > 0 or not {one, other} & _community_words(view)


def _names_the_spot(ticket: EarlierTicket, place: Place, request: Request, view: PackView) -> bool:
    """The estate or road that decided the place is named in the ticket too, without another house number."""
    spot = place.matched
    if not place.community_code or ticket.community_code != place.community_code or not spot or "、" in spot:
        return False
    if spot in _community_words(view) or spot not in plain(f"{ticket.address}{ticket.text}"):
        return False
    numbers, others = _NUMBER.findall(plain(request.address)), _NUMBER.findall(plain(ticket.address))
    shared = min(len(numbers), len(others))
    return numbers[:shared] == others[:shared]


@lru_cache(maxsize=64)
def _community_words(view: PackView) -> frozenset[str]:
    bases = {plain(_OFFICE.sub("", area.name)) for area in view.areas.values()}
    return frozenset(base + suffix for base in bases for suffix in _COMMUNITY)


def _words(address: str, view: PackView) -> str:
    said = plain(address)
    town = view.town
    for word in (town.city, town.city.removesuffix("市"), town.district, town.name):
        said = said.replace(word, "")
    return _COUNTERS.sub("", said)
