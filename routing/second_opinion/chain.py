"""One pipeline of LangChain runnables: brief → messages → model → what was heard → checked opinions, growing.

The first answer that is not of the agreed form is repaired once; a passing failure is tried again while there is time.
"""

import asyncio
import json
import random
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import replace
from typing import Any

import httpx
from langchain_core.language_models import LanguageModelInput
from langchain_core.messages import AIMessageChunk
from langchain_core.runnables import Runnable, RunnableGenerator
from langchain_core.utils.json import parse_partial_json

from routing.second_opinion.asking import Asking, prompt_tokens
from routing.second_opinion.client import chat_model, http_client
from routing.second_opinion.faults import fault_of
from routing.second_opinion.opinion import Opinion, checked
from routing.second_opinion.ports import AskError, CallLimits, Endpoint, Fault, Usage, estimated_tokens
from routing.second_opinion.prompt import Messages, repair_messages
from routing.second_opinion.schema import MOST_CHARACTERS, SchemaError, read, read_partial

_LOOK_EVERY = 24  # characters between two looks at a half-streamed answer


class Chain:
    """Asks one model; safe to share, every question has its own connection."""

    def __init__(self, endpoint: Endpoint, limits: CallLimits, clock: Callable[[], float] = time.monotonic) -> None:
        self.endpoint = endpoint
        self.limits = limits
        self._clock = clock

    async def stream(self, asking: Asking) -> AsyncGenerator[Opinion]:
        """Checked opinions as they grow, the last one complete; raises ``AskError``. ``asking`` keeps the cost."""
        end = self._clock() + self.limits.seconds
        retries, broken = self.limits.retries, ""
        while True:
            try:
                async with aclosing(self._attempt(asking, broken, end)) as opinions:
                    async for opinion in opinions:
                        yield opinion
                return
            except SchemaError as error:
                if asking.repaired:
                    raise AskError(Fault.FORM, str(error)) from error
                asking.repaired, broken = True, str(error)
            except AskError as error:
                pause = self.limits.backoff_s * 2 ** (self.limits.retries - retries) * random.uniform(0.8, 1.2)
                if not error.passing or retries == 0 or self._clock() + pause >= end:
                    raise
                retries -= 1
                await asyncio.sleep(pause)

    async def _attempt(self, asking: Asking, broken: str, end: float) -> AsyncGenerator[Opinion]:
        """One request; ``broken`` says what was wrong with the answer before it, empty for the first."""
        messages = (
            repair_messages(asking.messages, asking.mask.hide(asking.heard), broken) if broken else asking.messages
        )
        asking.heard, asking.told = "", None
        async with http_client(self.limits) as client:
            pipeline = await asyncio.to_thread(self._pipeline, asking, client)
            said: asyncio.Queue[Opinion | Exception | None] = asyncio.Queue()
            # A task of its own: cancelled from within it lets go of the connection in the right order, at once.
            pump = asyncio.create_task(_pump(pipeline, messages, said))
            try:
                while (opinion := await _next(said, end - self._clock())) is not None:
                    yield opinion
            except SchemaError:
                raise
            except Exception as error:  # whatever library or server came up with: one fault, one line
                raise fault_of(error, begun=bool(asking.heard)) from error
            finally:
                asking.usage = _with(asking, messages)
                pump.cancel()
                await asyncio.gather(pump, return_exceptions=True)

    def _pipeline(self, asking: Asking, client: httpx.AsyncClient) -> Runnable[LanguageModelInput, Opinion]:
        """Messages in, growing opinions out."""
        model: Any = chat_model(self.endpoint, self.limits, asking.schema, client)

        async def hear(chunks: AsyncIterator[AIMessageChunk]) -> AsyncIterator[str]:
            async for chunk in chunks:
                asking.heard += chunk.text
                if chunk.usage_metadata:
                    asking.told = (chunk.usage_metadata["input_tokens"], chunk.usage_metadata["output_tokens"])
                if len(asking.heard) > MOST_CHARACTERS:
                    raise AskError(Fault.LARGE, f"超过 {MOST_CHARACTERS} 字符")
                yield asking.heard

        async def judge(texts: AsyncIterator[str]) -> AsyncIterator[Opinion]:
            looked, shown = 0, Opinion()
            async for text in texts:
                if len(text) - looked >= _LOOK_EVERY:
                    looked = len(text)
                    growing = _growing(text, asking)
                    if growing != shown:
                        shown = growing
                        yield growing
            said = read(asking.heard.strip(), asking.brief, draft=asking.draft)
            yield checked(said, asking.brief, asking.mask)

        pipeline: Runnable[LanguageModelInput, Opinion] = model | RunnableGenerator(hear) | RunnableGenerator(judge)
        return pipeline


async def _pump(
    pipeline: Runnable[LanguageModelInput, Opinion],
    messages: Messages,
    said: "asyncio.Queue[Opinion | Exception | None]",
) -> None:
    """Put every opinion into the queue, then what it broke off with, or None."""
    from langsmith import tracing_context

    try:
        with tracing_context(enabled=False):  # a tracing service named in the environment would be sent every question
            async for opinion in pipeline.astream(list(messages)):
                said.put_nowait(opinion)
        said.put_nowait(None)
    except Exception as error:  # handed to whoever reads the queue
        said.put_nowait(error)


async def _next(said: "asyncio.Queue[Opinion | Exception | None]", seconds: float) -> Opinion | None:
    """The next opinion, None at the end; raises what the pump met, or ``TimeoutError``."""
    found = await asyncio.wait_for(said.get(), max(0.0, seconds))
    if isinstance(found, Exception):
        raise found
    return found


def _growing(text: str, asking: Asking) -> Opinion:
    try:
        value = parse_partial_json(text)
    except (json.JSONDecodeError, ValueError, RecursionError):
        return Opinion()
    opinion = checked(read_partial(value, asking.brief), asking.brief, asking.mask, complete=False)
    return replace(opinion, struck=())


def _with(asking: Asking, messages: Messages) -> Usage:
    """What has been spent with this attempt; counted by the server, else estimated."""
    before = asking.usage
    told = asking.told or (prompt_tokens(messages, asking.schema), estimated_tokens(asking.heard))
    return Usage(
        before.tokens_in + told[0],
        before.tokens_out + told[1],
        before.attempts + 1,
        before.estimated or asking.told is None,
    )
