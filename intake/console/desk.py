"""The call desk: one screen, text on the left, the form in the middle, the proposal on the right."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from intake.console.desk_actions import DeskActions
from intake.console.desk_answer import build_answer_row
from intake.console.fields import LABELS
from intake.console.render import proposal_html
from intake.console.theme import DRAFT_ID_JS, FOCUS_JS, MERGE_JS, NEW_DRAFT_JS, RESTORE_JS
from routing.recommendation import TicketType


@dataclass(frozen=True, slots=True)
class DeskParts:
    """Elements of the desk: ``notes`` what was heard, ``form`` what is confirmed, ``reasons`` why it differs.

    ``calls``: the bar of what rings, the caller's earlier tickets, which of them was clicked, and a button to click.
    ``second``: the second opinion, and where it is told before the browser compares it with the boxes; ``adopt`` takes
    its topic.
    ``use``: what was done with the suggested answer, in which words, and what was kept of that.
    """

    top: Any
    banner: Any
    message: Any
    notes: dict[str, Any]
    elements: Any
    rest: Any
    split: Any
    picks: tuple[Any, ...]
    form: dict[str, Any]
    reasons: dict[str, Any]
    panel: Any
    save: Any
    fresh: Any
    draft_id: Any
    shown: Any
    proposed: Any
    filled: Any
    restored: Any
    calls: tuple[Any, Any, Any, Any]
    use: tuple[Any, Any, Any]
    second: tuple[Any, Any]
    adopt: Any


def build_desk(actions: DeskActions, speech: str | None = None) -> DeskParts:
    """Lay the desk out and wire it; returns its elements. ``speech``: the strip of speech, None where there is none."""
    top = gr.HTML(elem_id="top")
    ringing = gr.HTML("", elem_id="calls")
    banner = gr.HTML(elem_id="banner")
    message = gr.HTML(elem_id="message")
    caller = gr.HTML("", elem_id="caller")
    with gr.Row(equal_height=False):
        with gr.Column(scale=4, min_width=320, elem_id="left"):
            notes, elements, rest = _notes(speech)
        with gr.Column(scale=3, min_width=280, elem_id="middle"):
            picks = _picks()
            form, reasons = _form()
            with gr.Row(elem_classes="tight"):
                save = gr.Button("保存工单（Ctrl+Enter）", variant="primary", elem_id="save")
                fresh = gr.Button("新来电（Alt+N）", elem_id="new-call")
            split = gr.Button("拆成几张单", visible=False, size="sm", elem_id="split")
        with gr.Column(scale=5, min_width=380, elem_id="right"):
            second = (gr.HTML("", elem_id="second-opinion"), gr.Textbox(visible="hidden", elem_id="second-told"))
            panel = gr.HTML(proposal_html(None), elem_id="proposal")
            use = build_answer_row()
    parts = DeskParts(
        top,
        banner,
        message,
        notes,
        elements,
        rest,
        split,
        picks,
        form,
        reasons,
        panel,
        save,
        fresh,
        draft_id=gr.Textbox(visible="hidden", elem_id="draft-id"),
        shown=gr.State(None),
        proposed=gr.Textbox(visible="hidden", elem_id="proposed"),
        filled=gr.Textbox(visible="hidden", elem_id="filled"),
        restored=gr.Textbox(visible="hidden", elem_id="restored"),
        calls=(ringing, caller, gr.Textbox(visible="hidden"), gr.Button(visible="hidden", elem_id="take-call")),
        use=use,
        second=second,
        adopt=gr.Button(visible="hidden", elem_id="adopt-second"),
    )
    _wire(parts, actions)
    return parts


def _notes(speech: str | None) -> tuple[dict[str, Any], Any, Any]:
    with gr.Row():
        called_at = gr.Textbox(label="来电日期", elem_id="called-at", min_width=120, max_lines=1)
        contact = gr.Textbox(label="联系人", elem_id="contact", min_width=80, max_lines=1)
        phone = gr.Textbox(label="联系电话", elem_id="phone", min_width=110, max_lines=1)
    text = gr.Textbox(
        label="诉求描述（边听边记）",
        lines=9,
        max_lines=9,
        elem_id="call-text",
        autofocus=True,
        placeholder="照来电人的话记，时间、地点、对象、诉求尽量记全",
    )
    if speech is not None:
        gr.HTML(speech, elem_id="speech-strip")
    rest = gr.Textbox(label="同一来电的其余诉求（保存后接着登记，一行一件）", lines=2, visible=False, elem_id="rest")
    elements = gr.HTML(elem_id="elements")
    with gr.Row():
        address = gr.Textbox(label="诉求地址", elem_id="address", scale=3, max_lines=1)
        ours = gr.Checkbox(label="已核实在本镇", elem_id="ours", scale=1, min_width=90)
    return (
        {
            "text": text,
            "address": address,
            "phone": phone,
            "contact": contact,
            "called_at": called_at,
            "ours": ours,
        },
        elements,
        rest,
    )


def _picks() -> tuple[Any, ...]:
    with gr.Row(elem_classes="tight"):
        return tuple(gr.Button(f"Alt+{i}", elem_id=f"pick-{i}", interactive=False, size="sm") for i in (1, 2, 3))


def _form() -> tuple[dict[str, Any], dict[str, Any]]:
    form: dict[str, Any] = {}
    reasons: dict[str, Any] = {}
    for name, label in LABELS.items():
        choices = [t.value for t in TicketType] if name == "ticket_type" else []
        multiple = name == "support_codes"
        form[name] = gr.Dropdown(
            choices, value=[] if multiple else None, label=label, multiselect=multiple, elem_id=name.replace("_", "-")
        )
        reasons[name] = gr.Textbox(
            label=f"修改“{label}”的原因（必填）",
            visible=False,
            max_lines=1,
            elem_classes="reason",
            elem_id="reason-" + name.replace("_", "-"),
        )
    return form, reasons


def _wire(parts: DeskParts, actions: DeskActions) -> None:
    notes, form = list(parts.notes.values()), list(parts.form.values())
    reasons = list(parts.reasons.values())
    quiet: dict[str, Any] = {"show_progress": "hidden"}
    typed = [component.change for component in (*notes, parts.form["topic_code"])]
    asked = gr.on(
        typed,
        actions.suggest,
        [*notes, parts.form["topic_code"], parts.filled],
        parts.shown,
        trigger_mode="always_last",
        **quiet,
    )
    # The second step reads the boxes anew: an answer for older text finds that the text has moved on and is dropped.
    asked.then(
        actions.show,
        [parts.shown, *notes, parts.form["topic_code"]],
        [parts.banner, parts.elements, parts.panel, *parts.picks, parts.proposed, parts.split],
        # Gradio skips a following step while an earlier one still runs: the newest would never be shown.
        trigger_mode="always_last",
        **quiet,
    ).then(None, [parts.proposed, parts.filled, *notes, *form], [*form, parts.filled], js=MERGE_JS)
    gr.on(
        # One listener for both causes, so that the last state of the boxes is always judged last.
        [parts.shown.change, *(component.change for component in form)],
        actions.ask_reasons,
        [parts.shown, *form],
        reasons,
        trigger_mode="always_last",
        **quiet,
    )
    gr.on(
        [component.change for component in (*notes, *form, *reasons, parts.rest)],
        actions.keep_draft,
        [parts.draft_id, *notes, *form, *reasons, parts.rest],
        None,
        trigger_mode="always_last",
        **quiet,
    )
    _wire_buttons(parts, actions)


def _wire_buttons(parts: DeskParts, actions: DeskActions) -> None:
    notes, form = list(parts.notes.values()), list(parts.form.values())
    reasons = list(parts.reasons.values())
    quiet: dict[str, Any] = {"show_progress": "hidden"}
    for index, pick in enumerate(parts.picks):
        pick.click(actions.pick(index), [parts.shown], parts.form["topic_code"], **quiet)
    boxes = [*notes, *form, *reasons, parts.rest]
    everything = [parts.message, parts.draft_id, *boxes, parts.shown, parts.proposed, parts.filled]
    parts.split.click(actions.split, [parts.shown, parts.notes["text"]], [parts.notes["text"], parts.rest], **quiet)
    parts.save.click(
        actions.save,
        [parts.draft_id, parts.shown, *boxes],
        [*everything, parts.panel, parts.banner],
        trigger_mode="once",
        show_progress="minimal",
    ).then(actions.renew_draft, [parts.draft_id], [parts.draft_id], js=_RENEW_IF_SAVED, **quiet)
    parts.fresh.click(actions.fresh, [parts.draft_id], [*everything, parts.panel, parts.banner], **quiet).then(
        None, None, parts.draft_id, js=NEW_DRAFT_JS
    ).then(None, None, None, js=FOCUS_JS)


# After a save the server has emptied the draft id; a call that is still open keeps its own.
_RENEW_IF_SAVED = "(id) => id ? id : (" + NEW_DRAFT_JS + ")()"


def restore_on_load(page: Any, parts: DeskParts, actions: DeskActions) -> Any:
    """Fill drop-downs and bring the draft of this browser tab back when the page is opened or reloaded.

    Returns the last step of it.
    """
    outputs = [
        parts.top,
        parts.message,
        parts.draft_id,
        *parts.form.values(),
        *parts.reasons.values(),
        parts.rest,
        parts.filled,
        parts.restored,
    ]
    boxes = [*parts.notes.values(), *parts.form.values()]
    opened = page.load(actions.open, [parts.draft_id], outputs, js=DRAFT_ID_JS, show_progress="hidden")
    restored = opened.then(None, [parts.restored, *boxes], boxes, js=RESTORE_JS)
    return restored.then(None, None, None, js=FOCUS_JS)
