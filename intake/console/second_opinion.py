"""The second opinion on the desk, later than the proposal and apart from it; and the page of what would be sent."""

import json
from collections.abc import AsyncGenerator
from datetime import datetime
from typing import Any

import gradio as gr

from intake.application.services import Services
from intake.console.desk import DeskParts
from intake.console.desk_actions import NOTE_NAMES, DeskActions, Shown, call_notes
from intake.console.messages import failed_html, topbar_html
from intake.console.newest import Newest
from intake.console.render import SHANGHAI
from intake.console.second_opinion_html import THINKING, preview_html, second_html, status_html
from intake.domain.call import CallNotes
from intake.domain.errors import DeskError
from routing.recommendation import Recommendation

AT_ONCE = 16  # desks that may wait for a model; the budget's queue bounds how many really ask
# In the browser, on what the boxes hold at that moment: an opinion about older text is not shown.
SHOW_JS = """
(raw, text, address) => {
  const told = raw ? JSON.parse(raw) : null;
  return told && told.text === text && told.address === address ? told.html : '';
}
"""
ADOPT_JS = (
    "(raw, topic) => { const told = raw ? JSON.parse(raw) : null; return told && told.topic ? told.topic : topic; }"
)


class SecondOpinionActions:
    """Handlers over the service."""

    def __init__(self, services: Services, desk: DeskActions) -> None:
        self._services = services
        self._desk = desk
        self._newest = Newest()

    async def ask(self, request: gr.Request, shown: Shown | None) -> AsyncGenerator[Any]:
        """Growing opinions on the suggestion that is shown; empty where none is wanted. The newest question wins."""
        service = self._services.second_opinion
        recommendation = shown.suggestion.recommendation if shown and shown.suggestion else None
        notes = _notes(shown, recommendation)
        turn = self._newest.take(str(request.session_hash), notes)
        if turn is None or not service.on:
            yield gr.skip()  # the desk has put its own topic in, the question is the same
            return
        yield ""
        if shown is None or recommendation is None or notes is None or not service.wanted(notes, recommendation):
            return
        principal = self._desk.principal(request)
        if not await turn.wait(service.settle):
            return
        yield _told(shown, THINKING)
        async for second in turn.through(service.ask(notes, recommendation, principal.name)):
            yield _told(shown, second_html(second, recommendation), second.opinion.topic if second.opinion else "")

    def open(self, request: gr.Request) -> list[Any]:
        """Top bar and state of the page."""
        return [topbar_html(self._desk.principal(request), self._services), self.look(request)]

    def look(self, request: gr.Request) -> str:
        """Settings, costs of today, log."""
        try:
            return status_html(self._services.second_opinion.status(self._desk.principal(request)))
        except DeskError as error:
            return failed_html(error)

    def preview(self, request: gr.Request, text: str, address: str, phone: str, contact: str) -> str:
        """What would be sent for these notes."""
        notes = CallNotes(text or "", datetime.now(SHANGHAI), address or "", phone or "", contact or "")
        if not notes.text.strip():
            return '<div class="notice">请先写一段来电内容。</div>'
        try:
            return preview_html(self._services.second_opinion.preview(notes, self._desk.principal(request)))
        except DeskError as error:
            return failed_html(error)


def _notes(shown: Shown | None, found: Recommendation | None) -> CallNotes | None:
    """The notes that were answered; a topic that the desk itself put in is no choice of the operator's."""
    if shown is None or found is None:
        return None
    first = found.proposal.topics[0].code if found.proposal.topics else ""
    chosen = found.topic.code if found.topic is not None and found.topic.code != first else ""
    return call_notes(shown.notes[: len(NOTE_NAMES)], chosen, lenient=True)


def _told(shown: Shown, html: str, topic: str = "") -> str:
    """The opinion with the notes that it answers, for the browser to compare."""
    named = dict(zip(NOTE_NAMES, shown.notes, strict=False))
    return json.dumps(
        {"text": named["text"] or "", "address": named["address"] or "", "html": html, "topic": topic},
        ensure_ascii=False,
    )


def wire_second(parts: DeskParts, actions: SecondOpinionActions) -> None:
    """Ask when a suggestion was shown; the opinion goes as soon as the text moves on."""
    shown, notes = parts.shown, parts.notes
    panel, told = parts.second
    shown.change(actions.ask, [shown], told, show_progress="hidden", trigger_mode="multiple", concurrency_limit=AT_ONCE)
    parts.adopt.click(None, [told, parts.form["topic_code"]], parts.form["topic_code"], js=ADOPT_JS)
    gr.on(
        [told.change, notes["text"].change, notes["address"].change],
        None,
        [told, notes["text"], notes["address"]],
        panel,
        js=SHOW_JS,
    )


def build_second_page(page: Any, actions: SecondOpinionActions) -> None:
    """The page 第二意见: state, costs, log, and what would be sent for a text."""
    top = gr.HTML(elem_id="top")
    state = gr.HTML(elem_id="second-state")
    gr.Markdown(
        "把一段来电写在下面，看看**究竟会送出什么**。姓名、电话、证件号、车牌、门牌在送出前换成记号，收到后再换回。"
    )
    with gr.Row():
        text = gr.Textbox(label="诉求描述", lines=4, scale=3, elem_id="preview-text")
        with gr.Column(scale=1):
            address = gr.Textbox(label="诉求地址", max_lines=1)
            phone = gr.Textbox(label="联系电话", max_lines=1)
            contact = gr.Textbox(label="联系人", max_lines=1)
    show = gr.Button("看会送出什么", variant="primary", elem_id="preview")
    body = gr.HTML(elem_id="preview-body")
    show.click(actions.preview, [text, address, phone, contact], body, show_progress="minimal")
    gr.Button("刷新", size="sm").click(actions.look, None, state, show_progress="hidden")
    page.load(actions.open, None, [top, state])
