"""A history that was altered behind the desk's back is found by `hotline audit verify`."""

import pytest
from sqlalchemy import text

from intake.application.handle import Callback
from intake.application.services import Services
from intake.domain.codes import Complaint
from intake.storage.engine import open_engine
from tests.intake.fakes import SettableClock
from tests.integration.test_loop_handling import FGS, OPERATOR, Person

pytestmark = pytest.mark.integration


@pytest.fixture
def number(services: Services, clock: SettableClock) -> str:
    """A ticket of two rounds with urgings in between, and another one that nobody touches."""
    person = Person(services, clock)
    person.to_callback()
    person.do(OPERATOR, lambda h, at: h.callback(at, Callback(False, False, False, Complaint.UNSOLVED)))
    person.do(OPERATOR, lambda h, at: h.dispatch(at, "FGS"))
    clock.forward(days=9)
    services.sweep(clock())
    person.to_callback(FGS)
    Person(services, clock, "k2")
    return person.ticket.number


def change(database_url: str, statement: str) -> None:
    engine = open_engine(database_url)
    with engine.begin() as connection:
        assert connection.execute(text(statement)).rowcount == 1
    engine.dispose()


def test_untouched_histories_agree(services: Services, number: str) -> None:
    assert services.anchoring.verify().faults == ()


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE ticket_events SET actor = actor, payload = REPLACE(CAST(payload AS TEXT), 'ZFD', 'SQB')"
         " WHERE name = 'ContactMade' AND sequence = 5", "与第"),
        ("DELETE FROM ticket_events WHERE name = 'CallbackMade'", "的经过被改动"),
        ("INSERT INTO ticket_events (ticket_number, sequence, name, at, actor, payload)"
         " SELECT ticket_number, 99, name, at, actor, payload FROM ticket_events WHERE name = 'CallbackMade'",
         "有 1 条没有审计记录"),
    ],
)  # fmt: skip
def test_what_was_altered_is_named(
    services: Services, database_url: str, number: str, statement: str, told: str
) -> None:
    if database_url.startswith("postgresql"):
        statement = statement.replace("'ZFD', 'SQB')", "'ZFD', 'SQB')::json")
    change(database_url, statement)
    (fault,) = services.anchoring.verify().faults
    assert number in fault.sentence
    assert told in fault.sentence
