"""Save a confirmed call: one transaction writes ticket, first events, audit entry and idempotency key, or nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from intake.application.ports import (
    Directory,
    JsonValue,
    Recommender,
    Taken,
    Transactions,
    UnitOfWork,
)
from intake.application.queries import TicketNotFoundError
from intake.application.snapshot import digest, encode
from intake.application.suggest import provisional_notice, request_of
from intake.domain.access import Permission, Principal
from intake.domain.call import CallNotes, clean_notes, clean_text, hidden_characters, note_problems
from intake.domain.clocks import Terms, clocks_of
from intake.domain.confirmation import (
    DOWNGRADE_WARNING,
    Choice,
    Difference,
    choice_problems,
    confirm,
    differences,
    downgrades,
)
from intake.domain.errors import ConflictError, FieldProblem, ForbiddenError, invalid
from intake.domain.events import (
    CallAccepted,
    CallerReferred,
    CallJoined,
    DispatchRequested,
    EmergencyTransferred,
    InquiryAnswered,
    RecommendationOverridden,
    SentToCentre,
    TicketDispatched,
    TicketEvent,
    TypeDowngraded,
)
from intake.domain.lifecycle import TicketState, replay
from intake.domain.ticket import SHANGHAI, Ticket, TopicRef
from routing.recommendation import Clock, Confirmation, Outcome, Recommendation, TicketType, UnitRef

MAX_KEY = 200
EXTERNAL = "外部工单编号"  # stands where a key has its actor: an external number is unique for the whole town
_NO_REASONS: Mapping[str, str] = MappingProxyType({})
_WITH_UNIT = (Outcome.DISPATCH, Outcome.CENTRE)


@dataclass(frozen=True, slots=True)
class NewTicket:
    """A call as confirmed on screen; ``reasons`` says, by field name, why a field departs from the recommendation.

    ``external`` is the number under which another system keeps the ticket: it makes one ticket, whoever saves it.
    """

    notes: CallNotes
    ticket_type: str
    topic_code: str
    outcome: str
    lead_code: str = ""
    support_codes: tuple[str, ...] = ()
    reasons: Mapping[str, str] = field(default_factory=lambda: _NO_REASONS)
    external: str = ""


@dataclass(frozen=True, slots=True)
class Registered:
    """The saved ticket; ``created`` False: this key had saved it before; ``joined``: the call went to this old one."""

    ticket: Ticket
    created: bool
    joined: bool = False


@dataclass(frozen=True, slots=True)
class _Codes:
    """The chosen codes resolved in the town pack of the day."""

    topic: TopicRef | None
    lead: UnitRef | None
    support: tuple[UnitRef, ...]


class Register:
    """Checks, recomputes the recommendation from the text, compares, and saves."""

    def __init__(self, transactions: Transactions, recommender: Recommender, directory: Directory) -> None:
        self._transactions = transactions
        self._recommender = recommender
        self._directory = directory

    def __call__(self, new: NewTicket, principal: Principal, key: str, now: datetime) -> Registered:
        """Save at ``now`` (aware); raises InvalidInputError, ForbiddenError, or ConflictError (key already used)."""
        if not principal.may(Permission.TICKET_WRITE):
            raise ForbiddenError("不能登记工单", "您的角色没有登记工单的权限。", "请联系专线管理开通，或由坐席登记。")
        owner, key = (EXTERNAL, new.external) if new.external else (principal.name, key)
        _check_key(key)
        payload_hash = digest(_payload(new))
        with self._transactions.read() as unit:
            earlier = unit.tickets.find_key(owner, key)
            if earlier is not None:
                return _again(unit, earlier, payload_hash)
        prepared = self._prepare(new, principal, now)
        with self._transactions.write() as unit:
            taken = unit.tickets.claim_key(owner, key, payload_hash, now)
            if taken is not None:
                return _again(unit, taken, payload_hash)
            if prepared.confirmation.outcome is Outcome.JOINED:
                return Registered(_join(prepared, unit, owner, key), True, joined=True)
            return Registered(prepared.save(unit, owner, key), True)

    def _prepare(self, new: NewTicket, principal: Principal, now: datetime) -> "_Prepared":
        notes = clean_notes(new.notes)
        choice, problems = _read_choice(new)
        problems += note_problems(notes, now)
        codes, unknown = self._resolve(choice, notes)
        problems += (*choice_problems(choice), *unknown)
        if problems:
            raise invalid(problems)
        shown, found = self._compare(notes, choice, new.reasons)
        confirmation, missing = confirm(
            choice, found, {name: clean_text(reason) for name, reason in new.reasons.items()}
        )
        if choice.outcome is Outcome.JOINED and not shown.related:
            told = "没有找到可并入的原工单：请在描述里写上工单编号，或改选其他处理方式。"
            missing = (*missing, FieldProblem("outcome", told))
        if missing:
            raise invalid(missing)
        clocks = self._directory.clocks(now) if choice.outcome is Outcome.DISPATCH else ()
        terms = self._directory.terms()
        said = (new.notes, notes, choice, codes, shown, confirmation, clocks, terms)
        return _Prepared(*said, principal.name, now, new.external)

    def _compare(
        self, notes: CallNotes, choice: Choice, reasons: Mapping[str, str]
    ) -> tuple[Recommendation, tuple[Difference, ...]]:
        """Recompute what could be shown, with the model's topic and the person's; keep the one that was followed."""
        best = None
        for topic_code in dict.fromkeys(("", choice.topic_code)):
            shown = self._recommender.recommend(request_of(notes, topic_code))
            found = differences(shown, choice)
            unexplained = sum(1 for d in found if d.needs_reason and not reasons.get(d.field_name, "").strip())
            if best is None or (unexplained, len(found)) < best[0]:
                best = (unexplained, len(found)), shown, found
            if not found:
                break
        if best is None:
            raise ValueError("there is always the model's own recommendation")
        return best[1], best[2]

    def _resolve(self, choice: Choice, notes: CallNotes) -> tuple[_Codes, tuple[FieldProblem, ...]]:
        day = notes.called_at.astimezone(SHANGHAI).date()
        units = {unit.code: unit for unit in self._directory.units(day)}
        topics = {topic.code: topic for topic in self._directory.topics(day)}
        problems = []
        if choice.topic_code and choice.topic_code not in topics:
            problems.append(_unknown("topic_code", "诉求事项", choice.topic_code))
        if choice.lead_code and choice.lead_code not in units:
            problems.append(_unknown("lead_code", "承办单位", choice.lead_code))
        problems += [_unknown("support_codes", "协办单位", c) for c in choice.support_codes if c not in units]
        support = tuple(units[code] for code in choice.support_codes if code in units)
        return _Codes(topics.get(choice.topic_code), units.get(choice.lead_code), support), tuple(problems)


@dataclass(frozen=True, slots=True)
class _Prepared:
    """Everything that is decided before the transaction; only the number is missing."""

    typed: CallNotes
    notes: CallNotes
    choice: Choice
    codes: _Codes
    recommendation: Recommendation
    confirmation: Confirmation
    clocks: tuple[Clock, ...]
    terms: Terms
    actor: str
    now: datetime
    external: str

    def save(self, unit: UnitOfWork, owner: str, key: str) -> Ticket:
        """Take a number and write ticket, events, audit entry and key in the running transaction."""
        number = unit.tickets.next_number(self.now.astimezone(SHANGHAI).date())
        events = self._events()
        ticket = self._ticket(number, events)
        unit.tickets.add(ticket, events)
        unit.tickets.bind_key(owner, key, number)
        content: dict[str, JsonValue] = {"ticket": encode(ticket), "events": [encode(event) for event in events]}
        unit.audit.append(self.now, self.actor, "登记工单", number, content)
        return ticket

    def _ticket(self, number: str, events: tuple[TicketEvent, ...]) -> Ticket:
        notes, recommendation, file = self.notes, self.recommendation, replay(events)
        return Ticket(
            number=number,
            round=1,
            called_at=notes.called_at,
            ticket_type=self.confirmation.ticket_type,
            contact=notes.contact,
            phone=notes.phone,
            address=notes.address,
            text=notes.text,
            lead=self.codes.lead,
            support=self.codes.support,
            topic=self.codes.topic,
            outcome=self.confirmation.outcome,
            ledger=self.codes.topic.ledger if self.codes.topic and self.choice.outcome in _WITH_UNIT else "",
            state=file.state or TicketState.ACCEPTED,
            findings=recommendation.findings,
            clocks=self.clocks,
            answer=recommendation.answer,
            recommendation=recommendation,
            confirmation=self.confirmation,
            warnings=self._warnings(),
            pack_version=recommendation.pack_version,
            model_version=recommendation.proposal.model_version,
            created_by=self.actor,
            created_at=self.now,
            timers=clocks_of(file, self.terms),
            version=file.events,
            external=self.external,
        )

    def _warnings(self) -> tuple[str, ...]:
        hidden = hidden_characters(self.typed.text)
        warnings = (
            DOWNGRADE_WARNING if downgrades(self.recommendation, self.choice) else "",
            f"保存时去掉了 {hidden} 个看不见的控制字符。" if hidden else "",
            provisional_notice(self.clocks),
        )
        return tuple(warning for warning in warnings if warning)

    def _events(self) -> tuple[TicketEvent, ...]:
        now, actor, choice = self.now, self.actor, self.choice
        accepted = CallAccepted(now, actor, self.notes.called_at, choice.ticket_type, choice.topic_code)
        events: list[TicketEvent] = [accepted]
        if self.confirmation.overrides:
            events.append(RecommendationOverridden(now, actor, self.confirmation.overrides))
        if downgrades(self.recommendation, choice):
            reasons = [o.reason for o in self.confirmation.overrides if o.field_name == "ticket_type"]
            events.append(TypeDowngraded(now, actor, "".join(reasons)))
        return (*events, *self._first_step())

    def _first_step(self) -> tuple[TicketEvent, ...]:
        now, actor, choice = self.now, self.actor, self.choice
        match self.confirmation.outcome:
            case Outcome.DISPATCH:
                sent = TicketDispatched(now, actor, 1, choice.lead_code, choice.support_codes)
                return (DispatchRequested(now, actor, choice.lead_code), sent)
            case Outcome.CENTRE:
                return (SentToCentre(now, actor),)
            case Outcome.NOT_OURS:
                return (CallerReferred(now, actor, self.recommendation.referral),)
            case Outcome.EMERGENCY:
                banner = self.recommendation.banner
                return (EmergencyTransferred(now, actor, banner.number if banner else "110/119/120"),)
            case Outcome.ANSWERED:
                documents = tuple(citation.document_id for citation in self.recommendation.answer.citations)
                return (InquiryAnswered(now, actor, documents),)
            case Outcome.ASK | Outcome.JOINED:
                raise ValueError(f"{self.confirmation.outcome} makes no ticket")


def _join(prepared: _Prepared, unit: UnitOfWork, owner: str, key: str) -> Ticket:
    """Write the call to the ticket that it is about; no new ticket is made (细则-8)."""
    shown, notes = prepared.recommendation, prepared.notes
    number = shown.linked or shown.related[0].number
    ticket = unit.tickets.get(number)
    if ticket is None:
        raise TicketNotFoundError(number)
    joined = CallJoined(prepared.now, prepared.actor, notes.called_at, shown.kind.value, notes.text)
    unit.tickets.append(number, (joined,))
    unit.tickets.bind_key(owner, key, number)
    unit.audit.append(prepared.now, prepared.actor, "来电并入", number, {"event": encode(joined)})
    return ticket


def _check_key(key: str) -> None:
    if not key.strip() or len(key) > MAX_KEY:
        message = f"幂等键须为 1～{MAX_KEY} 个字符。"
        raise invalid((FieldProblem("Idempotency-Key", message),))


def _payload(new: NewTicket) -> dict[str, JsonValue]:
    return {
        "notes": encode(new.notes),
        "choice": [new.ticket_type, new.topic_code, new.outcome, new.lead_code, *new.support_codes],
        "reasons": {**new.reasons},
    }


def _again(unit: UnitOfWork, taken: Taken, payload_hash: str) -> Registered:
    if taken.payload_hash != payload_hash:
        raise ConflictError(
            "同一提交编号对应了不同内容",
            f"这个提交编号已用于工单 {taken.ticket_number}，这次的内容与那次不同。",
            "原工单没有改动。请重新打开登记页再保存，或查看原工单。",
        )
    ticket = unit.tickets.get(taken.ticket_number)
    if ticket is None:
        raise TicketNotFoundError(taken.ticket_number)
    return Registered(ticket, False)


def _read_choice(new: NewTicket) -> tuple[Choice, tuple[FieldProblem, ...]]:
    """Turn the sent words into a choice; what is not a known word is a problem and replaced by a harmless one."""
    problems: tuple[FieldProblem, ...] = ()
    ticket_type, outcome = TicketType.COMPLAINT, Outcome.CENTRE
    if new.ticket_type in {member.value for member in TicketType}:
        ticket_type = TicketType(new.ticket_type)
    else:
        known = "、".join(member.value for member in TicketType)
        problems += (FieldProblem("ticket_type", f"工单类型须为{known}之一。"),)
    if new.outcome in {member.value for member in Outcome}:
        outcome = Outcome(new.outcome)
    else:
        known = "、".join(member.value for member in Outcome if member is not Outcome.ASK)
        problems += (FieldProblem("outcome", f"请选择处理方式（{known}）。"),)
    keeps_unit = outcome in _WITH_UNIT
    return (
        Choice(
            ticket_type,
            new.topic_code.strip(),
            outcome,
            new.lead_code.strip() if keeps_unit else "",
            tuple(code.strip() for code in new.support_codes if code.strip()) if keeps_unit else (),
        ),
        problems,
    )


def _unknown(name: str, label: str, code: str) -> FieldProblem:
    return FieldProblem(name, f"{label}“{code[:40]}”不在当日有效的目录里，请从列表中选择。")
