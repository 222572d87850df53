"""Run the nine rules in order and make the recommendation (pure). The first rule with an outcome ends the run (细则-8).

Rules 7 (joint) and 9 (escalation) may add to what was decided above them; they never change outcome or lead.
"""

from collections.abc import Sequence
from dataclasses import replace

from routing.ports import ALONE, Case, Circumstances, Rule, Ruling, Supplement, silent, topic_candidate
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
from routing.rules.escalation import EscalationRule
from routing.rules.joint import JointRule
from routing.rules.repeat import RepeatRule, related
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
    JointRule(),
    CustodyRule(),
    EscalationRule(),
)
# These need no topic: danger, foreign places, refused matters and earlier tickets are told even from a poor text.
RULES_WITHOUT_TOPIC = frozenset({1, 2, 3, 4, 9})


# Nobody is asked for support or escalation when the call leaves the line.
_FINAL = (Outcome.EMERGENCY, Outcome.NOT_OURS)


class UnknownTopicError(ValueError):
    """The operator's topic is not in force on the day of the call; the message is Chinese and can be shown."""


def recommend(
    request: Request,
    proposal: Proposal,
    place: Place,
    view: PackView,
    calendar: WorkCalendar,
    answer: Answer,
    around: Circumstances = ALONE,
) -> Recommendation:
    """What the rules make of a proposal. Clocks count from ``called_at``, a preview until the dispatch itself.

    Raises ``UnknownTopicError`` when ``request.topic_code`` is not in ``view``.
    """
    case = _case(request, proposal, place, view, around)
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
        kind=around.call.kind,
        related=related(case),
        kind_words=around.call.words,
        linked=decided.linked,
        matters=around.matters,
        escalations=decided.escalations,
    )


def _case(request: Request, proposal: Proposal, place: Place, view: PackView, around: Circumstances) -> Case:
    if request.topic_code and request.topic_code not in view.topics:
        raise UnknownTopicError(
            f"诉求事项“{request.topic_code[:40]}”不在 {view.day:%Y-%m-%d} 有效的目录里，请从列表中选择。"
        )
    code = request.topic_code or (proposal.topics[0].code if proposal.topics else "")
    topic: Topic | None = view.topics.get(code)
    if not request.topic_code and proposal.band is Band.UNKNOWN:
        topic = None
    abstained = not request.topic_code and proposal.band in (Band.CENTRE, Band.UNKNOWN)
    return Case(request, proposal, _heed(place, request, view), view, topic, abstained, around)


def _heed(place: Place, request: Request, view: PackView) -> Place:
    """The operator's word that the place is ours overrules what was read; a foreign community is then forgotten."""
    if not request.place_is_ours or place.territory is Territory.OURS:
        return place
    return Place(Territory.OURS, street=view.town.name, matched=f"坐席确认属{view.town.name}")


def _run(case: Case, rules: Sequence[Rule]) -> tuple[Ruling, tuple[Finding, ...]]:
    """Apply rules until one has an outcome; the others add to it or leave in the trace why they were not asked."""
    decided: Ruling | None = None
    added = silent(rules[-1], "")
    findings = []
    for rule in rules:
        if decided is not None and isinstance(rule, Supplement) and decided.outcome not in _FINAL:
            ruling = rule.supplement(case, decided)
            decided = replace(decided, support=ruling.support or decided.support)
        elif decided is not None:
            earlier = decided.finding
            ruling = silent(rule, f"规则{earlier.order}“{earlier.rule}”已定，未再适用。")
        elif case.topic is None and rule.order not in RULES_WITHOUT_TOPIC and _must_ask(case):
            ruling = silent(rule, "还听不出诉求事项，请先问清再派单。")
        else:
            ruling = rule.judge(case)
            decided = ruling if ruling.outcome is not None else None
        added = replace(added, escalations=added.escalations + ruling.escalations)
        findings.append(ruling.finding)
    if decided is None:
        decided = replace(silent(rules[-1], ""), outcome=Outcome.ASK if _must_ask(case) else None)
    return replace(decided, escalations=added.escalations), tuple(findings)


def _must_ask(case: Case) -> bool:
    return case.abstained and case.proposal.band is Band.UNKNOWN


def _shown_topic(case: Case, outcome: Outcome) -> Candidate | None:
    return None if outcome is Outcome.ASK else topic_candidate(case)
