"""The page 地名: the town's place names, to be searched, extended and closed by the town itself."""

from datetime import datetime
from html import escape
from typing import Any

import gradio as gr

from intake.application.places import KINDS, NewPlace
from intake.application.services import Services
from intake.console.desk_actions import DeskActions
from intake.console.messages import failed_html, topbar_html
from intake.console.render import SHANGHAI
from intake.domain.errors import DeskError
from routing.taxonomy import Alias

MOST = 300


class PlaceActions:
    """Handlers of the page over the place names' use cases."""

    def __init__(self, services: Services, desk: DeskActions) -> None:
        self._services = services
        self._desk = desk

    def open(self, request: gr.Request) -> list[Any]:
        """Top bar, the communities to choose from, the names."""
        principal = self._desk.principal(request)
        top = topbar_html(principal, self._services)
        try:
            areas = [("", ""), *((name, code) for code, name in self._services.places.areas(principal))]
        except DeskError as error:
            return [top, gr.update(choices=[]), failed_html(error)]
        return [top, gr.update(choices=areas, value=""), self.find(request, "")]

    def find(self, request: gr.Request, words: str) -> str:
        """The names that contain these words."""
        principal = self._desk.principal(request)
        try:
            areas = dict(self._services.places.areas(principal))
            return names_html(self._services.places.names(principal, words), areas)
        except DeskError as error:
            return failed_html(error)

    def add(self, request: gr.Request, *values: Any) -> list[str]:
        """Save a new name; it counts from the next call on."""
        name, kind, area, street, numbers, note, bare = (v or "" for v in values)
        principal = self._desk.principal(request)
        try:
            alias = self._services.places.add(principal, NewPlace(name, kind, area, street, numbers, note, bool(bare)))
        except DeskError as error:
            return [failed_html(error), self.find(request, "")]
        return [saved(f"已保存“{alias.name}”，下一个来电起按此判断属地。"), self.find(request, alias.name)]

    def close(self, request: gr.Request, name: str, area: str, numbers: str) -> list[str]:
        """Close a name from today on."""
        principal = self._desk.principal(request)
        today = datetime.now(SHANGHAI).date()
        try:
            self._services.places.close(principal, name or "", area or "", numbers or "", today)
        except DeskError as error:
            return [failed_html(error), self.find(request, "")]
        return [saved(f"“{name}”用到今天为止，明天起不再按它判断。"), self.find(request, name)]


def saved(words: str) -> str:
    """What was done."""
    return f'<div class="saved" data-testid="place-saved">{escape(words)}</div>'


def names_html(names: tuple[Alias, ...], areas: dict[str, str]) -> str:
    """The names as a table, at most ``MOST``."""
    rows = "".join(
        f"<tr><td>{escape(a.name)}</td><td>{KINDS[a.kind]}</td>"
        f"<td>{escape(areas.get(a.code, a.code))}</td><td>{escape(a.street)}</td>"
        f"<td>{'' if a.numbers == (0, 0) else f'{a.numbers[0]}-{a.numbers[1]}'}</td>"
        f"<td>{a.valid.start}{f' 至 {a.valid.end}' if a.valid.end else ' 起'}</td><td>{escape(a.note)}</td></tr>"
        for a in names[:MOST]
    )
    more = f"<p>共 {len(names)} 个，只列出前 {MOST} 个，请用上面的框缩小范围。</p>" if len(names) > MOST else ""
    return (
        '<table class="runs" data-testid="places"><thead><tr><th>地名</th><th>类别</th><th>居村委</th><th>街镇</th>'
        f"<th>门牌</th><th>有效</th><th>说明</th></tr></thead><tbody>{rows}</tbody></table>{more}"
        if rows
        else "<p>没有这样的地名。可以在上面新增。</p>"
    )


def build_places(page: Any, actions: PlaceActions) -> None:
    """Lay the page out and wire it."""
    top = gr.HTML(elem_id="top")
    gr.Markdown("来电人说的小区、道路、俗称归哪个居村委，系统照此判断属地；同名的地方可以各登一条，系统会提示追问。")
    with gr.Row():
        name = gr.Textbox(label="地名", elem_id="place-name", max_lines=1)
        kind = gr.Dropdown(list(KINDS.values()), value="小区", label="类别", elem_id="place-kind")
        area = gr.Dropdown([], label="居村委", elem_id="place-area")
        street = gr.Textbox(label="外街镇名称（不在本镇时填）", elem_id="place-street", max_lines=1)
        numbers = gr.Textbox(label="门牌（道路分段时填，如 1-99）", elem_id="place-numbers", max_lines=1)
        note = gr.Textbox(label="说明（可空）", elem_id="place-note", max_lines=1)
        bare = gr.Checkbox(True, label="单说名字就能认", elem_id="place-bare")
    with gr.Row():
        add = gr.Button("新增地名", variant="primary", elem_id="place-add")
        close = gr.Button("停用（按地名、居村委、门牌）", elem_id="place-close")
        words = gr.Textbox(label="查找", elem_id="place-find", max_lines=1)
    message = gr.HTML(elem_id="place-message")
    body = gr.HTML(elem_id="place-list")
    add.click(actions.add, [name, kind, area, street, numbers, note, bare], [message, body])
    close.click(actions.close, [name, area, numbers], [message, body])
    words.change(actions.find, [words], body, trigger_mode="always_last", show_progress="hidden")
    page.load(actions.open, None, [top, area, body])
