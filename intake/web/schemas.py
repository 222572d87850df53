"""What goes over HTTP: requests checked by pydantic, answers made from the frozen types."""

from datetime import date, datetime

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from intake.application.incoming import CallerView
from intake.application.ports import JsonValue, TicketFilter
from intake.application.queries import RecordedEvent, TicketPage, as_shown
from intake.application.register import NewTicket
from intake.application.snapshot import encode
from intake.application.suggest import Suggestion
from intake.domain.access import Principal
from intake.domain.call import CallNotes
from intake.domain.ticket import Ticket, form_rows
from intake.domain.ticket_file import TicketFile


class SuggestBody(BaseModel):
    """What is known of the call; only ``text`` is needed. ``called_at`` needs a time zone; without it, now."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(description="诉求描述：来电人说的话")
    address: str = Field("", description="诉求地址")
    caller_phone: str = Field("", description="联系电话")
    called_at: AwareDatetime | None = Field(None, description="来电日期（带时区），不填为现在")
    place_is_ours: bool = Field(False, description="坐席确认地点在本镇")
    topic_code: str = Field("", description="坐席已选的事项代码")

    def notes(self, now: datetime, contact: str = "") -> CallNotes:
        """The notes of the call; ``now`` stands in for a missing time."""
        return CallNotes(
            text=self.text,
            called_at=self.called_at or now,
            address=self.address,
            phone=self.caller_phone,
            contact=contact,
            place_is_ours=self.place_is_ours,
            topic_code=self.topic_code,
        )


class TicketBody(SuggestBody):
    """A call as confirmed; codes are of the town pack, ``reasons`` by field name where a field was overridden."""

    contact: str = Field("", description="联系人")
    ticket_type: str = Field(description="工单类型：投诉求助、意见建议、咨询")
    outcome: str = Field(description="处理方式：派单、告知、紧急转接、转城运中心研判、当场答复、并入原工单")
    lead_code: str = Field("", description="承办单位代码")
    support_codes: list[str] = Field(default_factory=list, max_length=50, description="协办单位代码")
    reasons: dict[str, str] = Field(default_factory=dict, description='改动理由，如 {"lead_code": "…"}')

    def new_ticket(self, now: datetime) -> NewTicket:
        """The ticket to be registered."""
        return NewTicket(
            notes=self.notes(now, self.contact),
            ticket_type=self.ticket_type,
            topic_code=self.topic_code,
            outcome=self.outcome,
            lead_code=self.lead_code,
            support_codes=tuple(self.support_codes),
            reasons=self.reasons,
        )


class SearchQuery(BaseModel):
    """Search terms; all that are given must hold."""

    text: str = Field("", max_length=200)
    phone: str = Field("", max_length=50)
    state: str = Field("", max_length=50)
    unit: str = Field("", max_length=50)
    topic: str = Field("", max_length=50)
    date_from: date | None = None
    date_to: date | None = None
    page: int = 1
    size: int = 20

    def criteria(self) -> TicketFilter:
        """The filter of the application."""
        return TicketFilter(**self.model_dump())


def suggestion_json(suggestion: Suggestion) -> JsonValue:
    """The recommendation's fields on top level, with summary and notices beside them."""
    body = encode(suggestion.recommendation)
    summary, notices = encode(suggestion.summary), encode(suggestion.notices)
    return {**(body if isinstance(body, dict) else {}), "summary": summary, "notices": notices}


def ticket_json(
    ticket: Ticket, history: tuple[RecordedEvent, ...] | None = None, file: TicketFile | None = None
) -> JsonValue:
    """All fields, the form's labels and, where given, what happened so far; the telephone masked."""
    ticket = as_shown(ticket)
    body = encode(ticket)
    form: JsonValue = dict[str, JsonValue](form_rows(ticket, file))
    shown = {} if history is None else {"history": encode(history)}
    return {**(body if isinstance(body, dict) else {}), "form": form, **shown}


def page_json(page: TicketPage) -> JsonValue:
    """One page of lines with the counts."""
    return {
        "items": encode(page.items),
        "total": page.total,
        "page": page.page,
        "size": page.size,
        "pages": page.pages,
    }


def caller_json(caller: CallerView) -> dict[str, JsonValue]:
    """A caller: masked number and earlier tickets."""
    return {"phone": caller.phone, "total": caller.total, "tickets": encode(caller.tickets)}


def principal_json(principal: Principal) -> JsonValue:
    """Who is logged in, and what that allows."""
    return {
        "name": principal.name,
        "role": principal.role.value if principal.role else None,
        "unit_code": principal.unit_code,
        "scopes": [*sorted(scope.value for scope in principal.scopes)],
        "permissions": [*sorted(permission.value for permission in principal.permissions)],
    }
