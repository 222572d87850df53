"""Settings of the desk, read from the environment (``HOTLINE_*``); every one has a default that works."""

from pathlib import Path

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from intake.llm_settings import LlmSettings

REPOSITORY = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """Where the state is kept, where the desk listens, which town pack, database, vector server and model it uses.

    ``docs``: folder of the knowledge documents, which the town keeps. ``llm``: the second opinion.
    ``transformer``: folder of a pretrained Chinese transformer (safetensors) that may be fine-tuned; none is needed.
    ``webhook_url`` and ``webhook_secret``: where urgings are posted, signed; ``sweep_seconds``: how often it is looked
    for what is due. ``anchors``: where the daily anchor of the audit chain is written, best on another machine;
    ``anchor_secret`` signs it. ``calls_secret``: with which the town's telephone system signs what rings.
    ``speech_model``: folder of a faster-whisper model, none turns speech off; ``speech_url``, ``speech_name``,
    ``speech_key``: an OpenAI-compatible server in its stead; ``speech_keep``: days that sound is kept, 0 keeps none;
    ``speech_channels``: who is on the left and on the right channel of a recording.
    """

    model_config = SettingsConfigDict(env_prefix="HOTLINE_", env_file=".env", extra="ignore")

    var: Path = REPOSITORY / "var"
    host: str = "127.0.0.1"
    port: int = 8000
    town: Path = REPOSITORY / "routing" / "data" / "jiuting"
    docs: Path = REPOSITORY / "kb_docs"
    database_url: str = ""
    chroma_url: str = ""
    embedding_model: str = ""
    transformer: Path | None = None
    webhook_url: str = ""
    webhook_secret: str = ""
    sweep_seconds: float = 60.0
    calls_secret: str = ""
    anchors: Path | None = None
    anchor_secret: str = ""
    llm: LlmSettings = Field(default_factory=LlmSettings)
    speech_model: Path | None = None
    speech_url: str = ""
    speech_name: str = "whisper-1"
    speech_key: str = ""
    speech_threads: int = Field(default=2, ge=1, le=64)
    speech_keep: int = Field(default=0, ge=0, le=3650)
    speech_channels: str = "坐席,来电人"

    @field_validator("speech_model", mode="before")
    @classmethod
    def _empty_is_off(cls, value: object) -> object:
        """``HOTLINE_SPEECH_MODEL=`` in a file of settings means off, not the current folder."""
        return value if str(value or "").strip() else None

    @field_validator("var", "town", "docs", "anchors", "speech_model")
    @classmethod
    def _from_the_repository(cls, value: Path | None) -> Path | None:
        """A relative folder is meant from the repository root, wherever the command was called."""
        return value if value is None or value.is_absolute() else (REPOSITORY / value).resolve()

    @property
    def database(self) -> str:
        """SQLAlchemy address of the database; without a setting, one SQLite file in the state folder."""
        return self.database_url or f"sqlite:///{self.var / 'hotline.sqlite3'}"

    @property
    def speech_speakers(self) -> tuple[str, str]:
        """Who speaks on the left and on the right channel."""
        left, _, right = (part.strip() for part in self.speech_channels.replace("，", ",").partition(","))
        return (left or "左声道", right or "右声道")

    @property
    def anchor_folder(self) -> Path:
        """Where the daily anchors are written."""
        return self.anchors or self.var / "anchors"

    @property
    def watched(self) -> dict[str, Path]:
        """Folders whose every change goes into the audit chain, by the name under which it stands there."""
        return {"镇资料包": self.town, "本镇维护": self.var / "town", "知识文档": self.docs}
