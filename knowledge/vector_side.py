"""One embedder together with the index of its vectors and what keeps that index up to date."""

from dataclasses import dataclass
from pathlib import Path

from knowledge.ingest import Ingester, StateFolder
from knowledge.ports import Embedder, VectorIndex
from knowledge.vector_index import collection_name, open_folder, open_server


@dataclass(frozen=True, slots=True)
class VectorSide:
    """What a search by meaning needs; replaced as a whole, so that no query meets the vectors of another model."""

    model: str
    embedder: Embedder
    index: VectorIndex
    ingester: Ingester


def open_side(folder: Path, chroma_url: str, model: str, embedder: Embedder) -> VectorSide:
    """Open the embedder's own collection below ``folder`` (or on the server); raises VectorIndexError."""
    name = collection_name(embedder)
    state = StateFolder(folder, name)
    with state.lock():
        index = open_server(chroma_url, name) if chroma_url else open_folder(folder / "vectors", name)
    return VectorSide(model, embedder, index, Ingester(state, embedder, index))
