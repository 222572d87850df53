"""What asking a model costs and how it can fail (pure)."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

AnswerFormat = Literal["json_schema", "json_object", "text"]


class Fault(StrEnum):
    """Why there is no second opinion; the value is what the desk says in its one line."""

    UNREACHABLE = "模型连不上"
    REFUSED = "模型拒绝了请求"
    SLOW = "模型超时未答完"
    BROKEN = "模型的回答中断了"
    FORM = "模型的回答不合格式，已作废"
    LARGE = "模型的回答过长，已作废"
    ORDERS = "来电内容里有写给系统的指令，未送模型"
    LEAK = "遮盖个人信息没有把握，未送模型"
    BUDGET = "今日额度已用完"
    TOO_LONG = "内容太长，超过单次额度"
    BUSY = "正在排队的请求太多"
    PAUSED = "模型连续出错，暂停片刻"


class AskError(Exception):
    """No second opinion: ``fault`` for the desk, ``detail`` (Chinese) for the log and the doctor; never any text."""

    def __init__(self, fault: Fault, detail: str = "", *, passing: bool = False) -> None:
        super().__init__(f"{fault.value}{f'：{detail}' if detail else ''}")
        self.fault = fault
        self.detail = detail
        self.passing = passing


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An OpenAI-compatible model: ``url`` ends in the version (…/v1); ``key`` may be empty."""

    url: str
    model: str
    key: str = ""
    answer_format: AnswerFormat = "json_schema"


@dataclass(frozen=True, slots=True)
class CallLimits:
    """Bounds of one question: ``seconds`` for everything, tokens of the answer, retries after a passing failure."""

    seconds: float = 20.0
    answer_tokens: int = 700
    retries: int = 1
    backoff_s: float = 0.5


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of all attempts of one question; ``estimated`` where the server did not count."""

    tokens_in: int = 0
    tokens_out: int = 0
    attempts: int = 0
    estimated: bool = False


def estimated_tokens(text: str) -> int:
    """Tokens of a text, rather too many than too few: one for every Chinese character, one for three others."""
    wide = sum(1 for c in text if ord(c) > 0x2E7F)
    return wide + (len(text) - wide + 2) // 3
