"""The town's own place names: dated, checked with the whole pack, written at once or not at all."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from routing.gazetteer import EXTRA_PLACES, PlaceNameError, add, change, close, render, replace_by
from routing.pack import TownPackError, load_town_pack, read_extra_places
from routing.place import locate
from routing.recommendation import Territory
from routing.taxonomy import Alias, AliasKind, Validity
from tests.routing.towns import PACK, TOWN

SPRING = date(2026, 3, 1)
ESTATE = Alias("测试新苑", AliasKind.ESTATE, "", "310117107002", True, "", Validity(SPRING))
ROAD = Alias("测试大道", AliasKind.ROAD, "", "310117107001", True, "试", Validity(SPRING), (1, 99))


def test_a_name_is_added_and_found_from_its_day(tmp_path: Path) -> None:
    pack = change(TOWN, tmp_path, add(ESTATE))
    assert pack.version != PACK.version
    assert locate("测试新苑3号", "", pack.on(SPRING)).community == "亭东社区居委会"
    assert locate("测试新苑3号", "", pack.on(date(2026, 2, 28))).territory is Territory.UNCLEAR
    again = load_town_pack(TOWN, tmp_path / EXTRA_PLACES)
    assert again.version == pack.version
    assert again.aliases[-1] == ESTATE


def test_every_field_survives_the_file(tmp_path: Path) -> None:
    change(TOWN, tmp_path, add(ROAD))
    ended = replace(ESTATE, valid=Validity(SPRING, date(2026, 12, 31)))
    change(TOWN, tmp_path, add(ended))
    assert read_extra_places(tmp_path / EXTRA_PLACES) == (ROAD, ended)
    assert render((ROAD, ended)) == (tmp_path / EXTRA_PLACES).read_text(encoding="utf-8")


def test_a_name_is_closed_also_one_of_the_pack(tmp_path: Path) -> None:
    change(TOWN, tmp_path, add(ESTATE))
    pack = change(TOWN, tmp_path, close(ESTATE, date(2026, 5, 31)))
    assert locate("测试新苑", "", pack.on(date(2026, 5, 31))).community_code
    assert not locate("测试新苑", "", pack.on(date(2026, 6, 1))).community_code
    [old] = [a for a in PACK.aliases if a.name == "知雅汇"]
    pack = change(TOWN, tmp_path, close(old, date(2026, 5, 31)))
    assert [a.valid.end for a in pack.aliases if a.name == "知雅汇"] == [date(2026, 5, 31)]


def test_a_name_moves_to_another_community(tmp_path: Path) -> None:
    change(TOWN, tmp_path, add(ESTATE))
    moved = replace(ESTATE, code="310117107001", valid=Validity(date(2026, 6, 1)))
    pack = change(TOWN, tmp_path, replace_by(ESTATE, moved))
    assert locate("测试新苑", "", pack.on(date(2026, 5, 31))).community == "亭东社区居委会"
    assert locate("测试新苑", "", pack.on(date(2026, 6, 1))).community == "亭中社区居委会"
    corrected = replace(moved, code="310117107004")
    pack = change(TOWN, tmp_path, replace_by(moved, corrected))
    assert locate("测试新苑", "", pack.on(date(2026, 6, 1))).community == "亭南社区居委会"


def test_what_does_not_fit_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    change(TOWN, tmp_path, add(ESTATE))
    before = (tmp_path / EXTRA_PLACES).read_bytes()
    for wrong in (ESTATE, replace(ESTATE, name="错", code="999"), replace(ESTATE, name="")):
        with pytest.raises(TownPackError, match=r"places-extra.yaml"):
            change(TOWN, tmp_path, add(wrong))
    with pytest.raises(PlaceNameError, match="没有改动"):
        close(ESTATE, date(2026, 2, 1))
    with pytest.raises(PlaceNameError, match="没有改动"):
        replace_by(ESTATE, replace(ESTATE, valid=Validity(date(2026, 1, 1))))
    assert (tmp_path / EXTRA_PLACES).read_bytes() == before
    assert {p.name for p in (tmp_path / "town").iterdir()} <= {"places-extra.yaml", "places-extra.yaml.lock"}


def test_a_broken_file_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "places-extra.yaml"
    path.write_text("places:\n  - {name: 错, kind: 村, clause: x, from: 2026-01-01}\n", encoding="utf-8")
    with pytest.raises(TownPackError, match=r"places-extra.yaml:2"):
        load_town_pack(TOWN, path)
    with pytest.raises(TownPackError, match=r"places-extra.yaml:2"):
        read_extra_places(path)


def test_without_a_file_nothing_changes(tmp_path: Path) -> None:
    assert load_town_pack(TOWN, tmp_path / "没有.yaml").version == PACK.version
    path = tmp_path / "places-extra.yaml"
    path.write_text("places: []\n", encoding="utf-8")
    assert load_town_pack(TOWN, path).aliases == PACK.aliases


def test_two_who_change_at_once_both_get_in(tmp_path: Path) -> None:
    names = [f"同时花园{letter}" for letter in "甲乙丙丁"]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda name: change(TOWN, tmp_path, add(replace(ESTATE, name=name))), names))
    assert sorted(alias.name for alias in read_extra_places(tmp_path / EXTRA_PLACES)) == sorted(names)
