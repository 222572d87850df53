"""Learning curve: how good is the classifier with so many examples a topic, and would more of them help?"""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from evals.cases import Case
from evals.metrics import Figure, mean
from evals.peers import TfidfSvm
from routing.classifiers.stack import Stack
from routing.classifiers.training import train
from routing.learning import topic_data
from routing.router import Router
from routing.taxonomy import Example

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Point:
    """First topic right with ``each`` examples a topic (mean over all seeds), ours and the peer's."""

    each: int
    examples: int
    ours: Figure
    peer: Figure


def learning_curve(
    router: Router, cases: Sequence[Case], steps: Sequence[int], seeds: Sequence[int], say: Say
) -> tuple[Point, ...]:
    """Train on growing random parts of the examples, score on ``cases``; the last step may exceed what there is."""
    topical = [case for case in cases if case.accept]
    points = []
    for each in steps:
        ours: list[bool] = []
        theirs: list[bool] = []
        size = 0
        for seed in seeds:
            some = sample(router.examples, each, seed)
            size = len(some)
            ours += _ours(router, some, topical)
            theirs += _peer(some, topical)
            say(f"每个事项 {each} 条，第 {seed} 次抽样：{np.mean(ours):.3f} / {np.mean(theirs):.3f}")
            if size == len(router.examples):
                break  # every further sample would be the same
        points.append(Point(each, size, _spread(ours, len(topical)), _spread(theirs, len(topical))))
    return tuple(points)


def sample(examples: Sequence[Example], each: int, seed: int) -> tuple[Example, ...]:
    """At most ``each`` examples of every topic, drawn at random; the samples of one seed contain one another."""
    generator = random.Random(seed)
    by_topic: dict[str, list[Example]] = {}
    for example in examples:
        by_topic.setdefault(example.topic, []).append(example)
    drawn: list[Example] = []
    for topic in sorted(by_topic):
        rows = by_topic[topic]
        generator.shuffle(rows)
        drawn += rows[:each]
    return tuple(drawn)


def curves(points: Sequence[Point]) -> Mapping[str, Sequence[tuple[float, Figure]]]:
    """The two lines of the picture."""
    return {
        "本系统": [(p.each, p.ours) for p in points],
        TfidfSvm.name: [(p.each, p.peer) for p in points],
    }


def _spread(right: Sequence[bool], cases: int) -> Figure:
    """Mean over cases and seeds; the interval is over cases, each with the mean of its seeds."""
    rows = np.asarray(right, dtype=np.float64).reshape(-1, cases).mean(axis=0)
    return mean(rows.tolist())


def _ours(router: Router, some: tuple[Example, ...], cases: Sequence[Case]) -> list[bool]:
    stack = Stack(train(topic_data(router.pack, some), router.knowledge.embedder), router.knowledge.embedder)
    labels = np.array(stack.labels)
    return [str(labels[int(np.argmax(stack.judge(case.text)[0]))]) in case.accept for case in cases]


def _peer(some: tuple[Example, ...], cases: Sequence[Case]) -> list[bool]:
    svm = TfidfSvm([e.text for e in some], [e.topic for e in some])
    return [svm.top3(case.text)[0] in case.accept for case in cases]
