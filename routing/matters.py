"""Cut a call into its several matters (pure): at 另外, 还有, 第二 …, and at numbers of a list.

Only parts that are sure of themselves and of different topics become matters: a wrong split charges a unit for nothing.
"""

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

from routing.recommendation import Band, Candidate, Matter, Proposal
from routing.taxonomy import PackView

MOST_PARTS = 6
MIN_CHARACTERS = 4
Proposer = Callable[[str], Proposal]

_ORDINAL = r"[第其][一二三四五六](?:个问题|件事情?|个事情?|点|个是|是|[、,，:：\s])"
_ITEM = r"(?:[(（]?[1-6一二三四五六][)）]?[、.．)）:：](?!\d))"
_LINK = (
    r"(?:另外(?!一[个家户间位])|此外|再有就是|再一个|顺便|顺带"
    r"|还要反映|还想反映|同时(?=[,，]|还|也|反映)"
    r"|还有(?!人|多久|多少|几|没有|没|时|谁|些|点|\d)(?:就是|一个问题|一件事|一点)?)"
)
# A link word opens a clause; inside one it is part of what is said (我还有两个孩子, 与此同时).
_CUT = re.compile(rf"(?:(?<=[。！？!?；;，,、\n\s])|^)(?:{_LINK}|{_ORDINAL}|{_ITEM})")
# What only asks for action is no matter of its own.
_ASK, _ACT = "希望|要求|请|望|麻烦|盼|建议尽快|尽快", "处理|解决|核实|回复|答复|关注|重视|协调"
_DEMAND = re.compile(rf"^[,，、。\s]*(?:{_ASK})(?:.{{0,8}})(?:{_ACT})")


def parts_of(text: str) -> tuple[str, ...]:
    """The parts of a text in order; one part when nothing opens another matter. Nothing that was said gets lost."""
    cuts = sorted({0, *(found.start() for found in _CUT.finditer(text)), len(text)})
    pieces = [text[start:end] for start, end in pairwise(cuts)]
    joined: list[str] = []
    for piece in pieces:
        if joined and (len(piece.strip()) < MIN_CHARACTERS or _DEMAND.match(_CUT.sub("", piece, count=1))):
            joined[-1] += piece
        elif len(joined) == 1 and len(joined[0].strip()) < MIN_CHARACTERS:
            joined[0] += piece
        else:
            joined.append(piece)
    return tuple(joined) if 1 < len(joined) <= MOST_PARTS else (text,)


def matters_of(text: str, propose: Proposer, view: PackView) -> tuple[Matter, ...]:
    """The matters of a call, at least two with different topics, or none when it is one matter."""
    parts = parts_of(text)
    if len(parts) < 2:
        return ()
    named = [(part.strip(), _sure_topic(propose(part), view)) for part in parts]
    found: dict[str, Matter] = {}
    for part, topic in named:
        if topic is not None and topic.code not in found:
            found[topic.code] = Matter(part, topic, view.unit_ref(view.topics[topic.code].lead))
    return tuple(found.values()) if len(found) > 1 else ()


def shares_of(text: str, matters: Sequence[Matter]) -> tuple[str, ...]:
    """The whole text dealt out to its matters, in their order, for a ticket each.

    What opens no matter of its own stays with the one before it (or the first): nothing that was said gets lost.
    """
    openings = {matter.text: number for number, matter in enumerate(matters)}
    shares = [""] * len(matters)
    current = 0
    for part in parts_of(text):
        current = openings.get(part.strip(), current)
        shares[current] += part
    return tuple(share.strip() for share in shares)


def _sure_topic(proposal: Proposal, view: PackView) -> Candidate | None:
    """The first topic when the proposal is sure of it, and it is a matter of its own."""
    topics: Sequence[Candidate] = proposal.topics
    if proposal.band is not Band.ACCEPT or not topics or topics[0].code not in view.topics:
        return None
    return None if topics[0].code in (view.town.outside_topic, view.town.unrecognised_topic) else topics[0]
