"""The fields that an operator confirms, and how a new proposal may fill them: never over what a person set (pure)."""

from dataclasses import dataclass, replace

from routing.recommendation import Outcome, Recommendation, TicketType

LABELS = {
    "ticket_type": "工单类型",
    "topic_code": "诉求事项",
    "outcome": "处理方式",
    "lead_code": "承办单位",
    "support_codes": "协办单位",
}


@dataclass(frozen=True, slots=True)
class Fields:
    """Values of the five confirmed fields; empty string or tuple means not chosen."""

    ticket_type: str = ""
    topic_code: str = ""
    outcome: str = ""
    lead_code: str = ""
    support_codes: tuple[str, ...] = ()


def proposed_fields(recommendation: Recommendation) -> Fields:
    """What the fields hold when the operator accepts everything; an undecided call leaves topic and unit empty.

    The topic is the model's even where the operator chose another: only so a later proposal leaves the choice alone.
    """
    proposal = recommendation.proposal
    settled = recommendation.outcome is not Outcome.ASK
    return Fields(
        ticket_type=proposal.types[0].code if proposal.types else TicketType.COMPLAINT.value,
        topic_code=proposal.topics[0].code if proposal.topics and settled else "",
        outcome=recommendation.outcome.value if settled else "",
        lead_code=recommendation.lead.code if recommendation.lead else "",
        support_codes=tuple(unit.code for unit in recommendation.support),
    )


def merge(current: Fields, filled: Fields, proposed: Fields) -> Fields:
    """Let each untouched field follow the new proposal.

    A field is untouched while it holds what the desk itself filled in last (``filled``); anything else is a person's.
    """
    changes = {
        name: getattr(proposed, name) for name in LABELS if getattr(current, name) in (getattr(filled, name), "", ())
    }
    return replace(current, **changes)
