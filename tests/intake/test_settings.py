"""Settings come from the environment and have defaults that work."""

import json
import os
import subprocess
import sys
from pathlib import Path

from intake.settings import REPOSITORY

_SHOW = (
    "import json; from intake.settings import Settings; s = Settings(_env_file=None);"
    "print(json.dumps([str(s.var), s.host, s.port, str(s.town), s.database, s.chroma_url, s.embedding_model]))"
)


def _settings(**environment: str) -> list[object]:
    """The settings as a fresh process sees them, with no HOTLINE_* of ours left over."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HOTLINE_")}
    shown = subprocess.run(
        [sys.executable, "-c", _SHOW],
        cwd=REPOSITORY,
        env={**kept, "PYTHONPATH": str(REPOSITORY), **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    values: list[object] = json.loads(shown.stdout)
    return values


def test_defaults() -> None:
    var = REPOSITORY / "var"
    town = REPOSITORY / "routing" / "data" / "jiuting"
    assert _settings() == [str(var), "127.0.0.1", 8000, str(town), f"sqlite:///{var / 'hotline.sqlite3'}", "", ""]


def test_environment(tmp_path: Path) -> None:
    found = _settings(
        HOTLINE_VAR="state",
        HOTLINE_HOST="0.0.0.0",
        HOTLINE_PORT="9001",
        HOTLINE_TOWN=str(tmp_path),
        HOTLINE_DATABASE_URL="postgresql://localhost/desk",
        HOTLINE_CHROMA_URL="http://localhost:8001",
        HOTLINE_EMBEDDING_MODEL="/models/m",
    )
    assert found == [
        str(REPOSITORY / "state"),
        "0.0.0.0",
        9001,
        str(tmp_path),
        "postgresql://localhost/desk",
        "http://localhost:8001",
        "/models/m",
    ]
