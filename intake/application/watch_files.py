"""Town pack and knowledge are files: whatever changes them, by screen or by hand, leaves an entry in the chain."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from intake.application.ports import Transactions

ACTOR = "文件"
_LEFT_OUT = (".lock", ".part", ".tmp", "~")


class WatchFiles:
    """Compares the files of some folders with what they were; a file is read again only when size or time changed."""

    def __init__(self, transactions: Transactions, folders: Mapping[str, Path]) -> None:
        self._transactions = transactions
        self._folders = folders
        self._read: dict[Path, tuple[tuple[int, int], str]] = {}

    def __call__(self, now: datetime) -> int:
        """Write an entry for every file that was added, changed or removed; each change once, by one process."""
        there = self._digests()
        with self._transactions.read() as unit:
            known = unit.anchors.files()
        changed = [path for path, digest in there.items() if known.get(path) != digest]
        gone = [path for path in known if path not in there]
        if not changed and not gone:
            return 0
        written = 0
        with self._transactions.write() as unit:
            for path in changed:
                if unit.anchors.set_file(path, there[path], now):
                    action = "资料文件修改" if path in known else "资料文件加入"
                    unit.audit.append(now, ACTOR, action, path, {"sha256": there[path]})
                    written += 1
            for path in gone:
                if unit.anchors.drop_file(path):
                    unit.audit.append(now, ACTOR, "资料文件移除", path, {"sha256": known[path]})
                    written += 1
        return written

    def _digests(self) -> dict[str, str]:
        found = {}
        for name, folder in self._folders.items():
            for path in sorted(folder.rglob("*")):
                hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
                if hidden or path.name.endswith(_LEFT_OUT) or not path.is_file():
                    continue
                found[f"{name}/{path.relative_to(folder).as_posix()}"] = self._digest(path)
        return found

    def _digest(self, path: Path) -> str:
        status = path.stat()
        state = (status.st_mtime_ns, status.st_size)
        kept = self._read.get(path)
        if kept is None or kept[0] != state:
            kept = state, hashlib.sha256(path.read_bytes()).hexdigest()
            self._read[path] = kept
        return kept[1]
