"""What happens next to an invented ticket: one step of those its state allows, drawn by weight."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from intake.application.handle import At, Callback, Closing, Handle, Returning
from intake.demo.people import MANAGER, OPERATORS, unit_person
from intake.domain.access import Principal
from intake.domain.codes import Complaint, Finding, NoContact, Result, ReturnReason
from intake.domain.states import TicketState
from intake.domain.ticket import SHANGHAI, Ticket
from intake.domain.ticket_file import TicketFile

S = TicketState
FACTS = (
    "{day}日到现场查看，来电人所说的情况存在，已拍照留存",
    "{day}日与物业、居委会一同核实，问题出在公共部位",
    "{day}日现场没有发现所说的情况，已向来电人说明",
)
ANSWERS = (
    "已电话告知来电人处理经过，问题当天整改完毕，后续每周复查",
    "已向来电人解释相关规定和办理途径，并留了经办科室的联系方式",
    "已与来电人约定整改期限，到期复查后再次电话告知",
)


@dataclass(frozen=True, slots=True)
class Move:
    """A possible step: weight, who takes it, hours until it is taken (from, to), and the call."""

    weight: float
    who: Principal
    hours: tuple[float, float]
    take: Callable[[Handle, At], Ticket]


def moves(ticket: Ticket, file: TicketFile, units: Sequence[str], random: Random) -> list[Move]:
    """Every step that this state allows in the demonstration; none in a final state."""
    lead = ticket.lead.code if ticket.lead else random.choice(list(units))
    unit, desk = unit_person(file.lead_code or lead), random.choice(OPERATORS)
    other = random.choice([code for code in units if code != lead])
    give_up = Move(0.015, desk, (1, 40), lambda h, at: h.withdraw(at, "来电人表示问题已自行解决（演示）"))
    match ticket.state:
        case S.PENDING:
            # A return that was upheld waits for another unit; everything else goes to its own.
            return [Move(1.0, MANAGER, (0.2, 6), lambda h, at: h.dispatch(at, lead)), give_up]
        case S.DISPATCHED | S.CONTACT:
            return [*_first_contact(ticket, unit, other), give_up]
        case S.HANDLING:
            return [*_handling(file, unit, other, random), give_up]
        case S.CALLBACK:
            return _callbacks(desk, random)
        case S.RESOLVED:
            return [Move(1.0, unit, (0.1, 8), lambda h, at: h.report(at))]
        case S.RETURNED:
            return [
                Move(
                    0.6, MANAGER, (2, 30), lambda h, at: h.decide_return(at, True, "职责清单属另一单位（演示）", other)
                ),
                Move(0.4, MANAGER, (2, 30), lambda h, at: h.decide_return(at, False, "属首接单位职责（演示）")),
            ]
        case S.GRID | S.LEADERS:
            return [Move(1.0, MANAGER, (10, 70), lambda h, at: h.conclude(at, "由原单位牵头，相关单位配合（演示）"))]
    return []


def _first_contact(ticket: Ticket, unit: Principal, other: str) -> list[Move]:
    late = (26, 60)  # after the first-contact term: such tickets must be seen too
    steps = [
        Move(0.62, unit, (0.5, 14), lambda h, at: h.contact(at, "演示经办", note="已电话了解情况")),
        Move(0.06, unit, late, lambda h, at: h.contact(at, "演示经办", note="迟了，已致歉")),
        Move(0.08, unit, (1, 10), lambda h, at: h.contact_tried(at, "电话无人接听（演示）")),
        Move(0.05, unit, (2, 12), lambda h, at: h.contact_waived(at, NoContact.DECLINED)),
        Move(0.08, unit, (1, 12), lambda h, at: h.send_back(at, _returning(other))),
    ]
    if ticket.state is S.DISPATCHED:
        steps.append(Move(0.9, unit, (0.2, 5), lambda h, at: h.acknowledge(at)))
    return steps


def _handling(file: TicketFile, unit: Principal, other: str, random: Random) -> list[Move]:
    current = file.current
    if current is not None and current.asked is not None:
        until = current.asked.until
        return [
            Move(0.8, MANAGER, (1, 20), lambda h, at: h.decide_extension(at, True, until, "情况属实，同意（演示）")),
            Move(0.2, MANAGER, (1, 20), lambda h, at: h.decide_extension(at, False, until, "理由不足（演示）")),
        ]
    closing = _closing(random)
    steps = [
        Move(0.70, unit, (6, 100), lambda h, at: h.close(at, closing(at.now))),
        Move(0.10, unit, (130, 220), lambda h, at: h.close(at, closing(at.now))),
        Move(0.05, unit, (4, 60), lambda h, at: h.to_grid(at, "涉及几个部门，需要综合网格协调（演示）")),
        Move(0.03, MANAGER, (20, 90), lambda h, at: h.to_leaders(at, "多次协调未果，请镇领导协调（演示）")),
        Move(0.03, unit, (1, 20), lambda h, at: h.send_back(at, _returning(other))),
    ]
    if current is not None and current.extended_until is None:
        steps.append(
            Move(0.08, unit, (10, 80), lambda h, at: h.ask_extension(at, _later(at.now), "需要材料和施工时间（演示）"))
        )
    return steps


def _callbacks(desk: Principal, random: Random) -> list[Move]:
    bad = random.choice((Complaint.UNSOLVED, Complaint.PARTIAL, Complaint.AGAIN))
    cold = random.choice((Complaint.SLOW, Complaint.ATTITUDE, Complaint.POLICY))
    return [
        Move(0.72, desk, (1, 26), lambda h, at: h.callback(at, Callback(True, True, True))),
        Move(0.09, desk, (1, 26), lambda h, at: h.callback(at, Callback(True, True, False, cold, "演示"))),
        Move(0.11, desk, (1, 26), lambda h, at: h.callback(at, Callback(False, False, False, bad, "演示"))),
        Move(0.08, desk, (1, 20), lambda h, at: h.callback_tried(at, "电话无人接听（演示）")),
    ]


def _closing(random: Random) -> Callable[[datetime], Closing]:
    facts, answer = random.choice(FACTS), random.choice(ANSWERS)
    finding = random.choice((Finding.TRUE, Finding.TRUE, Finding.PARTLY, Finding.UNTRUE))
    result = random.choice((Result.SOLVED, Result.SOLVED, Result.EXPLAINED, Result.IMPOSSIBLE))
    visited = random.random() < 0.6

    def make(now: datetime) -> Closing:
        day = f"{now.astimezone(SHANGHAI).month}月{now.astimezone(SHANGHAI).day}"
        seen = now if visited else None
        return Closing(finding, facts.format(day=day), result, answer, visited_at=seen)

    return make


def _returning(other: str) -> Returning:
    return Returning(ReturnReason.CROSSING, other, "职责清单所列事项（演示）", "不属本单位职责（演示）")


def _later(now: datetime) -> date:
    return (now.astimezone(SHANGHAI) + timedelta(days=12)).date()
