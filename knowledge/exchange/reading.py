"""Read foreign files (docx, pdf, xlsx, html, Markdown) into drafts; a bad one is refused and the others go on."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from pydantic import TypeAdapter

from knowledge.exchange.confined import MEMORY, SECONDS, confined
from knowledge.exchange.drafts import FileReading, Notice, RefusedError
from knowledge.exchange.names import safe_name

MAX_FILE = 20_000_000
_READINGS = TypeAdapter(FileReading)


def read_files(files: Iterable[tuple[str, Path | bytes]]) -> tuple[FileReading, ...]:
    """One reading for each file (name as the sender gave it, content), in order; nothing is written."""
    return tuple(read_file(source, name) for name, source in files)


def read_file(
    source: Path | bytes, name: str, seconds: int = SECONDS, memory: int = MEMORY, limit: int = MAX_FILE
) -> FileReading:
    """Drafts of one file, or its refusal; it is opened in a process of its own within ``seconds`` and ``memory`` bytes.

    Never raises for what is wrong with the file. ``limit`` (bytes) is checked before the file is read.
    """
    bare = safe_name(name)
    try:
        data = _content(source, limit)
        reading = _READINGS.validate_json(confined("read", bare, data, seconds, memory))
    except RefusedError as error:
        reading = FileReading(bare, refusal=error.refusal)
    if bare != name:
        changed = Notice("", "文件名里有路径或特殊字符，已去掉", f"文件按“{bare}”处理")
        reading = replace(reading, notices=(*reading.notices, changed))
    return reading


def _content(source: Path | bytes, limit: int) -> bytes:
    try:
        size = source.stat().st_size if isinstance(source, Path) else len(source)
        if size > limit:
            found = f"文件有 {size / 1_000_000:.0f} MB，超过 {limit // 1_000_000} MB"
            raise RefusedError(found, "压缩里面的图片，或拆成几个文件再导入")
        return source.read_bytes() if isinstance(source, Path) else source
    except OSError as error:
        raise RefusedError(f"文件读不出来（{error.strerror}）", "检查文件是否存在、有无读取权限") from error
