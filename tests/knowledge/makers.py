"""Hand-written fakes and small documents for the tests of knowledge."""

import zlib
from collections.abc import Collection, Sequence
from datetime import date
from pathlib import Path

import numpy as np

from knowledge.documents import Document, DocumentKind, DocumentStatus
from knowledge.ports import Vectors

DAY = date(2026, 11, 23)


class CharacterEmbedder:
    """An embedder without a model: texts that share characters and pairs of characters are near to each other."""

    dimensions = 256

    def __init__(self, name: str = "characters") -> None:
        self.name = name
        self.encoded: list[str] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.encoded += texts
        found = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for row, text in enumerate(texts):
            for size in (1, 2):
                for start in range(len(text) - size + 1):
                    found[row, zlib.crc32(text[start : start + size].encode()) % self.dimensions] += 1
        return found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), np.float32(1e-9))


class MemoryIndex:
    """A vector index in a dictionary; counts how often it was reopened."""

    def __init__(self) -> None:
        self.vectors_by_id: dict[str, Vectors] = {}
        self.reopened = 0

    def ids(self) -> frozenset[str]:
        return frozenset(self.vectors_by_id)

    def add(self, ids: Sequence[str], vectors: Vectors) -> None:
        self.vectors_by_id |= dict(zip(ids, vectors, strict=True))

    def remove(self, ids: Collection[str]) -> None:
        for key in ids:
            self.vectors_by_id.pop(key, None)

    def vectors(self, ids: Sequence[str]) -> dict[str, Vectors]:
        return {key: self.vectors_by_id[key] for key in ids if key in self.vectors_by_id}

    def reopen(self) -> None:
        self.reopened += 1

    def close(self) -> None:
        self.vectors_by_id = {}


def document(key: str, title: str, body: str, **changes: object) -> Document:
    """A document that answers on ``DAY`` unless ``changes`` say otherwise."""
    fields: dict[str, object] = {
        "id": key,
        "title": title,
        "kind": DocumentKind.QUESTION,
        "topics": ("C01",),
        "unit": "ZFD",
        "status": DocumentStatus.PUBLISHED,
        "basis": (),
        "asks": (),
        "in_force_from": date(2026, 1, 1),
        "in_force_to": None,
        "review_by": date(2027, 1, 1),
        "body": body,
        "path": f"常见问答/{key}.md",
        "content_hash": key,
    }
    return Document(**(fields | changes))  # type: ignore[arg-type]


BODY = """## 可以这样答复
摆摊占道由综合行政执法队管。您告诉我地点和时间，我登记后马上派给他们，一个工作日内会有人和您联系，五个工作日内给您结果。

## 办理要点
- 问清地点、时间和摊位数量。

## 依据
依据市容环境卫生条例。
"""


def source(key: str = "C01-baiTan", **fields: str | None) -> str:
    """Text of a sound document file; a field given as None is left out."""
    values: dict[str, str | None] = {
        "id": key,
        "title": "无证设摊怎么反映",
        "kind": "常见问答",
        "topics": "[C01]",
        "unit": "ZFD",
        "status": "待核验",
        "basis": '[{law: 某某条例, version: "2018-12-20", articles: [第十七条]}]',
        "asks": "[楼下天天有人摆摊卖炒饭]",
        "in_force_from": "2026-01-01",
        "in_force_to": "null",
        "review_by": "2027-01-01",
    }
    body = fields.pop("body", BODY)
    lines = [f"{name}: {value}" for name, value in (values | fields).items() if value is not None]
    return "\n".join(["---", *lines, "---", body or ""])


def write(folder: Path, name: str, text: str) -> Path:
    """Write one document file below ``folder``."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path
