"""What the desk does when something happens on it. One object for all sessions: it keeps no call, only services."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Any

import gradio as gr

from intake.application.register import NewTicket
from intake.application.services import Services
from intake.application.suggest import Suggestion
from intake.console.fields import LABELS, Fields, as_json, proposed_fields
from intake.console.messages import failed_html, notices_html, saved_html, summary_html, topbar_html
from intake.console.render import SHANGHAI, banner_html, proposal_html
from intake.domain.access import Principal
from intake.domain.call import CallNotes
from intake.domain.confirmation import Choice, differences
from intake.domain.errors import DeskError, InvalidInputError
from intake.web.auth import principal_of
from routing.matters import shares_of
from routing.recommendation import Outcome, TicketType

NOTE_NAMES = ("text", "address", "phone", "contact", "called_at", "ours")
FIELD_NAMES = tuple(LABELS)
REST = "rest"  # matters of the same call that get a ticket of their own, a line each
DRAFT_NAMES = (*NOTE_NAMES, *FIELD_NAMES, *(f"reason_{name}" for name in FIELD_NAMES), REST)
TIME_FORM = "%Y-%m-%d %H:%M"


@dataclass(frozen=True, slots=True)
class Shown:
    """A suggestion and the very notes that it answers; ``asked_topic`` is the operator's topic it was asked for."""

    notes: tuple[Any, ...]
    suggestion: Suggestion | None
    problem: str = ""


def _fields(values: tuple[Any, ...]) -> Fields:
    ticket_type, topic, outcome, lead, support = values
    return Fields(ticket_type or "", topic or "", outcome or "", lead or "", tuple(support or ()))


class DeskActions:
    """Handlers of the desk's events over the application services."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def principal(self, request: gr.Request) -> Principal:
        """Who sits at this desk; raises when the login ended meanwhile."""
        principal = principal_of(request.request)
        if principal is None:
            raise gr.Error("登录已过期，已输入内容保留在草稿中。请重新登录后继续。")
        return principal

    def open(self, request: gr.Request, draft_id: str) -> list[Any]:
        """Fill the drop-downs of today's town pack and restore the draft of this tab."""
        principal = self.principal(request)
        now = datetime.now(SHANGHAI)
        draft = self._services.drafts.load(principal.name, draft_id) or {}
        message = "" if not draft else '<div class="notice">已恢复本页未保存的草稿。</div>'
        values: dict[str, Any] = {name: draft.get(name) for name in DRAFT_NAMES}
        values["called_at"] = values["called_at"] or now.strftime(TIME_FORM)
        choices = self._choices(now)
        form = [gr.update(choices=choices[name]) for name in FIELD_NAMES]
        kept = [values[name] or ("" if name != "ours" else False) for name in NOTE_NAMES]
        kept += [_restored(name, values[name]) for name in FIELD_NAMES]
        reasons = [
            gr.update(value=values[f"reason_{n}"] or "", visible=bool(values[f"reason_{n}"])) for n in FIELD_NAMES
        ]
        rest = _rest(str(values[REST] or ""))
        # What was typed while the page was still loading is worth more than an empty draft: the browser merges.
        top = topbar_html(principal, self._services)
        return [top, message, draft_id, *form, *reasons, rest, "", json.dumps(kept, ensure_ascii=False)]

    def _choices(self, now: datetime) -> dict[str, list[Any]]:
        directory = self._services.directory
        units = [(f"{u.name}", u.code) for u in directory.units(now.date())]
        topics = [(f"{t.code} {t.name}", t.code) for t in directory.topics(now.date())]
        outcomes = [outcome.value for outcome in Outcome if outcome is not Outcome.ASK]
        return {
            "ticket_type": [t.value for t in TicketType],
            "topic_code": topics,
            "outcome": outcomes,
            "lead_code": units,
            "support_codes": units,
        }

    def suggest(self, *values: Any) -> Shown:
        """Ask for a suggestion; never raises for what was typed, because typing goes on."""
        *note_values, topic, filled = values
        notes = tuple(note_values)
        asked = topic if topic and topic != _filled_topic(filled) else ""
        if not str(notes[0] or "").strip():
            return Shown((*notes, topic), None)
        try:
            return Shown((*notes, topic), self._services.suggest(call_notes(notes, asked, lenient=True)))
        except DeskError as error:
            return Shown((*notes, topic), None, str(error))

    def show(self, shown: Shown | None, *values: Any) -> list[Any]:
        """Draw the suggestion, unless the notes have moved on; the fields are then filled in the browser (merge.js)."""
        if shown is None or shown.notes != values:
            return [gr.skip()] * (3 + 3 + 1 + 1)
        text, address = values[0], values[1]
        if shown.suggestion is None or shown.suggestion.recommendation is None:
            notices = shown.suggestion.notices if shown.suggestion else ((shown.problem,) if shown.problem else ())
            nothing = _proposed_json(text, address, Fields())
            return [
                "",
                notices_html(notices),
                proposal_html(None),
                *_pick_buttons(None),
                nothing,
                gr.update(visible=False),
            ]
        suggestion, recommendation = shown.suggestion, shown.suggestion.recommendation
        return [
            banner_html(recommendation.banner),
            summary_html(suggestion.summary, asking=recommendation.banner is None) + notices_html(suggestion.notices),
            proposal_html(recommendation),
            *_pick_buttons(shown),
            _proposed_json(text, address, proposed_fields(recommendation)),
            gr.update(visible=len(recommendation.matters) > 1, value=f"拆成 {len(recommendation.matters)} 张单"),
        ]

    def split(self, shown: Shown | None, text: str) -> list[Any]:
        """Keep the first matter on the desk; the others wait below and follow one by one after saving."""
        recommendation = shown.suggestion.recommendation if shown and shown.suggestion else None
        if recommendation is None or len(recommendation.matters) < 2:
            return [gr.skip(), gr.skip()]
        first, *others = shares_of(text, recommendation.matters)
        return [first, _rest("\n".join(" ".join(other.split()) for other in others))]

    def ask_reasons(self, shown: Shown | None, *values: Any) -> list[Any]:
        """Open a reason box beside every field that departs from the recommendation, close the others."""
        needed = _needs_reason(shown, _fields(values))
        return [gr.update(visible=name in needed) for name in FIELD_NAMES]

    def pick(self, index: int) -> Callable[[Shown | None], Any]:
        """Handler that takes candidate ``index`` as the topic."""

        def take(shown: Shown | None) -> Any:
            recommendation = shown.suggestion.recommendation if shown and shown.suggestion else None
            topics = recommendation.proposal.topics if recommendation else ()
            return topics[index].code if index < len(topics) else gr.skip()

        return take

    def keep_draft(self, request: gr.Request, draft_id: str, *values: Any) -> None:
        """Keep what is on the desk; a reload or a crash brings it back."""
        payload = dict(zip(DRAFT_NAMES, values, strict=True))
        if draft_id and str(payload["text"] or "").strip():
            self._services.drafts.save(self.principal(request).name, draft_id, payload)

    def save(self, request: gr.Request, draft_id: str, shown: Shown | None, *values: Any) -> list[Any]:
        """Save the ticket; on any refusal say why and leave every box as it is."""
        kept = [gr.skip()] * (1 + len(DRAFT_NAMES) + 3 + 2)
        principal = self.principal(request)
        named = dict(zip(DRAFT_NAMES, values, strict=True))
        fields = _fields(tuple(named[name] for name in FIELD_NAMES))
        recommendation = shown.suggestion.recommendation if shown and shown.suggestion else None
        follows = recommendation and proposed_fields(recommendation).topic_code == fields.topic_code
        try:
            notes = call_notes(tuple(named[n] for n in NOTE_NAMES), "" if follows else fields.topic_code, lenient=False)
            done = self._services.register(
                NewTicket(
                    notes,
                    fields.ticket_type,
                    fields.topic_code,
                    fields.outcome,
                    fields.lead_code,
                    fields.support_codes,
                    {n: named[f"reason_{n}"] or "" for n in FIELD_NAMES if named[f"reason_{n}"]},
                ),
                principal,
                draft_id,
            )
        except DeskError as error:
            return [failed_html(error), *kept]
        self._services.drafts.discard(principal.name, draft_id)
        said = saved_html(done.ticket, done.created, done.joined)
        waiting = [line for line in str(named[REST] or "").splitlines() if line.strip()]
        if not waiting:
            return [said, *_blank()]
        # The same caller's next matter: who and where stay, what is said and what was decided do not.
        following = [waiting[0], *(named[n] for n in NOTE_NAMES[1:])]
        more = f"还有 {len(waiting) - 1} 件。" if len(waiting) > 1 else "这是最后一件。"
        return [said + notices_html([f"接着登记同一来电的下一件，{more}"]), *_blank(following, "\n".join(waiting[1:]))]

    def fresh(self, request: gr.Request, draft_id: str) -> list[Any]:
        """Clear the desk for the next call; the draft that was open is given up."""
        self._services.drafts.discard(self.principal(request).name, draft_id)
        return ["", *_blank()]

    def renew_draft(self, draft_id: str) -> str:
        """Take the draft id that the browser has just made."""
        return draft_id


def _restored(name: str, value: Any) -> Any:
    return (value or []) if name == "support_codes" else (value or None)


def _blank(notes: list[Any] | None = None, rest: str = "") -> list[Any]:
    notes = notes or ["", "", "", "", datetime.now(SHANGHAI).strftime(TIME_FORM), False]
    form: list[Any] = [None, None, None, None, []]
    reasons = [gr.update(value="", visible=False) for _ in FIELD_NAMES]
    return ["", *notes, *form, *reasons, _rest(rest), None, "", "", proposal_html(None), ""]


def _rest(lines: str) -> Any:
    return gr.update(value=lines, visible=bool(lines.strip()))


def call_notes(values: tuple[Any, ...], topic: str, *, lenient: bool) -> CallNotes:
    """The notes of the boxes, in the order of ``NOTE_NAMES``; ``lenient``: an unfinished date counts as now."""
    text, address, phone, contact, called_at, ours = values
    return CallNotes(
        text=text or "",
        called_at=_moment(str(called_at or ""), lenient=lenient),
        address=address or "",
        phone=phone or "",
        contact=contact or "",
        place_is_ours=bool(ours),
        topic_code=topic,
    )


def _moment(value: str, *, lenient: bool) -> datetime:
    """Read 来电日期; while typing (``lenient``) an unfinished date counts as now."""
    try:
        return datetime.strptime(value.strip(), TIME_FORM).replace(tzinfo=SHANGHAI)
    except ValueError as error:
        if lenient:
            return datetime.now(SHANGHAI)
        raise InvalidInputError(
            title="来电日期读不懂",
            detail=f"“{value}”不是有效的日期时间。",
            remedy="请写成 2026-01-31 18:05 的样子，其余内容都已保留。",
        ) from error


def _needs_reason(shown: Shown | None, fields: Fields) -> frozenset[str]:
    recommendation = shown.suggestion.recommendation if shown and shown.suggestion else None
    if recommendation is None or not fields.ticket_type or not fields.outcome:
        return frozenset()
    choice = Choice(
        TicketType(fields.ticket_type),
        fields.topic_code,
        Outcome(fields.outcome),
        fields.lead_code,
        fields.support_codes,
    )
    return frozenset(d.field_name for d in differences(recommendation, choice) if d.needs_reason)


def _proposed_json(text: str, address: str, fields: Fields) -> str:
    return json.dumps({"text": text, "address": address, "fields": as_json(fields)}, ensure_ascii=False)


def _filled_topic(filled: str) -> str:
    """The topic that the desk itself put into the box last; ``filled`` comes from the browser."""
    try:
        return str(json.loads(filled)["topic_code"] or "")
    except (ValueError, KeyError, TypeError):
        return ""  # nothing filled in yet


def _pick_buttons(shown: Shown | None) -> list[Any]:
    recommendation = shown.suggestion.recommendation if shown and shown.suggestion else None
    topics = recommendation.proposal.topics if recommendation else ()
    buttons = []
    for index in range(3):
        if index < len(topics):
            label = f"{index + 1} {topics[index].name}"
            buttons.append(gr.update(value=escape(label), interactive=True))
        else:
            buttons.append(gr.update(value=f"Alt+{index + 1}", interactive=False))
    return buttons
