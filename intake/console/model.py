"""The page 模型: what is in use, learn from settled tickets with progress, the comparison, and the way back."""

from html import escape
from typing import Any

import gradio as gr

from intake.application.background import Progress
from intake.application.learning import ModelStatus
from intake.application.rebuilding import SearchStatus
from intake.application.services import Services
from intake.console.desk_actions import DeskActions
from intake.console.messages import failed_html, topbar_html
from intake.domain.errors import DeskError


class ModelActions:
    """Handlers of the page over the learning service."""

    def __init__(self, services: Services, desk: DeskActions) -> None:
        self._services = services
        self._desk = desk

    def open(self, request: gr.Request) -> list[Any]:
        """Top bar, and the state of things."""
        return [topbar_html(self._desk.principal(request), self._services), self.look(request)]

    def look(self, request: gr.Request) -> str:
        """What is in use and what is going on."""
        try:
            return status_html(self._services.learning.status(self._desk.principal(request)))
        except DeskError as error:
            return failed_html(error)

    def train(self, request: gr.Request, tune: bool) -> str:
        """Begin a training; the page then follows it."""
        try:
            self._services.learning.start(self._desk.principal(request), tune)
        except DeskError as error:
            return failed_html(error) + self.look(request)
        return self.look(request)

    def go_back(self, request: gr.Request, version: str) -> str:
        """Put an earlier model into use again."""
        try:
            self._services.learning.go_back(self._desk.principal(request), version.strip())
        except DeskError as error:
            return failed_html(error) + self.look(request)
        return self.look(request)

    def rebuild(self, request: gr.Request, model: str) -> str:
        """Put another embedder into use for searching; the page then follows it."""
        try:
            self._services.rebuilding.start(self._desk.principal(request), model or "")
        except DeskError as error:
            return failed_html(error) + self.look_search(request)
        return self.look_search(request)

    def look_search(self, request: gr.Request) -> str:
        """Which embedder searches, and the rebuild under way."""
        try:
            return search_html(self._services.rebuilding.status(self._desk.principal(request)))
        except DeskError as error:
            return failed_html(error)


def search_html(status: SearchStatus) -> str:
    """The embedder in use, a bar while another is being indexed, and how that ended."""
    chosen = status.chosen
    since = f"（{escape(chosen.by)} 于 {escape(chosen.at[:16].replace('T', ' '))} 换用）" if chosen.at else ""
    name = f"<b>{escape(chosen.model or '默认（设置里的）')}</b>"
    parts = [f'<div class="notice" data-testid="search-model">检索用的向量模型：{name}{since}</div>']
    parts.append(_progress_html(status.progress, "正在旁边重建索引", "现用索引照常答复，中断也不影响。", "rebuild"))
    return "".join(parts)


def _progress_html(progress: Progress, doing: str, meanwhile: str, key: str) -> str:
    if progress.running:
        share = round(progress.share * 100)
        return (
            f'<div data-testid="{key}">{doing}：{escape(progress.step)}（{share}%）'
            f'<progress max="100" value="{share}" style="width:100%"></progress>{meanwhile}</div>'
        )
    if not progress.said:
        return ""
    return (
        f'<div class="{"failed" if progress.failed else "saved"}" data-testid="{key}-end">{escape(progress.said)}</div>'
    )


def status_html(status: ModelStatus) -> str:
    """Version, bar of progress, outcome, and the models before."""
    progress = status.progress
    parts = [f'<div class="notice" data-testid="model-version">现用模型：<b>{escape(status.version)}</b></div>']
    if status.transformer:
        parts.append(f"<p>已配置预训练模型 {escape(status.transformer)}，训练时可选择一并微调，有帮助才会并入。</p>")
    parts.append(_progress_html(progress, "正在训练", "现用模型照常工作，可以离开本页。", "training"))
    rows = "".join(
        f"<tr><td>{escape(e.at[:16].replace('T', ' '))}</td><td>{escape(e.version)}</td><td>{e.lessons}</td>"
        f"<td>{escape(e.by)}</td><td>{escape(e.said)}</td></tr>"
        for e in status.history
    )
    parts.append(
        "<table><thead><tr><th>启用时间</th><th>模型</th><th>学习工单数</th><th>操作人</th><th>比较结果</th></tr></thead>"
        f"<tbody>{rows}</tbody></table>"
        if rows
        else "<p>还没有用工单训练过，现用的是随系统提供的初始模型（职责清单、示例）。</p>"
    )
    return "".join(parts)


def build_model(page: Any, actions: ModelActions) -> None:
    """Lay the page out and wire it."""
    top = gr.HTML(elem_id="top")
    gr.Markdown(
        "重新训练会用已定事项的工单（退回、改派以最终结果为准）和示例训练一个新模型，"
        "再与现用模型在没有参与训练的工单上作配对比较，**未见变差才启用**。"
    )
    with gr.Row():
        train = gr.Button("重新训练", variant="primary", elem_id="train")
        tune = gr.Checkbox(False, label="一并微调预训练模型（须已配置，约需数十分钟）", elem_id="tune")
        version = gr.Textbox(label="换回模型（填版本号）", elem_id="go-back-version", max_lines=1)
        back = gr.Button("换回", elem_id="go-back")
    body = gr.HTML(elem_id="model-state")
    train.click(actions.train, [tune], body, show_progress="hidden")
    back.click(actions.go_back, [version], body, show_progress="hidden")
    gr.Markdown(
        "知识库检索可以换用另一个向量模型（sentence-transformers 文件夹）：先在旁边建好索引，再切换；留空换回默认。"
    )
    with gr.Row():
        model = gr.Textbox(label="向量模型文件夹或名称", elem_id="search-model", max_lines=1)
        rebuild = gr.Button("重建并换用", elem_id="rebuild")
    search = gr.HTML(elem_id="search-state")
    rebuild.click(actions.rebuild, [model], search, show_progress="hidden")
    timer = gr.Timer(2.0)
    timer.tick(actions.look, None, body, show_progress="hidden")
    timer.tick(actions.look_search, None, search, show_progress="hidden")
    page.load(actions.open, None, [top, body]).then(actions.look_search, None, search)
