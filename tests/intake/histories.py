"""Invented events for tests: one sample of each kind, and a random walk through the table (model-checked there)."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from random import Random

from intake.domain.codes import Complaint, Finding, NoContact, Result, ReturnReason
from intake.domain.events import (
    CallAccepted,
    CallerReferred,
    DispatchRequested,
    EmergencyTransferred,
    InquiryAnswered,
    SentToCentre,
    TicketDispatched,
    TicketEvent,
)
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
from intake.domain.ticket_file import TicketFile
from tests.intake.fakes import NOW

FACTS = "11月23日16时到亭中小区门口，有两个水果摊占道，已劝离"
ANSWER = "已电话答复来电人，摊位已清走，后续每晚巡查"


def resolved(at: datetime, unit: str = "ZFD", result: Result = Result.SOLVED) -> TicketResolved:
    return TicketResolved(at, "执法队员", unit, at, Finding.TRUE, FACTS, result, ANSWER, at)


def dispatched(at: datetime = NOW, unit: str = "ZFD") -> tuple[TicketEvent, ...]:
    """Accepted, confirmed and dispatched at one moment."""
    return (
        CallAccepted(at, "坐席甲", at, "投诉求助", "C01"),
        DispatchRequested(at, "坐席甲", unit),
        TicketDispatched(at, "坐席甲", 1, unit, ()),
    )


def to_callback(at: datetime = NOW, unit: str = "ZFD", result: Result = Result.SOLVED) -> tuple[TicketEvent, ...]:
    """The straight way to 待回访, one hour a step."""
    hour = timedelta(hours=1)
    return (
        *dispatched(at, unit),
        TicketAcknowledged(at + hour, "执法队员", unit),
        ContactMade(at + 2 * hour, "执法队员", unit, at + 2 * hour, "李四"),
        resolved(at + 3 * hour, unit, result),
        ResultReported(at + 3 * hour, "执法队员", unit),
    )


Maker = Callable[[datetime, TicketFile, Random], TicketEvent]
ACTOR = "某人"


def _later(file: TicketFile, random: Random, at: datetime) -> datetime:
    start = file.current.at if file.current else at
    return start + (at - start) * random.random()


def _callback(at: datetime, file: TicketFile, random: Random) -> TicketEvent:
    assert file.current is not None
    assert file.current.resolved is not None
    solved = random.random() < 0.6
    accepted = solved or (file.current.resolved.result is not Result.SOLVED and random.random() < 0.5)
    satisfied = accepted and random.random() < 0.7
    return CallbackMade(at, ACTOR, solved, accepted, satisfied, None if satisfied else Complaint.SLOW)


def _decided(at: datetime, file: TicketFile, random: Random) -> TicketEvent:
    upheld = random.random() < 0.5
    return ReturnDecided(at, ACTOR, upheld, "FGS" if file.lead_code != "FGS" else "ZFD", "按职责清单裁定")


def _answered(at: datetime, file: TicketFile, random: Random) -> TicketEvent:
    event = resolved(at, file.lead_code, random.choice(tuple(Result)))
    moment = _later(file, random, at)
    return TicketResolved(
        at, ACTOR, event.unit_code, at, event.finding, FACTS, event.result, ANSWER, answered_at=moment
    )


def _extension(at: datetime, file: TicketFile, random: Random) -> TicketEvent:
    asked = file.current.asked if file.current else None
    until = asked.until if asked else at.date()
    return ExtensionDecided(at, ACTOR, random.random() < 0.5, until, "情况属实")


def _last_day(at: datetime, file: TicketFile) -> date:
    extended = file.current.extended_until if file.current else None
    return max(at.date(), extended or at.date())


MAKERS: dict[type[TicketEvent], Maker] = {
    CallAccepted: lambda at, _f, _r: CallAccepted(at, ACTOR, at, "投诉求助", "C01"),
    DispatchRequested: lambda at, _f, _r: DispatchRequested(at, ACTOR, "ZFD"),
    SentToCentre: lambda at, _f, _r: SentToCentre(at, ACTOR),
    CallerReferred: lambda at, _f, _r: CallerReferred(at, ACTOR, "请向法院咨询。"),
    EmergencyTransferred: lambda at, _f, _r: EmergencyTransferred(at, ACTOR, "119"),
    InquiryAnswered: lambda at, _f, _r: InquiryAnswered(at, ACTOR, ("S01-juzhu",)),
    TicketDispatched: lambda at, f, r: TicketDispatched(at, ACTOR, f.next_round, r.choice(("ZFD", "FGS", "SQB")), ()),
    TicketAcknowledged: lambda at, f, _r: TicketAcknowledged(at, ACTOR, f.lead_code),
    ContactTried: lambda at, f, r: ContactTried(at, ACTOR, f.lead_code, _later(f, r, at), "无人接听"),
    ContactMade: lambda at, f, r: ContactMade(at, ACTOR, f.lead_code, _later(f, r, at), "李四"),
    ContactWaived: lambda at, f, _r: ContactWaived(at, ACTOR, f.lead_code, NoContact.ANONYMOUS),
    TicketResolved: _answered,
    ResultReported: lambda at, f, _r: ResultReported(at, ACTOR, f.lead_code),
    CallbackTried: lambda at, _f, _r: CallbackTried(at, ACTOR, "无人接听"),
    CallbackMade: _callback,
    CallbackGivenUp: lambda at, _f, _r: CallbackGivenUp(at, ACTOR, "多次拨打均无人接听"),
    TicketReturned: lambda at, f, _r: TicketReturned(
        at, ACTOR, f.lead_code, ReturnReason.PLACE, "GJB", "职责清单：路灯由规建办负责"
    ),
    ReturnDecided: _decided,
    ExtensionRequested: lambda at, f, r: ExtensionRequested(
        at,
        ACTOR,
        f.lead_code,
        max(at.date(), (f.current.extended_until if f.current else None) or at.date())
        + timedelta(days=r.randint(2, 9)),
        "等待物业业主大会表决",
    ),
    ExtensionDecided: _extension,
    SubmittedToGrid: lambda at, f, _r: SubmittedToGrid(at, ACTOR, f.lead_code, "涉及两家单位，协商不成"),
    RaisedToLeaders: lambda at, _f, _r: RaisedToLeaders(at, ACTOR, "多次协调未果"),
    CoordinationConcluded: lambda at, f, r: CoordinationConcluded(
        at, ACTOR, "由该单位牵头", r.choice(("", f.lead_code, "FGS"))
    ),
    SupervisionHinted: lambda at, _f, _r: SupervisionHinted(at, ACTOR, "多次反映仍拖延", ("JT1", "JT2")),
    UrgeAnswered: lambda at, f, _r: UrgeAnswered(at, ACTOR, f.lead_code, "今天下午到现场"),
    TicketWithdrawn: lambda at, _f, _r: TicketWithdrawn(at, ACTOR, "来电人说已自行解决"),
}
