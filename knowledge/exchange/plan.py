"""What an import of the whole library would do: new, changed, same or refused, file by file; nothing is written."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path

from knowledge.documents import Document, DocumentKind
from knowledge.exchange.drafts import Notice, Refusal, RefusedError
from knowledge.exchange.names import safe_name
from knowledge.exchange.plain import without_html
from knowledge.exchange.suspicion import order_notices, visible
from knowledge.sources import Codes, document_files, parse_document

KINDS = frozenset(kind.value for kind in DocumentKind)
_DRIVE = re.compile(r"[A-Za-z]:")


class Verdict(StrEnum):
    """What the import would do with one document."""

    NEW = "新增"
    CHANGED = "改动"
    SAME = "相同"
    REFUSED = "拒绝"


@dataclass(frozen=True, slots=True)
class PlannedFile:
    """One document of an import: ``path`` in the library (``<kind>/<name>.md``) and the bytes to write there.

    ``origin`` is where it stands in the import; ``replaces`` names the file that it moves away from (its document
    changed kind); ``reasons`` say why it is refused, ``notices`` what to look at.
    """

    origin: str
    path: str
    content: bytes
    verdict: Verdict
    document: Document | None = None
    replaces: str = ""
    reasons: tuple[Notice, ...] = ()
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """The whole import; ``absent`` are files of the library that it does not hold (they stay).

    ``refusal`` says why nothing at all can be imported.
    """

    items: tuple[PlannedFile, ...] = ()
    absent: tuple[str, ...] = ()
    notices: tuple[Notice, ...] = ()
    refusal: Refusal | None = None

    def to_write(self) -> tuple[PlannedFile, ...]:
        """New and changed files."""
        return tuple(item for item in self.items if item.verdict in (Verdict.NEW, Verdict.CHANGED))

    def count(self, verdict: Verdict) -> int:
        """How many documents have this verdict."""
        return sum(item.verdict is verdict for item in self.items)


@dataclass(frozen=True, slots=True)
class Library:
    """The files of the knowledge folder as they are now, and which of them holds which document."""

    files: Mapping[str, bytes]
    documents: Mapping[str, Document]
    _folded: Mapping[str, str] = field(repr=False)

    def same_but_for_case(self, path: str) -> str:
        """A held path that a file system may take for this one, or an empty text."""
        held = self._folded.get(folded(path), "")
        return "" if held == path else held


def library(folder: Path) -> Library:
    """Read the knowledge folder; an empty one where it does not exist."""
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in document_files(folder)}
    documents: dict[str, Document] = {}
    for path, content in files.items():
        found = parse_document(content, path, Codes())
        if isinstance(found, Document):
            documents.setdefault(found.id, found)
    return Library(files, documents, {folded(path): path for path in files})


def folded(path: str) -> str:
    """One spelling for paths that differ in case or composition only."""
    return unicodedata.normalize("NFC", path).casefold()


def library_path(name: str) -> str:
    """``<kind>/<name>.md`` for a path given from outside; raises RefusedError for what would leave its folder."""
    if any(unicodedata.category(c) in ("Cc", "Cf") for c in name):
        raise RefusedError("文件名里有看不见的字符", "改名后再导入")
    slashed = name.replace("\\", "/")
    parts = slashed.split("/")
    if slashed.startswith("/") or _DRIVE.match(slashed) or ".." in parts:
        raise RefusedError("路径指到了知识库文件夹以外，没有采用", "确认压缩包来源可靠；只能放在五类文件夹里")
    if len(parts) != 2 or parts[0] not in KINDS:
        raise RefusedError("不在五类文件夹里", f"放进下列文件夹之一：{'、'.join(kind.value for kind in DocumentKind)}")
    file = parts[1]
    if not file.endswith(".md") or file.startswith((".", "~")) or file.lower() == "readme.md":
        raise RefusedError("不是 Markdown 文档（.md）", "其他格式的文件请用“导入文件”")
    if safe_name(file) != file:
        raise RefusedError("文件名里有特殊字符或太长", "改成普通的文件名（100 字以内）再导入")
    return slashed


@dataclass
class Planner:
    """Decides document after document what an import would do, with those before it in mind."""

    held: Library
    codes: Codes = field(default_factory=Codes)
    _paths: dict[str, str] = field(default_factory=dict)
    _ids: dict[str, str] = field(default_factory=dict)

    def plan(self, origin: str, path: str, content: bytes, arriving: frozenset[str] = frozenset()) -> PlannedFile:
        """Verdict for one file; ``arriving`` are all paths of the import, so that a move is told from a second copy."""
        try:
            return self._planned(origin, path, content, arriving)
        except RefusedError as error:
            return refused(origin, error.refusal, path)

    def _planned(self, origin: str, path: str, content: bytes, arriving: frozenset[str]) -> PlannedFile:
        self._claim(origin, path)
        held = self.held.files.get(path)
        found = parse_document(content, path, self.codes)
        if held == content:
            document = found if isinstance(found, Document) else None
            if document is not None:
                self._ids[document.id] = origin
            return PlannedFile(origin, path, content, Verdict.SAME, document)
        if not isinstance(found, Document):
            reasons = tuple(Notice(f"第 {fault.line} 行", fault.message, fault.remedy) for fault in found)
            return PlannedFile(origin, path, b"", Verdict.REFUSED, reasons=reasons)
        replaces = self._moved_from(found, path, arriving)
        self._ids[found.id] = origin
        verdict = Verdict.CHANGED if held is not None or replaces else Verdict.NEW
        return PlannedFile(origin, path, content, verdict, found, replaces, notices=tuple(_looked_at(found)))

    def _claim(self, origin: str, path: str) -> None:
        if first := self._paths.get(folded(path)):
            raise RefusedError(f"与“{first}”是同一个文件", "只保留一份")
        if other := self.held.same_but_for_case(path):
            raise RefusedError(f"与库里的“{other}”只有大小写不同", "用同样的文件名，或换一个名字")
        self._paths[folded(path)] = origin

    def _moved_from(self, found: Document, path: str, arriving: frozenset[str]) -> str:
        if first := self._ids.get(found.id):
            raise RefusedError(f"编号 {found.id} 与“{first}”重复", "换一个没有用过的编号")
        before = self.held.documents.get(found.id)
        if before is None or before.path == path:
            return ""
        if before.path in arriving:
            raise RefusedError(f"编号 {found.id} 已被 {before.path} 使用", "换一个没有用过的编号")
        return before.path

    def absent(self) -> tuple[str, ...]:
        """Files of the library that were not in the import."""
        return tuple(path for path in sorted(self.held.files) if folded(path) not in self._paths)


def refused(origin: str, refusal: Refusal, path: str = "") -> PlannedFile:
    """A document that is not taken, with its reason."""
    reason = Notice(refusal.place, refusal.message, refusal.remedy)
    return PlannedFile(origin, path, b"", Verdict.REFUSED, reasons=(reason,))


def _looked_at(found: Document) -> Iterator[Notice]:
    """What a person should look at before this document is published; nothing is changed."""
    text = "\n".join((found.title, *found.asks, found.body))
    yield from order_notices(text)
    if hidden := visible(text)[1]:
        yield Notice("", f"有 {hidden} 个看不见的字符（零宽字符、方向控制符等），照原样保留", "请核对文字")
    for notice in without_html(found.body)[1]:
        message = notice.message.replace("去掉了正文里的", "正文里有") + "，照原样保留"
        yield replace(notice, message=message, remedy="请核对后删去")
