"""What is personal becomes marks and comes back; what only looks like it stays."""

import pytest

from routing.second_opinion.masking import Mask, one_way

HIDDEN = [
    ("我叫张建国，住这里", "张建国"),
    ("联系人：欧阳示例，晚上在家", "欧阳示例"),
    ("楼上的王阿姨天天跳绳", "王阿姨"),
    ("找李经理他不理", "李经理"),
    ("我姓陈", "姓陈"),
    ("电话13800001111", "13800001111"),
    ("电话 138 0000 1111 找我", "138 0000 1111"),
    ("电话１３８００００１１１１", "１３８００００１１１１"),
    ("号码是一三八零零零零一一一一", "一三八零零零零一一一一"),
    ("座机021-57600000", "57600000"),
    ("身份证310227195801011234", "310227195801011234"),
    ("身份证 310227 19580101 123X 丢了", "19580101"),
    ("护照E12345678", "E12345678"),
    ("银行卡6222 0000 0000 0000 000", "6222"),
    ("车牌沪A12345挡我车", "沪A12345"),
    ("沪AD12345是电车", "沪AD12345"),
    ("沪a·d1234挂", "d1234"),
    ("住沪亭北路1288弄23号502室", "1288弄"),
    ("三号楼二零一室漏水", "二零一室"),
    ("涞坊路12-301漏水", "12-301"),
    ("九亭大街508号门口", "508号"),
    ("邮箱shili@example.com", "shili@example.com"),
    ("微信号 shili_001 联系", "shili_001"),
    ("上次的工单JT20261123-0001没办", "JT20261123-0001"),
]
KEPT = [
    "2026年11月23日晚上七点，9号线九亭站旁",
    "住了30户人家，欠了48000元，三个月没发",
    "请打62112345或者12345、110",
    "高温天气，马路边施工，方便的话来看看",
    "物业费每平方米2元5角，面积89.5平方米",
]


@pytest.mark.parametrize(("text", "value"), HIDDEN)
def test_personal_things_do_not_leave_and_come_back(text: str, value: str) -> None:
    mask = Mask()
    hidden = mask.hide(text)
    assert value not in hidden
    assert "〔" in hidden
    assert mask.restore(hidden) == text
    assert not mask.leaks(hidden)


@pytest.mark.parametrize("text", KEPT)
def test_days_amounts_and_public_numbers_stay(text: str) -> None:
    assert Mask().hide(text) == text


def test_the_same_value_is_the_same_mark_and_known_values_are_hidden_anywhere() -> None:
    mask = Mask((("姓名", "甲乙丙"), ("电话", "57601234")))
    hidden = mask.hide("甲乙丙说打57601234，就是甲乙丙")
    assert hidden == "〔姓名1〕说打〔电话1〕，就是〔姓名1〕"


def test_marks_that_were_typed_cannot_be_forged() -> None:
    mask = Mask()
    hidden = mask.hide("我说〔电话1〕，真的电话13800001111")
    assert hidden.startswith("我说［电话1］")
    assert mask.restore("〔电话1〕〔电话9〕") == "13800001111〔电话9〕"


def test_other_peoples_things_are_gone_for_good() -> None:
    (hidden,) = one_way(["王阿姨电话13800001111"])
    assert hidden == "〔姓名〕电话〔电话〕"
    assert Mask().restore(hidden) == hidden


def test_a_value_that_still_stands_there_is_noticed() -> None:
    mask = Mask()
    mask.hide("电话13800001111")
    assert mask.leaks("…13800001111…") == ("〔电话1〕",)
