"""Calls about tickets that exist already: what kind of call it is, and which ticket it is about (pure).

A ticket named by its number goes before one of the same telephone, that before one of the same place; the topic must be
the same unless the caller names the number or asks about "the ticket".
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from routing.recommendation import CallKind, Place, Related, Request, UnitRef
from routing.taxonomy import PackView
from routing.wording import hear, listen

NUMBER = re.compile(r"JT\d{8}-\d{4,}", re.I)
WITHIN_DAYS = 90
SHOWN = 3


class Tie(StrEnum):
    """Why an earlier ticket is taken for this call's."""

    NUMBER = "来电人说出了编号"
    PHONE = "同一联系电话、同一事项"
    CALLER = "同一联系电话"
    PLACE = "同一地点、同一事项"


@dataclass(frozen=True, slots=True)
class EarlierTicket:
    """An earlier ticket as rule 4 needs it; ``lead`` is the unit that has it or had it last, ``state`` is shown."""

    number: str
    called_at: datetime
    topic_code: str
    topic_name: str
    lead: UnitRef | None
    community_code: str
    address: str
    text: str
    same_phone: bool
    open: bool
    state: str
    round: int = 1


def numbers_in(text: str) -> tuple[str, ...]:
    """Ticket numbers in a text, upper case, in order."""
    return tuple(dict.fromkeys(found.upper() for found in NUMBER.findall(text)))


def kind_of(text: str, view: PackView) -> tuple[CallKind, str]:
    """What kind of call it is by the pack's words, and the words that decided; a new matter when none is heard."""
    spoken = listen(text)
    for kind in view.call_kinds:
        heard = hear(kind.words, spoken, view.discount_words)
        if heard:
            return CallKind(kind.name), "、".join(heard.words)
    return CallKind.NEW, ""


def related(
    request: Request, place: Place, topic_code: str, earlier: Sequence[EarlierTicket], kind: CallKind, today: date
) -> tuple[Related, ...]:
    """Earlier tickets that this call may be about, the surest first; closed ones only of the last 90 days."""
    named = set(numbers_in(request.text))
    ties = []
    for ticket in earlier:
        tie = _tie(ticket, named, place, topic_code, kind)
        age = (today - ticket.called_at.date()).days
        if tie is not None and (tie is Tie.NUMBER or age <= WITHIN_DAYS):
            ties.append((tie, ticket))
    order = list(Tie)
    ties.sort(key=lambda pair: (order.index(pair[0]), not pair[1].open, -pair[1].called_at.timestamp()))
    return tuple(_shown(tie, ticket) for tie, ticket in ties[:SHOWN])


def _tie(ticket: EarlierTicket, named: set[str], place: Place, topic_code: str, kind: CallKind) -> Tie | None:
    if ticket.number in named:
        return Tie.NUMBER
    same_topic = bool(topic_code) and ticket.topic_code == topic_code
    if ticket.same_phone and same_topic:
        return Tie.PHONE
    if ticket.same_phone and kind is not CallKind.NEW and ticket.open:
        return Tie.CALLER
    if same_topic and _same_place(ticket, place):
        return Tie.PLACE
    return None


def _same_place(ticket: EarlierTicket, place: Place) -> bool:
    """The same community, and the same words for the spot: a community alone holds thousands of homes."""
    if not place.community_code or ticket.community_code != place.community_code:
        return False
    spot = place.matched
    return bool(spot) and spot != place.community and spot in f"{ticket.address}{ticket.text}"


def _shown(tie: Tie, ticket: EarlierTicket) -> Related:
    stands = f"{ticket.state}，{'未办结' if ticket.open else '已办结'}"
    lead = f"，承办单位{ticket.lead.name}" if ticket.lead else ""
    sentence = f"{tie.value}：{ticket.number}（{ticket.called_at:%Y-%m-%d} {ticket.topic_name}，{stands}{lead}）"
    return Related(ticket.number, ticket.open, ticket.lead, sentence)
