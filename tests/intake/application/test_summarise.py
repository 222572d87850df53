"""Time, place, object and demand from what callers say, and the next question."""

import pytest

from intake.application.summarise import ELEMENTS, summarise


@pytest.mark.parametrize(
    ("text", "time", "place", "object_", "demand"),
    [
        ("亭中小区门口每天晚上有人设摊，希望城管来管一下", "每天晚上", "亭中小区", "设摊", "希望城管来管一下"),
        ("昨天半夜楼上装修太吵了，没人管", "昨天半夜", "", "楼上", "太吵了"),
        ("沪亭北路199弄12号楼下的路灯坏了三天了", "三天了", "沪亭北路199弄", "楼下", "坏了"),
        ("请问居住证到期了怎么续签", "", "", "居住证", "请问居住证到期了怎么续签"),
        ("我住在涞寅路，11月20日上午自来水停了", "11月20日上午", "涞寅路", "自来水", ""),
        ("门口垃圾桶好几天没人清，苍蝇乱飞", "几天", "", "垃圾桶", "没人清"),
        ("公司欠我三个月工资不发，老板找不到", "三个月", "", "公司", "欠我三个月工资不发"),
        ("九亭大街的井盖没了，快点来人", "", "九亭大街", "井盖", "快点来人"),
        ("马路上堵住了", "", "", "", "堵住了"),
        ("啥时候能加装电梯啊我们楼", "", "", "电梯", "啥时候能加装电梯"),
    ],
)
def test_elements(text: str, time: str, place: str, object_: str, demand: str) -> None:
    found = summarise(text)
    assert found.time == time
    assert place in found.place
    assert bool(found.place) == bool(place)
    assert found.object == object_
    assert demand in found.demand
    assert bool(found.demand) == bool(demand)


def test_the_next_question_asks_for_the_demand_first_then_the_place() -> None:
    assert summarise("路灯").next_question.startswith("您希望我们")
    assert "哪个小区" in summarise("路灯坏了，请尽快修").next_question
    assert "什么时候" in summarise("路灯坏了，请尽快修", address="涞寅路").next_question
    assert summarise("昨晚路灯坏了，请尽快修", address="涞寅路").next_question == ""


def test_an_address_or_a_known_place_counts() -> None:
    assert summarise("垃圾没人清", address="涞寅路 1 号").place == "涞寅路 1 号"
    assert summarise("垃圾没人清", known_place="亭中").place == "亭中"


@pytest.mark.parametrize("text", ["", "。", "啊", "😡", "a" * 20_000, "路" * 20_000, "１２３" * 5_000])
def test_any_text_gets_a_summary(text: str) -> None:
    found = summarise(text)
    assert set(found.missing) <= set(ELEMENTS)
    assert bool(found.next_question) == bool(found.missing)


def test_an_inquiry_misses_only_its_question() -> None:
    assert summarise("请问居住证要什么材料", inquiry=True).next_question == ""
    assert summarise("居住证", inquiry=True).missing == ("诉求",)
