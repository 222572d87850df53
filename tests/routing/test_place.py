"""Places as callers say them: 九里亭街道 against 九亭镇, address over text, and no guessing."""

import pytest

from routing.place import locate
from routing.recommendation import Territory
from tests.routing.towns import VIEW

OURS, OTHER, UNCLEAR = Territory.OURS, Territory.OTHER, Territory.UNCLEAR


@pytest.mark.parametrize(
    ("address", "territory", "community", "street"),
    [
        ("九亭镇", OURS, "", "九亭镇"),
        ("上海市松江区九亭镇亭东社区3号", OURS, "亭东社区居委会", "九亭镇"),
        ("亭东3号", OURS, "亭东社区居委会", "九亭镇"),
        ("亭东居委会", OURS, "亭东社区居委会", "九亭镇"),
        ("颐景园小区12号", OURS, "颐景园社区居委会", "九亭镇"),
        ("象屿都城5号楼", OURS, "象屿都城社区居委会", "九亭镇"),
        ("九亭家园第二社区", OURS, "九亭家园第二社区居委会", "九亭镇"),
        ("九亭家园社区", OURS, "九亭家园社区居委会", "九亭镇"),
        ("九亭鎮亭東社區", OURS, "亭东社区居委会", "九亭镇"),
        ("靠近九里亭街道的亭新社区", OURS, "亭新社区居委会", "九亭镇"),
        ("九里亭街道涞寅路", OTHER, "", "九里亭街道"),
        ("九里亭", OTHER, "", "九里亭街道"),
        ("九里亭镇", OTHER, "", "九里亭街道"),
        ("亭北社区", OTHER, "亭北社区居委会", "九里亭街道"),
        ("九亭亭北社区", OTHER, "亭北社区居委会", "九里亭街道"),
        ("绿庭尚城", OTHER, "绿庭尚城社区居委会", "九里亭街道"),
        ("泗泾", OTHER, "", "泗泾镇"),
        ("闵行区七宝镇中春路", OTHER, "", "七宝镇"),
        ("浦东新区", OTHER, "", "浦东新区"),
        ("佘山镇", OTHER, "", "佘山镇"),
    ],
)
def test_an_address_that_decides(address: str, territory: Territory, community: str, street: str) -> None:
    place = locate(address, "", VIEW)
    assert (place.territory, place.community, place.street) == (territory, community, street)
    assert place.matched
    assert (place.community_code in VIEW.areas) == bool(community)


@pytest.mark.parametrize(
    "address",
    [
        "", "九亭", "九亭街道", "亭东路88号", "徐泾路3号", "青春期教育中心", "新桥", "东方花园3号", "涞亭南路", "百花",
        "九里亭街道亭东社区", "九亭镇亭北社区", "闵行区九亭镇", "😀", "<script>", "九" * 20000,
    ],
)  # fmt: skip
def test_an_address_that_does_not_decide(address: str) -> None:
    place = locate(address, "", VIEW)
    assert place.territory is UNCLEAR
    assert not place.community_code


@pytest.mark.parametrize("address", ["九亭家园12号", "象屿3号楼"])
def test_two_communities_of_one_name_leave_the_community_open(address: str) -> None:
    place = locate(address, "", VIEW)
    assert (place.territory, place.community_code) == (OURS, "")


@pytest.mark.parametrize(
    ("text", "territory", "community"),
    [
        ("我住在九里亭街道，门口有人摆摊", OTHER, ""),
        ("我们九里亭这里路灯坏了", OTHER, ""),
        ("贝尚湾门口乱停车", OTHER, "贝尚湾社区居委会"),
        ("去九里亭街道上班路上路灯不亮", UNCLEAR, ""),
        ("泗泾镇的领导都能管好你们怎么不管", UNCLEAR, ""),
        ("九里亭街道让我打你们电话的", UNCLEAR, ""),
        ("青春广场那边有人摆摊", UNCLEAR, ""),
        ("青春小区的电梯坏了", OURS, "青春社区居委会"),
        ("亭东居委不给开证明", OURS, "亭东社区居委会"),
        ("我不是九里亭街道的，我是九亭镇亭南社区的", OURS, "亭南社区居委会"),
        ("我户口在闵行区，住亭汇社区", OTHER, "亭汇社区居委会"),
        ("我住九里亭街道，在亭东社区门口摔的", UNCLEAR, ""),
    ],
)
def test_text_without_an_address(text: str, territory: Territory, community: str) -> None:
    place = locate("", text, VIEW)
    assert (place.territory, place.community) == (territory, community)


def test_the_address_wins_over_the_text() -> None:
    assert locate("九亭镇金吴社区", "我住泗泾镇", VIEW).territory is OURS
    assert locate("泗泾镇", "我在九亭镇上班", VIEW).territory is OTHER


def test_the_text_adds_the_community_to_a_vague_address() -> None:
    place = locate("九亭镇沪松公路", "亭东社区门口有人摆摊", VIEW)
    assert (place.territory, place.community) == (OURS, "亭东社区居委会")
    assert locate("九亭镇沪松公路", "我住九里亭街道", VIEW).territory is OURS


def test_a_contradictory_address_is_not_overruled_by_the_text() -> None:
    assert locate("九里亭街道亭东社区", "九亭镇的", VIEW).territory is UNCLEAR


def test_every_community_is_found_by_its_own_name() -> None:
    for area in VIEW.areas.values():
        place = locate(area.street + area.name, "", VIEW)
        assert place.community_code == area.code, area.name
        assert place.territory is (OURS if area.ours else OTHER)
