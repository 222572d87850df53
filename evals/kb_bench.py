"""How fast the knowledge base is when it is large: indexing, edit to found, and search beside char tf-idf.

Documents are made from ours by mixing their sentences (``evals/large.py``): as long and as alike as real ones, which is
what time depends on. Nothing is measured here but time.
"""

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from evals.figures import latency
from evals.large import write_documents
from evals.metrics import Figure
from intake.settings import Settings
from knowledge.bootstrap import Knowledge, KnowledgeSettings

Say = Callable[[str], None]
LIMIT = 8
PASSAGES_EACH = 3  # fewer than any of our documents has, so that there are enough
PATIENCE_S = 60.0
MARK = "蓝鲸灯塔"
DAY = date(2026, 11, 26)


@dataclass(frozen=True, slots=True)
class KbBench:
    """Seconds of indexing and from an edit to its finding; milliseconds of searches and of the peer."""

    documents: int
    index_s: float
    edits_s: tuple[float, ...]
    searched: int
    passages: int
    plain: dict[str, Figure]
    filtered: dict[str, Figure]
    peer: dict[str, Figure]


def measure(settings: Settings, documents: int, passages: int, texts: Sequence[str], say: Say) -> KbBench:
    """Index ``documents``, edit some; then search until ``passages`` with ``texts``, all in throwaway folders."""
    with TemporaryDirectory(prefix="hotline-kb-") as folder:
        knowledge, index_s = _indexed(settings, Path(folder), documents)
        say(f"{documents} 篇文档入索引 {index_s:.1f} 秒")
        edits = _edits(knowledge, Path(folder) / "kb_docs")
        say(f"改一篇到查得到 {max(edits):.2f} 秒（{len(edits)} 次里最慢）")
        knowledge.close()
    with TemporaryDirectory(prefix="hotline-kb-") as folder:
        knowledge, _ = _indexed(settings, Path(folder), passages // PASSAGES_EACH)
        held = sum(len(found) for found in knowledge.passages_of.values())
        plain, filtered, peer = _searches(knowledge, texts)
        count = len(knowledge.documents())
        knowledge.close()
    return KbBench(documents, index_s, edits, count, held, plain, filtered, peer)


def _indexed(settings: Settings, folder: Path, documents: int) -> tuple[Knowledge, float]:
    write_documents(settings.docs, folder / "kb_docs", documents)
    knowledge = Knowledge(
        KnowledgeSettings(docs=folder / "kb_docs", state=folder / "var", embedding_model=settings.embedding_model)
    )
    knowledge.embedder.encode(["九亭"])  # loading the model is no part of indexing
    began = time.perf_counter()
    knowledge.sync()
    return knowledge, time.perf_counter() - began


def _edits(knowledge: Knowledge, docs: Path, times: int = 5) -> tuple[float, ...]:
    """Seconds from saving a file until its new title is found; the watcher runs as on the desk."""
    knowledge.watch()
    taken = []
    for number, path in enumerate(sorted(docs.rglob("*.md"))[:times]):
        text = path.read_text(encoding="utf-8")
        title = f"{MARK}{number}号"
        key = re.search(r"(?m)^id: *(\S+)", text)
        began = time.perf_counter()
        path.write_text(re.sub(r"(?m)^title:.*$", f"title: {title}", text, count=1), encoding="utf-8")
        while key and _first(knowledge, title) != key[1].strip("\"'"):
            if time.perf_counter() - began > PATIENCE_S:
                raise RuntimeError(f"{path} was edited and not found within {PATIENCE_S:g} s")
            time.sleep(0.05)  # a test that keeps asking would slow what it measures
        taken.append(time.perf_counter() - began)
    return tuple(taken)


def _first(knowledge: Knowledge, query: str) -> str:
    return next((hit.document.id for hit in knowledge.retriever.search(query, on=DAY, limit=1)), "")


def _searches(
    knowledge: Knowledge, texts: Sequence[str]
) -> tuple[dict[str, Figure], dict[str, Figure], dict[str, Figure]]:
    """The same texts in turn through our search, our filtered search and char tf-idf over the same documents."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    documents = knowledge.documents()
    vectorizer = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True)
    held = vectorizer.fit_transform(["\n".join((d.title, *d.asks, d.body)) for d in documents])
    topics = frozenset(documents[0].topics[:1])
    units = frozenset(d.unit for d in documents[: len(documents) // 2])
    day, search = DAY, knowledge.retriever.search
    for text in texts[:5]:  # what is loaded at the first call is not what a call costs
        search(text, on=day)
    plain: list[float] = []
    filtered: list[float] = []
    peer: list[float] = []
    for text in texts:
        at = [time.perf_counter()]
        search(text, on=day, limit=LIMIT)
        at.append(time.perf_counter())
        search(text, on=day, limit=LIMIT, topics=topics, units=units)
        at.append(time.perf_counter())
        scores = (vectorizer.transform([text]) @ held.T).toarray().ravel()
        scores.argsort()[-LIMIT:]
        at.append(time.perf_counter())
        for times, place in ((plain, 0), (filtered, 1), (peer, 2)):
            times.append((at[place + 1] - at[place]) * 1000)
    return latency(plain), latency(filtered), latency(peer)
