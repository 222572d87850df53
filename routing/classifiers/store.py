"""Save and load a trained classifier as JSON and plain arrays. No pickle is ever read: the folder is writable."""

import json
import os
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from routing.classifiers.calibration import Blend, Thresholds
from routing.classifiers.features import Vocabulary
from routing.classifiers.parts import Linear
from routing.classifiers.stack import Learned

_TEXT, _ARRAYS = "model.json", "model.npz"


def save(learned: Learned, folder: Path) -> None:
    """Write the model so that a reader sees all of it or nothing (files are written beside and renamed)."""
    folder.mkdir(parents=True, exist_ok=True)
    arrays: dict[str, Any] = {"targets": learned.targets, "vectors": learned.vectors.astype(np.float16)}
    for name, space in learned.spaces.items():
        arrays[f"{name}_idf"] = space.idf
    for name, judge in learned.judges.items():
        arrays[f"{name}_weights"], arrays[f"{name}_intercept"] = judge.weights, judge.intercept
    limits = learned.thresholds
    meta = {
        "labels": learned.labels,
        "texts": learned.texts,
        "duty_texts": learned.duty_texts,
        "terms": {name: [space.kind, space.terms] for name, space in learned.spaces.items()},
        "judges": list(learned.judges),
        "blend": learned.blend.weights,
        "thresholds": [limits.accept_score, limits.accept_margin, limits.centre_score],
        "embedder_name": learned.embedder_name,
        "data_hash": learned.data_hash,
    }
    with _Replacing(folder / _ARRAYS) as temporary, temporary.open("wb") as out:
        np.savez(out, **arrays)
    with _Replacing(folder / _TEXT) as temporary:
        temporary.write_text(json.dumps(meta, ensure_ascii=False), encoding="utf-8")


def load(folder: Path) -> Learned:
    """Read a saved model; raises ``OSError``, ``ValueError`` or ``KeyError`` when it is missing or damaged."""
    meta = json.loads((folder / _TEXT).read_text(encoding="utf-8"))
    with np.load(folder / _ARRAYS, allow_pickle=False) as arrays:
        judges = {name: Linear(arrays[f"{name}_weights"], arrays[f"{name}_intercept"]) for name in meta["judges"]}
        spaces = {
            name: Vocabulary(kind, tuple(terms), arrays[f"{name}_idf"]) for name, (kind, terms) in meta["terms"].items()
        }
        targets, vectors = arrays["targets"], arrays["vectors"].astype(np.float32)
    return Learned(
        tuple(meta["labels"]),
        tuple(meta["texts"]),
        targets,
        vectors,
        tuple(meta["duty_texts"]),
        spaces,
        judges,
        Blend(tuple(meta["blend"])),
        Thresholds(*meta["thresholds"]),
        meta["embedder_name"],
        meta["data_hash"],
    )


class _Replacing:
    """Context that hands out a temporary path and renames it over ``target`` when the block succeeds."""

    def __init__(self, target: Path) -> None:
        self.target = target
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=target.name)
        os.close(handle)
        self.temporary = Path(name)

    def __enter__(self) -> Path:
        return self.temporary

    def __exit__(self, kind: type[BaseException] | None, _value: object, _trace: object) -> None:
        if kind is None:
            self.temporary.replace(self.target)
        else:
            self.temporary.unlink(missing_ok=True)
