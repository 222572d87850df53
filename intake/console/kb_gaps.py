"""The page 知识缺口: what callers ask and no document answers, most frequent first; from a group to a draft."""

from html import escape
from typing import Any

import gradio as gr

from intake.application.gaps import DAYS, GapReport
from intake.application.services import Services
from intake.console.desk_actions import DeskActions
from intake.console.messages import failed_html, topbar_html
from intake.console.render import SHANGHAI
from intake.console.theme import PRESSED_JS
from intake.domain.errors import DeskError
from knowledge.gaps import Gap

MOST = 60
SHOWN_CALLS = 6


class GapActions:
    """Handlers of the page over the use cases."""

    def __init__(self, services: Services, desk: DeskActions) -> None:
        self._services = services
        self._desk = desk

    def open(self, request: gr.Request, days: str) -> list[str]:
        """Top bar and the groups."""
        return [topbar_html(self._desk.principal(request), self._services), *self.look(request, days)]

    def look(self, request: gr.Request, days: str) -> list[str]:
        """The groups of so many days."""
        principal = self._desk.principal(request)
        try:
            report = self._services.gaps.report(principal, int(days))
            topics = {t.code: t.name for t in self._services.directory.topics(self._services.clock().date())}
        except DeskError as error:
            return ["", failed_html(error)]
        return ["", gaps_html(report, topics)]

    def draft(self, request: gr.Request, days: str, number: str) -> list[str]:
        """Make a draft of one group and say where it is."""
        principal = self._desk.principal(request)
        try:
            made = self._services.gaps.draft(principal, int(days), int(number or 0))
        except DeskError as error:
            return [failed_html(error), self.look(request, days)[1]]
        link = f'<a href="/desk/knowledge?id={escape(made.id)}">{escape(made.id)}</a>'
        told = f"已生成草稿 {link}，还不会用来答复。请打开补写答复和依据，检查后再发布。"
        return [f'<div class="saved" data-testid="gap-draft">{told}</div>', self.look(request, days)[1]]


def gaps_html(report: GapReport, topics: dict[str, str]) -> str:
    """Counts, and a row a group with its bar, example, other calls, and the way to a draft."""
    cards = (
        f'<div class="cards"><div class="card"><b>{len(report.gaps)}</b><span>组问题</span></div>'
        f'<div class="card"><b>{report.unanswered}</b><span>次来电没有答案</span></div>'
        f'<div class="card"><b>{report.rejected}</b><span>次答复未采用</span></div></div>'
    )
    if not report.gaps:
        return cards + f"<p>{report.since.astimezone(SHANGHAI):%Y-%m-%d} 以来没有缺口。</p>"
    most = report.gaps[0].count
    rows = "".join(_row(n, gap, most, topics) for n, gap in enumerate(report.gaps[:MOST], start=1))
    more = f"<p>共 {len(report.gaps)} 组，只列出最多的 {MOST} 组。</p>" if len(report.gaps) > MOST else ""
    head = "<tr><th>次数</th><th>事项</th><th>来电人这样问</th><th>最近</th><th></th></tr>"
    return (
        f'{cards}<table class="runs gaps" data-testid="gaps"><thead>{head}</thead><tbody>{rows}</tbody></table>{more}'
    )


def _row(number: int, gap: Gap, most: int, topics: dict[str, str]) -> str:
    share = round(gap.count / most * 100)
    others = [call for call in gap.calls if call is not gap.example]
    listed = "".join(f"<li>{_call(call.text)}（{escape(call.why)}）</li>" for call in others[:SHOWN_CALLS])
    rest = f"<li>还有 {len(others) - SHOWN_CALLS} 次</li>" if len(others) > SHOWN_CALLS else ""
    folded = f"<details><summary>另外 {len(others)} 次</summary><ul>{listed}{rest}</ul></details>" if others else ""
    reason = "" if gap.example.why == "没有答案" else f' <span class="why">{escape(gap.example.why)}</span>'
    used = dict.fromkeys(key for call in gap.calls for key in call.documents)
    reason += "".join(f' <a href="/desk/knowledge?id={escape(key)}">打开 {escape(key)}</a>' for key in used)
    button = (
        f'<button class="small-button" data-press="make-draft" data-value="{number}">生成草稿</button>'
        if gap.topic
        else ""
    )
    return (
        f'<tr><td><span class="bar" style="width:70px"><i style="width:{share}%"></i></span> {gap.count}</td>'
        f"<td>{escape(gap.topic)} {escape(topics.get(gap.topic, ''))}</td>"
        f"<td>{_call(gap.example.text)}{reason}{folded}</td>"
        f"<td>{gap.last.astimezone(SHANGHAI):%m-%d}</td><td>{button}</td></tr>"
    )


def _call(text: str) -> str:
    plain = " ".join(text.split())
    return escape(plain if len(plain) <= 90 else plain[:90] + "…")


def build_gaps(page: Any, actions: GapActions) -> None:
    """Lay the page out and wire it."""
    top = gr.HTML(elem_id="top")
    with gr.Row():
        gr.Markdown(
            "没有答案的来电和没有采用的答复，按问的是不是一件事归成组，问得最多的排在前面。姓名和电话已隐去。"
            "**生成草稿**会把来电人的问法带进去，写好、检查、发布都由人来做。",
            elem_id="gap-intro",
        )
        days = gr.Radio(
            [(f"近 {d} 天", str(d)) for d in DAYS],
            value=str(DAYS[0]),
            label="时间",
            show_label=False,
            container=False,
            elem_id="gap-days",
        )
    message = gr.HTML("", elem_id="gap-message")
    body = gr.HTML("", elem_id="gap-list")
    made, number = gr.Button(visible="hidden", elem_id="make-draft"), gr.Textbox(visible="hidden")
    days.change(actions.look, days, [message, body])
    made.click(None, None, number, js=PRESSED_JS).then(actions.draft, [days, number], [message, body])
    page.load(actions.open, days, [top, message, body])
