"""Calls that ring and the caller's earlier tickets, as HTML; numbers are masked (pure)."""

from collections.abc import Iterable
from html import escape
from urllib.parse import quote

from intake.application.incoming import CallerView, RingingCall
from intake.console.render import SHANGHAI


def ringing_html(calls: Iterable[RingingCall]) -> str:
    """One bar per call; the link takes it (desk.js: here when the desk is empty, else on a page of its own)."""
    return "".join(
        '<div class="ringing" role="status" data-testid="ringing">'
        f"<b>来电 {escape(call.caller.phone or '号码未显示')}</b>"
        f"<span>{call.at.astimezone(SHANGHAI):%H:%M:%S}</span><span>该号码以往工单 {call.caller.total} 件</span>"
        f'<a class="take-call" data-call="{escape(call.call_id)}" '
        f'href="/desk/?call={quote(call.call_id, safe="")}" rel="noopener">接听并登记</a></div>'
        for call in calls
    )


def caller_html(caller: CallerView) -> str:
    """The earlier tickets of who is on the line; nothing while there are none."""
    if not caller.total:
        return ""
    rows = "".join(
        f'<li><a href="/desk/tickets?number={escape(line.number)}" target="_blank" rel="noopener">'
        f"{escape(line.number)}</a> {line.called_at.astimezone(SHANGHAI):%m-%d} {escape(line.state.value)} "
        f"{escape(line.topic_name)} {escape(line.excerpt[:24])}</li>"
        for line in caller.tickets
    )
    more = f"（列最近 {len(caller.tickets)} 件）" if caller.total > len(caller.tickets) else ""
    return (
        f'<div class="notice caller" data-testid="caller">来电人 {escape(caller.phone)} · '
        f"该号码以往工单 {caller.total} 件{more}<ul>{rows}</ul></div>"
    )
