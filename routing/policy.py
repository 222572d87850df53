"""Run the rules in order and make the recommendation (pure). The first rule with an outcome ends the run (细则-8).

Rules 7 (joint) and 9 (escalation) need several matters or the history of a ticket and stand elsewhere.
"""

from collections.abc import Sequence
from dataclasses import replace

from routing.earlier import EarlierTicket, kind_of, related
from routing.ports import Case, Rule, Ruling, silent, topic_candidate
from routing.recommendation import (
    Answer,
    Band,
    Candidate,
    Finding,
    Outcome,
    Place,
    Proposal,
    Recommendation,
    Request,
    Territory,
)
from routing.rules.competence import CompetenceRule
from routing.rules.custody import CustodyRule
from routing.rules.designation import DesignationRule
from routing.rules.emergency import EmergencyRule
from routing.rules.repeat import RepeatRule
from routing.rules.scope import ScopeRule
from routing.rules.territory import TerritoryRule
from routing.sla import start_clocks
from routing.taxonomy import PackView, Topic
from routing.workdays import WorkCalendar

RULES: tuple[Rule, ...] = (
    EmergencyRule(),
    TerritoryRule(),
    ScopeRule(),
    RepeatRule(),
    DesignationRule(),
    CompetenceRule(),
    CustodyRule(),
)
# Rules up to here need no topic: danger, foreign places and refused matters are told even from a poor text.
LAST_RULE_WITHOUT_TOPIC = 3


class UnknownTopicError(ValueError):
    """The operator's topic is not in force on the day of the call; the message is Chinese and can be shown."""


def recommend(
    request: Request,
    proposal: Proposal,
    place: Place,
    view: PackView,
    calendar: WorkCalendar,
    answer: Answer,
    earlier: Sequence[EarlierTicket] = (),
) -> Recommendation:
    """What the rules make of a proposal. Clocks count from ``called_at``, a preview until the dispatch itself.

    Raises ``UnknownTopicError`` when ``request.topic_code`` is not in ``view``.
    """
    case = _case(request, proposal, place, view, earlier)
    decided, findings = _run(case, RULES)
    outcome = decided.outcome or Outcome.CENTRE
    lead = decided.lead
    if decided.outcome is None:
        lead = view.unit_ref(view.town.centre_unit)
    return Recommendation(
        proposal=proposal,
        outcome=outcome,
        place=case.place,
        topic=_shown_topic(case, outcome),
        lead=lead,
        support=decided.support,
        ledger=case.topic.ledger if case.topic and outcome is Outcome.DISPATCH else "",
        referral=decided.referral,
        banner=decided.banner,
        findings=findings,
        clocks=start_clocks(view.service_levels, request.called_at, calendar) if outcome is Outcome.DISPATCH else (),
        answer=answer,
        pack_version=view.version,
        kind=case.kind,
        related=case.related,
    )


def _case(request: Request, proposal: Proposal, place: Place, view: PackView, earlier: Sequence[EarlierTicket]) -> Case:
    if request.topic_code and request.topic_code not in view.topics:
        raise UnknownTopicError(
            f"诉求事项“{request.topic_code[:40]}”不在 {view.day:%Y-%m-%d} 有效的目录里，请从列表中选择。"
        )
    code = request.topic_code or (proposal.topics[0].code if proposal.topics else "")
    topic: Topic | None = view.topics.get(code)
    if not request.topic_code and proposal.band is Band.UNKNOWN:
        topic = None
    abstained = not request.topic_code and proposal.band in (Band.CENTRE, Band.UNKNOWN)
    heeded = _heed(place, request, view)
    kind, words = kind_of(request.text, view)
    found = related(request, heeded, topic.code if topic else "", earlier, kind, view.day)
    return Case(request, proposal, heeded, view, topic, abstained, kind, words, found)


def _heed(place: Place, request: Request, view: PackView) -> Place:
    """The operator's word that the place is ours overrules what was read; a foreign community is then forgotten."""
    if not request.place_is_ours or place.territory is Territory.OURS:
        return place
    return Place(Territory.OURS, street=view.town.name, matched=f"坐席确认属{view.town.name}")


def _run(case: Case, rules: Sequence[Rule]) -> tuple[Ruling, tuple[Finding, ...]]:
    """Apply rules until one has an outcome; the others leave in the trace why they were not asked."""
    decided: Ruling | None = None
    findings = []
    for rule in rules:
        if decided is not None:
            earlier = decided.finding
            ruling = silent(rule, f"规则{earlier.order}“{earlier.rule}”已定，未再适用。")
        elif _needs_topic(case, rule):
            ruling = silent(rule, "还听不出诉求事项，请先问清再派单。")
        else:
            ruling = rule.judge(case)
            decided = ruling if ruling.outcome is not None else None
        findings.append(ruling.finding)
    if decided is None and _must_ask(case):
        decided = replace(silent(rules[-1], ""), outcome=Outcome.ASK)
    return decided or silent(rules[-1], ""), tuple(findings)


def _needs_topic(case: Case, rule: Rule) -> bool:
    """Nothing was recognised and this rule works from the topic; a ticket that was found needs none."""
    found = bool(case.related) and rule.order == RepeatRule.order
    return case.topic is None and rule.order > LAST_RULE_WITHOUT_TOPIC and not found and _must_ask(case)


def _must_ask(case: Case) -> bool:
    return case.abstained and case.proposal.band is Band.UNKNOWN


def _shown_topic(case: Case, outcome: Outcome) -> Candidate | None:
    return None if outcome is Outcome.ASK else topic_candidate(case)
