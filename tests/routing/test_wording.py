"""Words that alarm and words that only sound like it; a miss is worse than a false alarm, but both are tested."""

from pathlib import Path

import pytest

from routing.taxonomy import Discount, DiscountWords, WordRule
from routing.wording import hear, listen, plain
from tests.routing.towns import VIEW

WORDS = DiscountWords(past=("去年", "之前"), present=("现在",), urgent=("快来",), over=("扑灭了",))
FIRE = WordRule(("着火",), guards=("打不着火",), discounts=frozenset({Discount.PAST, Discount.OVER}))

CALLS = Path(__file__).parent / "calls"


def _calls(name: str) -> list[str]:
    return (CALLS / name).read_text(encoding="utf-8").splitlines()


def _kinds(text: str) -> set[str]:
    spoken = listen(text)
    return {kind.code for kind in VIEW.emergency if hear(kind.words, spoken, VIEW.discount_words)}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("着火了 楼上冒黑烟快来", "fire"),
        ("著火了，二樓冒煙", "smoke"),
        ("着 火 了", "fire"),
        ("嗯那个就是那个我家厨房起火了怎么办啊", "fire"),
        ("电瓶车充电着火了怎么办", "fire"),
        ("我之前打过电话，楼上着火了你们快来", "fire"),
        ("去年反映过没人管，今天电动车在楼道里烧起来了", "fire"),
        ("仓库冒浓烟", "smoke"),
        ("厨房闻到煤气味，人有点头晕", "gas_symptoms"),
        ("煤气中毒了两个人", "gas_symptoms"),
        ("闻到很浓的煤气味", "gas_leak"),
        ("煤气管被挖断了", "gas_leak"),
        ("有人站在楼顶要跳楼", "suicide"),
        ("担心他要自杀", "suicide"),
        ("我不想活了", "suicide"),
        ("隔壁男的拿刀追人", "crime"),
        ("小偷正在撬门", "crime"),
        ("我老公正在打我，我躲在厕所", "crime"),
        ("楼下打起来了，好多人", "crime"),
        ("老人晕倒在路边没反应", "medical"),
        ("我爸摔在楼梯上爬不起来", "medical"),
        ("车祸，人躺在地上流血", "medical"),
        ("孩子掉河里了", "water_fall"),
        ("有人掉进窨井了", "water_fall"),
        ("电梯门打不开里面关着人", "trapped"),
        ("孩子被反锁在车里了", "trapped"),
        ("脚手架塌了压到人了", "trapped"),
        ("有人触电了", "electric"),
        ("变压器冒火花", "electric"),
        ("老太太走丢了", "missing"),
    ],
)
def test_danger_is_heard(text: str, kind: str) -> None:
    assert kind in _kinds(text)


@pytest.mark.parametrize(
    "text",
    [
        "消防通道堵塞",
        "消防通道被堵，着火了怎么办",
        "消防车进不来怎么办",
        "煤气费怎么这么贵",
        "楼道里有点燃气味",
        "去年着火",
        "去年夏天，三号楼着火，现在墙还是黑的",
        "三号楼上个月着火，墙面一直没修",
        "2025年11月3日家里着火，赔偿没到位",
        "火锅店油烟太大",
        "车子打不着火，停在路中间",
        "楼道堆物万一着火跑都跑不掉",
        "飞线充电容易起火",
        "希望多搞消防演练，防止发生火灾",
        "烟囱冒黑烟，污染空气",
        "渣土车天天冒黑烟",
        "烧烤摊冒烟熏人",
        "打120没人接要投诉",
        "救护车收费不合理",
        "老人晕倒了，救护车等了四十分钟才赶到",
        "老人摔倒骨折了要求赔偿，人行道不平",
        "物业投诉了没反应",
        "房贷压得喘不过气来",
        "电梯经常困人，物业不修",
        "电梯昨天困人半小时，要求检修",
        "停车困难",
        "小区有人打架子鼓",
        "昨天有人打架，派出所处理结果是什么",
        "邻居正在砸墙装修",
        "正在偷倒垃圾",
        "大甩卖跳楼价是虚假宣传",
        "河里经常有人溺水，建议装护栏",
        "电线垂下来怕触电",
        "高空坠物很危险",
        "我家狗走丢了",
        "接触电话多年的老客服",
        "",
        "。。。",
    ],
)
def test_what_only_sounds_like_danger(text: str) -> None:
    assert _kinds(text) == set()


@pytest.mark.parametrize("text", _calls("danger.txt"))
def test_every_call_of_danger_is_heard(text: str) -> None:
    assert _kinds(text)


@pytest.mark.parametrize("text", _calls("calm.txt"))
def test_no_calm_call_alarms(text: str) -> None:
    assert not _kinds(text)


def test_of_two_marks_of_time_the_nearer_decides() -> None:
    assert hear(FIRE, listen("去年着过火现在又着火"), WORDS)
    assert not hear(FIRE, listen("现在说的是去年着火"), WORDS)


def test_a_call_for_help_lifts_the_past() -> None:
    assert hear(FIRE, listen("之前就着火，快来"), WORDS)


def test_what_is_over_stays_over_even_with_a_call_for_help() -> None:
    heard = hear(FIRE, listen("着火，已经扑灭了，快来看看"), WORDS)
    assert not heard
    assert heard.disarmed == "“着火”已经结束（扑灭了）"


def test_the_reason_for_silence_is_kept() -> None:
    assert hear(FIRE, listen("去年着火"), WORDS).disarmed == "“着火”说的是以前（去年）"
    assert hear(FIRE, listen("打不着火"), WORDS).disarmed == ""


def test_a_combo_must_meet_in_one_clause() -> None:
    rule = WordRule((), combos=((("电梯",), ("困",)),))
    assert hear(rule, listen("困在电梯里"), WORDS).words == ("困", "电梯")
    assert not hear(rule, listen("电梯坏了，我很困"), WORDS)
    assert not hear(rule, listen("电梯" + "很" * 40 + "困"), WORDS)


def test_near_words_may_stand_in_neighbouring_clauses() -> None:
    rule = WordRule((), near=((("煤气",), ("头晕",)),))
    assert hear(rule, listen("有煤气味，开着窗，头晕"), WORDS)
    assert not hear(rule, listen("有煤气味。一。二。三。头晕"), WORDS)


def test_plain_text() -> None:
    assert plain("Ｂ１ 號樓\u200b著火\x00") == "b1号楼着火"


@pytest.mark.parametrize(
    "text", ["困" * 20000, "电梯困" * 6000, "着火，去年" * 4000, "<script>'; DROP TABLE--", "😀" * 99]
)
def test_odd_texts_are_answered(text: str) -> None:
    assert _kinds(text) <= {kind.code for kind in VIEW.emergency}
