"""Frozen dataclasses to JSON and back, by their type hints: what was shown is stored exactly and read back equal."""

import dataclasses
import hashlib
import json
import types
import typing
from collections.abc import Callable, Hashable, Sequence
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from typing import TypeAlias, TypeVar

from intake.application.ports import JsonValue

T = TypeVar("T")


def encode(value: object) -> JsonValue:
    """Turn dataclasses, enums, times, tuples and plain values into JSON values; TypeError for anything else."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {name: encode(getattr(value, name)) for name in _names(type(value))}
    if isinstance(value, StrEnum):
        return value.value
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, date):  # datetime is a date
        return value.isoformat()
    if isinstance(value, Sequence):
        return [encode(item) for item in value]
    raise TypeError(f"cannot be stored: {type(value).__name__}")


@cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(f.name for f in dataclasses.fields(kind))


def decode(kind: type[T], raw: JsonValue) -> T:
    """Build a ``kind`` from what ``encode`` made of one; fields unknown today are ignored, new ones need a default."""
    return typing.cast("T", _reader(typing.cast("Hashable", kind))(raw))


def canonical(value: JsonValue) -> str:
    """One spelling for equal JSON values: sorted keys, no blanks; the input of digests."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(value: JsonValue) -> str:
    """SHA-256 (hex) of the canonical spelling."""
    return hashlib.sha256(canonical(value).encode("utf-8", "surrogatepass")).hexdigest()


Reader: TypeAlias = Callable[[JsonValue], object]


@cache
def _reader(kind: object) -> Reader:
    """How to read a ``kind``, worked out once per type: thousands of clocks are read in one sweep."""
    origin = typing.get_origin(kind)
    if origin is types.UnionType or origin is typing.Union:
        (option,) = (option for option in typing.get_args(kind) if option is not types.NoneType)
        inner = _reader(option)
        return lambda raw: None if raw is None else inner(raw)
    if origin is tuple:
        return _tuple_reader(kind, _reader(typing.get_args(kind)[0]))
    if not isinstance(kind, type):
        raise TypeError(f"cannot be read back: {kind}")
    return _dataclass_reader(kind) if dataclasses.is_dataclass(kind) else _plain_reader(kind)


def _tuple_reader(kind: object, inner: Reader) -> Reader:
    def read(raw: JsonValue) -> object:
        if not isinstance(raw, list):
            raise TypeError(f"a list is needed for {kind}, got {type(raw).__name__}")
        return tuple(inner(item) for item in raw)

    return read


def _dataclass_reader(kind: type) -> Reader:
    hints = typing.get_type_hints(kind)
    fields = tuple((f.name, _reader(hints[f.name])) for f in dataclasses.fields(kind))

    def read(raw: JsonValue) -> object:
        if not isinstance(raw, dict):
            raise TypeError(f"an object is needed for {kind.__name__}, got {type(raw).__name__}")
        return kind(**{name: inner(raw[name]) for name, inner in fields if name in raw})

    return read


def _plain_reader(kind: type) -> Reader:
    if issubclass(kind, datetime):
        return lambda raw: datetime.fromisoformat(str(raw))
    if issubclass(kind, date):
        return lambda raw: date.fromisoformat(str(raw))
    if issubclass(kind, StrEnum):
        return lambda raw: kind(str(raw))

    def read(raw: JsonValue) -> object:
        if kind is float and isinstance(raw, int) and not isinstance(raw, bool):
            return float(raw)
        if not isinstance(raw, kind):
            raise TypeError(f"{kind.__name__} is needed, got {type(raw).__name__}")
        return raw

    return read
