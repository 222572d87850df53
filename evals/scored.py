"""One evaluated case: what is right, what was said, what it cost. Stored, so that figures can be drawn again later."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from evals.cases import Case
from routing.recommendation import Band, Recommendation

LENGTHS = ((15, "15字以内"), (40, "16–40字"), (100, "41–100字"), (10**9, "100字以上"))


@dataclass(frozen=True, slots=True)
class Scored:
    """Gold and said of one case. ``topics``: proposed codes with scores, best first; ``ms``: milliseconds.

    ``fault`` is what went wrong while the case was judged (empty: nothing); such a case
    counts as wrong.
    """

    id: str
    text: str
    address: str = ""
    topic: str = ""
    accept: tuple[str, ...] = ()
    type: str = ""
    lead: str = ""
    outcome: str = ""
    voice: str = ""
    source: str = ""
    several: bool = False
    topics: tuple[tuple[str, float], ...] = ()
    said_type: str = ""
    said_lead: str = ""
    said_outcome: str = ""
    band: str = ""
    answered: bool = False
    ms: float = 0.0
    fault: str = ""

    @property
    def codes(self) -> tuple[str, ...]:
        """Proposed topic codes, best first."""
        return tuple(code for code, _ in self.topics)

    @property
    def first(self) -> str:
        """The first proposed topic, empty when there is none."""
        return self.topics[0][0] if self.topics else ""

    @property
    def score(self) -> float:
        """Score of the first topic (0..1)."""
        return self.topics[0][1] if self.topics else 0.0

    @property
    def right(self) -> bool:
        """Whether the first topic is one that counts as right."""
        return bool(self.topics) and self.first in self.accept

    @property
    def gold(self) -> str:
        """The one label under which the case is counted by class."""
        return self.topic or (self.accept[0] if self.accept else "")

    @property
    def label(self) -> str:
        """What was said, as a label: any accepted topic counts as the gold one."""
        return self.gold if self.right else self.first

    @property
    def accepted(self) -> bool:
        """Whether the desk proposed to take it over as it is."""
        return self.band == Band.ACCEPT.value

    @property
    def length(self) -> str:
        """Length of the text as a slice."""
        return next(name for limit, name in LENGTHS if len(self.text) <= limit)


def score(case: Case, said: Recommendation, milliseconds: float) -> Scored:
    """Put a case and its recommendation side by side."""
    proposal = said.proposal
    return Scored(
        **_gold(case),
        topics=tuple((c.code, round(c.score, 4)) for c in proposal.topics),
        said_type=proposal.types[0].code if proposal.types else "",
        said_lead=said.lead.code if said.lead else "",
        said_outcome=said.outcome.value,
        band=proposal.band.value,
        answered=said.answer.found,
        ms=round(milliseconds, 2),
    )


def faulty(case: Case, fault: str) -> Scored:
    """A case that could not be judged."""
    return Scored(**_gold(case), fault=fault)


def _gold(case: Case) -> dict[str, Any]:
    return {
        "id": case.id,
        "text": case.text,
        "address": case.address,
        "topic": case.topic,
        "accept": case.accept,
        "type": case.ticket_type,
        "lead": case.lead,
        "outcome": case.outcome,
        "voice": case.voice,
        "source": case.source,
        "several": bool(case.several),
    }


def as_row(scored: Scored) -> dict[str, Any]:
    """JSON form; ``from_row`` gives the same case back."""
    return asdict(scored)


def from_row(row: Mapping[str, Any]) -> Scored:
    """Read ``as_row``'s form; raises KeyError or TypeError for another one."""
    known = {f.name for f in fields(Scored)}
    values = {name: value for name, value in row.items() if name in known}
    values["accept"] = tuple(values.get("accept", ()))
    values["topics"] = tuple((str(code), float(number)) for code, number in values.get("topics", ()))
    return Scored(**values)
