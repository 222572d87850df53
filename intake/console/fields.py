"""The fields that an operator confirms, and what a proposal would put there (pure; ``merge.js`` puts it there)."""

from dataclasses import dataclass

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


def as_json(fields: Fields) -> dict[str, str | list[str] | None]:
    """The fields as the browser's boxes hold them: nothing chosen is null, several units are a list."""
    values: dict[str, str | list[str] | None] = {
        name: getattr(fields, name) or None for name in LABELS if name != "support_codes"
    }
    return values | {"support_codes": list(fields.support_codes)}
