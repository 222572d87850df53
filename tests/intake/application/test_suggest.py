"""While typing nothing is refused: what is wrong becomes a notice."""

from datetime import UTC, datetime

import pytest

from intake.application.suggest import Suggest
from intake.domain.call import CallNotes
from intake.domain.errors import InvalidInputError
from routing.recommendation import Outcome
from tests.intake.fakes import NOW, FakeDirectory, FakeRecommender


def test_the_recommender_gets_clean_notes() -> None:
    fake = FakeRecommender()
    found = Suggest(fake, FakeDirectory())(
        CallNotes(" 门口有人摆摊\x00 ", NOW, " 亭中 ", "１３８ 00000000", topic_code="A01")
    )
    (request,) = fake.asked
    assert (request.text, request.address, request.caller_phone) == ("门口有人摆摊", "亭中", "13800000000")
    assert request.topic_code == "A01"
    assert found.recommendation is not None
    assert found.recommendation.outcome is Outcome.DISPATCH
    assert found.notices == ("已去掉 1 个看不见的控制字符，其余内容原样保留。",)


def test_useless_text_asks_nobody_and_says_why() -> None:
    fake = FakeRecommender()
    found = Suggest(fake, FakeDirectory())(CallNotes("。", NOW))
    assert found.recommendation is None
    assert "只有标点" in found.notices[0]
    assert fake.asked == []


def test_a_wrong_telephone_is_only_a_notice() -> None:
    found = Suggest(FakeRecommender(), FakeDirectory())(CallNotes("门口有人摆摊", NOW, phone="1380000"))
    assert found.recommendation is not None
    assert "位数不对" in found.notices[0]


def test_a_year_without_holiday_list_is_said_to_be_provisional() -> None:
    found = Suggest(FakeRecommender(), FakeDirectory())(CallNotes("门口有人摆摊", datetime(2031, 5, 1, tzinfo=UTC)))
    assert "暂定" in found.notices[0]


def test_a_topic_that_is_not_in_force_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="Q77"):
        Suggest(FakeRecommender(), FakeDirectory())(CallNotes("门口有人摆摊", NOW, topic_code="Q77"))
