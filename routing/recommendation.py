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
    """What is done with the call. Rules recommend any but ``ANSWERED``: that an inquiry is settled, a person says."""

    DISPATCH = "派单"
    EMERGENCY = "紧急转接"
    NOT_OURS = "告知"
    CENTRE = "转城运中心研判"
    ASK = "继续询问"
    ANSWERED = "当场答复"
    JOINED = "并入原工单"


class CallKind(StrEnum):
    """What the call is about: something new, or a ticket that exists."""

    NEW = "新诉求"
    PROGRESS = "进度查询"
    ADDITION = "补充情况"
    WITHDRAWAL = "撤销诉求"
    REPLY = "单位回复"


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
    """The place as read from address and text; ``matched`` is the words that decided it."""

    territory: Territory
    community_code: str = ""
    community: str = ""
    street: str = ""
    matched: str = ""


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
class Answer:
    """Suggested answer: extracts with citations; ``found`` False means 知识库暂无答案 and ``text`` says who knows."""

    found: bool
    text: str
    citations: tuple[Citation, ...] = ()
    mark: str = ""


@dataclass(frozen=True, slots=True)
class UnitRef:
    """A unit of the town pack by code and name."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Related:
    """An earlier ticket that this call may be about, and why; ``lead`` has it or had it last."""

    number: str
    open: bool
    lead: UnitRef | None
    sentence: str


@dataclass(frozen=True, slots=True)
class Recommendation:
    """What the rules make of a proposal; the desk shows exactly this and stores it with the ticket."""

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
