"""Place names on screen: what is accepted, what is refused, who may, and that it is on record."""

from dataclasses import dataclass, field, replace
from datetime import date

import pytest

from intake.application.places import NewPlace, Places
from intake.application.services import Services
from intake.domain.access import Principal, Role
from intake.domain.errors import ForbiddenError, InvalidInputError, NotFoundError
from routing.taxonomy import Alias, AliasKind, Validity
from tests.intake.fakes import SettableClock

pytestmark = pytest.mark.integration
MANAGER = Principal("专线管理员", Role.MANAGER)
START = date(2026, 1, 1)
OLD = Alias("老街坊", AliasKind.ESTATE, "", "JM01", True, "", Validity(START))


@dataclass
class FakeGazetteer:
    """Two communities and the names that were put in."""

    rows: list[Alias] = field(default_factory=lambda: [OLD])

    def names(self, day: date) -> tuple[Alias, ...]:
        return tuple(row for row in self.rows if row.valid.covers(day))

    def areas(self, day: date) -> tuple[tuple[str, str], ...]:
        return (("JM01", "北场居委会"), ("JM02", "朱龙居委会"))

    def add(self, alias: Alias) -> None:
        if any(row.name == alias.name and row.code == alias.code for row in self.rows):
            raise ValueError(f"地名“{alias.name}”已经有了。")
        self.rows.append(alias)

    def close(self, alias: Alias, last_day: date) -> None:
        self.rows[self.rows.index(alias)] = replace(alias, valid=Validity(alias.valid.start, last_day))


@pytest.fixture
def gazetteer() -> FakeGazetteer:
    return FakeGazetteer()


@pytest.fixture
def places(services: Services, gazetteer: FakeGazetteer) -> Places:
    return Places(services.transactions, lambda: gazetteer, SettableClock())


def test_a_new_estate_counts_from_today_and_is_on_record(
    places: Places, gazetteer: FakeGazetteer, services: Services
) -> None:
    alias = places.add(MANAGER, NewPlace(" 新  家园 ", "小区", "朱龙居委会", note="测试"))
    assert (alias.name, alias.kind, alias.code) == ("新家园", AliasKind.ESTATE, "JM02")
    assert alias.valid == Validity(date(2026, 11, 23))
    assert [a.name for a in places.names(MANAGER, "家园")] == ["新家园"]
    with services.transactions.read() as unit:
        last = list(unit.audit.entries())[-1]
    assert (last.actor, last.action, last.subject) == ("专线管理员", "新增地名", "新家园")


@pytest.mark.parametrize(
    ("place", "said"),
    [
        (NewPlace("园", "小区", "JM01"), "2 到 30 个字"),
        (NewPlace("新家园", "公园", "JM01"), "没有“公园”这一类"),
        (NewPlace("新家园", "小区", "别处居委会"), "没有居村委"),
        (NewPlace("新家园", "小区"), "没有说明这个地方归谁"),
        (NewPlace("长路", "道路", "JM01", numbers="甲-乙"), "不是门牌号范围"),
        (NewPlace("长路", "道路", "JM01", numbers="99-1"), "起止颠倒"),
        (NewPlace("老街坊", "小区", "JM01"), "已经有了"),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_changes(
    places: Places, gazetteer: FakeGazetteer, place: NewPlace, said: str
) -> None:
    with pytest.raises(InvalidInputError, match=said):
        places.add(MANAGER, place)
    assert gazetteer.rows == [OLD]


def test_a_name_ends_with_its_last_day(places: Places, gazetteer: FakeGazetteer) -> None:
    places.close(MANAGER, "老街坊", "JM01", "", date(2026, 11, 23))
    assert gazetteer.names(date(2026, 11, 23))
    assert not gazetteer.names(date(2026, 11, 24))
    with pytest.raises(NotFoundError):
        places.close(MANAGER, "没有的", "JM01", "", date(2026, 11, 23))


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.UNIT, Role.EVALUATOR, Role.AUDITOR])
def test_others_may_not(places: Places, role: Role) -> None:
    with pytest.raises(ForbiddenError):
        places.names(Principal("别人", role))
