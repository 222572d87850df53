"""Draw one saved ticket: the form of 附件2, findings with clauses, clocks with rule, start, deadline and why (pure)."""

from collections.abc import Iterable
from datetime import datetime
from html import escape

from intake.application.queries import TicketPage, as_shown
from intake.console.render import answer_html, clocks_html, deadline, findings_html, moment, place_html
from intake.domain.confirmation import LABELS
from intake.domain.ticket import Ticket, form_rows, names_of
from intake.domain.ticket_file import TicketFile


def ticket_html(
    ticket: Ticket,
    history: Iterable[tuple[datetime, str, str]],
    now: datetime,
    file: TicketFile | None = None,
    timers: str = "",
) -> str:
    """The ticket page; ``history`` holds (moment, actor, sentence) in order, ``timers`` the drawn running clocks."""
    ticket = as_shown(ticket)
    rows = "".join(
        f"<tr><th>{escape(label)}</th><td>{escape(value)}</td></tr>" for label, value in form_rows(ticket, file)
    )
    topic = f"{ticket.topic.code} {ticket.topic.name}" if ticket.topic else "—"
    support = "、".join(u.name for u in ticket.support) or "—"
    chips = (
        f'<span class="chip out-dispatch" data-testid="state">{escape(ticket.state.value)}</span>'
        f'<span class="chip">{escape(ticket.outcome.value)}</span>'
        + (f'<span class="chip">市平台 {escape(ticket.external)}</span>' if ticket.external else "")
        + (f'<span class="chip ledger">台账：{escape(ticket.ledger)}</span>' if ticket.ledger else "")
    )
    timeline = "".join(
        f"<li>{moment(at)} <b>{escape(actor)}</b> {escape(sentence)}</li>" for at, actor, sentence in history
    )
    printed = f"/api/v1/tickets/{escape(ticket.number)}/form"
    warnings = "".join(f'<div class="notice">{escape(w)}</div>' for w in ticket.warnings)
    return (
        f'<div class="panel" data-testid="ticket"><div class="verdict"><b>{escape(ticket.number)}</b>'
        f"<span>第 {ticket.round} 轮</span>{chips}</div>{warnings}"
        f'<h4>工单信息记录表（附件2）<a class="print" data-testid="print" href="{printed}">打印（Word）</a></h4>'
        f'<table class="form2">{rows}'
        f"<tr><th>诉求事项</th><td>{escape(topic)}</td></tr><tr><th>协办单位</th><td>{escape(support)}</td></tr></table>"
        + '<p class="why">完整号码：在“工作清单”打开本单，按“查看号码（记录）”。</p>'
        + place_html(ticket.recommendation.place)
        + (timers or clocks_html(ticket.clocks, now))
        + findings_html(ticket.findings)
        + _confirmation_html(ticket)
        + answer_html(ticket.answer)
        + f'<h4>经过</h4><ul class="timeline">{timeline}</ul>'
        f'<p class="version">模型 {escape(ticket.model_version)} · 规则库 {escape(ticket.pack_version)} · '
        f"由 {escape(ticket.created_by)} 于 {moment(ticket.created_at)} 保存</p></div>"
    )


def _confirmation_html(ticket: Ticket) -> str:
    overrides = ticket.confirmation.overrides
    if not overrides:
        return "<h4>人工确认</h4><p>坐席采纳了全部建议。</p>"
    names = names_of(ticket)

    def said(codes: str) -> str:
        return escape("、".join(names.get(code, code) for code in codes.split("、")) or "空")

    rows = "".join(
        f"<li>{escape(LABELS[o.field_name])}：建议“{said(o.proposed)}”，改为“{said(o.chosen)}”"
        + (f"，原因：{escape(o.reason)}" if o.reason else "")
        + "</li>"
        for o in overrides
    )
    return f"<h4>人工确认</h4><ul>{rows}</ul>"


def page_html(page: TicketPage) -> str:
    """Search result as a table; each number leads to its ticket."""
    if not page.items:
        return '<p class="none" data-testid="no-hits">没有符合条件的工单。可放宽时间或减少条件再查。</p>'
    head = "".join(
        f"<th>{h}</th>"
        for h in ("工单编号", "来电日期", "类型", "状态", "事项", "承办单位", "地址", "摘要", "最近时限")
    )
    rows = []
    for line in page.items:
        due = deadline(line.next_deadline) if line.next_deadline else "—"
        cells = (
            moment(line.called_at),
            line.ticket_type,
            line.state,
            line.topic_name,
            line.lead_name,
            line.address,
            line.excerpt,
            due,
        )
        link = f'<td><a href="/desk/tickets?number={escape(line.number)}">{escape(line.number)}</a></td>'
        rows.append("<tr>" + link + "".join(f"<td>{escape(str(c))}</td>" for c in cells) + "</tr>")
    return (
        f'<p data-testid="total">共 {page.total} 件，第 {page.page}/{page.pages} 页</p>'
        f'<table class="form2 hits"><tr>{head}</tr>{"".join(rows)}</table>'
    )
