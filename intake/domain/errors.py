"""What the desk refuses, in words for the person: what happened, what was kept, what to do."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """One field that is wrong, and why, in Chinese."""

    field: str
    message: str


class DeskError(Exception):
    """A refusal with a Chinese title, detail and remedy; ``problems`` names the fields."""

    def __init__(self, title: str, detail: str, remedy: str, problems: tuple[FieldProblem, ...] = ()) -> None:
        super().__init__(f"{title}：{detail}{remedy}")
        self.title = title
        self.detail = detail
        self.remedy = remedy
        self.problems = problems


class InvalidInputError(DeskError):
    """Something that was typed or sent cannot be used."""


class NotFoundError(DeskError):
    """No such thing, or not for this person's eyes."""


class ForbiddenError(DeskError):
    """The role does not allow this."""


class ConflictError(DeskError):
    """The same key or name is already taken by something else."""


class NotReadyError(DeskError):
    """A part of the desk (index, model, town pack, database) is not available."""


class LoginFailedError(DeskError):
    """Name or password is wrong, or the account is closed."""


class ThrottledError(DeskError):
    """Too many failed logins; ``seconds`` says how long to wait."""

    def __init__(self, title: str, detail: str, remedy: str, seconds: int) -> None:
        super().__init__(title, detail, remedy)
        self.seconds = seconds


class UnknownTransitionError(ConflictError):
    """The event is not allowed in this state (细则-4-1)."""

    def __init__(self, detail: str) -> None:
        super().__init__("这一步现在不能做", f"{detail}。", "没有改动任何数据。请刷新工单，看清现在的状态后再办理。")


class StaleTicketError(ConflictError):
    """Somebody else changed the ticket since it was opened; the detail says what was done by whom."""


def invalid(
    problems: tuple[FieldProblem, ...], kept: str = "您填写的内容都还在，没有保存任何半截数据。"
) -> InvalidInputError:
    """Build the refusal for wrong fields; the detail joins their messages."""
    return InvalidInputError(
        "内容有误，未保存", "".join(p.message for p in problems), f"{kept}请修改后重新提交。", problems
    )
