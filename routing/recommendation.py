"""The three frozen types of the desk: what the model proposes, what the rules recommend, what a person confirms.

``Proposal`` (model) → ``Recommendation`` (rules) → ``Confirmation`` (person). Pure; standard library only.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class TicketType(StrEnum):
    """工单类型 of the form (附件2)."""

    COMPLAINT = "投诉求助"
    SUGGESTION = "意见建议"
    INQUIRY = "咨询"


class Band(StrEnum):
    """How sure the proposal is; decides how it is shown."""

    ACCEPT = "建议采纳"
    CHOOSE = "请在前三中选择"
    CENTRE = "转城运中心研判"
    UNKNOWN = "无法识别"


class Outcome(StrEnum):
    """What is done with the call. Rules recommend any but ``ANSWERED``: that an inquiry is settled, a person says.

    ``JOINED``: the call belongs to an earlier ticket, which is urged or added to; no new ticket is made.
    """

    DISPATCH = "派单"
    EMERGENCY = "紧急转接"
    NOT_OURS = "告知"
    CENTRE = "转城运中心研判"
    ASK = "继续询问"
    ANSWERED = "当场答复"
    JOINED = "并入原工单"


class CallKind(StrEnum):
    """来电类别: only a new matter becomes a ticket of its own."""

    NEW = "新诉求"
    PROGRESS = "进度查询"
    ADDITION = "补充情况"
    WITHDRAWAL = "撤销诉求"
    REPLY = "单位回复"


class EscalationLevel(StrEnum):
    """Rungs of the ladder above 主责单位 (细则-8); the last is a hint only and never automatic."""

    GRID = "综合网格"
    LEADERS = "镇领导"
    SUPERVISION = "纪检监察"


class Territory(StrEnum):
    """Where the matter lies, as far as text and address tell."""

    OURS = "本镇"
    OTHER = "外街镇"
    UNCLEAR = "不明"


@dataclass(frozen=True, slots=True)
class Request:
    """What the desk knows of a call. ``called_at`` is aware; ``place_is_ours`` is the operator's word over rule 2.

    ``topic_code`` is the operator's own choice of topic (empty: follow the model); the rules then work from it.
    """

    text: str
    called_at: datetime
    address: str = ""
    caller_phone: str = ""
    place_is_ours: bool = False
    topic_code: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One proposed value with its calibrated score (0..1)."""

    code: str
    name: str
    score: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a topic was proposed: a passage (kind 文档) or labelled example (kind 示例) with its similarity (0..1)."""

    kind: str
    code: str
    title: str
    text: str
    score: float


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the model says: at most three of each, best first, and which model and data said it."""

    types: tuple[Candidate, ...]
    topics: tuple[Candidate, ...]
    units: tuple[Candidate, ...]
    band: Band
    evidence: tuple[Evidence, ...]
    model_version: str
    data_hash: str


@dataclass(frozen=True, slots=True)
class Place:
    """The place as read from address and text; ``matched`` is the words that decided it.

    ``question`` is what to ask the caller where a name means several places, with the choices; empty: nothing to ask.
    """

    territory: Territory
    community_code: str = ""
    community: str = ""
    street: str = ""
    matched: str = ""
    question: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule says: ``fired`` False entries form the trace. ``sentence`` is Chinese and can be read aloud."""

    rule: str
    order: int
    clause: str
    fired: bool
    sentence: str
    effect: str = ""


@dataclass(frozen=True, slots=True)
class Banner:
    """Red banner of rule 1: the number to transfer to and the words that gave the alarm."""

    number: str
    sentence: str
    matched: str


@dataclass(frozen=True, slots=True)
class Clock:
    """One service-level clock. ``deadline`` is exclusive: 24:00 of a day is 00:00 of the next (Asia/Shanghai)."""

    name: str
    clause: str
    working_days: int
    start: datetime
    deadline: datetime
    provisional: bool
    why: str


@dataclass(frozen=True, slots=True)
class Citation:
    """Source of one sentence of the answer."""

    document_id: str
    title: str
    section: str
    in_force_from: date
    status: str
    basis: str


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence of an answer and the number (from 1) of the citation that carries it."""

    text: str
    source: int


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Two documents in force that say different things of the same matter; ``what`` tells the difference (Chinese)."""

    what: str
    first: str
    first_title: str
    first_from: date
    second: str
    second_title: str
    second_from: date


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another document that may be meant, with its own wording: the operator, who hears the caller, chooses."""

    document_id: str
    title: str
    text: str
    in_force_from: date
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """Suggested answer: extracts with citations; ``found`` False means 知识库暂无答案 and ``text`` says who knows.

    ``kind``: 标准口径 (read as it stands) or 摘录. Documents that disagree are shown in ``disagreements``, not blended;
    ``others`` may be meant instead.
    """

    found: bool
    text: str
    citations: tuple[Citation, ...] = ()
    mark: str = ""
    kind: str = ""
    sentences: tuple[Said, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()
    others: tuple[Alternative, ...] = ()


@dataclass(frozen=True, slots=True)
class UnitRef:
    """A unit of the town pack by code and name."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class CallNature:
    """What kind of call it is, the ``words`` that decided (none for a new matter) and the ticket ``numbers`` named."""

    kind: CallKind = CallKind.NEW
    words: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()


NEW_CALL = CallNature()


@dataclass(frozen=True, slots=True)
class Related:
    """An earlier ticket that this call may be about, and why; ``lead`` has it or had it last.

    Only a ``sure`` one decides anything; the others are shown to be looked at.
    """

    number: str
    open: bool
    lead: UnitRef | None
    sentence: str
    why: str = ""
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Matter:
    """One of several matters in a call, with the unit that the duty list names for it (None: not the town's)."""

    text: str
    topic: Candidate
    lead: UnitRef | None


@dataclass(frozen=True, slots=True)
class Escalation:
    """A rung that may be climbed, and who may submit it (细则-8); nothing is submitted by itself."""

    level: EscalationLevel
    by: UnitRef | None
    reason: str
    tickets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Recommendation:
    """What the rules make of a proposal; the desk shows exactly this and stores it with the ticket.

    ``linked`` is the number of the earlier ticket that this call belongs to (empty: none).
    """

    proposal: Proposal
    outcome: Outcome
    place: Place
    topic: Candidate | None
    lead: UnitRef | None
    support: tuple[UnitRef, ...]
    ledger: str
    referral: str
    banner: Banner | None
    findings: tuple[Finding, ...]
    clocks: tuple[Clock, ...]
    answer: Answer
    pack_version: str
    kind: CallKind = CallKind.NEW
    related: tuple[Related, ...] = ()
    kind_words: tuple[str, ...] = ()
    linked: str = ""
    matters: tuple[Matter, ...] = ()
    escalations: tuple[Escalation, ...] = ()


@dataclass(frozen=True, slots=True)
class Override:
    """A field where the person did not follow the recommendation, and why (reason is required)."""

    field_name: str
    proposed: str
    chosen: str
    reason: str


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What the person decided. Codes refer to the town pack of the call's day."""

    ticket_type: TicketType
    topic_code: str
    outcome: Outcome
    lead_code: str
    support_codes: tuple[str, ...]
    overrides: tuple[Override, ...] = field(default=())
