"""The second opinion is off until somebody switches it on, and its key is not shown."""

import pytest
from pydantic import ValidationError

from intake.domain.second_opinion import Mode
from intake.llm_settings import LlmSettings


def settings(**changes: object) -> LlmSettings:
    return LlmSettings(_env_file=None, **changes)  # type: ignore[call-arg,arg-type]


def test_it_is_off_by_default() -> None:
    assert LlmSettings.model_fields["mode"].default is Mode.OFF
    assert "HOTLINE_LLM_URL" in settings(url="").problem


def test_the_key_is_not_printed() -> None:
    assert "geheim" not in repr(settings(key="geheim"))


@pytest.mark.parametrize(("url", "wrong"), [("ollama:11434", True), ("http://127.0.0.1:11434/v1/", False)])
def test_an_address_needs_its_scheme(url: str, wrong: bool) -> None:
    made = settings(url=url, model="m")
    assert bool(made.problem) is wrong
    assert made.endpoint.url == url.rstrip("/")


def test_money_is_counted_in_millionths() -> None:
    budget = settings(day_yuan=2.5, price_in=0.001, price_out=0.002).budget
    assert budget.day_micros == 2_500_000
    assert budget.micros(1000, 1000) == 3000


def test_an_unknown_mode_is_refused() -> None:
    with pytest.raises(ValidationError):
        settings(mode="有时")
