"""A call that rings: what the town's telephone system says of it, checked (pure)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from intake.domain.call import clean_text
from intake.domain.errors import FieldProblem
from intake.domain.privacy import normalise_phone, phone_problem

MAX_ID = 100
MAX_LINE = 30
OLDEST = timedelta(hours=1)
AHEAD = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class IncomingCall:
    """``phone`` is empty when the caller hides it; ``line`` is the number that was called; times are aware."""

    call_id: str
    phone: str
    line: str
    at: datetime
    received_at: datetime
    taken_by: str = ""
    taken_at: datetime | None = None


def announced(call_id: str, phone: str, line: str, at: datetime, now: datetime) -> IncomingCall:
    """The call as announced; a number that is none (``anonymous``) counts as hidden."""
    number = normalise_phone(clean_text(phone))
    return IncomingCall(clean_text(call_id), "" if phone_problem(number) else number, clean_text(line), at, now)


def call_problems(call: IncomingCall, now: datetime) -> tuple[FieldProblem, ...]:
    """What is wrong with an announcement; empty when nothing is."""
    problems = []
    if not call.call_id or len(call.call_id) > MAX_ID:
        problems.append(FieldProblem("call_id", f"来电编号须为 1～{MAX_ID} 个字符。"))
    if len(call.line) > MAX_LINE:
        problems.append(FieldProblem("to", f"被叫号码超过 {MAX_LINE} 个字符。"))
    if call.at.tzinfo is None:
        problems.append(FieldProblem("at", "来电时间须带时区，如 2026-11-23T10:05:00+08:00。"))
    elif not now - OLDEST <= call.at <= now + AHEAD:
        problems.append(FieldProblem("at", "来电时间与现在相差太多（一小时前至五分钟后），请核对电话系统的时钟。"))
    return tuple(problems)
