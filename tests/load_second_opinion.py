"""The fast proposal with and without questions under way: p50 and p95 in alternating blocks of the same calls.

Run by hand: ``python -m tests.load_second_opinion FOLDER`` (a state folder); the model is a scripted, slowly streaming
one in a process of its own. Blocks alternate, so that whatever else the machine does falls on both sides alike.
"""

import asyncio
import json
import multiprocessing
import sys
import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from queue import Queue

from intake.application.services import Services
from intake.bootstrap import open_services
from intake.domain.call import CallNotes
from intake.domain.second_opinion import Mode
from intake.llm_settings import LlmSettings
from intake.settings import Settings
from routing.recommendation import Recommendation
from tests.scripted_model import Script, serve

DESKS, PAUSE_S, BLOCKS, CALLS = 4, 8.0, 60, 12


def _model(address: "Queue[str]") -> None:
    with serve(Script(pause_s=0.15, piece=20)) as url:
        address.put(url)
        time.sleep(3600)


class Desks:
    """So many operators whose calls are asked about, one after another, while ``asking`` is set."""

    def __init__(self, services: Services, calls: Sequence[tuple[CallNotes, Recommendation]]) -> None:
        self.asking = threading.Event()
        self.asked = 0
        self._over = threading.Event()
        self._services = services
        self._calls = calls
        self._thread = threading.Thread(target=lambda: asyncio.run(self._all()))
        self._thread.start()

    def close(self) -> None:
        self._over.set()
        self._thread.join()

    async def _all(self) -> None:
        await asyncio.gather(*(self._one(number) for number in range(DESKS)))

    async def _one(self, number: int) -> None:
        while not self._over.is_set():
            if not self.asking.is_set():
                await asyncio.sleep(0.05)
                continue
            notes, found = self._calls[number % len(self._calls)]
            async for _ in self._services.second_opinion.ask(notes, found, "坐席示例"):
                pass
            self.asked += 1
            number += DESKS
            await asyncio.sleep(PAUSE_S)


def main(state: Path) -> None:
    rows = Path("evals/data/cases.jsonl").read_text(encoding="utf-8").splitlines()
    notes = [CallNotes(json.loads(row)["text"], datetime.now(UTC)) for row in rows[:100]]
    address: Queue[str] = multiprocessing.Queue()  # type: ignore[assignment]
    server = multiprocessing.Process(target=_model, args=(address,), daemon=True)
    server.start()
    llm = LlmSettings(url=address.get(), model="scripted", mode=Mode.ALWAYS, queue=64, day_tokens=0)
    services = open_services(Settings(var=state, llm=llm))
    services.warm()
    found = [(one, services.suggest(one).recommendation) for one in notes[:30]]
    desks = Desks(services, [(one, told) for one, told in found if told is not None])
    took: dict[bool, list[float]] = {True: [], False: []}
    for block in range(BLOCKS):
        on = block % 2 == 1
        desks.asking.set() if on else desks.asking.clear()
        time.sleep(1.0)
        for one in notes[(block // 2 * CALLS) % (len(notes) - CALLS) :][:CALLS]:
            start = time.perf_counter()
            services.suggest(one)
            took[on].append((time.perf_counter() - start) * 1000)
            time.sleep(0.1)
    desks.close()
    services.close()
    server.terminate()
    for on, times in took.items():
        times.sort()
        p50, p95 = times[len(times) // 2], times[int(len(times) * 0.95)]
        side = "问着模型" if on else "没有问"
        print(f"{side}：{len(times)} 次，p50 {p50:.1f} ms，p95 {p95:.1f} ms（共问 {desks.asked} 次）")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
