"""The wire: LangChain's chat model over any OpenAI-compatible address, with a cap on time and size and no redirects."""

import json
import ssl
from collections.abc import AsyncIterator
from functools import lru_cache
from typing import Any

import httpx
from langchain_core.language_models import LanguageModelInput
from langchain_core.messages import AIMessage
from langchain_core.runnables import Runnable

from routing.second_opinion.ports import AskError, CallLimits, Endpoint, Fault
from routing.second_opinion.prompt import Messages

MOST_BYTES = 512_000
_CONNECT_S = 5.0


class _CappedBody(httpx.AsyncByteStream):
    """Passes a body on until it is larger than any honest answer."""

    def __init__(self, body: httpx.AsyncByteStream) -> None:
        self._body = body

    async def __aiter__(self) -> AsyncIterator[bytes]:
        seen = 0
        async for part in self._body:
            seen += len(part)
            if seen > MOST_BYTES:
                raise AskError(Fault.LARGE, f"超过 {MOST_BYTES // 1000} kB")
            yield part

    async def aclose(self) -> None:
        """Let go of the connection."""
        await self._body.aclose()


class _CappedTransport(httpx.AsyncHTTPTransport):
    """HTTP whose answers cannot fill the memory."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """See ``httpx.AsyncBaseTransport``."""
        response = await super().handle_async_request(request)
        if isinstance(response.stream, httpx.AsyncByteStream):
            response.stream = _CappedBody(response.stream)
        return response


def http_client(limits: CallLimits) -> httpx.AsyncClient:
    """The client of one question: to be closed with it, follows no redirect and uses no proxy of the environment."""
    timeout = httpx.Timeout(limits.seconds, connect=min(_CONNECT_S, limits.seconds))
    return httpx.AsyncClient(transport=_CappedTransport(verify=_tls()), timeout=timeout)


@lru_cache(maxsize=1)
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()  # a twentieth of a second: made once


@lru_cache(maxsize=1)
def _unused() -> httpx.Client:
    """The blocking client that LangChain wants beside: never called."""
    return httpx.Client(transport=httpx.HTTPTransport(verify=_tls()))


def chat_model(
    endpoint: Endpoint, limits: CallLimits, schema: dict[str, Any], client: httpx.AsyncClient
) -> Runnable[LanguageModelInput, AIMessage]:
    """LangChain's chat model for one question; its retries are off, because time is counted here."""
    from langchain_openai import ChatOpenAI  # seconds to import, needed only where a model is asked
    from pydantic import SecretStr

    # In extra_body and not as arguments: LangChain would parse and raise by itself, without what was heard, and would
    # send max_completion_tokens, which many local servers do not know.
    body: dict[str, Any] = {"max_tokens": limits.answer_tokens}
    if endpoint.answer_format == "json_schema":
        form = {"name": "second_opinion", "strict": True, "schema": schema}
        body["response_format"] = {"type": "json_schema", "json_schema": form}
    elif endpoint.answer_format == "json_object":
        body["response_format"] = {"type": "json_object"}
    return ChatOpenAI(
        model=endpoint.model,
        base_url=endpoint.url,
        api_key=SecretStr(endpoint.key or "none"),
        temperature=0.0,
        max_retries=0,
        stream_usage=True,
        stream_chunk_timeout=limits.seconds,
        extra_body=body,
        http_client=_unused(),
        http_async_client=client,
        use_responses_api=False,
    )


def body_of(endpoint: Endpoint, limits: CallLimits, schema: dict[str, Any], messages: Messages) -> str:
    """The request as it stands on the wire, for the page that shows what would be sent."""
    chat: Any = chat_model(endpoint, limits, schema, http_client(limits))
    payload = chat._get_request_payload(list(messages), stream=True, stream_options={"include_usage": True})
    extra = payload.pop("extra_body", None) or {}
    return json.dumps({**payload, **extra}, ensure_ascii=False, indent=1)
