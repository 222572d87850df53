"""Which embedder searches: the configured one, or one that a rebuild put into use. A small file all processes read."""

import json
import logging
import os
from dataclasses import dataclass
from pathlib import Path

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A model by folder or name; when (ISO) and by whom it was put into use."""

    model: str
    at: str = ""
    by: str = ""


class EmbedderChoice:
    """The file; a missing or damaged one means the configured embedder."""

    def __init__(self, folder: Path, configured: str) -> None:
        self._file = folder / "embedder.json"
        self._configured = Chosen(configured)

    def read(self) -> Chosen:
        """What is in use."""
        try:
            found = json.loads(self._file.read_text(encoding="utf-8"))
            return Chosen(str(found["model"]), str(found["at"]), str(found["by"]))
        except FileNotFoundError:
            return self._configured
        except (OSError, ValueError, KeyError, TypeError) as error:
            _LOG.warning("%s cannot be used (%s); searching with the configured embedder", self._file, error)
            return self._configured

    def write(self, chosen: Chosen) -> None:
        """Put a model into use, in one step."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        temporary = self._file.with_suffix(f".{os.getpid()}.tmp")
        content = {"model": chosen.model, "at": chosen.at, "by": chosen.by}
        temporary.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
        os.replace(temporary, self._file)
