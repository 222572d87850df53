"""Settings of the second opinion (``HOTLINE_LLM_*``): which model, when it is asked, at what cost. Off by default."""

from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from intake.domain.second_opinion import Budget, Mode
from routing.second_opinion.brief import Breadth
from routing.second_opinion.ports import AnswerFormat, CallLimits, Endpoint


class LlmSettings(BaseSettings):
    """``url`` ends in the version (http://127.0.0.1:11434/v1); prices are 元 per 1,000 tokens, budgets are of a day.

    A budget of 0 is no limit. ``pause_after`` failures in a row pause it for ``pause_seconds``. ``queue``: questions
    that may be under way at once in all processes. ``settle``: seconds without typing before it is asked.
    """

    model_config = SettingsConfigDict(env_prefix="HOTLINE_LLM_", env_file=".env", extra="ignore")

    url: str = ""
    model: str = ""
    key: str = Field(default="", repr=False)
    mode: Mode = Mode.OFF
    format: AnswerFormat = "json_schema"
    seconds: float = Field(default=20.0, gt=0, le=300)
    answer_tokens: int = Field(default=700, ge=50)
    retries: int = Field(default=1, ge=0, le=5)
    settle: float = Field(default=1.0, ge=0)
    call_tokens: int = Field(default=8000, ge=0)
    day_tokens: int = Field(default=1_000_000, ge=0)
    day_yuan: float = Field(default=0.0, ge=0)
    day_seconds: float = Field(default=0.0, ge=0)
    price_in: float = Field(default=0.0, ge=0)
    price_out: float = Field(default=0.0, ge=0)
    queue: int = Field(default=4, ge=1)
    pause_after: int = Field(default=3, ge=1)
    pause_seconds: float = Field(default=60.0, ge=0)
    candidates: int = Field(default=5, ge=2, le=70)
    passages: int = Field(default=3, ge=0, le=8)
    draft: Literal["写", "不写"] = "写"

    @property
    def endpoint(self) -> Endpoint:
        """The model that is asked."""
        return Endpoint(self.url.strip().rstrip("/"), self.model.strip(), self.key.strip(), self.format)

    @property
    def limits(self) -> CallLimits:
        """Bounds of one question."""
        return CallLimits(self.seconds, self.answer_tokens, self.retries)

    @property
    def breadth(self) -> Breadth:
        """How much a question tells."""
        return Breadth(self.candidates, self.passages)

    @property
    def budget(self) -> Budget:
        """Bounds of a day."""
        return Budget(
            call_tokens=self.call_tokens,
            day_tokens=self.day_tokens,
            day_micros=round(self.day_yuan * 1_000_000),
            day_millis=round(self.day_seconds * 1000),
            price_in=self.price_in,
            price_out=self.price_out,
            queue=self.queue,
            pause_after=self.pause_after,
            pause_seconds=self.pause_seconds,
        )

    @property
    def problem(self) -> str:
        """What is missing or wrong, in Chinese; empty when a model can be asked."""
        if not self.url.strip():
            return "没有填模型地址 HOTLINE_LLM_URL（例 http://127.0.0.1:11434/v1）。"
        if not self.url.strip().startswith(("http://", "https://")):
            return f"模型地址要以 http:// 或 https:// 开头，现在是“{self.url.strip()[:60]}”。"
        return "" if self.model.strip() else "没有填模型名 HOTLINE_LLM_MODEL。"
