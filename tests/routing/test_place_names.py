"""Names that lie in several places: the house number, the street that is stated, or a question with the choices."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.pack import TownPackError, load_town_pack
from routing.place import locate
from routing.recommendation import Place, Territory
from routing.taxonomy import PackView
from tests.routing.towns import VIEW, copy_town

OURS, OTHER, UNCLEAR = Territory.OURS, Territory.OTHER, Territory.UNCLEAR
ROWS = """
  - {name: 测试花园, kind: estate, code: '310117107002', bare: true, clause: 细则-8, from: 2025-06-26}
  - {name: 双镇花园, kind: estate, code: '310117107002', bare: true, clause: 细则-8, from: 2025-06-26}
  - {name: 双镇花园, kind: estate, street: 九里亭街道, bare: true, clause: 细则-5-3, from: 2025-06-26}
  - {name: 测试路, kind: road, code: '310117107001', numbers: 1-199, bare: true, clause: 细则-8, from: 2025-06-26}
  - {name: 测试路, kind: road, code: '310117107002', numbers: 200-399, bare: true, clause: 细则-8, from: 2025-06-26}
  - {name: 长长路, kind: road, code: '310117107002', numbers: 1-500, bare: true, clause: 细则-8, from: 2025-06-26}
  - {name: 长长路, kind: road, street: 七宝镇, numbers: 501-999, bare: true, clause: 细则-5-3, from: 2025-06-26}
  - {name: 测试路88弄, kind: estate, code: '310117107004', bare: true, clause: 细则-8, from: 2025-06-26}
"""


@pytest.fixture(scope="module")
def view(tmp_path_factory: pytest.TempPathFactory) -> PackView:
    """The sample town with a few invented estates and roads."""
    folder = copy_town(tmp_path_factory.mktemp("town"))
    with (folder / "places.yaml").open("a", encoding="utf-8") as file:
        file.write(ROWS)
    return load_town_pack(folder).on(VIEW.day)


@pytest.mark.parametrize(
    ("address", "territory", "community"),
    [
        ("测试花园12号", OURS, "亭东社区居委会"),
        ("测试路20号", OURS, "亭中社区居委会"),
        ("测试路320弄5号", OURS, "亭东社区居委会"),
        ("测试路88弄3号", OURS, "亭南社区居委会"),
        ("测试路路口", OURS, ""),
        ("测试路亭东社区门口", OURS, "亭东社区居委会"),
        ("测试路小学门口", UNCLEAR, ""),
        ("长长路30号", OURS, "亭东社区居委会"),
        ("长长路800号", OTHER, ""),
        ("长长路", UNCLEAR, ""),
        ("双镇花园", UNCLEAR, ""),
        ("九亭镇双镇花园", OURS, "亭东社区居委会"),
        ("九里亭街道双镇花园", OTHER, ""),
    ],
)
def test_estates_and_roads(view: PackView, address: str, territory: Territory, community: str) -> None:
    place = locate(address, "", view)
    assert (place.territory, place.community) == (territory, community)


def _question(address: str, view: PackView, text: str = "") -> Place:
    place = locate(address, text, view)
    assert place.question.endswith("？")
    return place


def test_a_name_in_two_towns_asks_with_the_choices(view: PackView) -> None:
    place = _question("双镇花园3号", view)
    assert place.territory is UNCLEAR
    assert "九亭镇亭东社区、九里亭街道" in place.question
    assert "九亭镇亭东社区、七宝镇" in _question("长长路", view).question


def test_a_road_through_two_communities_asks_which(view: PackView) -> None:
    place = _question("测试路500号", view)
    assert (place.territory, place.community_code) == (OURS, "")
    assert "亭中社区、九亭镇亭东社区" in place.question
    assert "九亭家园第二社区" in _question("九亭家园5号", VIEW).question


def test_the_text_may_say_which_of_the_two_is_meant(view: PackView) -> None:
    place = locate("双镇花园3号", "我们九亭镇的小区", view)
    assert (place.territory, place.community) == (OURS, "亭东社区居委会")
    assert locate("双镇花园3号", "我住在九里亭街道", view).territory is OTHER


def test_in_running_text_too(view: PackView) -> None:
    assert locate("", "测试花园门口有人摆摊", view).community == "亭东社区居委会"
    assert _question("", view, "双镇花园门口有人摆摊").territory is UNCLEAR


def test_what_is_known_to_be_unclear_says_why() -> None:
    assert "自称九亭" in locate("九亭", "", VIEW).question
    assert locate("", "", VIEW).question == ""


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("{name: 无处路, kind: road, clause: 细则-8, from: 2025-06-26}", "没有写明在哪里"),
        ("{name: 错号路, kind: road, street: 七宝镇, numbers: 9-1, clause: x, from: 2025-06-26}", "门牌号起止"),
        ("{name: 错类, kind: estate, street: 七宝镇, numbers: 1-9, clause: x, from: 2025-06-26}", "不是道路"),
        ("{name: 错码, kind: estate, code: '9', clause: x, from: 2025-06-26}", "社区代码 9 不存在"),
    ],
)
def test_a_wrong_row_is_named(tmp_path: Path, row: str, message: str) -> None:
    with (copy_town(tmp_path) / "places.yaml").open("a", encoding="utf-8") as file:
        file.write(f"  - {row}\n")
    with pytest.raises(TownPackError, match=message):
        load_town_pack(tmp_path)


def test_the_same_name_may_move_on_a_day(tmp_path: Path) -> None:
    with (copy_town(tmp_path) / "places.yaml").open("a", encoding="utf-8") as file:
        file.write(
            "  - {name: 搬迁园, kind: estate, code: '310117107001', clause: x, from: 2025-06-26, to: 2026-01-31}\n"
        )
        file.write("  - {name: 搬迁园, kind: estate, code: '310117107002', clause: x, from: 2026-02-01}\n")
    pack = load_town_pack(tmp_path)
    before, after = pack.on(VIEW.day.replace(month=1)), pack.on(VIEW.day)
    assert locate("搬迁园", "", before).community == "亭中社区居委会"
    assert locate("搬迁园", "", after).community == "亭东社区居委会"


WORDS = [
    "测试花园",
    "双镇花园",
    "测试路",
    "长长路",
    "九亭镇",
    "九里亭街道",
    "亭东社区",
    "九亭",
    "88号",
    "门口",
    "300号",
    "，",
]


@given(st.lists(st.sampled_from(WORDS), max_size=5), st.lists(st.sampled_from(WORDS), max_size=4))
def test_a_place_is_known_or_asked_about_but_never_both(view: PackView, address: list[str], text: list[str]) -> None:
    place = locate("".join(address), "".join(text), view)
    assert not (place.community_code and place.question)
    assert (place.community == "") == (place.community_code == "")
    assert place.territory is not UNCLEAR or not place.street
    if place.community_code:
        assert view.areas[place.community_code].ours == (place.territory is OURS)
