"""``hotline doctor`` names what is wrong with a model and what to do about it."""

import pytest

from intake.doctor import Symptom, examine_model
from intake.domain.second_opinion import Mode
from intake.llm_settings import LlmSettings
from tests.scripted_model import Script, serve

pytestmark = pytest.mark.integration


def examine(script: Script, **changes: object) -> list[Symptom]:
    with serve(script) as url:
        told = {"url": url, "model": "scripted", "mode": Mode.DOUBT, "seconds": 30.0, "retries": 0, **changes}
        return list(examine_model(LlmSettings(**told)))  # type: ignore[arg-type]


def wrong(symptoms: list[Symptom]) -> Symptom:
    (found,) = [symptom for symptom in symptoms if not symptom.ok]
    assert found.remedy
    return found


def test_a_sound_model_has_no_symptoms() -> None:
    symptoms = examine(Script())
    assert all(symptom.ok for symptom in symptoms)
    assert {"回答格式", "速度", "词元"} <= {symptom.name for symptom in symptoms}


def test_nothing_set_up_is_no_illness_while_it_is_off() -> None:
    (symptom,) = examine_model(LlmSettings())
    assert symptom.ok
    assert "关闭" in symptom.said


def test_switched_on_without_an_address() -> None:
    (symptom,) = examine_model(LlmSettings(mode=Mode.ALWAYS))
    assert not symptom.ok
    assert "HOTLINE_LLM_URL" in symptom.said


def test_nobody_at_the_address() -> None:
    symptoms = list(examine_model(LlmSettings(url="http://127.0.0.1:9/v1", model="x", mode=Mode.ALWAYS)))
    assert "连不上" in wrong(symptoms).said


def test_a_model_that_is_not_there() -> None:
    found = wrong(examine(Script(), model="别的模型"))
    assert "scripted" in found.said
    assert "HOTLINE_LLM_MODEL" in found.remedy


def test_a_key_that_is_refused() -> None:
    assert "密钥不对" in wrong(examine(Script(status=401))).said


def test_a_server_that_knows_no_schema() -> None:
    assert "HOTLINE_LLM_FORMAT" in wrong(examine(Script(write=lambda body: "这是漏水。"))).remedy


def test_a_form_that_had_to_be_repaired() -> None:
    assert wrong(examine(Script(first_bad="这是漏水。"))).name == "回答格式"


def test_a_slow_model() -> None:
    assert "HOTLINE_LLM_SECONDS" in wrong(examine(Script(wait_s=20), seconds=2.0)).remedy


def test_a_limit_of_money_without_a_price() -> None:
    assert "PRICE" in wrong(examine(Script(), day_yuan=5.0)).remedy
