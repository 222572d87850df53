"""The embedder: any sentence-transformers model by folder or name; the only module that imports the library."""

import os
import threading
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

SHIPPED = Path(__file__).parent / "model"
REMEMBERED = 2048


class SentenceEmbedder:
    """Loads the model at first use (seconds, hundreds of megabytes) and remembers recent single texts."""

    def __init__(self, location: str) -> None:
        self._location = location
        folder = Path(location)
        self.name = f"{folder.name}-{_fingerprint(folder)}" if folder.is_dir() else location
        self._model: Any = None
        self._lock = threading.Lock()
        self._recent: OrderedDict[str, NDArray[np.float32]] = OrderedDict()

    def _loaded(self) -> Any:
        if self._model is None:
            os.environ.setdefault("HF_HUB_OFFLINE", "1")  # a model is a folder in hand, never a download
            os.environ.setdefault("TRANSFORMERS_OFFLINE", "1")
            os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
            import torch
            from sentence_transformers import SentenceTransformer

            torch.set_num_threads(1)
            self._model = SentenceTransformer(self._location, device="cpu")
        return self._model

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        with self._lock:
            return int(self._loaded().get_sentence_embedding_dimension())

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors (n, dimensions), float32. Safe to call from several threads."""
        with self._lock:
            missing = [text for text in dict.fromkeys(texts) if text not in self._recent]
            if missing:
                vectors = self._loaded().encode(
                    missing, batch_size=64, convert_to_numpy=True, normalize_embeddings=True, show_progress_bar=False
                )
                fresh = dict(zip(missing, np.asarray(vectors, dtype=np.float32), strict=True))
            else:
                fresh = {}
            rows = [fresh[text] if text in fresh else self._recent[text] for text in texts]
            if len(texts) == 1 and missing:
                self._recent[texts[0]] = rows[0]
                if len(self._recent) > REMEMBERED:
                    self._recent.popitem(last=False)
        if not rows:
            return np.zeros((0, self.dimensions), dtype=np.float32)
        return np.stack(rows)


def load_embedder(path_or_name: str = "") -> SentenceEmbedder:
    """The embedder at a folder or by name; empty means the one shipped with the project."""
    return SentenceEmbedder(path_or_name or str(SHIPPED))


def _fingerprint(folder: Path) -> str:
    """Short hash over names and sizes of the model's files, so that a retrained model never meets old vectors."""
    import hashlib

    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(f"{path.relative_to(folder)}:".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:10]
