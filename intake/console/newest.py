"""Of several questions that one browser page asks, only the newest goes on; the same question is not asked twice."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncGenerator, AsyncIterator, Hashable
from dataclasses import dataclass, field
from typing import TypeVar

T = TypeVar("T")
PAGES = 1000  # pages remembered; older ones are long closed


@dataclass(slots=True)
class Turn:
    """The right to go on until somebody newer comes; knows of its question only that it is another one."""

    key: Hashable
    over: asyncio.Event = field(default_factory=asyncio.Event)

    async def wait(self, seconds: float) -> bool:
        """Let so many seconds pass; False when the turn was over before."""
        try:
            await asyncio.wait_for(self.over.wait(), seconds)
        except TimeoutError:
            return True
        return False

    async def through(self, source: AsyncGenerator[T]) -> AsyncIterator[T]:
        """Everything of ``source`` until the turn is over; what it is waiting for is then cancelled at once."""
        over = asyncio.ensure_future(self.over.wait())
        try:
            while not over.done():
                found = asyncio.ensure_future(anext(source))
                await asyncio.wait({found, over}, return_when=asyncio.FIRST_COMPLETED)
                if not found.done():
                    found.cancel()
                    await asyncio.wait({found})
                    return
                try:
                    yield found.result()
                except StopAsyncIteration:
                    return
        finally:
            over.cancel()
            await source.aclose()


class Newest:
    """One turn for every page."""

    def __init__(self) -> None:
        self._turns: OrderedDict[str, Turn] = OrderedDict()

    def take(self, page: str, key: Hashable) -> Turn | None:
        """End the page's older turn and begin one; None when this very question has the turn."""
        older = self._turns.pop(page, None)
        if older is not None and older.key == key:
            self._turns[page] = older
            return None
        if older is not None:
            older.over.set()
        turn = self._turns[page] = Turn(key)
        while len(self._turns) > PAGES:
            self._turns.popitem(last=False)[1].over.set()
        return turn
