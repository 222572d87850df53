"""The page 评测: choose cases, follow the run, read its figures, compare two, take the errors home."""

from collections.abc import Callable
from datetime import date
from html import escape
from pathlib import Path
from typing import Any

import gradio as gr

from evals.gate import SETS
from evals.page_html import comparison_html, notes_html, progress_html, run_html, runs_html
from evals.service import Evaluations
from intake.application.services import Services
from intake.console.desk_actions import DeskActions
from intake.console.messages import failed_html, topbar_html
from intake.domain.access import Principal
from intake.domain.errors import DeskError, InvalidInputError


class EvaluationActions:
    """Handlers of the page over the evaluation service."""

    def __init__(self, services: Services, evaluations: Evaluations, desk: DeskActions) -> None:
        self._services = services
        self._evaluations = evaluations
        self._desk = desk

    def open(self, request: gr.Request) -> list[Any]:
        """Top bar, what is going on, the kept runs."""
        principal = self._desk.principal(request)
        return [topbar_html(principal, self._services), self._state(principal), *self._lists(principal)]

    def follow(self, request: gr.Request, shown: str) -> list[Any]:
        """What is going on; when a run has ended since, the lists are drawn anew and it is opened."""
        principal = self._desk.principal(request)
        try:
            progress = self._evaluations.progress(principal)
        except DeskError:
            return [gr.skip()] * 6
        bar = progress_html(progress)
        if progress.running or not progress.run_id or progress.run_id == shown:
            return [bar, gr.skip(), gr.skip(), gr.skip(), gr.skip(), shown]
        runs, chosen, first, second = self._lists(principal)
        chosen = {**chosen, "value": progress.run_id}
        return [bar, runs, chosen, first, second, progress.run_id]

    def start_file(self, request: gr.Request, file: str | None, name: str, peers: bool) -> str:
        """Begin with an uploaded file."""

        def begin(principal: Principal) -> tuple[str, ...]:
            if not file:
                raise InvalidInputError(
                    "没有选文件", "还没有选择用例文件。", "请先点左边的框选择 xlsx、CSV 或 JSONL 文件。"
                )
            path = Path(file)
            return self._evaluations.start_file(principal, path, name.strip() or path.name, peers)

        return self._begin(request, begin)

    def start_own(self, request: gr.Request, name: str, peers: bool) -> str:
        """Begin with a set that comes with the system."""
        return self._begin(request, lambda principal: self._evaluations.start_own(principal, name, peers))

    def start_replay(self, request: gr.Request, since: str, until: str) -> str:
        """Begin to replay tickets."""

        def begin(principal: Principal) -> None:
            try:
                days = date.fromisoformat(since.strip()), date.fromisoformat(until.strip())
            except ValueError as error:
                detail = f"“{since}”或“{until}”不是有效的日期。"
                raise InvalidInputError("日期读不懂", detail, "请写成 2026-01-31 的样子。") from error
            self._evaluations.start_replay(principal, *days)

        return self._begin(request, begin)

    def stop(self, request: gr.Request) -> str:
        """Stop what is running."""
        return self._begin(request, self._evaluations.stop)

    def _begin(self, request: gr.Request, begin: Callable[[Principal], tuple[str, ...] | None]) -> str:
        principal = self._desk.principal(request)
        try:
            notes = begin(principal) or ()
        except DeskError as error:
            return failed_html(error)
        return notes_html(notes)

    def show(self, request: gr.Request, run_id: str | None) -> str:
        """The figures of one kept run."""
        if not run_id:
            return ""
        try:
            return run_html(self._evaluations.open(self._desk.principal(request), run_id), self._evaluations.names())
        except DeskError as error:
            return failed_html(error)

    def compare(self, request: gr.Request, first: str | None, second: str | None) -> str:
        """Two kept runs beside each other."""
        if not first or not second or first == second:
            return '<div class="notice">请在两个框里选择不同的两次评测。</div>'
        try:
            return comparison_html(self._evaluations.compare(self._desk.principal(request), first, second))
        except DeskError as error:
            return failed_html(error)

    def drop(self, request: gr.Request, run_id: str | None) -> list[Any]:
        """Delete the run that is shown."""
        principal = self._desk.principal(request)
        try:
            self._evaluations.drop(principal, run_id or "")
        except DeskError as error:
            return [failed_html(error), gr.skip(), gr.skip(), gr.skip(), gr.skip()]
        return [f'<div class="saved">已删除评测 {escape(run_id or "")}。</div>', *self._lists(principal)]

    def _state(self, principal: Principal) -> str:
        try:
            return progress_html(self._evaluations.progress(principal))
        except DeskError as error:
            return failed_html(error)

    def _lists(self, principal: Principal) -> list[Any]:
        try:
            heads = self._evaluations.runs(principal)
        except DeskError as error:
            return [failed_html(error), *[gr.update(choices=[])] * 3]
        choices = [(f"{head.at:%m-%d %H:%M} {head.name}", head.id) for head in heads]
        return [runs_html(heads), *[gr.update(choices=choices)] * 3]


def build_evaluations(page: Any, actions: EvaluationActions) -> None:
    """Lay the page out and wire it."""
    top = gr.HTML(elem_id="top")
    shown = gr.State("")
    with gr.Row():
        with gr.Column(scale=3):
            file = gr.File(
                label="用例文件（xlsx、CSV、JSONL；列：id、text、topic……也认中文列名）",
                file_types=[".xlsx", ".csv", ".jsonl", ".txt"],
                type="filepath",
                height=110,
                elem_id="cases-file",
            )
            name = gr.Textbox(label="评测名称（空则用文件名）", max_lines=1, elem_id="evals-name")
            upload = gr.Button("评测上传的文件", variant="primary", elem_id="evals-file")
        with gr.Column(scale=2):
            own = gr.Dropdown(list(SETS), value=next(iter(SETS)), label="随系统的用例", elem_id="evals-own-name")
            start = gr.Button("评测所选用例", elem_id="evals-own")
            peers = gr.Checkbox(True, label="同批对照（SVM、向量近邻）")
        with gr.Column(scale=2):
            since = gr.Textbox(
                label="回放工单：来电日期从", placeholder="2026-01-01", max_lines=1, elem_id="replay-from"
            )
            until = gr.Textbox(label="到（含当日）", placeholder="2026-01-31", max_lines=1, elem_id="replay-to")
            again = gr.Button("回放", elem_id="replay")
        stop = gr.Button("停止", scale=1, elem_id="evals-stop")
    message = gr.HTML(elem_id="evals-message")
    state = gr.HTML(elem_id="evals-state")
    runs = gr.HTML(elem_id="evals-runs")
    with gr.Row():
        chosen = gr.Dropdown([], label="看哪一次", elem_id="evals-run", scale=3)
        drop = gr.Button("删除这次评测", scale=1, elem_id="evals-drop")
        first = gr.Dropdown([], label="比较：之前", elem_id="evals-first", scale=3)
        second = gr.Dropdown([], label="之后", elem_id="evals-second", scale=3)
        compare = gr.Button("比较", scale=1, elem_id="evals-compare")
    compared = gr.HTML(elem_id="evals-compared")
    body = gr.HTML(elem_id="evals-body")
    upload.click(actions.start_file, [file, name, peers], message, show_progress="hidden")
    start.click(actions.start_own, [own, peers], message, show_progress="hidden")
    again.click(actions.start_replay, [since, until], message, show_progress="hidden")
    stop.click(actions.stop, None, message, show_progress="hidden")
    chosen.change(actions.show, [chosen], body)
    compare.click(actions.compare, [first, second], compared)
    drop.click(actions.drop, [chosen], [message, runs, chosen, first, second])
    timer = gr.Timer(1.0)
    timer.tick(actions.follow, [shown], [state, runs, chosen, first, second, shown], show_progress="hidden")
    page.load(actions.open, None, [top, state, runs, chosen, first, second])
