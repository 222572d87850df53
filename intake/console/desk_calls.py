"""The bar of calls that ring on the desk: looked at every two seconds, taken by one operator."""

from typing import Any

import gradio as gr

from intake.application.services import Services
from intake.console.calls_html import caller_html, ringing_html
from intake.console.desk import DeskParts
from intake.console.desk_actions import TIME_FORM, DeskActions
from intake.console.messages import failed_html
from intake.console.render import SHANGHAI
from intake.domain.errors import DeskError
from intake.domain.privacy import normalise_phone

SECONDS = 2.0
CLICKED_JS = "(id, phone, text) => [window.deskCall || '', phone, text]"


class CallActions:
    """Handlers of the bar over the service; who may take a call is decided there."""

    def __init__(self, services: Services, desk: DeskActions) -> None:
        self._services = services
        self._desk = desk

    def look(self, request: gr.Request, shown: str) -> Any:
        """Draw what rings; nothing is sent to the browser while nothing changed."""
        try:
            found = ringing_html(self._services.calls.ringing(self._desk.principal(request), self._services.clock()))
        except DeskError:
            return gr.skip()  # the database is away for a moment: the bar stays as it is
        return gr.skip() if found == (shown or "") else found

    def take(self, request: gr.Request, call_id: str, phone: str, text: str) -> list[Any]:
        """Fill telephone and time of the call in; who was slower is told, and a desk with text is left alone."""
        if not call_id or (text or "").strip():
            return [gr.skip()] * 4
        principal = self._desk.principal(request)
        try:
            call = self._services.calls.take(call_id, principal, self._services.clock())
        except DeskError as error:
            return [failed_html(error), gr.skip(), gr.skip(), ""]
        hidden = "" if call.phone else '<div class="notice">来电人没有显示号码，请问清后填写。</div>'
        return [hidden, call.phone or phone, call.at.astimezone(SHANGHAI).strftime(TIME_FORM), ""]

    def from_address(self, request: gr.Request, phone: str, text: str) -> list[Any]:
        """Take the call that is named in the page's address."""
        return self.take(request, request.query_params.get("call", ""), phone, text)

    def caller(self, request: gr.Request, phone: str) -> str:
        """The earlier tickets of the number in the box."""
        try:
            return caller_html(self._services.calls.caller(normalise_phone(phone or ""), self._desk.principal(request)))
        except DeskError as error:
            return failed_html(error)


def wire_calls(page: Any, loaded: Any, parts: DeskParts, actions: CallActions) -> None:
    """Wire the bar; ``loaded`` is the last step of opening the page, after which the address is heeded."""
    bar, caller, clicked, button = parts.calls
    quiet: dict[str, Any] = {"show_progress": "hidden"}
    phone, text = parts.notes["phone"], parts.notes["text"]
    filled = [parts.message, phone, parts.notes["called_at"], clicked]
    gr.Timer(SECONDS).tick(actions.look, bar, bar, **quiet)
    page.load(actions.look, bar, bar, **quiet)
    button.click(actions.take, [clicked, phone, text], filled, js=CLICKED_JS, **quiet)
    loaded.then(actions.from_address, [phone, text], filled, **quiet)
    phone.change(actions.caller, phone, caller, trigger_mode="always_last", **quiet)
