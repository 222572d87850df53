"""What was shown is stored and read back equal."""

import json
from datetime import UTC, datetime
from enum import StrEnum

import pytest

from intake.application.snapshot import canonical, decode, digest, encode
from intake.domain.ticket import Ticket
from routing.recommendation import Recommendation, Request
from tests.intake.fakes import NOW, FakeRecommender
from tests.intake.samples import sample_ticket


@pytest.mark.parametrize("text", ["门口摆摊", "法院判决", "燃气味很大", "居住证怎么办", "随便"])
def test_a_recommendation_survives_json(text: str) -> None:
    shown = FakeRecommender().recommend(Request(text, NOW))
    stored = json.loads(json.dumps(encode(shown), ensure_ascii=False))
    assert decode(Recommendation, stored) == shown


def test_a_whole_ticket_survives_json() -> None:
    ticket = sample_ticket()
    assert decode(Ticket, json.loads(json.dumps(encode(ticket)))) == ticket


def test_fields_of_an_older_version_fall_back_to_their_defaults() -> None:
    assert decode(Request, {"text": "路灯", "called_at": NOW.isoformat(), "gone": 1}) == Request("路灯", NOW)


def test_wrong_shapes_are_refused() -> None:
    with pytest.raises(TypeError):
        decode(Request, ["路灯"])
    with pytest.raises(TypeError):
        decode(Request, {"text": 3, "called_at": NOW.isoformat()})
    with pytest.raises(TypeError):
        encode({"a", "b"})


def test_equal_values_have_one_digest() -> None:
    assert canonical({"b": 1, "a": [True, None]}) == '{"a":[true,null],"b":1}'
    assert digest({"b": 1, "a": 2}) == digest({"a": 2, "b": 1})
    assert digest("\ud800") != digest("")


def test_enums_and_times_become_text() -> None:
    class Colour(StrEnum):
        RED = "红"

    assert encode((Colour.RED, datetime(2026, 1, 2, tzinfo=UTC))) == ["红", "2026-01-02T00:00:00+00:00"]
