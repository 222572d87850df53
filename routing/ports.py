"""What the routing core asks of the outside, and what one rule sees and says (pure)."""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from routing.earlier import EarlierTicket, Match, Sought, matches
from routing.recommendation import (
    NEW_CALL,
    Banner,
    CallKind,
    CallNature,
    Candidate,
    Escalation,
    Finding,
    Matter,
    Outcome,
    Place,
    Proposal,
    Request,
    UnitRef,
)
from routing.taxonomy import PackView, Topic


class Classifier(Protocol):
    """Proposes type, topic and unit of a text; the rules have the next word."""

    def propose(self, text: str, view: PackView) -> Proposal:
        """The first three of each with calibrated scores; only codes that are in force in ``view``."""


class EarlierTickets(Protocol):
    """The tickets that were registered before."""

    def find(self, sought: Sought) -> tuple[EarlierTicket, ...]:
        """All that may be the matter of a call: by number, telephone, or topic with community or address."""


class NoEarlierTickets:
    """An empty archive: for evaluations, where every call stands alone."""

    def find(self, sought: Sought) -> tuple[EarlierTicket, ...]:  # noqa: ARG002 - the signature is the port's
        """Nothing, whatever is sought."""
        return ()


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What is known of a call beside its proposal: its kind, earlier tickets, and its several matters (none if one)."""

    call: CallNature = NEW_CALL
    earlier: tuple[EarlierTicket, ...] = ()
    matters: tuple[Matter, ...] = ()


ALONE = Circumstances()


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
    around: Circumstances = ALONE

    def matches(self) -> tuple[Match, ...]:
        """The earlier tickets of this matter, the surest first."""
        code = self.topic.code if self.topic else ""
        about_ticket = self.around.call.kind is not CallKind.NEW
        return matches(self.request, self.place, code, self.view, self.around.earlier, any_topic=about_ticket)


@dataclass(frozen=True, slots=True)
class Ruling:
    """What one rule decides. ``outcome`` None leaves the call to the rules below; any outcome ends the run.

    ``linked`` is the earlier ticket that the call belongs to.
    """

    finding: Finding
    outcome: Outcome | None = None
    lead: UnitRef | None = None
    support: tuple[UnitRef, ...] = ()
    referral: str = ""
    banner: Banner | None = None
    linked: str = ""
    escalations: tuple[Escalation, ...] = ()


class Rule(Protocol):
    """One rule of dispatch.md; always leaves a finding, fired or not, with the reason."""

    name: str
    order: int
    clause: str

    def judge(self, case: Case) -> Ruling:
        """Apply the rule to ``case``; never raises for odd input."""


@runtime_checkable
class Supplement(Protocol):
    """A rule that has something to add when a rule above has already decided."""

    def supplement(self, case: Case, decided: Ruling) -> Ruling:
        """What it adds: support units, escalations; the outcome and the lead stay as decided."""


def silent(rule: Rule, why: str) -> Ruling:
    """The ruling of a rule that does not apply."""
    return Ruling(Finding(rule.name, rule.order, rule.clause, fired=False, sentence=why))


def fired(rule: Rule, sentence: str, effect: str) -> Finding:
    """The finding of a rule that applies."""
    return Finding(rule.name, rule.order, rule.clause, fired=True, sentence=sentence, effect=effect)


def topic_candidate(case: Case) -> Candidate | None:
    """The case's topic with its score."""
    return case.view.candidate(case.topic.code, case.proposal.topics) if case.topic else None
