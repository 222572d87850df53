"""What happened to a ticket: one frozen type per fact, named in the past tense; indicators are computed from these."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from intake.domain.confirmation import LABELS
from intake.domain.events_handling import HANDLING_LABELS, HandlingEvent
from intake.domain.events_text import describe_handling
from intake.domain.privacy import mask_text
from routing.recommendation import Override


@dataclass(frozen=True, slots=True)
class CallAccepted:
    """受理: the call was written down. ``called_at`` → ``at`` is the time from call to save (细则-3)."""

    at: datetime
    actor: str
    called_at: datetime
    ticket_type: str
    topic_code: str


@dataclass(frozen=True, slots=True)
class DispatchRequested:
    """The operator confirmed unit and topic; the ticket waits for its dispatch."""

    at: datetime
    actor: str
    lead_code: str


@dataclass(frozen=True, slots=True)
class SentToCentre:
    """转城运中心研判: the centre decides who holds it."""

    at: datetime
    actor: str


@dataclass(frozen=True, slots=True)
class TicketDispatched:
    """派单: the unit holds it and its clocks run from ``at`` (细则-6-1)."""

    at: datetime
    actor: str
    round: int
    lead_code: str
    support_codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CallerReferred:
    """告知不受理: the caller was told where to turn (细则-5-3)."""

    at: datetime
    actor: str
    referral: str


@dataclass(frozen=True, slots=True)
class EmergencyTransferred:
    """紧急转接: the call went to ``number``; never dispatched (细则-2)."""

    at: datetime
    actor: str
    number: str


@dataclass(frozen=True, slots=True)
class InquiryAnswered:
    """咨询当场答复: answered from the documents named."""

    at: datetime
    actor: str
    document_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RecommendationOverridden:
    """The person did not follow the recommendation in these fields; does not change the state."""

    at: datetime
    actor: str
    overrides: tuple[Override, ...]


@dataclass(frozen=True, slots=True)
class TypeDowngraded:
    """A proposed 投诉求助 was recorded as 咨询: kept apart, as it flatters the figures; does not change the state."""

    at: datetime
    actor: str
    reason: str


@dataclass(frozen=True, slots=True)
class CallJoined:
    """并入原工单: somebody called about this ticket; ``kind`` is the kind of call, ``text`` what was said."""

    at: datetime
    actor: str
    called_at: datetime
    kind: str
    text: str


RegistrationEvent = (
    CallAccepted
    | DispatchRequested
    | SentToCentre
    | TicketDispatched
    | CallerReferred
    | EmergencyTransferred
    | InquiryAnswered
    | RecommendationOverridden
    | TypeDowngraded
    | CallJoined
)
TicketEvent = RegistrationEvent | HandlingEvent

EVENT_TYPES: tuple[type[TicketEvent], ...] = (
    CallAccepted,
    DispatchRequested,
    SentToCentre,
    TicketDispatched,
    CallerReferred,
    EmergencyTransferred,
    InquiryAnswered,
    RecommendationOverridden,
    TypeDowngraded,
    CallJoined,
    *HANDLING_LABELS,
)
EVENT_LABELS: dict[str, str] = {
    "CallAccepted": "受理",
    "DispatchRequested": "提交派单",
    "SentToCentre": "转城运中心研判",
    "TicketDispatched": "派单",
    "CallerReferred": "告知不受理",
    "EmergencyTransferred": "紧急转接",
    "InquiryAnswered": "当场答复",
    "RecommendationOverridden": "改动建议",
    "TypeDowngraded": "投诉求助改为咨询",
    "CallJoined": "来电并入",
    **{kind.__name__: label for kind, label in HANDLING_LABELS.items()},
}


def describe(event: TicketEvent, names: Mapping[str, str] = MappingProxyType({})) -> str:
    """One Chinese sentence for the ticket page; ``names`` says what codes are called. Never shows a person's number."""

    def said(code: str) -> str:
        return "、".join(names.get(part, part) for part in code.split("、"))

    match event:
        case CallAccepted(ticket_type=kind, topic_code=topic):
            return f"受理为{kind}，事项 {said(topic) or '未定'}。"
        case DispatchRequested(lead_code=lead):
            return f"确认主责单位 {said(lead)}，待派单。"
        case SentToCentre():
            return "转城运中心研判，待派单。"
        case TicketDispatched(round=number, lead_code=lead, support_codes=support):
            extra = f"，协办 {said('、'.join(support))}" if support else ""
            return f"第 {number} 轮派单至 {said(lead)}{extra}，时限起算。"
        case CallerReferred(referral=referral):
            return f"已告知来电人：{referral}" if referral else "已告知来电人不属本线受理。"
        case EmergencyTransferred(number=number):
            return f"已转接 {number}，本线不派单。"
        case InquiryAnswered(document_ids=documents):
            return f"已当场答复，引用 {'、'.join(documents)}。" if documents else "已当场答复。"
        case RecommendationOverridden(overrides=overrides):
            return "；".join(
                f"{LABELS[o.field_name]}：{said(o.proposed) or '空'}→{said(o.chosen) or '空'}（{o.reason}）"
                for o in overrides
            )
        case CallJoined(kind=kind, text=text):
            return f"{kind}来电并入本工单：{mask_text(text)}"
        case TypeDowngraded(reason=reason):
            return f"建议为投诉求助，登记为咨询，理由：{reason}"
        case _:
            return describe_handling(event, said)
