"""Vectors in Chroma: a folder of our own by default, a Chroma server where several machines share one index."""

import hashlib
import logging
import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np

from knowledge.ports import Embedder, VectorIndexError, Vectors

_LOG = logging.getLogger(__name__)
BATCH = 1_000
FETCHED = 2_000
# Searches compare with all vectors in memory (knowledge/nearness.py), so the graph is kept as cheap as it can be.
_HNSW = {"space": "cosine", "ef_construction": 16, "max_neighbors": 4, "num_threads": 1}


def collection_name(embedder: Embedder) -> str:
    """Name that no other embedder shares: vectors of two models must never meet in one collection."""
    return f"kb-{hashlib.sha256(f'{embedder.name}/{embedder.dimensions}'.encode()).hexdigest()[:20]}"


def open_folder(folder: Path, collection: str) -> "ChromaIndex":
    """Open (or make) an index in ``folder``; the caller sees to it that no other process opens it at the same time."""
    folder.mkdir(parents=True, exist_ok=True)

    def connect() -> Any:
        import chromadb

        return chromadb.PersistentClient(str(folder.resolve()), settings=_settings())

    return ChromaIndex(connect, collection, f"文件夹 {folder}", shared=False)


def open_server(url: str, collection: str) -> "ChromaIndex":
    """Use the Chroma server at ``url`` (http or https); raises VectorIndexError where it does not answer."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise VectorIndexError(f"向量库地址写法不对：{url}。应写成 http://主机:端口。")

    def connect() -> Any:
        import chromadb

        secure = parts.scheme == "https"
        port = parts.port or (443 if secure else 8000)
        return chromadb.HttpClient(host=parts.hostname, port=port, ssl=secure, settings=_settings())

    return ChromaIndex(connect, collection, f"服务器 {url}", shared=True)


class ChromaIndex:
    """``VectorIndex`` over one Chroma collection.

    An embedded Chroma keeps its graph in memory and does not notice what another process writes: hence ``reopen``.
    """

    def __init__(self, connect: Callable[[], Any], collection: str, place: str, shared: bool) -> None:
        self._connect = connect
        self._name = collection
        self._place = place
        self._shared = shared
        self._lock = threading.Lock()  # nobody may search while the client is being replaced
        self._client: Any = None
        self._collection: Any = None
        self._open()

    def ids(self) -> frozenset[str]:
        """Ids of all entries."""
        with self._lock:
            return frozenset(self._collection.get(include=[])["ids"])

    def add(self, ids: Sequence[str], vectors: Vectors) -> None:
        """Add or replace entries; vectors are (n, dimensions)."""
        with self._lock:
            for start, stop in _batches(len(ids)):
                self._collection.upsert(ids=list(ids[start:stop]), embeddings=vectors[start:stop])

    def remove(self, ids: Collection[str]) -> None:
        """Remove entries; unknown ids are ignored."""
        gone = sorted(ids)
        with self._lock:
            for start, stop in _batches(len(gone)):
                self._collection.delete(ids=gone[start:stop])

    def vectors(self, ids: Sequence[str]) -> Mapping[str, Vectors]:
        """Vectors of those of ``ids`` that are here; raises VectorIndexError."""
        found: dict[str, Vectors] = {}
        for start, stop in _batches(len(ids), FETCHED):
            with self._lock:
                try:
                    part = self._collection.get(ids=list(ids[start:stop]), include=["embeddings"])
                except Exception as error:  # Chroma raises its own, httpx's and the binding's errors
                    raise VectorIndexError(f"向量库（{self._place}）读取失败：{error}") from error
            found |= dict(zip(part["ids"], np.asarray(part["embeddings"], dtype=np.float32), strict=True))
        return found

    def reopen(self) -> None:
        """See what other processes wrote; a server sees everything itself."""
        if self._shared:
            return
        with self._lock:
            self._client.close()
            self._open()

    def close(self) -> None:
        """Let go of files and connections; further use is an error."""
        with self._lock:
            if self._client is not None:
                self._client.close()
            self._client = self._collection = None

    def _open(self) -> None:
        try:
            self._client = self._connect()
            self._collection = self._client.get_or_create_collection(
                self._name, embedding_function=None, configuration={"hnsw": dict(_HNSW)}
            )
        except Exception as error:  # Chroma raises its own, httpx's and the binding's errors
            raise VectorIndexError(
                f"向量库打不开（{self._place}）：{error}。知识文档没有受影响；请检查服务器，或删除该文件夹后重新启动，索引会自动重建。"
            ) from error


def _batches(count: int, size: int = BATCH) -> Iterator[tuple[int, int]]:
    return ((start, min(count, start + size)) for start in range(0, count, size))


def _settings() -> Any:
    from chromadb.config import Settings

    return Settings(anonymized_telemetry=False)
