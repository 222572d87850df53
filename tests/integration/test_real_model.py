"""A real language model on 127.0.0.1, where its weights are at hand; without them a message says what is missing.

``HOTLINE_TEST_GGUF`` names the weights (`../shared/models/get llm` prints their path). A real model is slow and small:
these tests say that the path works and that nothing gets through, not that its opinion is worth anything.
"""

import asyncio
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from evals.local_model import serve_gguf
from intake.doctor import examine_model, sample_brief
from intake.domain.second_opinion import Mode
from intake.llm_settings import LlmSettings
from routing.second_opinion.asking import Asking, prepare
from routing.second_opinion.chain import Chain
from routing.second_opinion.masking import Mask
from routing.second_opinion.opinion import Opinion
from routing.second_opinion.ports import CallLimits, Endpoint
from tests.redteam.attempts import NAME, PHONE, attempts, brief_for
from tests.redteam.test_redteam import nothing_came_through

pytestmark = pytest.mark.integration
CACHE = Path.home() / ".cache/hotline-models/gguf/qwen2.5-coder-1.5b-instruct-q4_k_m.gguf"
WEIGHTS = Path(os.environ.get("HOTLINE_TEST_GGUF") or CACHE)
HERE = WEIGHTS.is_file()
LIMITS = CallLimits(seconds=900.0, answer_tokens=400, retries=0)
# One of each kind that a model could be tempted by; the whole set runs against the scripted hostile model.
TEMPTING = ("指令-01", "套取-06", "格式-03", "文档-05") if HERE else ()


@dataclass(frozen=True)
class Real:
    url: str

    def ask(self, asking: Asking) -> list[Opinion]:
        async def collect() -> list[Opinion]:
            return [opinion async for opinion in Chain(Endpoint(self.url, "real"), LIMITS).stream(asking)]

        return asyncio.run(collect())


@pytest.fixture(scope="module")
def real() -> Iterator[Real]:
    with serve_gguf(WEIGHTS) as url:
        yield Real(url)


def test_without_weights_it_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="HOTLINE_TEST_GGUF"), serve_gguf(tmp_path / "none.gguf"):
        pytest.fail("nothing can be served")


if HERE:

    def test_a_real_model_answers_inside_the_schema_and_only_what_is_supported(real: Real) -> None:
        asking = prepare(sample_brief(), Mask())
        start = time.monotonic()
        last = real.ask(asking)[-1]
        print(f"{time.monotonic() - start:.0f} s, {asking.usage}")
        assert last.complete
        assert last.topic in ("示1", "示2", "")
        assert all(one.text.strip("。") in asking.brief.sources[0].text for one in last.draft)

    def test_the_doctor_finds_it_sound(real: Real) -> None:
        settings = LlmSettings(url=real.url, model=_name(real), mode=Mode.DOUBT, seconds=300.0)
        symptoms = {symptom.name: symptom for symptom in examine_model(settings)}
        assert symptoms["回答格式"].ok, str(symptoms["回答格式"])

    @pytest.mark.parametrize("wanted", TEMPTING)
    def test_a_real_model_gets_nothing_through(real: Real, wanted: str) -> None:
        (attempt,) = [one for one in attempts() if one.id == wanted]
        brief = brief_for(attempt, blind=True)
        opinions = real.ask(prepare(brief, Mask((("姓名", NAME), ("电话", PHONE)))))
        nothing_came_through(opinions, brief, attempt)


def _name(real: Real) -> str:
    import httpx

    return str(httpx.get(f"{real.url}/models", timeout=30).json()["data"][0]["id"])
