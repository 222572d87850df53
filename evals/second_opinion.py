"""Classifier and language model on the same cases, paired: does asking help where there is doubt, at what cost?

A model writes its topic before all else, so an answer is heard only as far as that (``whole`` hears it to the end); the
choice is the one of the full question.
"""

import asyncio
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

from evals.cases import Case
from evals.metrics import Figure, Paired, mean, paired
from evals.runner import SHANGHAI
from routing.recommendation import Band, Request
from routing.router import Router
from routing.second_opinion.asking import Asking, prepare
from routing.second_opinion.brief import Brief
from routing.second_opinion.briefs import Briefs
from routing.second_opinion.chain import Chain
from routing.second_opinion.masking import Mask
from routing.second_opinion.ports import AskError

# What a model is told: the candidates alone, or all that a brief holds.
ARMS = ("候选与定义", "全部资料")


@dataclass(frozen=True, slots=True)
class Judged:
    """One case asked once. ``fast`` and ``model`` say whether the first topic was right; ``fault`` costs the answer."""

    id: str
    arm: str
    doubt: bool
    fast: bool
    model: bool
    within: bool
    topic: str
    fault: str
    seconds: float
    tokens_in: int
    tokens_out: int

    @property
    def adopted(self) -> bool:
        """Right when the model's topic is followed and the fast one kept where the model says none."""
        return self.model if self.topic else self.fast


class Asker:
    """Asks a model about cases as the desk would."""

    def __init__(self, router: Router, chain: Chain, briefs: Briefs, *, whole: bool) -> None:
        self._router = router
        self._chain = chain
        self._briefs = briefs
        self._whole = whole

    def judge(self, case: Case, arm: str) -> Judged:
        """Ask about one case; a model that fails leaves the fast proposal."""
        request = Request(case.text, case.called_at or datetime.now(SHANGHAI), case.address)
        brief = self._briefs(request)
        start = time.perf_counter()
        asking, topic, fault = None, "", ""
        try:
            asking = prepare(_told(brief, arm), Mask(), draft=arm == ARMS[1])
            topic = asyncio.run(self._topic(asking))
        except AskError as error:
            fault = error.fault.value
        usage = asking.usage if asking else None
        return Judged(
            id=case.id,
            arm=arm,
            doubt=brief.band is not Band.ACCEPT,
            fast=brief.first in case.accept,
            model=topic in case.accept,
            within=any(choice.code in case.accept for choice in brief.choices),
            topic=topic,
            fault=fault,
            seconds=time.perf_counter() - start,
            tokens_in=usage.tokens_in if usage else 0,
            tokens_out=usage.tokens_out if usage else 0,
        )

    async def _topic(self, asking: Asking) -> str:
        opinions, topic = self._chain.stream(asking), ""
        try:
            async for opinion in opinions:
                topic = opinion.topic
                if topic and not self._whole:
                    break
        finally:
            await opinions.aclose()
        return topic


def _told(brief: Brief, arm: str) -> Brief:
    return brief if arm == ARMS[1] else replace(brief, sources=(), similar=(), doubt="", first="")


def draw(router: Router, cases: Sequence[Case], doubted: int, sure: int, seed: int) -> list[Case]:
    """So many cases in doubt and so many sure ones, the same for the same seed; too thin texts are left out."""
    import random

    day = datetime.now(SHANGHAI).date()
    groups: dict[bool, list[Case]] = {True: [], False: []}
    for case in cases:
        band = router.models.current().propose(case.text, router.view(day)).band
        if case.accept and band is not Band.UNKNOWN:
            groups[band is not Band.ACCEPT].append(case)
    chance = random.Random(seed)
    for group in groups.values():
        chance.shuffle(group)
    return groups[True][:doubted] + groups[False][:sure]


def run(
    asker: Asker, cases: Sequence[Case], arms: Sequence[str], kept: Path, say: Callable[[str], None]
) -> list[Judged]:
    """Judge every case in every arm; ``kept`` holds what is done, so that an interrupted run goes on."""
    done = {(row.id, row.arm): row for row in read(kept)}
    for number, case in enumerate(cases, 1):
        for arm in arms:
            if (case.id, arm) in done:
                continue
            row = asker.judge(case, arm)
            done[case.id, arm] = row
            with kept.open("a", encoding="utf-8") as out:
                out.write(json.dumps(asdict(row), ensure_ascii=False) + "\n")
            say(f"{number}/{len(cases)} {arm} {row.seconds:.0f} 秒 {'对' if row.model else '错'} {row.fault}")
    wanted = {case.id for case in cases}
    return [row for row in done.values() if row.id in wanted and row.arm in arms]


def read(kept: Path) -> list[Judged]:
    """Rows that were judged before."""
    lines = kept.read_text(encoding="utf-8").splitlines() if kept.exists() else []
    return [Judged(**json.loads(line)) for line in lines]


@dataclass(frozen=True, slots=True)
class Compared:
    """Figures of one arm on one group, with the paired test of model against classifier."""

    figures: Mapping[str, Figure]
    test: Paired


def compare(rows: Sequence[Judged]) -> Compared:
    """Figures of rows of one arm and one group."""
    answered = [row for row in rows if not row.fault]
    figures = {
        "快速建议首位正确": mean([row.fast for row in rows]),
        "候选里有对的": mean([row.within for row in rows]),
        "模型首位正确": mean([row.model for row in rows]),
        "听从模型后正确": mean([row.adopted for row in rows]),
        "有回答": mean([not row.fault for row in rows]),
        "用时（秒）": mean([row.seconds for row in rows]),
        "送出词元": mean([float(row.tokens_in) for row in answered]),
        "收到词元": mean([float(row.tokens_out) for row in answered]),
    }
    return Compared(figures, paired([row.adopted for row in rows], [row.fast for row in rows]))


def whole_desk(rows: Sequence[Judged], shares: Mapping[bool, float]) -> dict[str, float]:
    """Accuracy of the whole desk by mode if every opinion were followed; groups weigh as their ``shares`` of calls."""
    right = {group: [row for row in rows if row.doubt is group] for group in (True, False)}

    def rate(group: bool, name: str) -> float:
        values = [float(getattr(row, name)) for row in right[group]]
        return sum(values) / len(values) if values else float("nan")

    return {
        "关": shares[True] * rate(True, "fast") + shares[False] * rate(False, "fast"),
        "仅在没把握时": shares[True] * rate(True, "adopted") + shares[False] * rate(False, "fast"),
        "总是": shares[True] * rate(True, "adopted") + shares[False] * rate(False, "adopted"),
    }
