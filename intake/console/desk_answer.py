"""Below the proposal: did the operator use the suggested answer, change it, or not use it, and why."""

from html import escape
from typing import Any

import gradio as gr

from intake.application.knowledge_ports import Verdict
from intake.application.services import Services
from intake.console.desk_actions import DeskActions, Shown
from intake.domain.errors import DeskError
from routing.recommendation import Recommendation

_LABEL = {
    Verdict.REJECTED: "为什么不采用，回车记下",
    Verdict.EDITED: "实际怎样答复的，回车记下",
}


class AnswerActions:
    """Handlers of the row; what is chosen is kept at once and can be changed until the next call."""

    def __init__(self, services: Services, desk: DeskActions) -> None:
        self._services = services
        self._desk = desk

    def offer(self, shown: Shown | None, offered: tuple[str, ...]) -> list[Any]:
        """Show the row while there is an answer; another document begins it anew, the same one leaves it as it is."""
        found = _recommendation(shown)
        documents = tuple(c.document_id for c in found.answer.citations) if found and found.answer.found else ()
        if documents == offered:
            return [gr.skip()] * 4
        return [documents, gr.update(visible=bool(documents), value=None), gr.update(visible=False, value=""), ""]

    def choose(
        self, request: gr.Request, shown: Shown | None, draft_id: str, verdict: str | None, words: str
    ) -> list[Any]:
        """The verdict is kept at once; all but the first then ask for words, which are added to it."""
        if not verdict:
            return [gr.skip(), gr.skip()]
        chosen = Verdict(verdict)
        if chosen is Verdict.ADOPTED:
            return [gr.update(visible=False), self._keep(request, shown, draft_id, chosen, "")]
        asks = gr.update(visible=True, label=_LABEL[chosen], placeholder=_LABEL[chosen])
        return [asks, self._keep(request, shown, draft_id, chosen, words)]

    def say(self, request: gr.Request, shown: Shown | None, draft_id: str, verdict: str | None, words: str) -> str:
        """Keep the reason, or what was said instead."""
        return self._keep(request, shown, draft_id, Verdict(verdict), words) if verdict else ""

    def _keep(self, request: gr.Request, shown: Shown | None, draft_id: str, verdict: Verdict, words: str) -> str:
        found = _recommendation(shown)
        if found is None or shown is None:
            return ""
        topic = found.topic.code if found.topic else ""
        principal = self._desk.principal(request)
        try:
            self._services.answers.note(
                principal, draft_id, verdict, words or "", found.answer, str(shown.notes[0] or ""), topic
            )
        except DeskError as error:
            return f'<span class="why" role="alert" data-testid="use-failed">{escape(error.detail)}</span>'
        more = (
            ""
            if verdict is Verdict.ADOPTED or (words or "").strip()
            else "，请补上原因"
            if verdict is Verdict.REJECTED
            else "，请补上说法"
        )
        return f'<span class="why" data-testid="use-kept">已记下：{verdict.value}{more}</span>'


def _recommendation(shown: Shown | None) -> Recommendation | None:
    return shown.suggestion.recommendation if shown and shown.suggestion else None


def build_answer_row() -> tuple[Any, Any, Any]:
    """Choice, words, and what was kept."""
    with gr.Row(elem_id="answer-use-row"):
        choice = gr.Radio(
            [v.value for v in Verdict],
            label="建议答复",
            show_label=False,
            container=False,
            visible=False,
            elem_id="answer-use",
            scale=3,
            min_width=250,
        )
        words = gr.Textbox(
            visible=False,
            max_lines=1,
            show_label=False,
            container=False,
            elem_id="answer-words",
            scale=3,
            min_width=160,
        )
        kept = gr.HTML("", elem_id="answer-kept")
    return choice, words, kept


def wire_answer(shown: Any, draft_id: Any, row: tuple[Any, Any, Any], actions: AnswerActions) -> None:
    """Wire the row to what is shown."""
    choice, words, kept = row
    offered = gr.State(())
    quiet: dict[str, Any] = {"show_progress": "hidden"}
    shown.change(actions.offer, [shown, offered], [offered, choice, words, kept], trigger_mode="always_last", **quiet)
    choice.input(actions.choose, [shown, draft_id, choice, words], [words, kept], **quiet)
    gr.on([words.submit, words.blur], actions.say, [shown, draft_id, choice, words], kept, **quiet)
