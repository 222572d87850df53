"""Where a ticket can stand (附件3); each state names the step that is due next, so that nothing waits unseen."""

from enum import StrEnum


class TicketState(StrEnum):
    """Where a ticket stands; values are shown and stored."""

    ACCEPTED = "受理"
    PENDING = "待派单"
    DISPATCHED = "已派单"
    CONTACT = "先行联系"
    HANDLING = "办理"
    RESOLVED = "办结反馈"
    CALLBACK = "待回访"
    ARCHIVED = "归档"
    RETURNED = "退单待裁定"
    GRID = "综合网格协调"
    LEADERS = "镇领导协调"
    REFERRED = "已告知"
    TRANSFERRED = "已紧急转接"
    ANSWERED = "已当场答复"
    WITHDRAWN = "已撤诉"


S = TicketState
FINAL = frozenset({S.ARCHIVED, S.REFERRED, S.TRANSFERRED, S.ANSWERED, S.WITHDRAWN})
OPEN = tuple(state for state in TicketState if state not in FINAL)
# A unit holds the ticket and its clocks run; a return that is not yet decided changes nothing in that (首接负责制).
HELD = (S.DISPATCHED, S.CONTACT, S.HANDLING)
ASIDE = (S.RETURNED, S.GRID, S.LEADERS)
