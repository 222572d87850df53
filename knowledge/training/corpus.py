"""Texts that the embedder learns from: statutes, our own documents, examples and duty list. No citizen's message."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from knowledge.text import normalise

ROOT = Path(__file__).resolve().parents[2]
_ARTICLE = re.compile(r"^第[一二三四五六七八九十百零]+条\s*", re.M)
_SENTENCE = re.compile(r"[^。；！？\n]{6,80}")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts that mean the same matter; ``source`` says why."""

    left: str
    right: str
    source: str


@dataclass(frozen=True, slots=True)
class Corpus:
    """``pairs`` teach what belongs together, ``sentences`` carry the teacher's sense of similarity."""

    pairs: tuple[Pair, ...]
    sentences: tuple[str, ...]


def read_corpus(laws: Path | None, docs: Path = ROOT / "kb_docs") -> Corpus:
    """Read everything that is in hand; ``laws`` is a folder of Markdown statutes and may be absent."""
    pairs = [*_document_pairs(docs), *_topic_pairs()]
    sentences = [text for pair in pairs for text in (pair.left, pair.right)]
    sentences += [row["text"] for row in example_rows()]
    if laws is not None:
        articles = [a for path in sorted(laws.glob("*.md")) for a in _articles(path)]
        pairs += _law_pairs(articles)
        sentences += [m[0].strip() for article in articles for m in _SENTENCE.finditer(article)]
    unique = dict.fromkeys(normalise(text) for text in sentences)
    return Corpus(tuple(pairs), tuple(text for text in unique if len(text) > 3))


def example_rows() -> list[dict[str, str]]:
    """Labelled examples of the town pack: topic, type, voice, text."""
    folder = ROOT / "routing" / "data" / "jiuting" / "examples"
    return [json.loads(line) for path in sorted(folder.glob("*.jsonl")) for line in path.open(encoding="utf-8")]


def topic_texts() -> dict[str, str]:
    """Name and definition of each topic of the duty list."""
    rows = yaml.safe_load((ROOT / "routing" / "data" / "jiuting" / "topics.yaml").read_text(encoding="utf-8"))
    listed = rows["topics"] if isinstance(rows, dict) else rows
    return {row["code"]: f"{row['name']}。{row['definition']}" for row in listed}


def _topic_pairs() -> Iterator[Pair]:
    for code, text in topic_texts().items():
        if code != "Z02":
            name, definition = text.split("。", 1)
            yield Pair(name, definition, "topic")


def _document_pairs(folder: Path) -> Iterator[Pair]:
    for path in sorted(folder.rglob("*.md")):
        parts = path.read_text(encoding="utf-8").split("---\n", 2)
        if len(parts) != 3:
            continue
        meta = yaml.safe_load(parts[1])
        spoken = parts[2].split("## 办理要点")[0].replace("## 可以这样答复", "").strip()
        asks = [meta["title"], *(meta.get("asks") or [])]
        for index, ask in enumerate(asks):
            yield Pair(ask, spoken, "answer")
            yield Pair(ask, asks[(index + 1) % len(asks)], "asked alike")


def _articles(path: Path) -> list[str]:
    text = path.read_text(encoding="utf-8")
    return [part.strip() for part in _ARTICLE.split(text)[1:] if len(part.strip()) > 30]


def _law_pairs(articles: list[str]) -> list[Pair]:
    """The two halves of an article speak of one matter."""
    pairs = []
    for article in articles:
        sentences = [m[0] for m in _SENTENCE.finditer(article)]
        if len(sentences) > 1:
            middle = len(sentences) // 2
            pairs.append(Pair("；".join(sentences[:middle])[:160], "；".join(sentences[middle:])[:160], "law"))
    return pairs
