"""The page 知识导入导出: other files become drafts with a preview of their passages; the library goes out and in."""

from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

import gradio as gr

from intake.application.document_exchange import Placing, told
from intake.application.services import Services
from intake.console.desk_actions import DeskActions
from intake.console.messages import failed_html, topbar_html
from intake.domain.errors import DeskError
from knowledge.documents import DocumentKind
from knowledge.exchange.drafts import DraftDocument, FileReading, Notice
from knowledge.exchange.plan import ImportPlan, Verdict

SHOWN_PASSAGES, SHOWN_DRAFTS, SHOWN_ITEMS = 6, 40, 200


class ExchangeActions:
    """Handlers of the page over the use cases; what was read stays in this session until it is taken or left."""

    def __init__(self, services: Services, desk: DeskActions) -> None:
        self._services = services
        self._desk = desk

    def open(self, request: gr.Request) -> list[Any]:
        """Top bar, and the choices of the town pack."""
        principal = self._desk.principal(request)
        today = self._services.clock().date()
        topics = [(f"{t.code} {t.name}", t.code) for t in self._services.directory.topics(today)]
        units = [(u.name, u.code) for u in self._services.directory.units(today)]
        return [topbar_html(principal, self._services), gr.update(choices=topics), gr.update(choices=units)]

    def read(self, request: gr.Request, paths: Sequence[str] | None) -> list[Any]:
        """Read the files that were sent; the copies of the upload are removed at once."""
        principal = self._desk.principal(request)
        files = [(Path(path).name, _taken(path)) for path in paths or ()]
        try:
            readings = self._services.exchange.read(files, principal)
        except DeskError as error:
            return [failed_html(error), [], gr.update(choices=[], value=[])]
        drafts = [draft for reading in readings for draft in reading.drafts]
        labels = [(f"{n}. {draft.title or '没有标题'}", str(n - 1)) for n, draft in enumerate(drafts, start=1)]
        chosen = gr.update(choices=labels, value=[value for _, value in labels])
        return ["".join(_reading_html(reading) for reading in readings), drafts, chosen]

    def keep(
        self,
        request: gr.Request,
        drafts: list[DraftDocument] | None,
        chosen: list[str] | None,
        kind: str,
        topics: list[str] | None,
        unit: str | None,
        reason: str,
    ) -> list[Any]:
        """Write the chosen drafts as 草稿."""
        principal = self._desk.principal(request)
        wanted = [draft for n, draft in enumerate(drafts or ()) if str(n) in (chosen or ())]
        placing = Placing(DocumentKind(kind), tuple(topics or ()), unit or "")
        try:
            made = self._services.exchange.keep(wanted, placing, reason or "", principal)
        except DeskError as error:
            return [failed_html(error), gr.skip(), gr.skip()]
        left = [draft for draft in drafts or () if draft not in wanted]
        links = "、".join(f'<a href="/desk/knowledge?id={escape(d.id)}">{escape(d.title)}</a>' for d in made[:20])
        message = f'<div class="saved" data-testid="kb-kept">已收为草稿 {len(made)} 篇：{links}。草稿不会用来答复，'
        labels = [(f"{n}. {draft.title or '没有标题'}", str(n - 1)) for n, draft in enumerate(left, start=1)]
        return [message + "请逐篇核对、补写后发布。</div>", left, gr.update(choices=labels, value=[])]

    def plan(self, request: gr.Request, path: str | None) -> list[Any]:
        """What an exported library would change."""
        principal = self._desk.principal(request)
        if not path:
            return ["", None]
        held = (Path(path).name, _taken(path))
        try:
            return [plan_html(self._services.exchange.plan(*held, principal)), held]
        except DeskError as error:
            return [failed_html(error), None]

    def take_back(self, request: gr.Request, held: tuple[str, bytes] | None, reason: str) -> list[Any]:
        """Write it."""
        principal = self._desk.principal(request)
        if held is None:
            return ['<div class="failed">请先选择一个导出的 zip 或 xlsx。</div>', None]
        try:
            done = self._services.exchange.take_back(*held, reason or "", principal)
        except DeskError as error:
            return [failed_html(error) + plan_html(self._services.exchange.plan(*held, principal)), held]
        return [f'<div class="saved" data-testid="kb-imported">已导入：{told(done)}。</div>{plan_html(done)}', None]


def _taken(path: str) -> bytes:
    """The content of an upload; nothing of it stays behind."""
    file = Path(path)
    content = file.read_bytes()
    file.unlink()
    return content


def _reading_html(reading: FileReading) -> str:
    if reading.refusal is not None:
        return f'<div class="failed" data-testid="kb-refused">{escape(reading.message())}</div>'
    drafts = "".join(_draft_html(draft) for draft in reading.drafts[:SHOWN_DRAFTS])
    more = len(reading.drafts) - SHOWN_DRAFTS
    rest = f"<p>还有 {more} 篇没有列出，都在下面的勾选框里。</p>" if more > 0 else ""
    head = f"<h4>{escape(reading.name)}：读出 {len(reading.drafts)} 篇</h4>"
    return f'<div class="panel" data-testid="kb-reading">{head}{_notices(reading.notices)}{drafts}{rest}</div>'


def _draft_html(draft: DraftDocument) -> str:
    shown = "".join(
        f'<div class="passage"><span class="why">{" › ".join(escape(part) for part in p.heading_path[1:])}</span><br>'
        f"{escape(p.text)}</div>"
        for p in draft.passages[:SHOWN_PASSAGES]
    )
    more = len(draft.passages) - SHOWN_PASSAGES
    rest = f"<p>还有 {more} 段</p>" if more > 0 else ""
    title = f"{escape(draft.title or '没有标题')}（{len(draft.passages)} 段）"
    return f"<details open><summary><b>{title}</b></summary>{_notices(draft.notices)}{shown}{rest}</details>"


def _notices(notices: Sequence[Notice]) -> str:
    return "".join(f'<div class="notice">{escape(str(notice))}</div>' for notice in notices)


def plan_html(plan: ImportPlan) -> str:
    """What an import does: counts, then every document that is new, changed or refused."""
    if plan.refusal is not None:
        return f'<div class="failed">{escape(plan.refusal.message)}。{escape(plan.refusal.remedy)}。</div>'
    rows = "".join(
        f"<tr><td>{item.verdict.value}</td><td>{escape(item.document.title if item.document else '')}<br>"
        f'<span class="why">{escape(item.path or item.origin)}</span></td>'
        f"<td>{escape(''.join(str(notice) for notice in (*item.reasons, *item.notices)))}</td></tr>"
        for item in plan.items[: SHOWN_ITEMS * 5]
        if item.verdict is not Verdict.SAME
    )
    absent = f"<p>库里另有 {len(plan.absent)} 篇不在这个文件里，保持原样。</p>" if plan.absent else ""
    table = f'<table class="runs"><thead><tr><th>会怎样</th><th>文档</th><th>说明</th></tr></thead>{rows}</table>'
    head = f'<div class="verdict" data-testid="kb-plan"><b>{told(plan)}</b></div>'
    return f'<div class="panel">{head}{_notices(plan.notices)}{absent}{table if rows else ""}</div>'


def build_exchange(page: Any, actions: ExchangeActions) -> None:
    """Lay the page out and wire it."""
    top = gr.HTML(elem_id="top")
    drafts, held = gr.State([]), gr.State(None)
    with gr.Tabs():
        with gr.Tab("把文件变成文档"):
            topics, unit = _files_tab(drafts, actions)
        with gr.Tab("整库导出、导入"):
            _library_tab(held, actions)
    page.load(actions.open, None, [top, topics, unit])


def _files_tab(drafts: Any, actions: ExchangeActions) -> tuple[Any, Any]:
    gr.Markdown(
        "可以读 Word（docx）、PDF、Excel（xlsx，一行一篇）、网页和 Markdown；先给出段落预览，"
        "**收为草稿**后逐篇核对再发布。"
        "扫描件请先做文字识别。上传的文件读完即删。"
        "Excel 第一行写列名：标题、答复、问法（一格里一行一句）、事项、单位、依据；只有标题和答复必填。"
    )
    # No file_types: what cannot be read is refused by the reader, which says why and what to do.
    files = gr.File(label="文件（可多选）", file_count="multiple", type="filepath", height=120, elem_id="kb-files")
    done = gr.HTML("", elem_id="kb-done")
    body = gr.HTML("", elem_id="kb-readings")
    chosen = gr.CheckboxGroup([], label="收入哪几篇", elem_id="kb-chosen")
    with gr.Row(elem_id="kb-keep-row"):
        kind = gr.Dropdown([k.value for k in DocumentKind], value=DocumentKind.QUESTION.value, label="类别")
        topics = gr.Dropdown([], multiselect=True, label="事项（文件里没写的才用）", elem_id="kb-import-topics")
        unit = gr.Dropdown([], label="负责单位（同左）", elem_id="kb-import-unit")
        reason = gr.Textbox(label="原因（必填）", elem_id="kb-import-reason", max_lines=1)
        keep = gr.Button("收为草稿", variant="primary", elem_id="kb-keep")
    files.upload(actions.read, files, [body, drafts, chosen]).then(lambda: None, None, files)
    keep.click(actions.keep, [drafts, chosen, kind, topics, unit, reason], [done, drafts, chosen], trigger_mode="once")
    return topics, unit


def _library_tab(held: Any, actions: ExchangeActions) -> None:
    gr.HTML(
        '<div class="panel"><p>导出：<a href="/api/v1/knowledge/export.zip" download>zip（文件原样，可放进 git）</a>　'
        '<a href="/api/v1/knowledge/export.xlsx" download>xlsx（一行一篇，可在 Excel 里改）</a>。'
        "改好后在下面选回来，先列出新增、改动和拒绝的，确认后写入；导入里没有的文档保持原样。</p></div>"
    )
    back = gr.File(label="导出过的 zip 或 xlsx", type="filepath", height=120, elem_id="kb-library")
    plan = gr.HTML("", elem_id="kb-plan-body")
    with gr.Row(elem_id="kb-back-row"):
        reason = gr.Textbox(label="原因（必填）", elem_id="kb-back-reason", max_lines=1, scale=4)
        write = gr.Button("写入知识库", variant="primary", elem_id="kb-back", scale=1)
    back.upload(actions.plan, back, [plan, held]).then(lambda: None, None, back)
    write.click(actions.take_back, [held, reason], [plan, held], trigger_mode="once")
