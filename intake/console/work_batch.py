"""The same step for several tickets of a worklist; 办结 only for like problems of one 台账 (方案-1-2)."""

from collections.abc import Sequence
from html import escape

from intake.application.handle import At
from intake.application.services import Services
from intake.application.worklists import WorkPage
from intake.console.work_steps import Filled, take_step
from intake.domain.access import Principal
from intake.domain.errors import InvalidInputError

# The other steps say something about one caller: they are taken ticket by ticket.
BATCH = ("签收", "派单", "办结", "办结反馈")


def choices_of(page: WorkPage) -> list[tuple[str, str]]:
    """What can be ticked: label, and number with the version that is on the screen."""
    return [
        (f"{item.line.number} {item.line.topic_name} {item.line.lead_name}", f"{item.line.number} {item.line.version}")
        for item in page.items
    ]


def take_batch(services: Services, principal: Principal, picked: Sequence[str], label: str, filled: Filled) -> str:
    """Take the step for every ticked ticket, each on its own; returns what became of each as HTML.

    Raises InvalidInputError for nothing ticked, a step that is not for batches, or 办结 of unlike tickets.
    """
    if label not in BATCH:
        raise InvalidInputError("没有批量办理", f"“{label}”须逐张办理。", f"可批量的步骤：{'、'.join(BATCH)}。")
    if not picked:
        raise InvalidInputError("没有批量办理", "一张工单也没有勾选。", "请先勾选要一起办的工单。")
    now = services.clock()
    tickets = [At(number, int(version), principal, now) for number, version in (one.split(" ") for one in picked)]
    if label == "办结":
        _check_alike(services, principal, tickets)
    lines = services.handle.batch(tickets, lambda at: take_step(services.handle, label, at, filled))
    good = sum(not line.problem for line in lines)
    rows = "".join(f"<li>{escape(line.number)}：{escape(line.problem)}</li>" for line in lines if line.problem)
    kind = "failed" if rows else "saved"
    said = f"“{escape(label)}”办成 {good} 张" + (f"，{len(lines) - good} 张没有改动：<ul>{rows}</ul>" if rows else "。")
    return f'<div class="{kind}" data-testid="batch-done">{said}</div>'


def _check_alike(services: Services, principal: Principal, tickets: Sequence[At]) -> None:
    ledgers = {services.tickets.get(at.number, principal).ledger for at in tickets}
    if len(ledgers) != 1 or "" in ledgers:
        raise InvalidInputError(
            "没有批量办结",
            "批量办结只用于同一台账（如群租、无证设摊、停车管理）的同类问题。",
            "请只勾选同一台账的工单，其余逐张办结。没有改动任何工单。",
        )
