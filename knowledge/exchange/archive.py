"""The whole library as a zip, byte for byte, and back: what an import of it would do, member by member."""

import base64
import hashlib
import io
import json
import stat
from collections.abc import Sequence
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from pydantic import BaseModel, TypeAdapter, ValidationError

from knowledge.exchange.confined import confined
from knowledge.exchange.containers import member_bytes, opened
from knowledge.exchange.drafts import Notice, Refusal, RefusedError
from knowledge.exchange.plan import KINDS, ImportPlan, Library, PlannedFile, Planner, library, library_path, refused
from knowledge.exchange.unpacked import Member, Unpacked
from knowledge.sources import MAX_BYTES, Codes, document_files

MANIFEST, FORMAT = "manifest.json", "hotline-knowledge"
MAX_ARCHIVE = 50_000_000
_EPOCH = (1980, 1, 1, 0, 0, 0)
_IGNORED = frozenset({".ds_store", "thumbs.db", "desktop.ini", "readme.md"})
_UNPACKED = TypeAdapter(Unpacked)
_UTF8 = 0x800


class _Listed(BaseModel):
    path: str
    sha256: str


class _Manifest(BaseModel):
    files: list[_Listed]


def export_zip(folder: Path) -> bytes:
    """All document files below ``folder`` byte for byte, with a manifest (path, size, SHA-256); deterministic.

    Stored without compression: what a compressor writes differs from version to version. README.md is no document.
    """
    files = [(path.relative_to(folder).as_posix(), path.read_bytes()) for path in document_files(folder)]
    files.sort()
    listed = [{"path": name, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()} for name, data in files]
    manifest = {"format": FORMAT, "version": 1, "files": listed}
    written = io.BytesIO()
    with ZipFile(written, "w", ZIP_STORED) as archive:
        for name, data in [(MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1).encode()), *files]:
            member = ZipInfo(name, _EPOCH)
            member.create_system, member.external_attr = 3, 0o644 << 16
            archive.writestr(member, data)
    return written.getvalue()


def import_zip(data: bytes, folder: Path, codes: Codes | None = None) -> ImportPlan:
    """What importing this archive into the library in ``folder`` would do; nothing is written.

    Never raises for what is wrong with the archive: a member is refused with its reason, or the whole with ``refusal``.
    """
    try:
        if len(data) > MAX_ARCHIVE:
            raise RefusedError(f"文件超过 {MAX_ARCHIVE // 1_000_000} MB", "检查是否选错了文件，或拆成几个压缩包")
        found = _UNPACKED.validate_json(confined("unpack", "", data))
    except RefusedError as error:
        return ImportPlan(refusal=error.refusal)
    return plan_members(found, library(folder), codes)


def plan_members(found: Unpacked, held: Library, codes: Codes | None = None) -> ImportPlan:
    """What importing these members would do."""
    if found.refusal is not None:
        return ImportPlan(refusal=found.refusal)
    members, notices = _without_manifest(found.members)
    if not members:
        return ImportPlan(refusal=Refusal("", "压缩包里没有文档", "选择用“导出整库”得到的压缩包"))
    planner = Planner(held, codes or Codes())
    wrapper = _wrapper(members)
    arriving = frozenset(member.name.removeprefix(wrapper) for member in members)
    items = tuple(_planned(planner, member, wrapper, arriving) for member in members)
    return ImportPlan(items, planner.absent(), tuple(notices))


def _planned(planner: Planner, member: Member, wrapper: str, arriving: frozenset[str]) -> PlannedFile:
    name = member.name.removeprefix(wrapper)
    if member.refusal is not None:
        return refused(member.name, member.refusal)
    content = base64.b64decode(member.content)
    try:
        # What lies in the library under this very name was exported from it, whatever its name is like.
        path = name if planner.held.files.get(name) == content else library_path(name)
    except RefusedError as error:
        return refused(member.name, error.refusal)
    return planner.plan(member.name, path, content, arriving)


def _wrapper(members: Sequence[Member]) -> str:
    """The one folder in which everything lies where somebody packed the folder itself, with a slash; else empty."""
    tops = {member.name.partition("/")[0] for member in members}
    top = tops.pop() if len(tops) == 1 else ""
    inside = bool(top) and top not in KINDS and all(member.name.count("/") == 2 for member in members)
    return f"{top}/" if inside and top != ".." else ""


def _without_manifest(members: Sequence[Member]) -> tuple[list[Member], list[Notice]]:
    """Members that are documents, and what the manifest says against them."""
    kept = [member for member in members if member.name.rpartition("/")[2] != MANIFEST]
    manifest = next((member for member in members if member.name == MANIFEST and not member.refusal), None)
    if manifest is None:
        return kept, []
    found = {member.name: hashlib.sha256(base64.b64decode(member.content)).hexdigest() for member in kept}
    try:
        listed = _Manifest.model_validate_json(base64.b64decode(manifest.content)).files
        expected = {item.path: item.sha256 for item in listed}
    except ValidationError:
        return kept, [Notice(MANIFEST, "清单读不出来", "照文件内容导入；请确认压缩包来源可靠")]
    changed = [name for name, digest in expected.items() if name in found and found[name] != digest]
    missing = [name for name in expected if name not in found]
    notices = []
    if changed:
        notices.append(Notice(_some(changed), "内容与导出时不同（导出后改过）", "确认是自己改的再导入"))
    if missing:
        notices.append(Notice(_some(missing), "清单里有，压缩包里没有", "库里原有的不会删除；需要时重新导出"))
    return kept, notices


def _some(names: Sequence[str]) -> str:
    return "、".join(names[:5]) + (f" 等 {len(names)} 个" if len(names) > 5 else "")


def unpack(data: bytes) -> Unpacked:
    """Members of an archive with their content; runs in the confined process. Never raises."""
    try:
        with opened(data) as archive:
            listed = [info for info in archive.infolist() if not _ignored(_name(info))]
            return Unpacked(tuple(_member(archive, info) for info in listed))
    except RefusedError as error:
        return Unpacked((), error.refusal)
    except MemoryError:
        return Unpacked((), Refusal("", "内容太多，内存不够，已停止读取", "拆成几个压缩包再导入"))


def _member(archive: ZipFile, info: ZipInfo) -> Member:
    name = _name(info)
    try:
        if stat.S_ISLNK(info.external_attr >> 16):
            raise RefusedError("是指向别处的链接，没有采用", "放入文件本身再打包")
        if not name.lower().endswith((".md", "json")):
            raise RefusedError("不是 Markdown 文档（.md），没有打开", "其他格式的文件请用“导入文件”")
        limit = MAX_BYTES if name.lower().endswith(".md") else MAX_ARCHIVE // 10
        return Member(name, base64.b64encode(member_bytes(archive, info, limit)).decode())
    except RefusedError as error:
        return Member(name, "", error.refusal)


def _name(info: ZipInfo) -> str:
    """The member's name as its packer meant it: without the mark for UTF-8, Chinese Windows writes GB18030."""
    name = info.orig_filename
    if info.flag_bits & _UTF8:
        return name
    raw = name.encode("cp437", "replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return name


def _ignored(name: str) -> bool:
    last = name.replace("\\", "/").rpartition("/")[2]
    return not last or name.startswith("__MACOSX/") or last.lower() in _IGNORED
