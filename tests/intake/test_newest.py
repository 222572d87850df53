"""The newest question of a page ends the older one at once; the same question is asked once."""

import asyncio
from collections.abc import AsyncGenerator

from intake.console.newest import PAGES, Newest


async def _slow(log: list[str]) -> AsyncGenerator[int]:
    try:
        yield 1
        await asyncio.sleep(30)
        yield 2
    finally:
        log.append("closed")


def test_a_newer_question_cancels_what_the_older_one_waits_for() -> None:
    async def scene() -> tuple[list[int], list[str]]:
        newest, seen, log = Newest(), [], []  # type: ignore[var-annotated]
        older = newest.take("page", "A")
        assert older is not None

        async def read() -> None:
            async for value in older.through(_slow(log)):
                seen.append(value)

        reading = asyncio.create_task(read())
        await asyncio.sleep(0.05)
        assert newest.take("page", "B") is not None
        await asyncio.wait_for(reading, 2)
        return seen, log

    assert asyncio.run(scene()) == ([1], ["closed"])


def test_the_same_question_is_not_begun_again_and_other_pages_are_let_alone() -> None:
    async def scene() -> None:
        newest = Newest()
        first = newest.take("page", "A")
        assert first is not None
        assert newest.take("page", "A") is None
        assert newest.take("other", "A") is not None
        assert not first.over.is_set()
        assert newest.take("page", "B") is not None
        assert first.over.is_set()
        assert newest.take("page", "A") is not None

    asyncio.run(scene())


def test_waiting_is_cut_short_by_somebody_newer() -> None:
    async def scene() -> tuple[bool, bool]:
        newest = Newest()
        first = newest.take("page", "A")
        assert first is not None
        waiting = asyncio.create_task(first.wait(30))
        await asyncio.sleep(0.01)
        second = newest.take("page", "B")
        assert second is not None
        return await asyncio.wait_for(waiting, 2), await second.wait(0.01)

    assert asyncio.run(scene()) == (False, True)


def test_a_source_that_ends_ends_the_turn() -> None:
    async def short() -> AsyncGenerator[int]:
        yield 1

    async def scene() -> list[int]:
        turn = Newest().take("page", "A")
        assert turn is not None
        return [value async for value in turn.through(short())]

    assert asyncio.run(scene()) == [1]


def test_pages_that_were_closed_are_forgotten() -> None:
    async def scene() -> bool:
        newest = Newest()
        first = newest.take("page", "A")
        assert first is not None
        for number in range(PAGES):
            newest.take(f"page-{number}", "A")
        return first.over.is_set()

    assert asyncio.run(scene())
