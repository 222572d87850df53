"""The demonstration: real steps only, the same for the same seed, and never into a database that is in use."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from intake.application.ports import TicketFilter
from intake.application.services import Services
from intake.bootstrap import is_demo
from intake.demo.fill import StoryClock, fill
from intake.domain.access import Principal, Role
from intake.domain.audit_chain import verify
from intake.domain.errors import ConflictError
from intake.domain.lifecycle import replay
from routing.taxonomy import Example
from tests.intake.fakes import NOW, SettableClock

pytestmark = pytest.mark.integration
ADMIN = Principal("看", Role.ADMIN)
EXAMPLES = [Example("C01", "投诉求助", "平铺", f"亭中小区门口第{i}个摊位每天晚上有人摆摊，没人管") for i in range(40)]
UNTIL = NOW + timedelta(days=40)


def told(services: Services, clock: SettableClock, state: Path, seed: int = 1) -> list[tuple[str, str]]:
    story = StoryClock(clock.moment)
    services = _at(services, story)
    fill(services, story, UNTIL, 25, seed, EXAMPLES, (), state, lambda _step, _share: None)
    lines = services.tickets.search(TicketFilter(size=100), ADMIN).items
    return [(line.number, line.state.value) for line in lines]


def _at(services: Services, clock: Callable[[], datetime]) -> Services:
    from dataclasses import replace

    return replace(services, clock=clock)


def test_every_story_is_legal_and_the_chain_verifies(services: Services, clock: SettableClock, tmp_path: Path) -> None:
    found = told(services, clock, tmp_path)
    assert len(found) == 25
    assert len({state for _, state in found}) >= 3
    with services.transactions.read() as unit:
        assert verify(unit.audit.entries()) is None
        for number, state in found:
            events = unit.tickets.events(number)
            assert replay(events).state is not None  # replay raises for a step that the table does not know
            assert replay(events).state == state
            assert all(event.at <= UNTIL.astimezone(UTC) for event in events)
    assert is_demo(tmp_path)


def test_a_database_with_tickets_is_left_alone(services: Services, clock: SettableClock, tmp_path: Path) -> None:
    first = told(services, clock, tmp_path)
    with pytest.raises(ConflictError, match="另一个 HOTLINE_VAR"):
        told(services, clock, tmp_path / "again")
    assert [
        (line.number, line.state.value) for line in services.tickets.search(TicketFilter(size=100), ADMIN).items
    ] == first
    assert not is_demo(tmp_path / "again")


def test_the_same_seed_tells_the_same(
    open_again: Callable[[], Services], services: Services, clock: SettableClock, tmp_path: Path
) -> None:
    from sqlalchemy import text

    first = told(services, clock, tmp_path / "a")
    engine = services.transactions._engine  # type: ignore[attr-defined]
    with engine.begin() as connection:
        names = [t for t in _tables(engine) if t != "alembic_version"]
        for name in names:
            connection.execute(text(f"DELETE FROM {name}"))
    assert told(open_again(), clock, tmp_path / "b") == first


def _tables(engine: object) -> list[str]:
    from sqlalchemy import inspect

    from intake.storage.models import Base

    known = set(inspect(engine).get_table_names())  # type: ignore[arg-type]
    return [table.name for table in reversed(Base.metadata.sorted_tables) if table.name in known]
