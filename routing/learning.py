"""Learn from settled tickets: train beside the model in use, compare on tickets that neither has seen, replace or not.

A fixed part of the tickets, chosen by a hash of the text, is never trained on: the comparison stays honest however
often the desk learns, because a ticket that is held out now was held out before.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import comb
from pathlib import Path

from knowledge.ports import Embedder
from routing.classifiers.stack import Stack
from routing.classifiers.training import Progress, TrainingError, TrainingSet, train
from routing.classifiers.transformer import AdvisedStack, take_advice
from routing.recommendation import TicketType
from routing.taxonomy import Example, Lesson, TownPack

# A fifth is held out, but never more than so many: from there on a larger test teaches nothing.
SHARE, ENOUGH = 0.2, 1_000
FEWEST = 20
MOST = 20_000
# Three types are told apart as well from the newest few thousand as from all, in a fifth of the time.
TYPES_FROM = 3_000
# A candidate is refused when it would be this bad by chance less often than one time in twenty.
WORSE = 0.05


@dataclass(frozen=True, slots=True)
class Comparison:
    """Candidate against the model in use on ``count`` held-out tickets; ``p_worse`` is one-sided (McNemar, exact)."""

    count: int
    now_right: int
    then_right: int
    only_now: int
    only_then: int

    @property
    def p_worse(self) -> float:
        """Chance of so few wins of the candidate if both were equally good."""
        differing = self.only_now + self.only_then
        return sum(comb(differing, k) for k in range(self.only_then + 1)) / 2**differing if differing else 1.0

    @property
    def worse(self) -> bool:
        """Whether the test shows the candidate worse."""
        return self.only_then < self.only_now and self.p_worse < WORSE

    @property
    def sentence(self) -> str:
        """What the comparison says, in Chinese."""
        said = (
            f"在 {self.count} 件未参与训练的工单上：现用模型首位正确 {self.now_right} 件，新模型 {self.then_right} 件；"
            f"仅现用对 {self.only_now} 件，仅新模型对 {self.only_then} 件（配对检验 p={self.p_worse:.3f}）。"
        )
        return said + ("新模型更差，未启用，现用模型保持不变。" if self.worse else "未见变差，可以启用。")


@dataclass(frozen=True, slots=True)
class Trained:
    """A candidate with its comparison and how many tickets it learned from."""

    topics: Stack
    types: Stack
    lessons: int
    comparison: Comparison
    advised: str = ""

    @property
    def sentence(self) -> str:
        """What the comparisons say, in Chinese."""
        return self.advised + self.comparison.sentence


def split(lessons: Sequence[Lesson]) -> tuple[tuple[Lesson, ...], tuple[Lesson, ...]]:
    """Lessons to learn from and lessons held out, by hash of the text; a text met twice lies on one side only."""
    share = min(SHARE, ENOUGH / len(lessons)) if lessons else SHARE
    learned: list[Lesson] = []
    held: list[Lesson] = []
    for lesson in lessons:
        number = int.from_bytes(hashlib.sha256(lesson.text.encode()).digest()[:4], "big") / 2**32
        (held if number < share else learned).append(lesson)
    return tuple(learned), tuple(held)


def usable(lessons: Sequence[Lesson], pack: TownPack) -> tuple[Lesson, ...]:
    """Lessons with a topic that the pack knows and a text, the newest ``MOST`` (callers give them oldest first)."""
    topics, kinds = {topic.code for topic in pack.topics}, {kind.value for kind in TicketType}
    good = [lesson for lesson in lessons if lesson.topic in topics and lesson.kind in kinds and lesson.text.strip()]
    return tuple(good[-MOST:])


def learn(
    pack: TownPack,
    examples: Sequence[Example],
    lessons: Sequence[Lesson],
    now: Stack,
    embedder: Embedder,
    say: Progress | None = None,
    transformer: Path | None = None,
) -> Trained:
    """Train a candidate on examples and lessons and compare it with ``now``.

    With ``transformer`` (folder of a pretrained model) that is fine-tuned too and joins the candidate if it helps.
    Raises ``TrainingError`` (Chinese) when there are too few lessons to compare; the model in use stays in use.
    """
    tell = say or (lambda _step, _share: None)
    taught, held = split(usable(lessons, pack))
    if len(held) < FEWEST:
        raise TrainingError(
            f"可用于学习的工单太少：留出比较的只有 {len(held)} 件，至少需要 {FEWEST} 件"
            f"（约 {FEWEST * 5} 件已定事项的工单）。现用模型保持不变，请积累更多工单后再试。"
        )
    until = 0.15 if transformer else 0.75
    data = topic_data(pack, examples, taught)
    topics = Stack(train(data, embedder, _part(tell, "事项", 0.0, until)), embedder)
    advised = ""
    if transformer:
        topics, advised = _advised(topics, transformer, data, held, _part(tell, "事项", until, 0.75))
    types = Stack(
        train(type_data(examples, taught[-TYPES_FROM:]), embedder, _part(tell, "工单类型", 0.75, 0.95)), embedder
    )
    tell("与现用模型比较", 0.95)
    comparison = compare(now, topics, held)
    tell("完成", 1.0)
    return Trained(topics, types, len(taught), comparison, advised)


def _advised(plain: Stack, base: Path, data: TrainingSet, held: Sequence[Lesson], say: Progress) -> tuple[Stack, str]:
    """The candidate with a fine-tuned transformer if more held-out tickets are right with it, and what was found."""
    advice = take_advice(base, data, plain.embedder, say)
    both = AdvisedStack(plain.learned, plain.embedder, advice)
    found = compare(plain, both, held)
    said = f"微调 {base.name}：不用它对 {found.now_right} 件，用它对 {found.then_right} 件（p={found.p_worse:.3f}），"
    if found.then_right > found.now_right:
        return both, said + "已并入新模型。"
    return plain, said + "没有帮助，未并入。"


def compare(now: Stack, then: Stack, held: Sequence[Lesson]) -> Comparison:
    """Count right first places of both on the same held-out lessons."""
    texts = [lesson.text for lesson in held]
    first = [_first(stack, texts) for stack in (now, then)]
    pairs = [(a == lesson.topic, b == lesson.topic) for a, b, lesson in zip(first[0], first[1], held, strict=True)]
    return Comparison(
        len(held),
        sum(a for a, _ in pairs),
        sum(b for _, b in pairs),
        sum(a and not b for a, b in pairs),
        sum(b and not a for a, b in pairs),
    )


def topic_data(pack: TownPack, examples: Sequence[Example], lessons: Sequence[Lesson] = ()) -> TrainingSet:
    """Labelled texts by topic, with the duty list's own words for each."""
    words = {topic.code: f"{topic.name}。{topic.definition}" for topic in pack.topics}
    rows = [(e.text, e.topic) for e in examples] + [(lesson.text, lesson.topic) for lesson in lessons]
    return TrainingSet(tuple(text for text, _ in rows), tuple(label for _, label in rows), words)


def type_data(examples: Sequence[Example], lessons: Sequence[Lesson] = ()) -> TrainingSet:
    """Labelled texts by ticket type (附件2)."""
    rows = [(e.text, e.kind) for e in examples] + [(lesson.text, lesson.kind) for lesson in lessons]
    return TrainingSet(tuple(text for text, _ in rows), tuple(label for _, label in rows), {})


def _first(stack: Stack, texts: Sequence[str]) -> list[str]:
    best: list[str] = []
    for start in range(0, len(texts), 256):  # similarities to 20,000 tickets at once would not fit
        best += [stack.labels[int(i)] for i in stack.probabilities(texts[start : start + 256]).argmax(axis=1)]
    return best


def _part(tell: Progress, name: str, begin: float, end: float) -> Callable[[str, float], None]:
    return lambda step, share: tell(f"{name}：{step}", begin + (end - begin) * share)
