"""Short messages of the desk as HTML: who is logged in, what is missing, what was saved, what went wrong."""

from collections.abc import Iterable
from html import escape

from intake.application.services import Services
from intake.application.summarise import Summary
from intake.console.render import deadline
from intake.domain.access import Permission, Principal
from intake.domain.errors import DeskError
from intake.domain.ticket import Ticket

_TICKETS = (Permission.TICKET_READ, Permission.TICKET_READ_OWN)
# Path, title, and what one of which is needed: nobody is led to a page that turns him away.
PAGES = (
    ("", "坐席台", (Permission.SUGGEST,)),
    ("tickets", "工单查询", _TICKETS),
    ("work", "工作清单", _TICKETS),
    ("import", "导入", (Permission.IMPORT,)),
    ("knowledge", "知识库", (Permission.KNOWLEDGE,)),
    ("gaps", "缺口", (Permission.KNOWLEDGE,)),
    ("health", "体检", (Permission.KNOWLEDGE,)),
    ("hits", "命中测试", (Permission.KNOWLEDGE, Permission.EVALUATE)),
    ("model", "模型", (Permission.MODEL,)),
    ("second-opinion", "第二意见", (Permission.MODEL,)),
    ("places", "地名", (Permission.PLACES,)),
    ("evals", "评测", (Permission.EVALUATE,)),
)


def topbar_html(principal: Principal, services: Services) -> str:
    """Title, the pages, and who is logged in; says so when the town pack is the sample."""
    role = principal.role.value if principal.role else "系统"
    sample = ""
    if services.demo:
        sample = '<span class="sample" data-testid="demo" title="来电与办理经过均为虚构"><b>演示数据</b></span>'
    elif services.pack_is_sample:
        sample = (
            '<span class="sample" title="单位、事项、地名为演示用示例，正式使用前请由本镇替换">示例目录，请替换</span>'
        )
    links = "".join(
        f'<a href="/desk/{path}">{title}</a>'
        for path, title, needed in PAGES
        if any(principal.may(permission) for permission in needed)
    )
    return (
        f'<div class="topbar"><b>九亭镇便民服务专线 62112345</b>{links}'
        f'{sample}<span class="who">{escape(principal.name)}（{escape(role)}） <a href="/logout">退出</a></span></div>'
    )


def summary_html(summary: Summary, asking: bool = True) -> str:
    """The four elements as chips, missing ones marked, and the next question; in an emergency nobody is asked on."""
    parts = {"时间": summary.time, "地点": summary.place, "对象": summary.object, "诉求": summary.demand}
    chips = "".join(
        f'<span class="el miss">缺{name}</span>'
        if name in summary.missing
        else f'<span class="el"><b>{name}</b> {escape(value[:24])}</span>'
        for name, value in parts.items()
    )
    ask = (
        f'<p class="ask" data-testid="next-question">接着问：{escape(summary.next_question)}</p>'
        if summary.next_question and asking
        else ""
    )
    return f'<div class="elements" data-testid="elements">{chips}</div>{ask}'


def notices_html(notices: Iterable[str]) -> str:
    """Remarks that do not stop the call."""
    return "".join(f'<div class="notice">{escape(notice)}</div>' for notice in notices)


def saved_html(ticket: Ticket, created: bool, joined: bool = False) -> str:
    """What was saved, under which number, and when it is due."""
    verb = "已保存" if created else "此前已保存，未重复建单"
    if joined:
        verb = "已并入原工单，未另立新单"
    due = f"；最近时限 {deadline(min(c.deadline for c in ticket.clocks))}" if ticket.clocks else ""
    lead = f"，{escape(ticket.lead.name)}" if ticket.lead else ""
    number = escape(ticket.number)
    return (
        f'<div class="saved" data-testid="saved">{verb}：<a href="/desk/tickets?number={number}">{number}</a>'
        f"（{escape(ticket.outcome.value)}{lead}{due}）</div>"
    )


def failed_html(error: DeskError) -> str:
    """What happened, what was kept, what to do."""
    rows = "".join(f"<li>{escape(p.message)}</li>" for p in error.problems if p.message not in error.detail)
    more = f"<ul>{rows}</ul>" if rows else ""
    return (
        f'<div class="failed" role="alert" data-testid="failed"><b>{escape(error.title)}</b> {escape(error.detail)} '
        f"{escape(error.remedy)}{more}</div>"
    )
