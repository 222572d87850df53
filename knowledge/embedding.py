"""Sentence vectors by sentence-transformers: a model folder, or by name a model that is already on this machine."""

import hashlib
import os
import threading
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from knowledge.ports import Embedder, Vectors

DEFAULT_MODEL = Path(__file__).resolve().parent / "model"
REMEMBERED = 512
BATCH = 64
_WEIGHTS = (".safetensors", ".bin", ".onnx", ".json", ".txt", ".model")


class EmbedderMissingError(FileNotFoundError):
    """The embedding model is not on this machine; the message says so in Chinese with the remedy."""


def load_embedder(path_or_name: str = "") -> Embedder:
    """Load the shipped model, a model folder, or a named model from the local cache; never asks the network.

    Raises EmbedderMissingError where the model is absent or cannot be read.
    """
    folder = _folder(path_or_name)
    os.environ["HF_HUB_OFFLINE"] = "1"
    os.environ["TRANSFORMERS_OFFLINE"] = "1"
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    import torch
    from sentence_transformers import SentenceTransformer

    torch.set_num_threads(1)
    try:
        model = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
    except (OSError, ValueError, KeyError) as error:
        raise EmbedderMissingError(
            f"向量模型读不出来：{folder}（{error}）。请从仓库恢复该文件夹，或改用其他模型。"
        ) from error
    return SentenceEmbedder(model, f"{path_or_name or 'default'}@{_fingerprint(folder)}")


class SentenceEmbedder:
    """A loaded model; one text at a time is remembered, so that typing on does not encode the same text twice."""

    def __init__(self, model: Any, name: str) -> None:
        self._model = model
        self._name = name
        self._lock = threading.Lock()  # fast tokenizers are not safe to share between threads
        self._known: OrderedDict[str, Vectors] = OrderedDict()
        self._dimensions = int(self._encoded(["九亭"]).shape[1])

    @property
    def name(self) -> str:
        """Model's path or name, and a hash of its files."""
        return self._name

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        return self._dimensions

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Vectors (n, dimensions), float32, of length one; a text without any known token gives zeros."""
        if not texts:
            return np.zeros((0, self._dimensions), dtype=np.float32)
        if len(texts) > 1:
            return np.concatenate([self._batch(texts[i : i + BATCH]) for i in range(0, len(texts), BATCH)])
        with self._lock:
            return self._remembered(texts[0]).copy()

    def _batch(self, texts: Sequence[str]) -> Vectors:
        """One batch under the lock: a search need not wait until a whole library is encoded."""
        with self._lock:
            return self._encoded(texts)

    def _remembered(self, text: str) -> Vectors:
        if text in self._known:
            self._known.move_to_end(text)
        else:
            self._known[text] = self._encoded([text])
            if len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return self._known[text]

    def _encoded(self, texts: Sequence[str]) -> Vectors:
        found = self._model.encode(
            list(texts), batch_size=BATCH, show_progress_bar=False, convert_to_numpy=True, normalize_embeddings=True
        )
        return np.nan_to_num(np.asarray(found, dtype=np.float32))


def _folder(path_or_name: str) -> Path:
    if not path_or_name:
        folder = DEFAULT_MODEL
    elif Path(path_or_name).expanduser().is_dir():
        folder = Path(path_or_name).expanduser().resolve()
    else:
        return _cached(path_or_name)
    if not (folder / "modules.json").is_file():
        raise EmbedderMissingError(
            f"向量模型不在这里：{folder}。请从仓库恢复 knowledge/model，"
            "或在 HOTLINE_EMBEDDING_MODEL 里写另一个模型的文件夹。"
        )
    return folder


def _cached(name: str) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    try:
        return Path(snapshot_download(name, local_files_only=True))
    except (LocalEntryNotFoundError, HFValidationError) as error:
        raise EmbedderMissingError(
            f"本机没有向量模型 {name}（程序不联网下载）。请先把模型文件夹放到本机，再写它的路径。"
        ) from error


def _fingerprint(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix in _WEIGHTS:
            digest.update(path.relative_to(folder).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
