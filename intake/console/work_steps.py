"""The steps of the loop as one small form: which boxes each step reads, and what it does with them (no Gradio here)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import TypeVar

from intake.application.handle import At, Callback, Closing, Handle, Returning
from intake.domain.codes import Complaint, Finding, NoContact, Result, ReturnReason
from intake.domain.errors import FieldProblem, invalid
from intake.domain.ticket import Ticket

Code = TypeVar("Code", bound=StrEnum)
_YES_NO = ("同意", "不同意")
_CALLBACK: Mapping[str, tuple[bool, bool, bool]] = MappingProxyType(
    {
        "已解决，满意": (True, True, True),
        "已解决，不满意": (True, True, False),
        "未解决，接受解释": (False, True, True),
        "未解决，接受解释但不满意": (False, True, False),
        "未解决，重新派单": (False, False, False),
    }
)


@dataclass(frozen=True, slots=True)
class Filled:
    """What was put into the form: ``words`` is reason, answer or note, ``facts`` a finding or other numbers."""

    option: str = ""
    second: str = ""
    unit: str = ""
    day: str = ""
    facts: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class FormStep:
    """One step: the labels of the boxes that it reads (empty: not read), their options, and the call."""

    take: Callable[[Handle, At, Filled], Ticket]
    words: str = ""
    facts: str = ""
    unit: str = ""
    day: str = ""
    options: tuple[str, ...] = ()
    seconds: tuple[str, ...] = ()


def take_step(handle: Handle, label: str, at: At, filled: Filled) -> Ticket:
    """Take the step of this label; raises InvalidInputError for an unknown one and whatever the step raises."""
    if label not in STEPS:
        raise invalid((FieldProblem("step", "请选择要办的步骤。"),), "没有改动任何数据。")
    return STEPS[label].take(handle, at, filled)


def _values(kind: type[StrEnum]) -> tuple[str, ...]:
    return tuple(member.value for member in kind)


def _code(kind: type[Code], value: str, label: str) -> Code:
    if value not in _values(kind):
        raise invalid((FieldProblem("option", f"请选择{label}。"),), "没有改动任何数据，您填写的内容都还在。")
    return kind(value)


def _day(value: str) -> date:
    try:
        return date.fromisoformat(value.strip())
    except ValueError as error:
        problem = FieldProblem("day", f"“{value[:20]}”不是有效的日期，请写成 2026-01-31 的样子。")
        raise invalid((problem,), "没有改动任何数据，您填写的内容都还在。") from error


def _granted(value: str) -> bool:
    if value not in _YES_NO:
        raise invalid((FieldProblem("option", "请选择同意或不同意。"),), "没有改动任何数据，您填写的内容都还在。")
    return value == "同意"


def _close(h: Handle, at: At, f: Filled) -> Ticket:
    finding, result = _code(Finding, f.option, "事实认定"), _code(Result, f.second, "办理结果")
    return h.close(at, Closing(finding, f.facts, result, f.words))


def _callback(h: Handle, at: At, f: Filled) -> Ticket:
    if f.option not in _CALLBACK:
        raise invalid((FieldProblem("option", "请选择来电人的意见。"),), "没有改动任何数据，您填写的内容都还在。")
    solved, accepted, satisfied = _CALLBACK[f.option]
    code = None if satisfied else _code(Complaint, f.second, "不满意原因")
    return h.callback(at, Callback(solved, accepted, satisfied, code, f.words))


STEPS: Mapping[str, FormStep] = MappingProxyType(
    {
        "签收": FormStep(lambda h, at, _: h.acknowledge(at)),
        "先行联系": FormStep(lambda h, at, f: h.contact(at, f.facts, note=f.words), "联系情况", "由谁联系"),
        "联系未果": FormStep(lambda h, at, f: h.contact_tried(at, f.words), "情况"),
        "未先行联系": FormStep(
            lambda h, at, f: h.contact_waived(at, _code(NoContact, f.option, "未联系原因"), f.words),
            "说明",
            options=_values(NoContact),
        ),
        "办结": FormStep(_close, "答复来电人的内容", "认定的事实", options=_values(Finding), seconds=_values(Result)),
        "办结反馈": FormStep(lambda h, at, _: h.report(at)),
        "退单": FormStep(
            lambda h, at, f: h.send_back(
                at, Returning(_code(ReturnReason, f.option, "退单原因"), f.unit, f.facts, f.words)
            ),
            "说明",
            "职责依据",
            "应由哪个单位办理",
            options=_values(ReturnReason),
        ),
        "申请延期": FormStep(lambda h, at, f: h.ask_extension(at, _day(f.day), f.words), "原因", day="延期至"),
        "提交综合网格": FormStep(lambda h, at, f: h.to_grid(at, f.words), "原因"),
        "催办答复": FormStep(lambda h, at, f: h.answer_urge(at, f.words), "答复"),
        "派单": FormStep(lambda h, at, f: h.dispatch(at, f.unit), unit="主责单位"),
        "回访": FormStep(_callback, "来电人的话", options=tuple(_CALLBACK), seconds=_values(Complaint)),
        "回访未接通": FormStep(lambda h, at, f: h.callback_tried(at, f.words), "情况"),
        "回访联系不上": FormStep(lambda h, at, f: h.callback_given_up(at, f.words), "情况"),
        "撤诉": FormStep(lambda h, at, f: h.withdraw(at, f.words), "原因"),
        "退单裁定": FormStep(
            lambda h, at, f: h.decide_return(at, _granted(f.option), f.words, f.unit),
            "理由",
            unit="同意时由哪个单位接手",
            options=_YES_NO,
        ),
        "延期审批": FormStep(
            lambda h, at, f: h.decide_extension(at, _granted(f.option), _day(f.day), f.words),
            "理由",
            day="申请延期至",
            options=_YES_NO,
        ),
        "镇领导协调": FormStep(lambda h, at, f: h.to_leaders(at, f.words), "原因"),
        "协调结论": FormStep(
            lambda h, at, f: h.conclude(at, f.words, f.unit), "结论", unit="另定主责单位（不填则原单位继续）"
        ),
        "效能监察提示": FormStep(
            lambda h, at, f: h.hint(at, f.words, f.facts.replace("，", " ").replace("、", " ").split()),
            "原因",
            "同一事项的其他工单编号",
        ),
    }
)
