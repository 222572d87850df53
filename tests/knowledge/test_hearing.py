"""Pinyin, initials and homophones become words of the documents; the documents' own words stay as they are."""

import pytest

from knowledge.hearing import Hearing, PhraseCache, Weight
from knowledge.pinyin import blurred, initials, is_syllable, sound

TEXTS = [
    ("居住证怎么办理", Weight.TITLE),
    ("违章建筑找谁", Weight.TITLE),
    ("公积金怎么提取", Weight.TITLE),
    ("物业费不交会怎样", Weight.ASK),
    ("楼下有人摆摊怎么办", Weight.ASK),
    ("请带居住证原件，物业费发票，手机上的app也能查。", Weight.BODY),
]


@pytest.fixture(scope="module")
def hearing() -> Hearing:
    return Hearing(PhraseCache().count(TEXTS))


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("juzhuzheng zenme ban", "居住证怎么办"),
        ("ju zhu zheng", "居住证"),
        ("juzuzen", "居住证"),  # as it is said in the south
        ("louxia youren baitan", "楼下有人摆摊"),
        ("居住证zenme办", "居住证怎么办"),
        ("jzz", "居住证"),
        ("wzjz", "违章建筑"),
        ("gjj怎么提取", "公积金怎么提取"),
        ("物业废不交", "物业费不交"),
        ("维张建筑", "违章建筑"),
        ("公鸡金", "公积金"),
    ],
)
def test_what_was_meant_is_read(hearing: Hearing, said: str, meant: str) -> None:
    assert hearing.heard(said) == meant


@pytest.mark.parametrize(
    "said",
    [
        "物业费不交会怎样",
        "app打不开",
        "wifi密码",
        "ktv太吵",
        "12345",
        "",
        "。，！",
        "我家的门前有水",
        "x",
        "zzzzzzzzzzzz",
    ],
)
def test_what_is_known_or_means_nothing_stays(hearing: Hearing, said: str) -> None:
    assert hearing.heard(said) == said


def test_without_documents_nothing_is_read_anew() -> None:
    assert Hearing({}).heard("jzz 物业废 zenme") == "jzz 物业废 zenme"


def test_counts_follow_the_texts() -> None:
    cache = PhraseCache()
    first = cache.count(TEXTS)
    assert cache.count(TEXTS[:2])["居住证"] == Weight.TITLE
    assert "公积金" not in cache.count(TEXTS[:2])
    assert cache.count(TEXTS) == first == PhraseCache().count(TEXTS)


def test_sounds() -> None:
    assert (sound("居住证"), initials("居住证"), sound("12 a")) == ("juzhuzheng", "jzz", "")
    assert blurred("zhangshan") == blurred("zanshang") == "zansan"
    assert is_syllable("zhuang")
    assert not is_syllable("jzz")
