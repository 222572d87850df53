"""Read the folder of Markdown documents; whatever is wrong is reported and never stops the other documents."""

import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from knowledge.documents import UNDATED, Document, DocumentKind, DocumentStatus, LegalBasis
from knowledge.front_matter import Fault, Fields, FrontMatterError, parse, split
from knowledge.problems import SourceProblem as SourceProblem  # also known from here

MAX_BYTES = 200_000
EARLIEST, LATEST = date(1949, 10, 1), date(2100, 1, 1)
_ID = re.compile(r"[A-Za-z0-9-]{2,64}")
_FIELDS = (
    "id", "title", "kind", "topics", "unit", "status", "basis", "asks", "in_force_from", "in_force_to", "review_by",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Codes:
    """Codes of the town pack that documents may use; None where any code is taken."""

    topics: frozenset[str] | None = None
    units: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read: sound documents in the order of their ids, and the problems of the others."""

    documents: tuple[Document, ...]
    problems: tuple[SourceProblem, ...]


Fingerprint = tuple[tuple[str, int, int], ...]


def fingerprint(folder: Path) -> Fingerprint:
    """Name, time of change (ns) and size of every document file: equal as long as nothing was touched."""
    return tuple((str(path), (stat := path.stat()).st_mtime_ns, stat.st_size) for path in document_files(folder))


def read_folder(folder: Path, topics: frozenset[str] | None = None, units: frozenset[str] | None = None) -> Reading:
    """Read all documents below ``folder``; ``topics`` and ``units`` are the codes that they may use, None for any.

    Raises FileNotFoundError (Chinese) where there is no such folder.
    """
    if not folder.is_dir():
        raise FileNotFoundError(f"知识库文件夹不存在：{folder}。请检查设置，或从仓库恢复 kb_docs。")
    documents: dict[str, Document] = {}
    problems: list[SourceProblem] = []
    for path in document_files(folder):
        name = path.relative_to(folder).as_posix()
        found = read_document(path, name, Codes(topics, units))
        if isinstance(found, list):
            problems += [SourceProblem(name, fault.line, fault.message, fault.remedy) for fault in found]
        elif found.id in documents:
            first = documents[found.id].path
            problems.append(SourceProblem(name, 1, f"编号 {found.id} 已被 {first} 使用", "换一个没有用过的编号"))
        else:
            documents[found.id] = found
    return Reading(tuple(documents[key] for key in sorted(documents)), tuple(problems))


def read_document(path: Path, name: str, codes: Codes) -> Document | list[Fault]:
    """One document, or everything that is wrong with it."""
    try:
        if path.is_symlink():
            return [Fault(1, "文件是一个链接，可能指向知识库以外", "把文件本身放进来，不要用链接")]
        data = path.read_bytes()
    except OSError as error:
        return [Fault(1, f"文件读不出来（{error.strerror}）", "检查文件是否存在、有无读取权限")]
    found = _parsed(data, name, codes)
    return found if isinstance(found, Document) else list(found)


@lru_cache(maxsize=8192)
def _parsed(data: bytes, name: str, codes: Codes) -> Document | tuple[Fault, ...]:
    """What ``parse_document`` says, remembered: after an edit of one file the others need not be parsed again."""
    found = parse_document(data, name, codes)
    return found if isinstance(found, Document) else tuple(found)


def parse_document(data: bytes, name: str, codes: Codes) -> Document | list[Fault]:
    """The document of a file's bytes, or everything that is wrong with it; ``name`` is its path in the folder."""
    try:
        return parse_source(_decoded(data), name, codes)
    except FrontMatterError as error:
        return [Fault(error.line, error.message, error.remedy)]


def parse_source(source: str, name: str, codes: Codes) -> Document | list[Fault]:
    """The document that a text is, as if it lay at ``name`` (relative to the folder), or everything wrong with it."""
    if len(source.encode("utf-8", "replace")) > MAX_BYTES:
        return [Fault(1, f"文件超过 {MAX_BYTES // 1000} KB", "拆成几篇，每篇只答一件事")]
    try:
        front, body, body_line = split(source)
        fields = parse(front)
    except FrontMatterError as error:
        return [Fault(error.line, error.message, error.remedy)]
    document = _document(fields, body, name, codes, source_hash(source))
    if not body.strip():
        fields.faults.append(Fault(body_line, "没有正文", "补上“## 可以这样答复”等各节"))
    return sorted(fields.faults, key=lambda fault: fault.line) or document


def source_hash(source: str) -> str:
    """What tells two wordings of a document apart (``Document.content_hash``)."""
    return hashlib.sha256(source.encode("utf-8", "replace")).hexdigest()


def document_files(folder: Path) -> Iterator[Path]:
    """Markdown files in sub-folders, in a stable order; hidden files and README.md are no documents."""
    for root, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if name.endswith(".md") and not name.startswith((".", "~")) and name.lower() != "readme.md":
                yield Path(root) / name


def _decoded(data: bytes) -> str:
    if len(data) > MAX_BYTES:
        raise FrontMatterError(1, f"文件超过 {MAX_BYTES // 1000} KB", "拆成几篇，每篇只答一件事")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise FrontMatterError(line, "文字编码不是 UTF-8", "用记事本打开，另存为 UTF-8 编码") from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _document(fields: Fields, body: str, name: str, codes: Codes, content_hash: str) -> Document:
    fields.only(_FIELDS)
    document_id = fields.text("id")
    if document_id and not _ID.fullmatch(document_id):
        fields.note("id", f"编号“{document_id}”不合规则", "只用字母、数字和短横线，2 至 64 个字符")
    started = fields.day("in_force_from")
    ended = fields.day("in_force_to", required=False)
    review = fields.day("review_by")
    _check_days(fields, started, ended, review)
    return Document(
        id=document_id,
        title=fields.text("title"),
        kind=_kind(fields, name),
        topics=_topics(fields, codes.topics),
        unit=_unit(fields, codes.units),
        status=_status(fields),
        basis=tuple(_basis(fields)),
        asks=fields.texts("asks", required=False),
        in_force_from=started or EARLIEST,
        in_force_to=ended,
        review_by=review or EARLIEST,
        body=body.strip("\n"),
        path=name,
        content_hash=content_hash,
    )


def _kind(fields: Fields, name: str) -> DocumentKind:
    value, folder = fields.text("kind"), name.rpartition("/")[0]
    kinds = [kind.value for kind in DocumentKind]
    if value not in kinds:
        fields.note("kind", f"文档类别“{value}”不认识", f"写下列之一：{'、'.join(kinds)}")
        return DocumentKind.QUESTION
    if folder != value:
        fields.note(
            "kind", f"类别是“{value}”，文件却在“{folder or '根目录'}”", f"把文件移到“{value}”文件夹，或改正类别"
        )
    return DocumentKind(value)


def _status(fields: Fields) -> DocumentStatus:
    value = fields.text("status")
    known = [status.value for status in DocumentStatus]
    if value not in known:
        fields.note("status", f"状态“{value}”不认识", f"写下列之一：{'、'.join(known)}")
        return DocumentStatus.DRAFT
    return DocumentStatus(value)


def _topics(fields: Fields, known: frozenset[str] | None) -> tuple[str, ...]:
    topics = fields.texts("topics")
    for code in topics:
        if known is not None and code not in known:
            fields.note("topics", f"事项代码 {code} 不在本镇事项清单中", "改用清单里的代码")
    return topics


def _unit(fields: Fields, known: frozenset[str] | None) -> str:
    unit = fields.text("unit")
    if unit and known is not None and unit not in known:
        fields.note("unit", f"单位代码 {unit} 不在本镇单位目录中", "改用目录里的代码")
    return unit


def _basis(fields: Fields) -> Iterator[LegalBasis]:
    for item in fields.mappings("basis"):
        item.only(("law", "version", "articles"))
        version = UNDATED if item.is_text("version", UNDATED) else str(item.day("version") or "")
        yield LegalBasis(item.text("law"), version, item.texts("articles"))


def _check_days(fields: Fields, started: date | None, ended: date | None, review: date | None) -> None:
    for key, day in (("in_force_from", started), ("in_force_to", ended), ("review_by", review)):
        if day is not None and not EARLIEST <= day <= LATEST:
            fields.note(key, f"“{key}”的年份不合理：{day}", "检查年份")
    if started and ended and ended < started:
        fields.note("in_force_to", "失效日早于生效日", "改正 in_force_from 或 in_force_to")
    if started and review and review < started:
        fields.note("review_by", "复核日早于生效日", "改正 review_by")
