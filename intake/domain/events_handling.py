"""What happens to a ticket after its dispatch: one frozen type per fact, named in the past tense."""

from dataclasses import dataclass
from datetime import date, datetime

from intake.domain.codes import Complaint, Finding, NoContact, Result, ReturnReason


@dataclass(frozen=True, slots=True)
class TicketAcknowledged:
    """签收: the unit has seen it; starts no clock, so not clicking gains nothing."""

    at: datetime
    actor: str
    unit_code: str


@dataclass(frozen=True, slots=True)
class ContactTried:
    """先行联系 without reaching the caller; ``reason`` says what came of it."""

    at: datetime
    actor: str
    unit_code: str
    tried_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class ContactMade:
    """先行联系 (细则-6-1): ``contacted_at`` is when ``by`` spoke with the caller, ``at`` when it was noted."""

    at: datetime
    actor: str
    unit_code: str
    contacted_at: datetime
    by: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class ContactWaived:
    """The caller was not contacted first, and why not."""

    at: datetime
    actor: str
    unit_code: str
    code: NoContact
    reason: str = ""


@dataclass(frozen=True, slots=True)
class TicketResolved:
    """办结: finding and facts (事实认定), result, the answer and when the caller got it (答复日期)."""

    at: datetime
    actor: str
    unit_code: str
    resolved_at: datetime
    finding: Finding
    facts: str
    result: Result
    answer: str
    answered_at: datetime
    visited_at: datetime | None = None
    said_satisfied: bool | None = None  # the unit's statement; the callback's counts


@dataclass(frozen=True, slots=True)
class ResultReported:
    """办结反馈 (细则-6-2): the line has the result; the callback clock starts."""

    at: datetime
    actor: str
    unit_code: str


@dataclass(frozen=True, slots=True)
class CallbackTried:
    """回访 without reaching the caller."""

    at: datetime
    actor: str
    reason: str


@dataclass(frozen=True, slots=True)
class CallbackMade:
    """回访 (细则-5-4): what the caller says; not ``accepted`` opens the next round. ``code`` says why not satisfied."""

    at: datetime
    actor: str
    solved: bool
    accepted: bool
    satisfied: bool
    code: Complaint | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class CallbackGivenUp:
    """The caller could not be reached in spite of several attempts on different days; archived as not reached."""

    at: datetime
    actor: str
    reason: str


@dataclass(frozen=True, slots=True)
class TicketReturned:
    """退单: coded reason, the right unit and the line of the duty list that says so (细则-8)."""

    at: datetime
    actor: str
    unit_code: str
    code: ReturnReason
    right_unit: str
    duty_line: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ReturnDecided:
    """裁定 of the centre: ``upheld`` sends it to ``lead_code``; else the first receiver keeps it."""

    at: datetime
    actor: str
    upheld: bool
    lead_code: str
    reason: str


@dataclass(frozen=True, slots=True)
class ExtensionRequested:
    """延期说明 (细则-6-2): why, and the last day of the new term."""

    at: datetime
    actor: str
    unit_code: str
    until: date
    reason: str


@dataclass(frozen=True, slots=True)
class ExtensionDecided:
    """延期审批; the first deadline stays in every figure."""

    at: datetime
    actor: str
    granted: bool
    until: date
    reason: str


@dataclass(frozen=True, slots=True)
class SubmittedToGrid:
    """提交综合网格 (细则-6-3, -8): the lead unit submits what it cannot settle with others."""

    at: datetime
    actor: str
    unit_code: str
    reason: str


@dataclass(frozen=True, slots=True)
class RaisedToLeaders:
    """镇领导协调 (细则-8)."""

    at: datetime
    actor: str
    reason: str


@dataclass(frozen=True, slots=True)
class CoordinationConcluded:
    """The grid or the leaders settled it; another ``lead_code`` sends it there, empty leaves it where it is."""

    at: datetime
    actor: str
    conclusion: str
    lead_code: str = ""


@dataclass(frozen=True, slots=True)
class SupervisionHinted:
    """效能监察提示 (细则-8): a hint by a person, never automatic; ``related`` are tickets of the same matter."""

    at: datetime
    actor: str
    reason: str
    related: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TicketUrged:
    """催办 (细则-5-2): which clock of which dispatch, how loud; ``skipped`` are levels that a stop of the desk ate."""

    at: datetime
    actor: str
    clock: str
    round: int
    leg: int
    level: int
    name: str
    unit_code: str
    channels: tuple[str, ...]
    skipped: tuple[str, ...] = ()
    clock_name: str = ""


@dataclass(frozen=True, slots=True)
class UrgeAnswered:
    """What the unit answered to being urged."""

    at: datetime
    actor: str
    unit_code: str
    answer: str


@dataclass(frozen=True, slots=True)
class TicketWithdrawn:
    """撤诉: the caller takes it back."""

    at: datetime
    actor: str
    reason: str


@dataclass(frozen=True, slots=True)
class ClocksRecomputed:
    """Deadlines of an open ticket moved because calendar or service levels changed; ``changes`` are sentences."""

    at: datetime
    actor: str
    reason: str
    changes: tuple[str, ...]


HandlingEvent = (
    TicketAcknowledged
    | ContactTried
    | ContactMade
    | ContactWaived
    | TicketResolved
    | ResultReported
    | CallbackTried
    | CallbackMade
    | CallbackGivenUp
    | TicketReturned
    | ReturnDecided
    | ExtensionRequested
    | ExtensionDecided
    | SubmittedToGrid
    | RaisedToLeaders
    | CoordinationConcluded
    | SupervisionHinted
    | TicketUrged
    | UrgeAnswered
    | TicketWithdrawn
    | ClocksRecomputed
)
HANDLING_LABELS: dict[type[HandlingEvent], str] = {
    TicketAcknowledged: "签收",
    ContactTried: "联系未果",
    ContactMade: "先行联系",
    ContactWaived: "未先行联系",
    TicketResolved: "办结",
    ResultReported: "办结反馈",
    CallbackTried: "回访未接通",
    CallbackMade: "回访",
    CallbackGivenUp: "回访联系不上",
    TicketReturned: "退单",
    ReturnDecided: "退单裁定",
    ExtensionRequested: "申请延期",
    ExtensionDecided: "延期审批",
    SubmittedToGrid: "提交综合网格",
    RaisedToLeaders: "镇领导协调",
    CoordinationConcluded: "协调结论",
    SupervisionHinted: "效能监察提示",
    TicketUrged: "催办",
    UrgeAnswered: "催办答复",
    TicketWithdrawn: "撤诉",
    ClocksRecomputed: "时限重算",
}
