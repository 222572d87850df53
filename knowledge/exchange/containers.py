"""What a file really is, by its bytes, and whether its container is safe to open; the extension is not believed."""

import io
import lzma
import zlib
from enum import StrEnum
from zipfile import BadZipFile, ZipFile, ZipInfo

from knowledge.exchange.drafts import RefusedError

MAX_MEMBERS, MAX_UNPACKED, MAX_RATIO, RATIO_FROM = 3_000, 200_000_000, 100, 10_000_000
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_DECLARATION = 4_096
_BROKEN = (BadZipFile, zlib.error, lzma.LZMAError, NotImplementedError, RuntimeError, OSError, EOFError, ValueError)
_LEGACY = (("WordDocument", ".doc", ".docx"), ("Workbook", ".xls", ".xlsx"), ("Book", ".xls", ".xlsx"))


class FileFormat(StrEnum):
    """Formats that can be read."""

    DOCX = "docx"
    XLSX = "xlsx"
    PDF = "pdf"
    HTML = "html"
    MARKDOWN = "md"


def format_of(data: bytes, name: str) -> FileFormat:
    """The format by content, for texts by extension; raises RefusedError for what cannot or must not be opened."""
    extension = name.rpartition(".")[2].lower()
    if not data.strip(b"\x00\r\n\t "):
        raise RefusedError("文件是空的", "检查是否选错了文件，或重新导出一份")
    if data.startswith(_OLE):
        _refuse_ole(data)
    if b"%PDF-" in data[:1024]:
        return FileFormat.PDF
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return _office_format(data)
    if extension in ("docx", "xlsx", "pdf", "docm", "xlsm"):
        raise RefusedError(f"文件已损坏，或者不是真正的 {extension} 文件", "用原来的软件打开，另存一份再导入")
    if extension in ("html", "htm", "mhtml", "xhtml"):
        return FileFormat.HTML
    if extension in ("md", "markdown", "txt"):
        return FileFormat.MARKDOWN
    if data[:2_000].lstrip().lower().startswith((b"<!doctype html", b"<html")):
        return FileFormat.HTML
    raise RefusedError(
        f"不认识的文件格式“{extension or '没有扩展名'}”", "可以导入 docx、pdf、xlsx、html 和 Markdown（md）文件"
    )


def opened(data: bytes) -> ZipFile:
    """The archive, after its directory was checked: members, unpacked size, ratio, encryption; raises RefusedError."""
    try:
        archive = ZipFile(io.BytesIO(data))
    except (BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise RefusedError("压缩包已损坏，打不开", "用原来的软件打开，另存一份再导入") from error
    members = archive.infolist()
    unpacked = sum(member.file_size for member in members)
    bomb = "按压缩炸弹处理，没有解压"
    if len(members) > MAX_MEMBERS:
        raise RefusedError(
            f"里面有 {len(members)} 个文件，超过 {MAX_MEMBERS} 个，{bomb}", "确认来源可靠后，拆成几个文件再导入"
        )
    if unpacked > MAX_UNPACKED:
        raise RefusedError(
            f"解压后有 {unpacked // 1_000_000} MB，超过 {MAX_UNPACKED // 1_000_000} MB，{bomb}",
            "确认来源可靠后，压缩图片或拆分再导入",
        )
    if unpacked > RATIO_FROM and unpacked > MAX_RATIO * len(data):
        raise RefusedError(f"解压后是原来的 {unpacked // len(data)} 倍，{bomb}", "确认来源可靠后，用原来的软件另存一份")
    if any(member.flag_bits & 0x1 for member in members):
        raise RefusedError("文件设了密码", "去掉密码后另存一份再导入")
    return archive


def member_bytes(archive: ZipFile, member: ZipInfo, limit: int) -> bytes:
    """Content of one member, at most ``limit`` bytes whatever its directory entry says; raises RefusedError."""
    try:
        with archive.open(member) as stream:
            content = stream.read(limit + 1)
    except _BROKEN as error:
        raise RefusedError("压缩包里的内容已损坏", "用原来的软件打开，另存一份再导入") from error
    if len(content) > limit:
        raise RefusedError(f"压缩包里有超过 {limit // 1000} KB 的内容", "拆成几篇再导入")
    return content


def _refuse_ole(data: bytes) -> None:
    def holds(stream: str) -> bool:
        return stream.encode("utf-16-le") in data

    if holds("EncryptedPackage"):
        raise RefusedError("文件设了密码", "用原来的软件打开，去掉密码后另存一份再导入")
    for stream, old, new in _LEGACY:
        if holds(stream):
            raise RefusedError(f"这是旧版的 {old} 文件，不能读取", f"用 Word 或 WPS 打开，另存为 {new} 再导入")
    raise RefusedError("这是旧版办公软件的文件，不能读取", "用原来的软件打开，另存为 docx、xlsx 或 pdf 再导入")


def _office_format(data: bytes) -> FileFormat:
    with opened(data) as archive:
        names = {member.filename.replace("\\", "/").lower(): member for member in archive.infolist()}
        types = names.get("[content_types].xml")
        if types is None:
            raise RefusedError(
                "这是一个压缩包，不是一篇文档", "整库的压缩包请用“导入整库”；其他压缩包请先解压，再选里面的文件"
            )
        declared = member_bytes(archive, types, 5_000_000).decode("utf-8", "replace").lower()
        if "macroenabled" in declared or any(name.endswith("vbaproject.bin") for name in names):
            raise RefusedError("文件里带有宏程序，不予打开", "在 Word 或 Excel 里另存为不带宏的 docx 或 xlsx，再导入")
        if "word/document.xml" in names:
            found = FileFormat.DOCX
        elif "xl/workbook.xml" in names:
            found = FileFormat.XLSX
        else:
            raise RefusedError("不是 Word 文档或 Excel 表格", "可以导入 docx、pdf、xlsx、html 和 Markdown（md）文件")
        _refuse_entities(archive)
        return found


def _refuse_entities(archive: ZipFile) -> None:
    """Office files hold no document type declaration; one that does wants entities expanded."""
    for member in archive.infolist():
        if not member.filename.lower().endswith((".xml", ".rels", ".vml")):
            continue
        with archive.open(member) as stream:
            head = stream.read(_DECLARATION).replace(b"\x00", b"").lower()
        if b"<!doctype" in head or b"<!entity" in head:
            raise RefusedError(
                "文件里有不该出现的 XML 实体声明，不予打开", "确认来源可靠后，用原来的软件另存一份再导入"
            )
