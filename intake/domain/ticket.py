"""The ticket with the fields of the form (附件2), and what was shown and decided when it was saved (pure)."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from intake.domain.clocks import TicketClock, next_due
from intake.domain.states import TicketState
from routing.recommendation import (
    Answer,
    Clock,
    Confirmation,
    Finding,
    Outcome,
    Recommendation,
    TicketType,
    UnitRef,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class TopicRef:
    """A topic as the town pack of the day gives it: who leads, who supports, which 台账, where to turn."""

    code: str
    name: str
    group: str = ""
    lead: str = ""
    support: tuple[str, ...] = ()
    ledger: str = ""
    referral: str = ""


@dataclass(frozen=True, slots=True)
class Ticket:
    """One 工单. ``round`` is the citizen's (1 from the start); times are aware; ``warnings`` are Chinese sentences.

    ``clocks`` are those shown when it was saved, ``timers`` those that run; ``version`` counts its events.
    """

    number: str
    round: int
    called_at: datetime
    ticket_type: TicketType
    contact: str
    phone: str
    address: str
    text: str
    lead: UnitRef | None
    support: tuple[UnitRef, ...]
    topic: TopicRef | None
    outcome: Outcome
    ledger: str
    state: TicketState
    findings: tuple[Finding, ...]
    clocks: tuple[Clock, ...]
    answer: Answer
    recommendation: Recommendation
    confirmation: Confirmation
    warnings: tuple[str, ...]
    pack_version: str
    model_version: str
    created_by: str
    created_at: datetime
    timers: tuple[TicketClock, ...] = ()
    version: int = 0

    @property
    def next_deadline(self) -> datetime | None:
        """The earliest moment that has to be kept; None when no clock runs."""
        if self.timers:
            return next_due(self.timers)
        return min((clock.deadline for clock in self.clocks), default=None)


@dataclass(frozen=True, slots=True)
class TicketLine:
    """One row of a list; ``phone`` is masked, ``excerpt`` is the beginning of the text."""

    number: str
    called_at: datetime
    ticket_type: TicketType
    state: TicketState
    outcome: Outcome
    topic_name: str
    lead_name: str
    address: str
    excerpt: str
    phone: str
    next_deadline: datetime | None
    created_at: datetime


def number_of(day: date, count: int) -> str:
    """Write the ticket number: ``JT20261123-0001``; more than 9,999 a day simply grow longer."""
    if count < 1:
        raise ValueError(f"count must be at least 1, got {count}")
    return f"JT{day:%Y%m%d}-{count:04d}"


def names_of(ticket: Ticket) -> dict[str, str]:
    """What the codes on this ticket are called: its own units and topic, and those that were proposed."""
    shown = ticket.recommendation
    units = (ticket.lead, *ticket.support, shown.lead, *shown.support)
    names = {unit.code: unit.name for unit in units if unit}
    proposed = (*shown.proposal.topics, *shown.proposal.units, *((shown.topic,) if shown.topic else ()))
    names |= {candidate.code: candidate.name for candidate in proposed}
    return names | ({ticket.topic.code: ticket.topic.name} if ticket.topic else {})


def form_rows(ticket: Ticket) -> tuple[tuple[str, str], ...]:
    """Labels and values of 附件2 in the form's order; what the unit fills in later is empty."""
    support = "".join(f"；协办：{unit.name}" for unit in ticket.support)
    return (
        ("来电日期", f"{ticket.called_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"),
        ("工单类型", ticket.ticket_type.value),
        ("联系人", ticket.contact),
        ("联系电话", ticket.phone),
        ("诉求地址", ticket.address),
        ("诉求描述", ticket.text),
        ("承办单位", (ticket.lead.name if ticket.lead else "") + support),
        ("当日先联", ""),
        ("现场查看", ""),
        ("事实认定", ""),
        ("办结汇报", ""),
        ("答复日期", ""),
        ("是否满意", ""),
    )
