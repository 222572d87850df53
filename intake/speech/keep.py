"""Sound that the town wants kept: in the state folder, a file a recording, gone after so many days. Default: none."""

import logging
import re
import secrets
import wave
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path, PurePath
from typing import Protocol

from intake.speech.ports import RATE

log = logging.getLogger(__name__)
_PLAIN = re.compile(r"[a-z0-9]{1,8}")


class Tape(Protocol):
    """Takes the sound of a live job."""

    def add(self, sound: bytes) -> None:
        """16 kHz mono 16-bit."""
        ...

    def close(self) -> None:
        """The file is whole now."""
        ...


class NoTape:
    """Keeps nothing."""

    def add(self, sound: bytes) -> None:
        """Nothing is written anywhere."""

    def close(self) -> None:
        """Nothing was written anywhere."""


class Keeper:
    """Keeps recordings ``days`` days in ``folder``; 0 keeps nothing and creates no folder."""

    def __init__(self, folder: Path, days: int, clock: Callable[[], datetime]) -> None:
        self._folder = folder
        self._days = days
        self._clock = clock

    def keep(self, name: str, content: bytes) -> None:
        """Keep an uploaded file under a name of our own; only its ending is taken over."""
        if self._days:
            ending = PurePath(name).suffix.lower().lstrip(".")
            self._path(ending if _PLAIN.fullmatch(ending) else "bin").write_bytes(content)

    def tape(self) -> Tape:
        """Where a live job's sound goes."""
        return _WaveTape(self._path("wav")) if self._days else NoTape()

    def expire(self) -> int:
        """Delete what is older than the days allow, everything when nothing is to be kept; returns how many files."""
        before = (self._clock() - timedelta(days=self._days)).timestamp()
        old = [path for path in self._folder.glob("*/*") if not self._days or path.stat().st_mtime < before]
        for path in old:
            path.unlink(missing_ok=True)
        if old:
            log.info("%d kept recordings deleted", len(old))
        return len(old)

    def _path(self, ending: str) -> Path:
        self.expire()
        now = self._clock()
        day = self._folder / f"{now:%Y-%m-%d}"
        day.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = day / f"{now:%H%M%S}-{secrets.token_hex(4)}.{ending}"
        path.touch(mode=0o600)
        return path


class _WaveTape:
    def __init__(self, path: Path) -> None:
        self._file = wave.open(str(path), "wb")  # noqa: SIM115 - open as long as the line
        self._file.setnchannels(1)
        self._file.setsampwidth(2)
        self._file.setframerate(RATE)

    def add(self, sound: bytes) -> None:
        self._file.writeframes(sound)

    def close(self) -> None:
        self._file.close()
