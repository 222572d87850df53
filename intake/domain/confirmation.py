"""What the person decided, compared with what was recommended (pure). Where they differ a reason is required."""

from collections.abc import Mapping
from dataclasses import dataclass

from intake.domain.errors import FieldProblem
from routing.recommendation import Band, Confirmation, Outcome, Override, Recommendation, TicketType

LABELS: Mapping[str, str] = {
    "ticket_type": "工单类型",
    "topic_code": "诉求事项",
    "outcome": "处理方式",
    "lead_code": "承办单位",
    "support_codes": "协办单位",
}
MAX_REASON = 500
DOWNGRADE_WARNING = "建议类型为投诉求助，登记为咨询：该改动会影响统计口径，已单独记录。"


@dataclass(frozen=True, slots=True)
class Choice:
    """The five confirmed fields as values and codes; type and outcome may be unfinished while they are typed."""

    ticket_type: str
    topic_code: str
    outcome: str
    lead_code: str = ""
    support_codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """A field whose chosen value is not the proposed one; ``label`` is the field's name on screen."""

    field_name: str
    label: str
    proposed: str
    chosen: str
    needs_reason: bool


def proposed_values(recommendation: Recommendation) -> dict[str, str]:
    """The recommendation as field values; empty where it leaves the choice to the person.

    The topic is the model's first, not the one that the person asked about: the rules follow the person's topic.
    """
    types = recommendation.proposal.types
    settled = recommendation.outcome is not Outcome.ASK
    sure = recommendation.proposal.band in (Band.ACCEPT, Band.CHOOSE) and recommendation.proposal.topics
    return {
        "ticket_type": types[0].code if types else "",
        "topic_code": recommendation.proposal.topics[0].code if recommendation.topic and sure and settled else "",
        "outcome": recommendation.outcome.value if settled else "",
        "lead_code": recommendation.lead.code if recommendation.lead else "",
        "support_codes": "、".join(sorted(unit.code for unit in recommendation.support)),
    }


def chosen_values(choice: Choice) -> dict[str, str]:
    """The person's choice in the same shape as ``proposed_values``."""
    return {
        "ticket_type": str(choice.ticket_type),
        "topic_code": choice.topic_code,
        "outcome": str(choice.outcome),
        "lead_code": choice.lead_code,
        "support_codes": "、".join(sorted(choice.support_codes)),
    }


def differences(recommendation: Recommendation, choice: Choice) -> tuple[Difference, ...]:
    """List where the choice departs from the recommendation that was made for the chosen topic."""
    proposed, chosen = proposed_values(recommendation), chosen_values(choice)
    return tuple(
        Difference(
            name, label, proposed[name], chosen[name], _needs_reason(name, proposed[name], choice, recommendation)
        )
        for name, label in LABELS.items()
        if proposed[name] != chosen[name]
    )


def _needs_reason(name: str, proposed: str, choice: Choice, recommendation: Recommendation) -> bool:
    if not proposed:
        return False  # the desk left it open: filling it contradicts nothing
    if name == "topic_code" and not choice.topic_code:
        return False  # a dispatch is refused without a topic; every other outcome can do without
    if name == "topic_code" and recommendation.proposal.band is Band.CHOOSE:
        return choice.topic_code not in {topic.code for topic in recommendation.proposal.topics}
    if name in ("lead_code", "support_codes") and choice.outcome != Outcome.DISPATCH:
        return False  # follows from the outcome, whose own reason says it all
    return not (name == "outcome" and choice.outcome == Outcome.ANSWERED and recommendation.answer.found)


def downgrades(recommendation: Recommendation, choice: Choice) -> bool:
    """True when a proposed 投诉求助 is recorded as 咨询."""
    proposed = proposed_values(recommendation)["ticket_type"]
    return proposed == TicketType.COMPLAINT.value and choice.ticket_type == TicketType.INQUIRY


def choice_problems(choice: Choice) -> tuple[FieldProblem, ...]:
    """What is wrong with a choice in itself, before the town pack is asked about its codes."""
    problems = []
    if choice.outcome == Outcome.ASK:
        problems.append(FieldProblem("outcome", "请选择处理方式；还问不清的，可选“转城运中心研判”。"))
    if choice.outcome == Outcome.DISPATCH and not choice.lead_code:
        problems.append(FieldProblem("lead_code", "派单需要选定承办单位。"))
    if choice.outcome == Outcome.DISPATCH and not choice.topic_code:
        problems.append(FieldProblem("topic_code", "派单需要选定诉求事项。"))
    if choice.outcome == Outcome.ANSWERED and choice.ticket_type != TicketType.INQUIRY:
        problems.append(FieldProblem("outcome", "只有咨询可以当场答复；投诉求助和意见建议须派单或告知。"))
    if choice.lead_code and choice.lead_code in choice.support_codes:
        problems.append(FieldProblem("support_codes", "协办单位不能与承办单位相同。"))
    if len(set(choice.support_codes)) != len(choice.support_codes):
        problems.append(FieldProblem("support_codes", "协办单位重复。"))
    return tuple(problems)


def confirm(
    choice: Choice, found: tuple[Difference, ...], reasons: Mapping[str, str]
) -> tuple[Confirmation, tuple[FieldProblem, ...]]:
    """Make the confirmation with its overrides; the problems name every field whose reason is missing or too long."""
    overrides, problems = [], []
    for difference in found:
        reason = reasons.get(difference.field_name, "").strip()
        if difference.needs_reason and not reason:
            problems.append(FieldProblem(difference.field_name, f"{difference.label}与建议不同，请写明改动理由。"))
        if len(reason) > MAX_REASON:
            problems.append(FieldProblem(difference.field_name, f"{difference.label}的改动理由超过 {MAX_REASON} 字。"))
        if difference.needs_reason or reason:
            overrides.append(Override(difference.field_name, difference.proposed, difference.chosen, reason))
    confirmation = Confirmation(
        TicketType(choice.ticket_type),
        choice.topic_code,
        Outcome(choice.outcome),
        choice.lead_code,
        choice.support_codes,
        tuple(overrides),
    )
    return confirmation, tuple(problems)
