"""A database of before the loop: tickets and events stay readable, get their clocks, and are urged."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Column, MetaData, Table, insert, inspect

from intake.application.handle import At
from intake.application.services import Services
from intake.domain.access import Principal, Role
from intake.domain.events import CallAccepted, DispatchRequested, TicketDispatched
from intake.domain.states import TicketState
from intake.storage.engine import open_engine
from intake.storage.mapping import event_row, ticket_row, unit_rows
from intake.storage.migrate import _config
from intake.storage.models import EventRow, TicketRow, TicketUnitRow
from routing.earlier import Sought
from tests.intake.fakes import NOW, SettableClock
from tests.intake.samples import sample_ticket
from tests.integration.test_loop_handling import ZFD

pytestmark = pytest.mark.integration


def _old_database(url: str) -> str:
    """Schema 0001 with one dispatched ticket, as the version of that day wrote it."""
    engine, ticket = open_engine(url), sample_ticket()
    events = (
        CallAccepted(NOW, "坐席甲", NOW, "投诉求助", "C01"),
        DispatchRequested(NOW, "坐席甲", "ZFD"),
        TicketDispatched(NOW, "坐席甲", 1, "ZFD", ("SQB",)),
    )
    with engine.begin() as connection:
        command.upgrade(_config(connection), "0001")
        row = ticket_row(ticket)
        known = {column["name"] for column in inspect(connection).get_columns("tickets")}
        values = {name: getattr(row, name) for name in known}
        # The types of today's model write the columns of that day.
        columns = (Column(c.name, c.type) for c in TicketRow.__table__.columns if c.name in known)
        old = Table("tickets", MetaData(), *columns)
        connection.execute(insert(old).values(values))
        for unit in unit_rows(ticket):
            held = {"ticket_number": ticket.number, "unit_code": unit.unit_code, "part": unit.part}
            connection.execute(insert(TicketUnitRow), held)
        for sequence, event in enumerate(events, 1):
            stored = event_row(ticket.number, sequence, event)
            names = ("ticket_number", "sequence", "name", "at", "actor", "payload")
            connection.execute(insert(EventRow), {name: getattr(stored, name) for name in names})
    engine.dispose()
    return ticket.number


def test_an_old_ticket_goes_on(
    database_url: str, open_again: Callable[[], Services], clock: SettableClock, tmp_path: Path
) -> None:
    number = _old_database(database_url)
    services = open_again()
    ticket = services.tickets.get(number, Principal("审计", Role.AUDITOR))
    assert (ticket.version, ticket.timers, ticket.state) == (3, (), TicketState.DISPATCHED)
    assert services.sweep(NOW + timedelta(minutes=1)).looked_at == 1
    assert {c.code for c in services.tickets.get(number, ZFD).timers} == {"citizen", "first_contact", "reply"}
    assert services.sweep(NOW + timedelta(days=3)).urged == (("再次催办", 1),)
    clock.forward(days=3, hours=1)
    assert services.handle.acknowledge(At(number, 3, ZFD, clock())).state is TicketState.CONTACT
    services.close()


def test_the_community_of_an_old_ticket_is_filled_in(database_url: str, open_again: Callable[[], Services]) -> None:
    number = _old_database(database_url)
    services = open_again()
    sought = Sought((), "", ("C01",), "310117107001", "", NOW - timedelta(days=90), NOW + timedelta(days=1))
    with services.transactions.read() as unit:
        (found,) = unit.tickets.earlier(sought)
    assert (found.number, found.community_code) == (number, "310117107001")
    services.close()
