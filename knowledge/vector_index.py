"""Vectors in Chroma: an embedded folder by default, a server when an address is given."""

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

BATCH = 1000


class ChromaIndex:
    """One collection per embedder, so that vectors of two models never meet."""

    def __init__(self, folder: Path, embedder_name: str, url: str = "") -> None:
        os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")  # no request may leave the machine
        import chromadb
        from chromadb.config import Settings

        settings = Settings(anonymized_telemetry=False)
        if url:
            parts = urlsplit(url)
            self._client: Any = chromadb.HttpClient(
                host=parts.hostname or "127.0.0.1", port=parts.port or 8000, ssl=parts.scheme == "https", settings=settings
            )
        else:
            folder.mkdir(parents=True, exist_ok=True)
            self._client = chromadb.PersistentClient(path=str(folder), settings=settings)
        name = "passages-" + hashlib.sha256(embedder_name.encode()).hexdigest()[:16]
        self._collection: Any = self._client.get_or_create_collection(
            name, metadata={"hnsw:space": "cosine"}, embedding_function=None
        )

    def upsert(self, ids: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Add or replace vectors by id."""
        for start in range(0, len(ids), BATCH):
            part = slice(start, start + BATCH)
            self._collection.upsert(ids=list(ids[part]), embeddings=vectors[part])

    def delete(self, ids: Sequence[str]) -> None:
        """Remove vectors; unknown ids are passed over."""
        for start in range(0, len(ids), BATCH):
            self._collection.delete(ids=list(ids[start : start + BATCH]))

    def search(self, vector: NDArray[np.float32], limit: int) -> list[tuple[str, float]]:
        """(id, cosine similarity), best first; unfiltered, because a filtered query is ten times slower."""
        count = self._collection.count()
        if not count:
            return []
        found = self._collection.query(query_embeddings=[vector], n_results=min(limit, count), include=["distances"])
        return [(key, 1.0 - float(d)) for key, d in zip(found["ids"][0], found["distances"][0], strict=True)]

    def ids(self) -> set[str]:
        """Ids of everything that is held."""
        return set(self._collection.get(include=[])["ids"])
