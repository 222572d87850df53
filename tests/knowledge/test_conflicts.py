"""Contradictions are found in other words too, and what only looks like one is left alone."""

import pytest

from knowledge.checks.conflicts import Conflict, ConflictKind, conflicts_between
from knowledge.checks.statements import claims_of, quantities
from knowledge.documents import DocumentKind
from tests.knowledge.makers import document


def between(one: str, other: str) -> tuple[Conflict, ...]:
    return conflicts_between((document("A", "甲", one), document("B", "乙", other)))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("派单后一个工作日内会联系您，五个工作日内答复。", "派单后两个工作日内会有人和您联系，十个工作日内给答复。"),
        ("狗满三个月要登记，出门要挂牌。", "养的狗满六个月要去登记。"),
        ("解聘物业要提前六十日书面通知。", "决定解聘物业的，一般要提前三十天书面通知物业。"),
        ("百分之二十以上业主提请可以召开业主大会。", "30%以上的业主提请才可以召开业主大会。"),
        ("装修时间是早上八点到晚上六点。", "装修施工时间是早上9点到晚上8点。"),
        ("违反的处五十元以上二百元以下罚款。", "违反的处二百元以上一千元以下罚款。"),
        ("补贴每月三百元。", "每个月补贴五百元。"),
        ("不服的应当在六十日内申请复议。", "不服的，应当在三十日内申请复议。"),
        ("年满六十周岁的老人可以申请。", "年满六十五周岁的老人可以申请。"),
        ("维修资金使用要经三分之二以上业主同意。", "使用维修资金须经二分之一以上业主同意。"),
        ("噪声白天不超过六十分贝。", "白天噪声不得超过55分贝。"),
        ("临时停车免费半小时。", "临时停车免费一小时。"),
    ],
)
def test_other_numbers(one: str, other: str) -> None:
    found = between(one, other)
    assert {conflict.kind for conflict in found} == {ConflictKind.NUMBER}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("电动自行车不得在楼道充电。", "电动自行车可以在楼道充电。"),
        ("办居住证需要本人到场。", "办居住证不需要本人到场。"),
        ("夜间十点到早上六点不能施工。", "晚上十点到早上六点可以施工。"),
        ("申请材料不需要盖章。", "申请材料必须盖章。"),
        ("小区里可以养鸡。", "小区里禁止养鸡。"),
        ("物业费逾期不交要付违约金。", "物业费逾期不交不用付违约金。"),
        ("没有居住证的也可以申请法律援助。", "没有居住证的不能申请法律援助。"),
        ("沿街商户应当自行清扫人行道。", "沿街商户不得自行清扫人行道。"),
    ],
)
def test_the_opposite(one: str, other: str) -> None:
    assert [conflict.kind for conflict in between(one, other)] == [ConflictKind.STANCE]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("养犬由派出所管，居委会配合劝导。", "养犬由市场监督管理所负责。"),
        ("楼道堆物由社区管理办公室牵头。", "楼道堆物归消防救援站处理。"),
    ],
)
def test_another_unit(one: str, other: str) -> None:
    assert [conflict.kind for conflict in between(one, other)] == [ConflictKind.OWNER]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("未满十六周岁的，不得骑电动自行车。", "年满十六周岁的，可以骑电动自行车。"),
        ("工作日八点半到十二点开放。", "周末九点到十二点开放。"),
        ("第一次罚款五十元。", "第二次罚款二百元。"),
        ("派单后一个工作日内会联系您。", "派单后五个工作日内给您答复。"),
        ("没有业委会的，可以由居委会代管。", "有业委会的，不可以由居委会代管。"),
        ("犬只由派出所负责登记。", "犬只由收容所负责收容。"),
        ("提前六十日通知物业公司。", "提前60天通知物业公司。"),
        ("百分之二十以上业主提请召开。", "20%以上业主提请召开。"),
        ("这里能不能装空调要看规划。", "这里可以装空调。"),
        ("物业维修由房屋管理所指导。", "物业维修由房屋管理所和居委会指导。"),
        ("小型犬可以在公园遛。", "大型犬不能在公园遛。"),
        ("个人罚款五十元以上二百元以下。", "单位罚款五千元以上五万元以下。"),
        ("十点以后不能跳广场舞。", "十点以前可以跳广场舞。"),
        ("占用一百元以下的不用退。", "占用一百元以上的要退。"),
        ("楼上装修可以敲非承重墙。", "楼上装修不能敲承重墙。"),
        ("材料齐全的，二十个工作日内办好。", "材料不齐的，五个工作日内一次告知。"),
        ("三十平方米以下的，收费一百元。", "六十平方米以下的，收费二百元。"),
        ("所有人不能证明没有过错的要赔。", "所有人不能证明自己没有过错的要赔偿。"),
        ("条例2018年12月20日修正，第三十条讲收费。", "条例2020年12月30日修正，第四十条讲收费。"),
        ("五个工作日内答复。", "要看文件可以书面申请公开，一般二十个工作日内答复。"),
        ("大约七八个摊位影响通行。", "大约三四个摊位影响通行。"),
        ("单位三十天内答复。", "市民十五天内提出。"),
    ],
)
def test_what_is_no_contradiction(one: str, other: str) -> None:
    assert between(one, other) == ()


def test_the_sentences_stand_side_by_side() -> None:
    found = between("出门牵绳。狗满三个月要登记，出门要挂牌。", "## 可以这样答复\n- 养的狗满六个月要去登记。")[0]
    assert found.documents == ("A", "B")
    assert found.sentences == ("狗满三个月要登记,出门要挂牌。", "养的狗满六个月要去登记。")
    assert found.clauses == ("狗满三个月要登记", "养的狗满六个月要去登记")


def test_invented_cases_make_no_rule() -> None:
    case = document("A", "甲", "狗满三个月要登记。", kind=DocumentKind.CASE)
    assert conflicts_between((case, document("B", "乙", "狗满六个月要登记。"))) == ()


def test_one_document_or_none_has_no_conflict() -> None:
    assert conflicts_between(()) == ()
    assert conflicts_between((document("A", "甲", "狗满三个月要登记。狗满六个月要登记。"),)) == ()


def test_quantities_are_read_alike_however_written() -> None:
    assert quantities("60天")[0] == quantities("六十日")[0]
    assert quantities("20%")[0] == quantities("百分之二十")[0]
    assert quantities("3万元")[0] == quantities("30000元")[0]
    assert quantities("第三十条")[0] == ()
    assert quantities("有一点小")[0] == ()


def test_claims_are_worked_out_once() -> None:
    one = document("A", "甲", "狗满三个月要登记。")
    assert claims_of(one) is claims_of(one)
