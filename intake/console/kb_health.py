"""The page 知识体检: what is stale, contradictory, double, broken or missing, and what to do about it."""

from typing import Any

import gradio as gr

from intake.application.services import Services
from intake.console.desk_actions import DeskActions
from intake.console.kb_health_html import health_html
from intake.console.messages import failed_html, topbar_html
from intake.domain.errors import DeskError
from knowledge.checks.findings import FindingKind

ALL = "全部"


class HealthActions:
    """Handlers of the page over the use case."""

    def __init__(self, services: Services, desk: DeskActions) -> None:
        self._services = services
        self._desk = desk

    def open(self, request: gr.Request, kind: str) -> list[str]:
        """Top bar and findings."""
        return [topbar_html(self._desk.principal(request), self._services), self.look(request, kind)]

    def look(self, request: gr.Request, kind: str) -> str:
        """Examine now and show the findings of one kind."""
        principal = self._desk.principal(request)
        try:
            report = self._services.health.examine(principal)
        except DeskError as error:
            return failed_html(error)
        return health_html(report, FindingKind(kind) if kind and kind != ALL else None)


def build_health(page: Any, actions: HealthActions) -> None:
    """Lay the page out and wire it."""
    top = gr.HTML(elem_id="top")
    gr.Markdown(
        "每次打开都按今天的文档、目录和法律索引重新检查，只看不改。点文档名去改；改好存盘后点**重新检查**。"
        "“相互矛盾”是两篇文档里说同一件事而数字、可不可以或负责单位不同的句子，由人判断哪一句对。"
    )
    with gr.Row():
        kind = gr.Radio([ALL, *(k.value for k in FindingKind)], value=ALL, label="只看", elem_id="health-kind")
        again = gr.Button("重新检查", elem_id="health-again", scale=0)
    body = gr.HTML(elem_id="health-body")
    kind.change(actions.look, kind, body, show_progress="hidden")
    again.click(actions.look, kind, body)
    page.load(actions.open, kind, [top, body])
