"""A town of some years: the desk with a thousand documents and a classifier that learned from 20,000 tickets.

Documents and tickets are made from the product's own by mixing sentences and words: as many, as long and as alike as
real ones, which is what time depends on; nothing is measured here but time.
"""

import random
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from evals.figures import latency
from evals.metrics import Figure
from evals.peers import TfidfSvm
from intake.settings import Settings
from knowledge.bootstrap import Knowledge, KnowledgeSettings
from routing.bootstrap import RoutingSettings, open_router
from routing.classifiers.stack import Stack
from routing.classifiers.training import train
from routing.learning import TYPES_FROM, topic_data, type_data
from routing.recommendation import Request
from routing.router import Router
from routing.taxonomy import Example, Lesson

_SENTENCE = re.compile(r"(?<=[。！？])")
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Large:
    """Seconds and milliseconds of one run, beside the peer on the same tickets and texts."""

    documents: int
    tickets: int
    index_s: float
    train_s: float
    peer_train_s: float
    ours: dict[str, Figure]
    peer: dict[str, Figure]


def measure(settings: Settings, documents: int, tickets: int, texts: Sequence[str], say: Say) -> Large:
    """Build such a town in a throwaway folder, learn, and time ``texts`` alternating with the peer."""
    with TemporaryDirectory(prefix="hotline-large-") as folder:
        docs, state = Path(folder) / "kb_docs", Path(folder) / "var"
        write_documents(settings.docs, docs, documents)
        knowledge = Knowledge(KnowledgeSettings(docs=docs, state=state, embedding_model=settings.embedding_model))
        began = time.perf_counter()
        knowledge.sync()
        index_s = time.perf_counter() - began
        say(f"{documents} 篇文档入索引 {index_s:.1f} 秒")
        router = open_router(RoutingSettings(state=state, town=settings.town), knowledge, say)
        lessons = invent_lessons(router.examples, tickets)
        began = time.perf_counter()
        topics = train(topic_data(router.pack, router.examples, lessons), knowledge.embedder)
        types = train(type_data(router.examples, lessons[-TYPES_FROM:]), knowledge.embedder)
        train_s = time.perf_counter() - began
        say(f"{tickets} 件工单训练 {train_s:.1f} 秒")
        stacks = [Stack(learned, knowledge.embedder) for learned in (topics, types)]
        router.models.install(stacks[0], stacks[1], tickets, datetime.now(ZoneInfo("Asia/Shanghai")), "bench", "")
        began = time.perf_counter()
        rows = [*((e.text, e.topic) for e in router.examples), *((one.text, one.topic) for one in lessons)]
        svm = TfidfSvm([text for text, _ in rows], [label for _, label in rows])
        peer_s = time.perf_counter() - began
        ours, peer = _time(router, svm, texts)
        knowledge.close()
    return Large(documents, tickets, index_s, train_s, peer_s, ours, peer)


def write_documents(source: Path, target: Path, count: int) -> None:
    """Write ``count`` documents: ours first, then mixtures of their sentences with an identity of their own."""
    generator = random.Random(1)
    files = sorted(p for p in source.rglob("*.md") if p.name != "README.md")
    texts = [path.read_text(encoding="utf-8") for path in files]
    sentences = [s for text in texts for s in _SENTENCE.split(text.split("---", 2)[2]) if 8 < len(s.strip()) < 120]
    for number in range(count):
        path, text = files[number % len(files)], texts[number % len(files)]
        name = path.relative_to(source)
        if number >= len(files):
            _, front, body = text.split("---", 2)
            front = re.sub(r"(?m)^(id: .*)$", rf"\g<1>-{number}", front)
            mixed = "".join(
                generator.choice(sentences) if generator.random() < 0.5 else s for s in _SENTENCE.split(body)
            )
            text, name = f"---{front}---\n{mixed}", name.with_stem(f"{path.stem}-{number}")
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        (target / name).write_text(text, encoding="utf-8")


def invent_lessons(examples: Sequence[Example], count: int) -> tuple[Lesson, ...]:
    """``count`` tickets: an example of the topic with a clause of another one and a place before it."""
    generator = random.Random(2)
    by_topic: dict[str, list[Example]] = {}
    for example in examples:
        by_topic.setdefault(example.topic, []).append(example)
    lessons = []
    for _ in range(count):
        first = generator.choice(examples)
        second = generator.choice(by_topic[first.topic]).text
        clause = generator.choice(re.split(r"[，。！？]", second))
        place = f"{generator.choice('东南西北中')}{generator.choice('苑庭园场里')}{generator.randrange(1, 200)}号"
        lessons.append(Lesson(f"{place}，{first.text}，{clause}", first.topic, first.kind))
    return tuple(lessons)


def _time(router: Router, svm: TfidfSvm, texts: Sequence[str]) -> tuple[dict[str, Figure], dict[str, Figure]]:
    now = datetime.now(ZoneInfo("Asia/Shanghai"))
    for text in texts[:5]:  # what is loaded at the first call is not what a call costs
        router.recommend(Request(text, now))
    ours, theirs = [], []
    for text in texts:
        start = time.perf_counter()
        router.recommend(Request(text, now))
        middle = time.perf_counter()
        svm.top3(text)
        ours.append((middle - start) * 1000)
        theirs.append((time.perf_counter() - middle) * 1000)
    return latency(ours), latency(theirs)
