"""The folder of documents as something to write in: whole files, in one step, never outside, never over a newer text.

Beside the documents lie two hidden folders: ``.drafts`` holds work on a document that goes on answering as it was,
``.planned`` what replaces one at a moment. Both are files, so that git and every process see the same.
"""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from filelock import FileLock, Timeout

from knowledge.documents import Document, DocumentKind
from knowledge.front_matter import Fault
from knowledge.lint import Surroundings, lint_source
from knowledge.problems import SourceProblem
from knowledge.sources import Codes, parse_source, source_hash

SHANGHAI = ZoneInfo("Asia/Shanghai")
DRAFTS, PLANNED, LOCK = ".drafts", ".planned", ".library.lock"
LOCK_SECONDS = 20.0
_ID = re.compile(r"[A-Za-z0-9-]{2,64}")
_PLAN = re.compile(r"([A-Za-z0-9-]{2,64})@(\d{8}T\d{4})@([0-9a-f]{64}|new)\.(md|refused)")
_STAMP = "%Y%m%dT%H%M"


class LibraryBusyError(OSError):
    """Another process holds the folder for too long (Chinese message)."""


class StaleSourceError(ValueError):
    """The document is not what the writer had read: somebody changed, moved or made it meanwhile (Chinese)."""


class BadSourceError(ValueError):
    """The text is no sound document; ``faults`` say where and what to do."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("".join(f"第 {fault.line} 行：{fault.message}。{fault.remedy}。" for fault in faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Source:
    """The text of a document as it lies in the folder; ``hash`` names exactly this text, ``path`` is relative."""

    text: str
    hash: str
    path: str


@dataclass(frozen=True, slots=True)
class Plan:
    """A text that replaces a document at a moment; ``refused``: its time came, but the document had changed."""

    document_id: str
    at: datetime
    text: str
    refused: bool = False


class Library:
    """Writes documents below one folder; safe for several processes, and for people who edit the same files."""

    def __init__(self, folder: Path, codes: Callable[[], Codes]) -> None:
        self.folder = folder
        self.codes = codes

    def find(self, document_id: str) -> Source | None:
        """The document's file by the folder's convention (kind/id.md) or, where it was named otherwise, by its id."""
        path = self._path_of(document_id)
        if path is None:
            return None
        text = path.read_text(encoding="utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
        return Source(text, source_hash(text), path.relative_to(self.folder).as_posix())

    def check(self, text: str) -> Document | tuple[Fault, ...]:
        """The document that a text is, at the place where it would be written, or everything that is wrong with it."""
        kind = re.search(r"^kind:[ \t]*[\"']?([^\s\"'#]+)", text, re.M)
        place = kind[1] if kind and kind[1] in {k.value for k in DocumentKind} else DocumentKind.QUESTION.value
        found = parse_source(text, f"{place}/new.md", self.codes())
        return tuple(found) if isinstance(found, list) else found

    def lint(self, text: str, document: Document, around: Surroundings) -> tuple[SourceProblem, ...]:
        """What the linter says of a sound text, errors and warnings."""
        return lint_source(text, f"{document.kind.value}/{document.id}.md", self.codes(), around)

    def put(self, text: str, expected: str | None, name: str = "") -> Document:
        """Write a document; ``expected`` is the hash of the text that the writer had read, None for a new one.

        ``name``: the file's name where a new one is not called after its id.
        Raises BadSourceError, StaleSourceError or LibraryBusyError; nothing is changed then.
        """
        document = self._sound(text)
        with self._lock():
            return self._put(document, text, expected, name)

    def save_draft(self, document_id: str, text: str) -> None:
        """Keep work on a document aside, sound or not; the document goes on answering as it was."""
        self._write(self._aside(DRAFTS) / f"{_checked(document_id)}.md", text)

    def draft(self, document_id: str) -> str | None:
        """The work that lies aside, if any."""
        path = self.folder / DRAFTS / f"{_checked(document_id)}.md"
        return path.read_text(encoding="utf-8") if path.is_file() else None

    def drop_draft(self, document_id: str) -> None:
        """Throw the work aside away."""
        (self.folder / DRAFTS / f"{_checked(document_id)}.md").unlink(missing_ok=True)

    def drafts(self) -> tuple[str, ...]:
        """Ids with work aside."""
        return tuple(sorted(path.stem for path in (self.folder / DRAFTS).glob("*.md")))

    def plan(self, text: str, expected: str | None, at: datetime) -> Document:
        """Let a text replace its document at ``at`` (aware, to the minute); one plan a document, a new one replaces."""
        document = self._sound(text)
        with self._lock():
            self._check_unchanged(document.id, expected)
            for path, _ in self._plans():
                if path.name.startswith(f"{document.id}@"):
                    path.unlink()
            stamp = at.astimezone(SHANGHAI).strftime(_STAMP)
            self._write(self._aside(PLANNED) / f"{document.id}@{stamp}@{expected or 'new'}.md", text)
        return document

    def plans(self) -> tuple[Plan, ...]:
        """What is planned, the next first, refused ones included."""
        return tuple(sorted((plan for _, plan in self._plans()), key=lambda p: (p.at, p.document_id)))

    def cancel(self, document_id: str) -> bool:
        """Take a plan back; False when there was none."""
        with self._lock():
            mine = [path for path, plan in self._plans() if plan.document_id == document_id]
            for path in mine:
                path.unlink()
        return bool(mine)

    def apply_due(self, now: datetime) -> tuple[Plan, ...]:
        """Put every plan whose moment has come into the folder; one whose document changed meanwhile is kept aside."""
        if not any(not plan.refused and plan.at <= now for plan in self.plans()):
            return ()
        applied = []
        with self._lock():
            for path, plan in self._plans():
                if plan.refused or plan.at > now:
                    continue
                match = _PLAN.fullmatch(path.name)
                expected = match[3] if match and match[3] != "new" else None
                try:
                    self._put(self._sound(plan.text), plan.text, expected)
                except ValueError:  # stale, or no longer sound (a unit was closed): a person has to look
                    path.rename(path.with_suffix(".refused"))
                    continue
                path.unlink()
                applied.append(plan)
        return tuple(applied)

    def _sound(self, text: str) -> Document:
        found = self.check(text)
        if isinstance(found, tuple):
            raise BadSourceError(found)
        return found

    def _put(self, document: Document, text: str, expected: str | None, name: str = "") -> Document:
        before = self._check_unchanged(document.id, expected)
        name = Path(before.path).name if before else Path(name).name or f"{document.id}.md"
        target = self.folder / document.kind.value / name
        if (self.folder / document.kind.value).is_symlink():
            raise StaleSourceError(f"文件夹“{document.kind.value}”是一个链接，没有写入。请改成普通文件夹。")
        target.parent.mkdir(exist_ok=True)
        self._write(target, text)
        if before and before.path != target.relative_to(self.folder).as_posix():
            (self.folder / before.path).unlink()
        found = parse_source(text, f"{document.kind.value}/{name}", self.codes())
        if isinstance(found, list):
            raise BadSourceError(tuple(found))
        return found

    def _check_unchanged(self, document_id: str, expected: str | None) -> Source | None:
        before = self.find(document_id)
        if expected is None and before is not None:
            raise StaleSourceError(f"编号 {document_id} 已被 {before.path} 使用。请换一个编号，或打开那篇文档修改。")
        if expected is not None and (before is None or before.hash != expected):
            raise StaleSourceError(f"文档 {document_id} 在您打开之后被改动过。请重新打开看清改动，再保存。")
        return before

    def _path_of(self, document_id: str) -> Path | None:
        name = f"{_checked(document_id)}.md"
        for kind in DocumentKind:
            path = self.folder / kind.value / name
            if path.is_file() and not path.is_symlink():
                return path
        line = re.compile(rf"^id:[ \t]*[\"']?{re.escape(document_id)}[\"']?[ \t]*$", re.M)
        for kind in DocumentKind:
            for path in sorted((self.folder / kind.value).glob("*.md")):
                if not path.is_symlink() and line.search(path.read_text(encoding="utf-8-sig", errors="replace")[:4000]):
                    return path
        return None

    def _plans(self) -> Iterator[tuple[Path, Plan]]:
        for path in sorted((self.folder / PLANNED).glob("*@*")):
            match = _PLAN.fullmatch(path.name)
            if match:
                at = datetime.strptime(match[2], _STAMP).replace(tzinfo=SHANGHAI)
                yield path, Plan(match[1], at, path.read_text(encoding="utf-8"), match[4] == "refused")

    def _aside(self, name: str) -> Path:
        folder = self.folder / name
        folder.mkdir(exist_ok=True)
        return folder

    @staticmethod
    def _write(path: Path, text: str) -> None:
        """All or nothing: a reader, and a power cut, find the old file or the new one."""
        temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
        with temporary.open("w", encoding="utf-8", newline="\n") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        os.replace(temporary, path)

    @contextmanager
    def _lock(self) -> Iterator[None]:
        guard = FileLock(self.folder / LOCK, timeout=LOCK_SECONDS)
        try:
            guard.acquire()
        except Timeout as error:
            raise LibraryBusyError("知识库文件夹正被另一个程序占用，没有写入。请稍后重试。") from error
        try:
            yield
        finally:
            guard.release()


def _checked(document_id: str) -> str:
    if not _ID.fullmatch(document_id):
        fault = Fault(1, f"编号“{document_id[:64]}”不合规则", "只用字母、数字和短横线，2 至 64 个字符")
        raise BadSourceError((fault,))
    return document_id
