"""The form in which a model must answer, and the strict reading of what it sent: inside the schema or discarded."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from routing.second_opinion.brief import Brief

NONE_FITS = "都不合适"
ELEMENTS = ("时间", "地点", "对象", "诉求")
MOST_SENTENCES = 5
MOST_CHARACTERS = 8000
_WORDS = {"quote": 60, "why": 80, "element": 60, "sentence": 160}
_ORDER = ("quote", "topic", "why", "type", "unit", "summary", "missing", "draft")


class SchemaError(ValueError):
    """The answer is not of the agreed form; the message (Chinese) is given back to the model for its one repair."""


@dataclass(frozen=True, slots=True)
class Said:
    """What the model said, inside the schema but not yet believed; ``topic`` is a code, empty when none fits."""

    quote: str = ""
    topic: str = ""
    why: str = ""
    type: str = ""
    unit: str = ""
    summary: Mapping[str, str] | None = None
    missing: tuple[str, ...] = ()
    draft: tuple[tuple[str, str], ...] = ()


def schema_of(brief: Brief, *, draft: bool = True) -> dict[str, Any]:
    """JSON schema with the topics, types, units and passage marks of this brief and no others."""
    text = {"type": "string"}
    properties: dict[str, Any] = {
        "quote": {**text, "maxLength": _WORDS["quote"]},
        "topic": {**text, "enum": [*(choice.label for choice in brief.choices), NONE_FITS]},
        "why": {**text, "maxLength": _WORDS["why"]},
        "type": {**text, "enum": list(brief.types)},
        "unit": {**text, "enum": [*brief.units, ""]},
        "summary": _closed({name: {**text, "maxLength": _WORDS["element"]} for name in ELEMENTS}),
        "missing": {"type": "array", "items": {**text, "enum": list(ELEMENTS)}, "maxItems": len(ELEMENTS)},
    }
    if draft and brief.sources:
        marks = {**text, "enum": [source.mark for source in brief.sources]}
        sentence = _closed({"text": {**text, "maxLength": _WORDS["sentence"]}, "source": marks})
        properties["draft"] = {"type": "array", "items": sentence, "maxItems": MOST_SENTENCES}
    return _closed(properties)


def read(text: str, brief: Brief, *, draft: bool = True) -> Said:
    """Read a whole answer; raises ``SchemaError`` for anything that the schema does not allow."""
    if len(text) > MOST_CHARACTERS:
        raise SchemaError(f"回答太长（{len(text)} 字符）")
    try:
        value = json.loads(text, object_pairs_hook=_unique)
    except (ValueError, RecursionError) as error:
        raise SchemaError("回答不是一个完整的 JSON 对象") from error
    wanted = schema_of(brief, draft=draft)["properties"]
    if not isinstance(value, dict) or set(value) != set(wanted):
        raise SchemaError(f"JSON 的字段必须正好是：{'、'.join(wanted)}")
    return _read_fields(value, brief)


def read_partial(value: object, brief: Brief) -> Said:
    """What can already be told from a half-streamed answer: every field but the last, which may still grow."""
    if not isinstance(value, dict):
        return Said()
    whole = {name: value[name] for name in _ORDER if name in value}
    last = next(reversed(whole), "")
    sentences = whole.pop(last, None)
    if last == "draft" and isinstance(sentences, list) and len(sentences) > 1:
        whole["draft"] = sentences[:-1]
    try:
        return _read_fields(whole, brief)
    except SchemaError:
        return Said()


def _read_fields(value: Mapping[str, Any], brief: Brief) -> Said:
    return Said(
        quote=_text(value, "quote", _WORDS["quote"]),
        topic=_topic(value, brief),
        why=_text(value, "why", _WORDS["why"]),
        type=_one_of(value, "type", brief.types),
        unit=_one_of(value, "unit", (*brief.units, "")),
        summary=_summary(value),
        missing=_missing(value),
        draft=_draft(value, brief),
    )


def _text(value: Mapping[str, Any], name: str, most: int) -> str:
    text = value.get(name, "")
    if not isinstance(text, str):
        raise SchemaError(f"{name} 必须是文字")
    # Servers that cannot count cut nothing: a little too long is cut here, far too long is a broken answer.
    if len(text) > most * 4:
        raise SchemaError(f"{name} 太长")
    return text.strip()[:most]


def _one_of(value: Mapping[str, Any], name: str, allowed: Sequence[str]) -> str:
    if name not in value:
        return ""
    chosen = value[name]
    if not isinstance(chosen, str) or chosen not in allowed:
        raise SchemaError(f"{name} 只能从这些里选：{'、'.join(one or '（空）' for one in allowed)}")
    return chosen


def _topic(value: Mapping[str, Any], brief: Brief) -> str:
    label = _one_of(value, "topic", (*(choice.label for choice in brief.choices), NONE_FITS))
    return next((choice.code for choice in brief.choices if choice.label == label), "")


def _summary(value: Mapping[str, Any]) -> dict[str, str] | None:
    if "summary" not in value:
        return None
    elements = value["summary"]
    if not isinstance(elements, dict) or set(elements) != set(ELEMENTS):
        raise SchemaError(f"summary 必须正好有：{'、'.join(ELEMENTS)}")
    return {name: _text(elements, name, _WORDS["element"]) for name in ELEMENTS}


def _missing(value: Mapping[str, Any]) -> tuple[str, ...]:
    names = value.get("missing", [])
    if not isinstance(names, list) or len(names) > len(ELEMENTS) or any(name not in ELEMENTS for name in names):
        raise SchemaError(f"missing 只能列出：{'、'.join(ELEMENTS)}")
    return tuple(dict.fromkeys(names))


def _draft(value: Mapping[str, Any], brief: Brief) -> tuple[tuple[str, str], ...]:
    sentences = value.get("draft", [])
    if not isinstance(sentences, list) or len(sentences) > MOST_SENTENCES:
        raise SchemaError(f"draft 最多 {MOST_SENTENCES} 句")
    marks = {source.mark for source in brief.sources}
    read_ones = []
    for one in sentences:
        if not isinstance(one, dict) or set(one) != {"text", "source"} or one["source"] not in marks:
            raise SchemaError(f"draft 每句必须有 text 和 source，source 只能是：{'、'.join(sorted(marks))}")
        read_ones.append((_text(one, "text", _WORDS["sentence"]), str(one["source"])))
    return tuple(read_ones)


def _closed(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }


def _unique(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose names stand once: of two topics nobody could say which was meant."""
    names = [name for name, _ in pairs]
    if len(set(names)) != len(names):
        raise SchemaError("JSON 里有重复的字段")
    return dict(pairs)
