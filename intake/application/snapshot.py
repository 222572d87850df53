"""Frozen dataclasses to JSON and back, by their type hints: what was shown is stored exactly and read back equal."""

import dataclasses
import hashlib
import json
import types
import typing
from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from typing import TypeVar

from intake.application.ports import JsonValue

T = TypeVar("T")


def encode(value: object) -> JsonValue:
    """Turn dataclasses, enums, times, tuples and plain values into JSON values; TypeError for anything else."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: encode(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, StrEnum):
        return value.value
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, date):  # datetime is a date
        return value.isoformat()
    if isinstance(value, Sequence):
        return [encode(item) for item in value]
    raise TypeError(f"cannot be stored: {type(value).__name__}")


def decode(kind: type[T], raw: JsonValue) -> T:
    """Build a ``kind`` from what ``encode`` made of one; fields unknown today are ignored, new ones need a default."""
    return typing.cast("T", _decode(kind, raw))


def canonical(value: JsonValue) -> str:
    """One spelling for equal JSON values: sorted keys, no blanks; the input of digests."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(value: JsonValue) -> str:
    """SHA-256 (hex) of the canonical spelling."""
    return hashlib.sha256(canonical(value).encode("utf-8", "surrogatepass")).hexdigest()


@cache
def _hints(kind: type) -> dict[str, object]:
    return typing.get_type_hints(kind)


def _decode(kind: object, raw: JsonValue) -> object:
    origin = typing.get_origin(kind)
    if origin is types.UnionType or origin is typing.Union:
        if raw is None:
            return None
        (inner,) = (option for option in typing.get_args(kind) if option is not types.NoneType)
        return _decode(inner, raw)
    if origin is tuple:
        if not isinstance(raw, list):
            raise TypeError(f"a list is needed for {kind}, got {type(raw).__name__}")
        return tuple(_decode(typing.get_args(kind)[0], item) for item in raw)
    if not isinstance(kind, type):
        raise TypeError(f"cannot be read back: {kind}")
    return _decode_plain(kind, raw)


def _decode_plain(kind: type, raw: JsonValue) -> object:
    if dataclasses.is_dataclass(kind):
        if not isinstance(raw, dict):
            raise TypeError(f"an object is needed for {kind.__name__}, got {type(raw).__name__}")
        hints = _hints(kind)
        known = {f.name: _decode(hints[f.name], raw[f.name]) for f in dataclasses.fields(kind) if f.name in raw}
        return kind(**known)
    if issubclass(kind, datetime):
        return datetime.fromisoformat(str(raw))
    if issubclass(kind, date):
        return date.fromisoformat(str(raw))
    if issubclass(kind, StrEnum):
        return kind(str(raw))
    if kind is float and isinstance(raw, int) and not isinstance(raw, bool):
        return float(raw)
    if not isinstance(raw, kind):
        raise TypeError(f"{kind.__name__} is needed, got {type(raw).__name__}")
    return raw
