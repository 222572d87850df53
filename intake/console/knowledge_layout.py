"""Lay the page 知识库 out and wire it: the list on the left, one document on the right."""

from typing import Any

import gradio as gr

from intake.console.knowledge import ANY_TOPIC, ANY_UNIT, KEEPING, NOW, KnowledgeActions
from intake.console.theme import PRESSED_JS
from knowledge.documents import DocumentKind, DocumentStatus

# What was typed and not saved is asked about before it is left (desk.js).
_CLEAN = "() => { window.kbDirty = false; }"
_CLEAN_IF_DONE = "() => { if (document.querySelector('#kb-message .saved')) window.kbDirty = false; }"
_QUIET: dict[str, Any] = {"show_progress": "hidden"}


def build_knowledge(page: Any, actions: KnowledgeActions) -> None:
    """The whole page."""
    top = gr.HTML(elem_id="top")
    message = gr.HTML("", elem_id="kb-message")
    with gr.Row(equal_height=False):
        with gr.Column(scale=5, min_width=380, elem_id="kb-left"):
            filters, cards, listed, fresh = _list()
        with gr.Column(scale=7, min_width=520, elem_id="kb-right"):
            state = gr.HTML("", elem_id="kb-state")
            reason, at, buttons = _buttons()
            with gr.Tabs() as tabs:
                boxes = _boxes()
                with gr.Tab("预览与检查", id="preview"):
                    preview = gr.HTML("", elem_id="kb-preview")
                history, older, newer, compare, compared, back = _history()
                with gr.Tab("源文件", id="raw"):
                    raw = gr.Textbox(label="文件全文（Markdown）", lines=16, max_lines=24, elem_id="kb-raw")
                    use_raw = gr.Checkbox(False, label="按源文件检查、保存和发布", elem_id="kb-use-raw")
    held, picked = gr.State(None), gr.Button(visible="hidden", elem_id="pick-doc")
    shown = [message, state, held, *boxes, raw, use_raw, preview, history, older, newer, compared, reason, at]
    values = [*boxes, raw, use_raw]
    find: dict[str, Any] = {"fn": actions.find, "inputs": filters, "outputs": [*cards, listed]}
    check, save, publish, withdraw, cancel, drop = buttons
    check.click(actions.preview, values, [preview, message, tabs], **_QUIET)
    for button, action, inputs in (
        (save, actions.save, [held, reason, *values]),
        (publish, actions.publish, [held, reason, at, *values]),
        (withdraw, actions.withdraw, [held, reason]),
        (cancel, actions.cancel, [held, reason]),
        (drop, actions.drop, [held]),
        (back, actions.restore, [held, reason, older]),
    ):
        done = button.click(action, inputs, shown, trigger_mode="once", **_QUIET)
        done.then(None, None, None, js=_CLEAN_IF_DONE).then(**find, **_QUIET)
    compare.click(actions.compare, [held, older, newer], compared, **_QUIET)
    fresh.click(actions.fresh, None, shown, **_QUIET).then(None, None, None, js=_CLEAN)
    chosen = gr.Textbox(visible="hidden")
    picked.click(None, None, chosen, js=PRESSED_JS).then(actions.open, chosen, shown, **_QUIET).then(
        None, None, None, js=_CLEAN
    )
    gr.on([part.change for part in filters], **find, trigger_mode="always_last", **_QUIET)
    topics, unit = boxes[3], boxes[4]
    opened = [top, topics, unit, *filters[2:], *cards, listed, *shown]
    page.load(actions.open_page, None, opened, **_QUIET).then(None, None, None, js=_CLEAN)


def _list() -> tuple[list[Any], Any, Any, Any]:
    bare: dict[str, Any] = {"container": False, "show_label": False}
    with gr.Row(elem_classes="tight", elem_id="kb-head"):
        cards = gr.HTML("", elem_id="kb-cards")
        with gr.Column(scale=0, min_width=96):
            fresh = gr.Button("新建文档", elem_id="kb-new")
            gr.Button("导入、导出", link="/desk/exchange", elem_id="kb-exchange")
    told = gr.HTML("", elem_id="kb-told")
    with gr.Row(elem_classes="kb-filters"):
        hint = "查找：标题、问法、正文"
        words = gr.Textbox(label=hint, placeholder=hint, elem_id="kb-words", max_lines=1, scale=3, **bare)
        status = gr.Dropdown(
            [("全部状态", ""), *(s.value for s in DocumentStatus)],
            value="",
            label="状态",
            elem_id="kb-filter-status",
            scale=2,
            min_width=120,
            **bare,
        )
    with gr.Row(elem_classes="kb-filters"):
        topic = gr.Dropdown([(ANY_TOPIC, "")], value="", label="事项", elem_id="kb-filter-topic", **bare)
        unit = gr.Dropdown([(ANY_UNIT, "")], value="", label="单位", elem_id="kb-filter-unit", **bare)
    listed = gr.HTML("", elem_id="kb-list")
    return [words, status, topic, unit], [cards, told], listed, fresh


def _boxes() -> list[Any]:
    with gr.Tab("编辑", id="edit"):
        with gr.Row():
            key = gr.Textbox(label="编号（字母数字短横线）", elem_id="kb-id", max_lines=1, scale=2)
            title = gr.Textbox(label="标题（像来电人会问的话）", elem_id="kb-title", max_lines=1, scale=4)
            kind = gr.Dropdown([k.value for k in DocumentKind], label="类别", elem_id="kb-kind", scale=2)
        with gr.Row():
            topics = gr.Dropdown([], multiselect=True, label="事项（第一个是主要事项）", elem_id="kb-topics", scale=4)
            unit = gr.Dropdown([], label="负责单位", elem_id="kb-unit", scale=3)
            status = gr.Dropdown(KEEPING, label="状态（待核验也答复）", elem_id="kb-status", scale=2)
        body = gr.Textbox(label="正文", lines=11, max_lines=18, elem_id="kb-body")
        with gr.Row():
            asks = gr.Textbox(label="来电人会怎么问（一行一句）", lines=5, max_lines=8, elem_id="kb-asks")
            basis = gr.Textbox(label="依据（法律名称｜版本｜第几条、第几条）", lines=5, max_lines=8, elem_id="kb-basis")
        with gr.Row():
            started = gr.Textbox(label="生效日", elem_id="kb-from", max_lines=1)
            ended = gr.Textbox(label="失效日（空为长期）", elem_id="kb-to", max_lines=1)
            review = gr.Textbox(label="复核日", elem_id="kb-review", max_lines=1)
    return [key, title, kind, topics, unit, status, asks, basis, started, ended, review, body]


def _history() -> tuple[Any, ...]:
    with gr.Tab("历史与比较", id="history"):
        with gr.Row(elem_classes="tight kb-versions"):
            older = gr.Dropdown([], label="哪一版", elem_id="kb-older", scale=5)
            newer = gr.Dropdown([NOW], value=NOW[1], label="与哪一版比较", elem_id="kb-newer", scale=5)
            compare = gr.Button("比较", elem_id="kb-compare", scale=1, min_width=70)
            back = gr.Button("恢复左边这一版", elem_id="kb-restore", scale=2, min_width=120)
        compared = gr.HTML("", elem_id="kb-compared")
        history = gr.HTML("", elem_id="kb-history")
    return history, older, newer, compare, compared, back


def _buttons() -> tuple[Any, Any, tuple[Any, ...]]:
    with gr.Row():
        reason = gr.Textbox(label="原因（存草稿、暂存以外都要写）", elem_id="kb-reason", max_lines=1, scale=3)
        at = gr.Textbox(
            label="何时生效（空为立即）", placeholder="2027-01-01 08:00", elem_id="kb-at", max_lines=1, scale=2
        )
    with gr.Row(elem_classes="tight"):
        check = gr.Button("检查与预览", elem_id="kb-check")
        save = gr.Button("保存／暂存", elem_id="kb-save")
        publish = gr.Button("发布", variant="primary", elem_id="kb-publish")
        withdraw = gr.Button("停用", variant="stop", elem_id="kb-withdraw")
        cancel = gr.Button("取消预定", elem_id="kb-cancel")
        drop = gr.Button("丢弃暂存", elem_id="kb-drop")
    return reason, at, (check, save, publish, withdraw, cancel, drop)
