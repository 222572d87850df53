"""Which kind of file it is, by its first bytes: only plain sound is opened, and only with the reader named here.

Leaving the choice to FFmpeg would let a playlist in an upload open other files or addresses.
"""

from dataclasses import dataclass, field
from pathlib import PurePath

from intake.domain.errors import InvalidInputError

_KEPT = "页面上的内容都还在。"


@dataclass(frozen=True, slots=True)
class Container:
    """FFmpeg's name of the reader and its options."""

    reader: str
    options: dict[str, str] = field(default_factory=dict)


# Telephone systems write these without any header: 8,000 samples a second, one channel.
_RAW = {
    name: Container(reader, {"sample_rate": "8000", "channels": "1"})
    for reader, names in {
        "alaw": ("al", "alaw", "g711a", "pcma"),
        "mulaw": ("ul", "ulaw", "mulaw", "g711u", "pcmu"),
    }.items()
    for name in names
}
_SOUND: tuple[tuple[int, bytes, str], ...] = (
    (8, b"WAVE", "wav"),
    (0, b"ID3", "mp3"),
    (0, b"OggS", "ogg"),
    (0, b"fLaC", "flac"),
    (0, b"#!AMR", "amr"),
    (0, b".snd", "au"),
    (8, b"AIFF", "aiff"),
    (4, b"ftyp", "mov"),
    (0, b"\x1a\x45\xdf\xa3", "matroska"),
)
_VIDEO: tuple[tuple[int, bytes], ...] = (
    (8, b"AVI "),
    (0, b"FLV"),
    (0, b"\x00\x00\x01\xba"),
    (0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11"),
)
_VIDEO_NAMES = frozenset({"avi", "flv", "mpg", "mpeg", "ts", "wmv", "mkv", "rmvb"})


def container_of(name: str, content: bytes) -> Container:
    """Name the reader; raises InvalidInputError for an empty file, a video, or anything that is no recording."""
    if not content:
        raise InvalidInputError("录音是空的", "文件里没有内容。", f"请重新导出录音后上传。{_KEPT}")
    ending = PurePath(name).suffix.lower().lstrip(".")
    for offset, mark, reader in _SOUND:
        if content[offset : offset + len(mark)] == mark:
            return Container(reader)
    if any(content[offset : offset + len(mark)] == mark for offset, mark in _VIDEO) or ending in _VIDEO_NAMES:
        raise a_video()
    if content[0] == 0xFF and len(content) > 1 and content[1] & 0xE0 == 0xE0:
        return Container("aac" if content[1] & 0xF6 == 0xF0 else "mp3")
    if ending in _RAW:
        return _RAW[ending]
    if ending == "mp3":
        raise broken()
    raise InvalidInputError(
        "这不是录音",
        "认不出这个文件的格式。",
        f"请上传 wav、mp3、m4a、amr、ogg、flac 录音，或扩展名为 .alaw、.ulaw 的电话录音。{_KEPT}",
    )


def a_video() -> InvalidInputError:
    """The refusal of a file with pictures."""
    return InvalidInputError(
        "这是视频文件", "转写只收录音，没有处理画面。", f"请只导出声音（wav 或 mp3）后上传。{_KEPT}"
    )


def broken() -> InvalidInputError:
    """The refusal of a file that cannot be decoded."""
    return InvalidInputError(
        "录音读不出来", "文件已损坏或没有录完整，里面没有可用的声音。", f"请重新导出后上传。{_KEPT}"
    )
