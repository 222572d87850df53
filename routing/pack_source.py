"""The town pack in use: read again when the town's own place names change, in this process or another."""

import logging
import threading
import time
from pathlib import Path

from routing.gazetteer import Edit, change
from routing.pack import TownPackError, load_town_pack
from routing.taxonomy import TownPack

log = logging.getLogger(__name__)
LOOK_EVERY_S = 2.0


class PackSource:
    """Holds the pack of ``town`` with the names of ``state``; may be shared by threads."""

    def __init__(self, town: Path, state: Path, extra: Path) -> None:
        """Load now; raises ``TownPackError``. ``extra``: the names' file, inside ``state``."""
        self._town = town
        self._state = state
        self._extra = state / extra
        self._lock = threading.Lock()
        self._stamp = self._look()
        self._looked = time.monotonic()
        self._pack = load_town_pack(town, self._extra)

    def current(self) -> TownPack:
        """The pack; a file that another process broke leaves the last good one in use."""
        with self._lock:
            if time.monotonic() - self._looked > LOOK_EVERY_S:
                self._looked = time.monotonic()
                stamp = self._look()
                if stamp != self._stamp:
                    self._stamp = stamp
                    self._reread()
            return self._pack

    def change(self, edit: Edit) -> TownPack:
        """Change the names and use them at once; raises ``PlaceNameError`` or ``TownPackError``, nothing written."""
        pack = change(self._town, self._state, edit)
        with self._lock:
            self._pack, self._stamp = pack, self._look()
        return pack

    def _reread(self) -> None:
        try:
            self._pack = load_town_pack(self._town, self._extra)
        except TownPackError as error:
            log.warning("place names changed but cannot be used: %s", error)

    def _look(self) -> tuple[int, int]:
        try:
            found = self._extra.stat()
        except FileNotFoundError:
            return 0, 0
        return found.st_mtime_ns, found.st_size
