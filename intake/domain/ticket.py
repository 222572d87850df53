"""The ticket with the fields of the form (附件2), and what was shown and decided when it was saved (pure)."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from intake.domain.clocks import TicketClock, next_due
from intake.domain.states import TicketState
from intake.domain.ticket_file import Assignment, TicketFile
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
    ``external`` is its number in the city's system.
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
    external: str = ""

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


def form_rows(ticket: Ticket, file: TicketFile | None = None) -> tuple[tuple[str, str], ...]:
    """Labels and values of 附件2 in the form's order; with ``file``, what the unit and the callback filled in."""
    handled = _handled(file.assignments[-1] if file and file.assignments else None)
    support = "".join(f"；协办：{unit.name}" for unit in ticket.support)
    return (
        ("来电日期", f"{ticket.called_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"),
        ("工单类型", ticket.ticket_type.value),
        ("联系人", ticket.contact),
        ("联系电话", ticket.phone),
        ("诉求地址", ticket.address),
        ("诉求描述", ticket.text),
        ("承办单位", (ticket.lead.name if ticket.lead else "") + support),
        *handled.items(),
    )


def _handled(last: Assignment | None) -> dict[str, str]:
    """The rows of the last round; the callback's word on satisfaction counts before the unit's."""
    rows = dict.fromkeys(("当日先联", "现场查看", "事实认定", "办结汇报", "答复日期", "是否满意"), "")
    if last is None:
        return rows
    if last.contact is not None:
        rows["当日先联"] = f"{_minute(last.contact.contacted_at)} {last.contact.by} {last.contact.note}".strip()
    elif last.waived is not None:
        rows["当日先联"] = f"未联系：{last.waived.code.value} {last.waived.reason}".strip()
    done = last.resolved
    if done is not None:
        rows["现场查看"] = _minute(done.visited_at) if done.visited_at else ""
        rows["事实认定"] = f"{done.finding.value}：{done.facts}"
        rows["办结汇报"] = f"{done.result.value}：{done.answer}"
        rows["答复日期"] = _minute(done.answered_at)
    said = last.callback.satisfied if last.callback else done.said_satisfied if done else None
    why = f"（{last.callback.code.value}）" if last.callback and last.callback.code else ""
    rows["是否满意"] = "" if said is None else f"{'满意' if said else '不满意'}{why}"
    return rows


def _minute(moment: datetime) -> str:
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
