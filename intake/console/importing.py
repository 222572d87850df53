"""The page 导入: a 12345 export becomes tickets; columns, first rows with their problems, progress, error report."""

from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

import gradio as gr

from intake.application.import_ports import JobState, RowState
from intake.application.imports import ImportView
from intake.application.services import Services
from intake.console.desk_actions import DeskActions
from intake.console.messages import failed_html, topbar_html
from intake.domain.errors import DeskError
from intake.domain.import_rows import REQUIRED, ImportField
from intake.domain.privacy import mask_phone, mask_text, normalise_phone
from intake.spreadsheet import read_file

FIELDS = tuple(ImportField)


class ImportActions:
    """Handlers of the page over the import service; who may import is decided there."""

    def __init__(self, services: Services, desk: DeskActions) -> None:
        self._services = services
        self._desk = desk

    def open(self, request: gr.Request) -> list[Any]:
        """Top bar, and the newest import so that its progress is seen again."""
        principal = self._desk.principal(request)
        top = topbar_html(principal, self._services)
        try:
            jobs = self._services.imports.recent(principal)
            if not jobs:
                return [top, "", *self._columns(None), "", _buttons(None)]
            view = self._services.imports.view(jobs[0].job_id, principal)
        except DeskError as error:
            return [top, "", *self._columns(None), failed_html(error), _buttons(None)]
        return [top, view.job.job_id, *self._columns(view), view_html(view), _buttons(view)]

    def upload(self, request: gr.Request, path: str | None) -> list[Any]:
        """Read the file; the copy that the page made is deleted at once."""
        if not path:
            return [gr.skip()] * (1 + len(FIELDS) + 2)
        try:
            name, content = read_file(Path(path))
            view = self._services.imports.upload(name, content, self._desk.principal(request))
        except DeskError as error:
            return ["", *self._columns(None), failed_html(error), _buttons(None)]
        finally:
            Path(path).unlink(missing_ok=True)
        return [view.job.job_id, *self._columns(view), view_html(view), _buttons(view)]

    def check(self, request: gr.Request, job_id: str, *columns: int | None) -> list[Any]:
        """Confirm the columns and check all rows."""
        mapping = {f: int(c) for f, c in zip(FIELDS, columns, strict=True) if c is not None}
        try:
            view = self._services.imports.check(job_id, mapping, self._desk.principal(request))
        except DeskError as error:
            return [failed_html(error), gr.skip()]
        return [view_html(view), _buttons(view)]

    def start(self, request: gr.Request, job_id: str, dispatch: bool) -> list[Any]:
        """Begin; the page then follows it and may be left."""
        try:
            view = self._services.imports.start(job_id, self._desk.principal(request), dispatch=bool(dispatch))
        except DeskError as error:
            return [failed_html(error), gr.skip()]
        return [view_html(view), _buttons(view)]

    def look(self, request: gr.Request, job_id: str, shown: str) -> Any:
        """Draw the progress while an import runs."""
        if not job_id or 'data-running="1"' not in (shown or ""):
            return gr.skip()
        try:
            return view_html(self._services.imports.view(job_id, self._desk.principal(request)))
        except DeskError:
            return gr.skip()  # the database is away for a moment: the page stays as it is

    def _columns(self, view: ImportView | None) -> list[Any]:
        if view is None:
            return [gr.update(choices=[], value=None) for _ in FIELDS]
        choices = [("（没有）", None), *((header, i) for i, header in enumerate(view.job.headers))]
        return [gr.update(choices=choices, value=view.job.mapping.get(field)) for field in FIELDS]


def _buttons(view: ImportView | None) -> Any:
    return gr.update(interactive=view is not None and view.job.state is JobState.CHECKED)


def view_html(view: ImportView) -> str:
    """State, counts, progress, the error report's address, and the first rows; numbers are masked."""
    job, running = view.job, view.job.state is JobState.RUNNING
    counts = "".join(
        f'<span class="chip">{escape(state.value)} {view.counts[state]}</span>'
        for state in RowState
        if view.counts.get(state)
    )
    told = sum(view.counts.get(state, 0) for state in (RowState.BROKEN, RowState.KNOWN, RowState.JOINED))
    link = f'<a href="/api/v1/imports/{job.job_id}/report" download>下载问题清单（xlsx，{told} 行）</a>' if told else ""
    share = round(view.share * 100)
    bar = f'<progress max="100" value="{share}" style="width:100%"></progress>' if running else ""
    more = "导入在后台进行，可以离开本页；中断后会自动接着做，不会重复建单。" if running else ""
    return (
        f'<div class="panel" data-testid="import" data-running="{int(running)}"><div class="verdict">'
        f"<b>{escape(job.file_name)}</b>"
        f'<span class="chip out-dispatch" data-testid="import-state">{escape(job.state.value)}</span>'
        f"<span>共 {view.total} 行</span>{counts}{link}</div>{bar}<p>{more}</p>{_rows_html(view)}</div>"
    )


def _rows_html(view: ImportView) -> str:
    phone = view.job.mapping.get(ImportField.PHONE)
    head = "".join(f"<th>{escape(header)}</th>" for header in view.job.headers)
    rows = "".join(
        f"<tr><td>{row.number}</td><td>{_outcome_html(row.state, row.ticket_number)}{escape(row.problem)}</td>"
        + "".join(f"<td>{escape(text)}</td>" for text in _shown(row.cells, phone))
        + "</tr>"
        for row in view.first
    )
    return (
        f"<h4>前 {len(view.first)} 行</h4><div style='overflow-x:auto'><table class='form2'>"
        f"<tr><th>行号</th><th>结果</th>{head}</tr>{rows}</table></div>"
    )


def _outcome_html(state: RowState, number: str) -> str:
    link = f' <a href="/desk/tickets?number={escape(number)}">{escape(number)}</a>' if number else ""
    return f"<b>{escape(state.value)}</b>{link} "


def _shown(cells: Sequence[str], phone: int | None) -> list[str]:
    return [mask_phone(normalise_phone(cell)) if i == phone else mask_text(cell)[:80] for i, cell in enumerate(cells)]


def build_import(page: Any, actions: ImportActions) -> None:
    """Lay the page out and wire it."""
    top = gr.HTML(elem_id="top")
    gr.Markdown(
        "把市 12345 平台导出的 xlsx 或 CSV 变成工单：**上传 → 核对每一栏在哪一列 → 核对各行 → 开始导入**。"
        "同一外部工单编号只建一次；导入的工单没有替人答复过，除把握高且选了直接派单的以外，都进入“待派单”。"
    )
    file = gr.File(
        label="12345 导出文件", file_types=[".xlsx", ".csv"], type="filepath", elem_id="import-file", height=130
    )
    job = gr.Textbox(visible="hidden", elem_id="import-job")
    with gr.Row():
        columns = [
            gr.Dropdown(
                [], label=field.value + ("（必选）" if field in REQUIRED else ""), elem_id=f"column-{field.name}"
            )
            for field in FIELDS
        ]
    with gr.Row():
        check = gr.Button("核对各行", elem_id="import-check")
        dispatch = gr.Checkbox(label="把握高的直接按建议派单", elem_id="import-dispatch")
        start = gr.Button("开始导入", variant="primary", interactive=False, elem_id="import-start")
    body = gr.HTML("", elem_id="import-body")
    file.upload(actions.upload, file, [job, *columns, body, start]).then(lambda: None, None, file)
    check.click(actions.check, [job, *columns], [body, start])
    start.click(actions.start, [job, dispatch], [body, start])
    gr.Timer(2.0).tick(actions.look, [job, body], body, show_progress="hidden")
    page.load(actions.open, None, [top, job, *columns, body, start])
