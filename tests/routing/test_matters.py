"""Several matters in one call: cut where another begins, named only when sure, never lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.matters import matters_of, parts_of, shares_of
from routing.recommendation import Band, Proposal
from tests.routing.towns import VIEW, proposal

WORDS = {"摆摊": "C01", "路灯": "D05", "垃圾": "C03", "占道": "C02", "法院": "Z01"}


def by_word(text: str) -> Proposal:
    """A proposer that knows a few words and is unsure of everything else."""
    found = [code for word, code in WORDS.items() if word in text]
    return proposal(*found[:3], band=Band.ACCEPT) if found else proposal("A01", band=Band.CHOOSE)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("门口有人摆摊，另外路灯也不亮了", 2),
        ("1、门口有人摆摊；2、路灯不亮；3、垃圾没人收", 3),
        ("第一，小区门口摆摊。第二，路灯坏了一个月", 2),
        ("垃圾没人收。还有就是路灯不亮", 2),
        ("垃圾没人收，顺便问一下路灯归谁管", 2),
        ("小区门口天天有人摆摊", 1),
        ("我家里还有两个孩子，晚上吵得睡不着", 1),
        ("另外一家店也在摆摊", 1),
        ("住了3.5年，垃圾一直没人收", 1),
        ("门口摆摊，同时要求尽快处理", 1),
        ("楼上漏水，再一个就是隔壁养狗半夜叫", 2),
        ("摆摊扰民，还有人吵架", 1),
        ("垃圾堆在路口，第一个红绿灯往东", 1),
        ("按照物业条例，第四十条怎么说的", 1),
        ("路灯坏了很久，同时车辆很多", 1),
        ("", 1),
    ],
)
def test_where_another_matter_begins(text: str, count: int) -> None:
    assert len(parts_of(text)) == count


@given(st.text(alphabet="摆摊路灯另外还有，。；1234、第一二顺便同时\n ", max_size=120))
def test_nothing_that_was_said_gets_lost(text: str) -> None:
    assert "".join(parts_of(text)) == text


def test_matters_carry_topic_and_lead_in_the_order_of_speech() -> None:
    found = matters_of("路灯不亮很久了，另外门口有人摆摊", by_word, VIEW)
    assert [(m.topic.code, m.lead.code if m.lead else "") for m in found] == [("D05", "GJB"), ("C01", "ZFD")]
    assert found[0].text.startswith("路灯")
    assert found[1].text.startswith("另外")


@pytest.mark.parametrize(
    "text",
    [
        "路灯不亮很久了，另外隔壁的路灯也不亮",
        "路灯不亮很久了，另外我心里很不舒服的",
        "路灯不亮很久了，另外那个法院的事情",
        "路灯不亮很久了",
    ],
)
def test_one_matter_or_an_unsure_part_makes_no_list(text: str) -> None:
    assert matters_of(text, by_word, VIEW) == ()


@given(
    st.lists(
        st.sampled_from(["门口有人摆摊", "另外路灯不亮", "还有垃圾没人收", "顺便说一下天很冷", "请尽快处理"]),
        max_size=6,
    )
)
def test_every_word_goes_to_exactly_one_share(pieces: list[str]) -> None:
    text = "，".join(pieces)
    matters = matters_of(text, by_word, VIEW)
    shares = shares_of(text, matters) if matters else (text,)
    assert sorted("".join(shares)) == sorted(text)
    assert all(share for share in shares) or not text


def test_what_opens_no_matter_of_its_own_stays_with_the_one_before() -> None:
    text = "门口有人摆摊，另外我腿脚不好，还有路灯不亮"
    matters = matters_of(text, by_word, VIEW)
    assert [m.topic.code for m in matters] == ["C01", "D05"]
    assert shares_of(text, matters) == ("门口有人摆摊，另外我腿脚不好，", "还有路灯不亮")
