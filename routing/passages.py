"""The town's search as a LangChain retriever: the interface that chains and a later language model speak."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from knowledge.documents import Hit
from knowledge.retriever import Retriever


class PassageRetriever(BaseRetriever):
    """``invoke(question, on=day)`` finds passages in force on ``day``, of ``topics`` and ``units`` if given.

    The full hit travels in ``metadata["hit"]``.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    search: Retriever
    limit: int = 8

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,  # noqa: ARG002 - demanded by the base class
        on: date | None = None,
        topics: frozenset[str] | None = None,
        units: frozenset[str] | None = None,
        **_: Any,
    ) -> list[Document]:
        if on is None:
            raise ValueError("the day of the call is required: documents are in force by day")
        hits = self.search.search(query, on=on, limit=self.limit, topics=topics, units=units)
        return [_as_document(hit) for hit in hits]


def _as_document(hit: Hit) -> Document:
    return Document(
        page_content=hit.passage.text,
        id=hit.passage.id,
        metadata={
            "title": hit.document.title,
            "section": " / ".join(hit.passage.heading_path),
            "in_force_from": hit.document.in_force_from.isoformat(),
            "status": hit.document.status.value,
            "score": hit.score,
            "hit": hit,
        },
    )


def hits_of(documents: Sequence[Document]) -> tuple[Hit, ...]:
    """The hits behind retrieved documents, in their order."""
    return tuple(document.metadata["hit"] for document in documents)
