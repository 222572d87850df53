"""A hand-written embedder: counts characters into a few buckets; deterministic, no model."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


class BucketEmbedder:
    """Embeds a text as the histogram of its characters over 32 buckets."""

    name = "buckets-32"
    dimensions = 32

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        out = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for row, text in enumerate(texts):
            for char in text:
                out[row, ord(char) % self.dimensions] += 1.0
        return out / np.maximum(np.linalg.norm(out, axis=1, keepdims=True), 1e-6)
