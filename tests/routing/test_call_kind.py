"""What kind of call it is: calls about a ticket are told from complaints that merely mention one."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.call_kind import call_nature
from routing.pack import TownPackError, load_town_pack
from routing.recommendation import CallKind
from tests.routing.towns import VIEW, copy_town

NEW, PROGRESS = CallKind.NEW, CallKind.PROGRESS
ADDITION, WITHDRAWAL, REPLY = CallKind.ADDITION, CallKind.WITHDRAWAL, CallKind.REPLY


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("帮我查一下工单进度", PROGRESS),
        ("我上次投诉的噪音，有结果了吗", PROGRESS),
        ("前几天打过电话说井盖的事，什么时候能处理", PROGRESS),
        ("我反映的问题怎么样了", PROGRESS),
        ("麻煩幫我查工單", PROGRESS),
        ("昨天反映的停车问题，请你们催一下", PROGRESS),
        ("我再补充一点，那辆车是白色的", ADDITION),
        ("刚才打过，地址说错了，是三号楼", ADDITION),
        ("我要撤诉", WITHDRAWAL),
        ("上次投诉的事，已经解决了不用来了，不用处理了", WITHDRAWAL),
        ("我们是市场监督管理所，反馈一下这个工单的情况", REPLY),
        ("来电申请退单，不是我们管的", REPLY),
        ("我想问一下进度，上次打的电话怎么还没有人联系我", PROGRESS),
        ("工单 JT20260220-0001 处理得怎么样了", PROGRESS),
        ("地址说错了，是三号楼", ADDITION),
        ("人家已经来修好了，不用处理了，撤单吧", WITHDRAWAL),
        ("我单位已处理，现作办结反馈", REPLY),
    ],
)
def test_calls_about_an_existing_ticket(text: str, kind: CallKind) -> None:
    nature = call_nature(text, VIEW)
    assert nature.kind is kind
    assert nature.words


@pytest.mark.parametrize(
    "text",
    [
        "",
        "多次打电话反映没人管",
        "上次反映过占道摆摊，一直没解决，什么时候能处理",
        "打过电话投诉多次无果，到底有没有处理",
        "投诉了以后承办的人打电话来威胁我撤单",
        "报警以后多久会有结果，怎么查案件进度",
        "个人所得税退税进度怎么查",
        "建议公开工程进度",
        "公司不给交补充公积金",
        "窗口让我补充材料，跑了四趟",
        "垃圾桶撤了以后没地方扔",
        "要求撤销罚单",
        "派出所回复我说不归他们管",
        "物业不给我答复",
        "城管说已处理，其实根本没来",
        "反映过很多次都没人管，天天摆摊",
        "我对处理结果不满意，还是天天摆摊",
        "快递退单了商家不退钱",
    ],
)
def test_what_only_sounds_like_it_stays_a_new_matter(text: str) -> None:
    assert call_nature(text, VIEW).kind is NEW


def test_a_number_alone_makes_no_kind_but_is_kept() -> None:
    nature = call_nature("工单JT20261123-0001那里路灯又坏了", VIEW)
    assert (nature.kind, nature.numbers) == (NEW, ("JT20261123-0001",))


@given(st.text(max_size=200))
def test_any_text_has_a_kind_and_only_words_make_it_another(text: str) -> None:
    nature = call_nature(text, VIEW)
    assert (nature.kind is NEW) == (not nature.words)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("name: 撤销诉求", "name: 撤诉", "“name”的值“撤诉”不认识"),
        ("name: 撤销诉求", "name: 新诉求", "新诉求不需要词表"),
        ("code: withdrawal", "code: addition", "来电类别代码 addition 重复"),
        ("    unless: [威胁, 逼我]", "    unles: [威胁]", "不认识的键“unles”"),
    ],
)
def test_a_spoiled_table_is_named_with_its_line(tmp_path: Path, old: str, new: str, message: str) -> None:
    path = copy_town(tmp_path) / "call_kinds.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(TownPackError) as caught:
        load_town_pack(tmp_path)
    found = [p for p in caught.value.problems if message in p.message]
    assert found
    assert all(p.file == "call_kinds.yaml" and p.line > 1 for p in found)
