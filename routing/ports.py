"""What the routing core asks of the outside, and what one rule sees and says (pure)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from routing.earlier import EarlierTicket
from routing.recommendation import (
    Banner,
    CallKind,
    Candidate,
    Finding,
    Outcome,
    Place,
    Proposal,
    Related,
    Request,
    UnitRef,
)
from routing.taxonomy import PackView, Topic


class EarlierTickets(Protocol):
    """Where earlier tickets are kept."""

    def find(
        self, numbers: tuple[str, ...], phone: str, topics: tuple[str, ...], since: datetime, /
    ) -> tuple[EarlierTicket, ...]:
        """Tickets of these numbers, and those since ``since`` of this telephone (empty: none) or of these topics."""


class NoEarlierTickets:
    """Knows of none: for evaluations, where every case is a call of its own."""

    def find(
        self, _numbers: tuple[str, ...], _phone: str, _topics: tuple[str, ...], _since: datetime, /
    ) -> tuple[EarlierTicket, ...]:
        """Nothing."""
        return ()


class Classifier(Protocol):
    """Proposes type, topic and unit of a text; the rules have the next word."""

    def propose(self, text: str, view: PackView) -> Proposal:
        """The first three of each with calibrated scores; only codes that are in force in ``view``."""


@dataclass(frozen=True, slots=True)
class Case:
    """One call as the rules see it.

    ``topic`` is the operator's choice, else the proposal's first; None when nothing was recognised. ``abstained``
    is True while neither the model is sure nor the operator has chosen. ``place`` already respects the operator's word.
    """

    request: Request
    proposal: Proposal
    place: Place
    view: PackView
    topic: Topic | None
    abstained: bool
    kind: CallKind = CallKind.NEW
    kind_words: str = ""
    related: tuple[Related, ...] = ()


@dataclass(frozen=True, slots=True)
class Ruling:
    """What one rule decides. ``outcome`` None leaves the call to the rules below; any outcome ends the run."""

    finding: Finding
    outcome: Outcome | None = None
    lead: UnitRef | None = None
    support: tuple[UnitRef, ...] = ()
    referral: str = ""
    banner: Banner | None = None


class Rule(Protocol):
    """One rule of dispatch.md; always leaves a finding, fired or not, with the reason."""

    name: str
    order: int
    clause: str

    def judge(self, case: Case) -> Ruling:
        """Apply the rule to ``case``; never raises for odd input."""


def silent(rule: Rule, why: str) -> Ruling:
    """The ruling of a rule that does not apply."""
    return Ruling(Finding(rule.name, rule.order, rule.clause, fired=False, sentence=why))


def fired(rule: Rule, sentence: str, effect: str) -> Finding:
    """The finding of a rule that applies."""
    return Finding(rule.name, rule.order, rule.clause, fired=True, sentence=sentence, effect=effect)


def topic_candidate(case: Case) -> Candidate | None:
    """The case's topic with its score."""
    return case.view.candidate(case.topic.code, case.proposal.topics) if case.topic else None
