"""Draw a worklist and the running clocks of a ticket (pure)."""

from collections.abc import Sequence
from datetime import datetime
from html import escape

from intake.application.worklists import WorkPage
from intake.console.render import deadline, moment
from intake.domain.clocks import Terms, TicketClock, say_left

TITLES = ("工单编号", "剩余工作时间", "时限", "到期", "状态", "轮次", "事项", "主责单位", "地址", "摘要")


def worklist_html(page: WorkPage) -> str:
    """One list as a table, the least working time left on top; each number leads to its ticket."""
    total = page.counts[page.which]
    head = f'<p data-testid="work-total">{page.which.value} 共 {total} 件，第 {page.page} 页</p>'
    if not page.items:
        return head + '<p class="none">这个清单现在没有工单。</p>'
    rows = []
    for item in page.items:
        line = item.line
        number = escape(line.number)
        late = " late" if item.left.startswith("超期") else ""
        mark = '<span class="chip provisional">暂定</span>' if item.provisional else ""
        due = deadline(line.due) if line.due else "—"
        cells = (item.clock, due, line.state.value, line.round, line.topic_name, line.lead_name, line.address)
        rows.append(
            f'<tr><td><a href="/desk/tickets?number={number}">{number}</a></td>'
            f'<td class="left{late}">{escape(item.left) or "—"}{mark}</td>'
            + "".join(f"<td>{escape(str(cell))}</td>" for cell in (*cells, line.excerpt))
            + "</tr>"
        )
    numbers = ",".join(item.line.number for item in page.items)
    head += f'<p><a class="print" href="/api/v1/tickets/forms?numbers={numbers}">打印本页工单表（Word）</a></p>'
    header = "".join(f"<th>{title}</th>" for title in TITLES)
    return f'{head}<table class="form2 hits"><tr>{header}</tr>{"".join(rows)}</table>'


def timers_html(timers: Sequence[TicketClock], terms: Terms, now: datetime) -> str:
    """Each clock with rule, clause, start, first deadline, extension, working time left, and why."""
    rows = []
    for clock in timers:
        mark = '<span class="chip provisional">暂定</span>' if clock.provisional else ""
        extended = f"，延期至 <b>{deadline(clock.extended)}</b>" if clock.extended else ""
        late = " late" if clock.overdue(now) else ""
        rows.append(
            f"<li><b>第 {clock.round} 轮 {escape(clock.name)}</b> "
            f'<span class="clause">{escape(clock.clause)}</span>{mark} '
            f'<span class="left{late}">{escape(say_left(clock, now, terms.calendar))}</span>'
            f"<div>起 {moment(clock.start)} → 止 <b>{deadline(clock.deadline)}</b>{extended}</div>"
            f'<div class="why">{escape(clock.why)}</div></li>'
        )
    return f'<div class="clocks"><h4>时限</h4><ul>{"".join(rows)}</ul></div>'
