"""The steps of the loop, one method each, from 签收 to 归档; who may do them and when is said by the lifecycle."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from intake.application.handling import Hand, Handling
from intake.application.ports import Directory, Transactions
from intake.domain.access import Principal
from intake.domain.call import clean_text
from intake.domain.clocks import REPLY, SHANGHAI
from intake.domain.codes import Complaint, Finding, NoContact, Result, ReturnReason
from intake.domain.errors import DeskError, FieldProblem, invalid
from intake.domain.events import TicketDispatched, TicketEvent
from intake.domain.events_handling import (
    CallbackGivenUp,
    CallbackMade,
    CallbackTried,
    ContactMade,
    ContactTried,
    ContactWaived,
    CoordinationConcluded,
    ExtensionDecided,
    ExtensionRequested,
    RaisedToLeaders,
    ResultReported,
    ReturnDecided,
    SubmittedToGrid,
    SupervisionHinted,
    TicketAcknowledged,
    TicketResolved,
    TicketReturned,
    TicketWithdrawn,
    UrgeAnswered,
)
from intake.domain.guards import facts_problem
from intake.domain.ticket import Ticket

MAX_BATCH = 200


@dataclass(frozen=True, slots=True)
class At:
    """Which ticket, as whom and when; ``version`` is that of the ticket on the person's screen."""

    number: str
    version: int
    principal: Principal
    now: datetime


@dataclass(frozen=True, slots=True)
class Closing:
    """办结: finding and facts, result, answer; times default to now. ``report`` False: the feedback follows later."""

    finding: Finding
    facts: str
    result: Result
    answer: str
    answered_at: datetime | None = None
    resolved_at: datetime | None = None
    visited_at: datetime | None = None
    said_satisfied: bool | None = None
    report: bool = True


@dataclass(frozen=True, slots=True)
class Callback:
    """回访: the caller's word; ``code`` says why not satisfied."""

    solved: bool
    accepted: bool
    satisfied: bool
    code: Complaint | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Returning:
    """退单: coded reason, the unit it should go to, the line of the duty list."""

    code: ReturnReason
    right_unit: str
    duty_line: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class BatchLine:
    """What became of one ticket of a batch; ``problem`` is empty when it went through."""

    number: str
    version: int
    problem: str


class Handle:
    """Every method returns the ticket as it is afterwards; see ``Handling.run`` for what it raises."""

    def __init__(self, transactions: Transactions, directory: Directory) -> None:
        self._handling = Handling(transactions, directory)

    def _one(self, at: At, make: Callable[[Hand], TicketEvent]) -> Ticket:
        return self._handling.run(at.number, at.version, at.principal, at.now, lambda hand: (make(hand),))

    def dispatch(self, at: At, lead_code: str, support_codes: Sequence[str] = ()) -> Ticket:
        """派单 of a waiting ticket: the first, or the next round after a callback that was not accepted."""
        lead = self._handling.unit_named(lead_code, at.now)
        support = tuple(self._handling.unit_named(code, at.now, "support_codes").code for code in support_codes)
        if lead.code in support or len(set(support)) != len(support):
            raise invalid((FieldProblem("support_codes", "协办单位不能与承办单位相同，也不能重复。"),))
        return self._one(at, lambda h: TicketDispatched(h.now, h.actor, h.file.next_round, lead.code, support))

    def acknowledge(self, at: At) -> Ticket:
        """签收."""
        return self._one(at, lambda h: TicketAcknowledged(h.now, h.actor, h.unit))

    def contact(self, at: At, by: str, contacted_at: datetime | None = None, note: str = "") -> Ticket:
        """先行联系: who spoke with the caller, and when."""
        said, words = clean_text(by), clean_text(note)
        return self._one(at, lambda h: ContactMade(h.now, h.actor, h.unit, contacted_at or h.now, said, words))

    def contact_tried(self, at: At, reason: str, tried_at: datetime | None = None) -> Ticket:
        """An attempt that did not reach the caller."""
        return self._one(at, lambda h: ContactTried(h.now, h.actor, h.unit, tried_at or h.now, clean_text(reason)))

    def contact_waived(self, at: At, code: NoContact, reason: str = "") -> Ticket:
        """No first contact, and why not."""
        return self._one(at, lambda h: ContactWaived(h.now, h.actor, h.unit, code, clean_text(reason)))

    def close(self, at: At, closing: Closing) -> Ticket:
        """办结, with the feedback to the line in the same step unless it is to follow."""
        return self._handling.run(at.number, at.version, at.principal, at.now, lambda h: _closed(h, closing))

    def report(self, at: At) -> Ticket:
        """办结反馈 of what was closed before."""
        return self._one(at, lambda h: ResultReported(h.now, h.actor, h.unit))

    def callback(self, at: At, said: Callback) -> Ticket:
        """回访: solved and accepted goes to the archive, unsolved waits for its next dispatch."""
        note = clean_text(said.note)
        return self._one(
            at, lambda h: CallbackMade(h.now, h.actor, said.solved, said.accepted, said.satisfied, said.code, note)
        )

    def callback_tried(self, at: At, reason: str) -> Ticket:
        """A callback that reached nobody."""
        return self._one(at, lambda h: CallbackTried(h.now, h.actor, clean_text(reason)))

    def callback_given_up(self, at: At, reason: str) -> Ticket:
        """Archived as not reached, after several attempts."""
        return self._one(at, lambda h: CallbackGivenUp(h.now, h.actor, clean_text(reason)))

    def send_back(self, at: At, asked: Returning) -> Ticket:
        """退单; the first receiver stays responsible until it is decided."""
        right = self._handling.unit_named(asked.right_unit, at.now, "right_unit").code
        duty, reason = clean_text(asked.duty_line), clean_text(asked.reason)
        return self._one(at, lambda h: TicketReturned(h.now, h.actor, h.unit, asked.code, right, duty, reason))

    def decide_return(self, at: At, upheld: bool, reason: str, lead_code: str = "") -> Ticket:
        """裁定; an upheld return is dispatched to ``lead_code`` in the same step, in the same round."""
        lead = self._handling.unit_named(lead_code, at.now).code if upheld else ""
        words = clean_text(reason)

        def make(h: Hand) -> tuple[TicketEvent, ...]:
            decided = ReturnDecided(h.now, h.actor, upheld, lead, words)
            return (decided, _moved_to(h, lead)) if upheld else (decided,)

        return self._handling.run(at.number, at.version, at.principal, at.now, make)

    def ask_extension(self, at: At, until: date, reason: str) -> Ticket:
        """延期说明: before the answer is due, with a later last day; the first deadline stays in every figure."""

        def make(h: Hand) -> TicketEvent:
            _check_extension(h, until)
            return ExtensionRequested(h.now, h.actor, h.unit, until, clean_text(reason))

        return self._one(at, make)

    def decide_extension(self, at: At, granted: bool, until: date, reason: str) -> Ticket:
        """延期审批."""
        return self._one(at, lambda h: ExtensionDecided(h.now, h.actor, granted, until, clean_text(reason)))

    def to_grid(self, at: At, reason: str) -> Ticket:
        """提交综合网格 by the lead unit."""
        return self._one(at, lambda h: SubmittedToGrid(h.now, h.actor, h.unit, clean_text(reason)))

    def to_leaders(self, at: At, reason: str) -> Ticket:
        """镇领导协调."""
        return self._one(at, lambda h: RaisedToLeaders(h.now, h.actor, clean_text(reason)))

    def conclude(self, at: At, conclusion: str, lead_code: str = "") -> Ticket:
        """What the grid or the leaders settled; another lead unit gets it in the same step."""
        lead = self._handling.unit_named(lead_code, at.now).code if lead_code else ""
        words = clean_text(conclusion)

        def make(h: Hand) -> tuple[TicketEvent, ...]:
            settled = CoordinationConcluded(h.now, h.actor, words, lead)
            return (settled, _moved_to(h, lead)) if lead not in ("", h.file.lead_code) else (settled,)

        return self._handling.run(at.number, at.version, at.principal, at.now, make)

    def hint(self, at: At, reason: str, related: Sequence[str] = ()) -> Ticket:
        """效能监察提示, by a person; ``related`` must be other tickets of the same topic."""
        numbers = self._handling.same_matter(clean_text(at.number).upper(), related)
        return self._one(at, lambda h: SupervisionHinted(h.now, h.actor, clean_text(reason), numbers))

    def answer_urge(self, at: At, answer: str) -> Ticket:
        """What the unit says to being urged."""
        return self._one(at, lambda h: UrgeAnswered(h.now, h.actor, h.unit, clean_text(answer)))

    def withdraw(self, at: At, reason: str) -> Ticket:
        """撤诉."""
        return self._one(at, lambda h: TicketWithdrawn(h.now, h.actor, clean_text(reason)))

    def batch(self, tickets: Sequence[At], step: Callable[[At], Ticket]) -> tuple[BatchLine, ...]:
        """The same step for several tickets, each on its own: what is refused is told and stops no other."""
        if not 1 <= len(tickets) <= MAX_BATCH:
            raise invalid((FieldProblem("tickets", f"一次可办 1～{MAX_BATCH} 张工单。"),))
        return tuple(_tried(at, step) for at in tickets)


def _tried(at: At, step: Callable[[At], Ticket]) -> BatchLine:
    try:
        done = step(at)
    except DeskError as error:
        return BatchLine(at.number, at.version, str(error))
    return BatchLine(done.number, done.version, "")


def _closed(h: Hand, closing: Closing) -> tuple[TicketEvent, ...]:
    facts, topic = clean_text(closing.facts), h.ticket.topic
    problem = facts_problem(facts, frozenset({topic.name, topic.group} - {""}) if topic else frozenset())
    if problem:
        raise invalid((FieldProblem("facts", problem),), "没有改动任何数据，您填写的内容都还在。")
    resolved = TicketResolved(
        at=h.now,
        actor=h.actor,
        unit_code=h.unit,
        resolved_at=closing.resolved_at or h.now,
        finding=closing.finding,
        facts=facts,
        result=closing.result,
        answer=clean_text(closing.answer),
        answered_at=closing.answered_at or closing.resolved_at or h.now,
        visited_at=closing.visited_at,
        said_satisfied=closing.said_satisfied,
    )
    return (resolved, ResultReported(h.now, h.actor, h.unit)) if closing.report else (resolved,)


def _check_extension(h: Hand, until: date) -> None:
    reply = next((c for c in h.ticket.timers if c.code == REPLY and c.running), None)
    if reply is None:
        return
    last = (reply.due - timedelta(microseconds=1)).astimezone(SHANGHAI).date()
    problem = f"延期至 {until} 不晚于现在的时限 {last}，不需要延期。" if until <= last else ""
    if h.now >= reply.due:
        problem = f"答复时限 {last} 已过，延期须在到期前说明（细则-6-2）。请尽快办结并答复来电人。"
    if problem:
        raise invalid((FieldProblem("until", problem),), "没有改动任何数据。")


def _moved_to(h: Hand, lead: str) -> TicketDispatched:
    """The dispatch that follows a decision: same round, the earlier unit's helpers without the new lead."""
    support = h.file.current.support_codes if h.file.current else ()
    return TicketDispatched(h.now, h.actor, h.file.round, lead, tuple(code for code in support if code != lead))
