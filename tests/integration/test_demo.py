"""The demonstration: real steps only, the same for the same seed, and never into a database that is in use."""

from datetime import timedelta
from pathlib import Path

import pytest

from intake.application.ports import TicketFilter
from intake.application.services import Services
from intake.bootstrap import is_demo, open_services
from intake.demo.fill import fill
from intake.domain.access import Principal, Role
from intake.domain.audit_chain import verify
from intake.domain.errors import ConflictError
from intake.domain.lifecycle import replay
from intake.settings import Settings
from routing.taxonomy import Example
from tests.intake.fakes import NOW, FakeRecommender, SettableClock, fake_desk

pytestmark = pytest.mark.integration
ADMIN = Principal("看", Role.ADMIN)
EXAMPLES = [Example("C01", "投诉求助", "平铺", f"亭中小区门口第{i}个摊位每天晚上有人摆摊，没人管") for i in range(40)]
UNTIL = NOW + timedelta(days=40)


def told(services: Services, clock: SettableClock, state: Path, seed: int = 1) -> list[tuple[str, str]]:
    fill(services, clock, UNTIL, 25, seed, EXAMPLES, (), state, lambda _step, _share: None)
    return standing(services)


def standing(services: Services) -> list[tuple[str, str]]:
    lines = services.tickets.search(TicketFilter(size=100), ADMIN).items
    return [(line.number, line.state.value) for line in lines]


def test_every_story_is_legal_and_the_chain_verifies(services: Services, clock: SettableClock, tmp_path: Path) -> None:
    found = told(services, clock, tmp_path)
    assert len(found) == 25
    assert len({state for _, state in found}) >= 3
    with services.transactions.read() as unit:
        entries = list(unit.audit.entries())
        assert verify(entries) is None
        for number, state in found:
            events = unit.tickets.events(number)
            assert replay(events).state == state  # replay raises for a step that the table does not know
            assert all(event.at <= UNTIL for event in events)
    assert entries[0].action == "演示数据"
    assert is_demo(tmp_path)


def test_a_database_with_tickets_is_left_alone(services: Services, clock: SettableClock, tmp_path: Path) -> None:
    first = told(services, clock, tmp_path)
    with pytest.raises(ConflictError, match="另一个 HOTLINE_VAR"):
        told(services, clock, tmp_path / "again")
    assert standing(services) == first
    assert not is_demo(tmp_path / "again")


def test_the_same_seed_tells_the_same_and_another_one_something_else(tmp_path: Path) -> None:
    stories = []
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        clock = SettableClock()
        services = open_services(Settings(var=tmp_path / name), fake_desk(FakeRecommender()), clock)
        stories.append(told(services, clock, tmp_path / name, seed))
        services.close()
    assert stories[0] == stories[1] != stories[2]
