"""A pretrained Chinese transformer as a further judge, where one is configured: fine-tuned, weighed, compared.

Nothing here is needed without one. Weights are read and written as safetensors only; no code from a model folder runs.
"""

import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.ports import Embedder
from routing.classifiers import store
from routing.classifiers.calibration import Blend, Thresholds, fit_blend, fit_thresholds
from routing.classifiers.features import fold
from routing.classifiers.stack import Learned, Stack
from routing.classifiers.training import Progress, TrainingError, TrainingSet, assign_folds, train

log = logging.getLogger(__name__)
_NOTE, _FOLDER = "adviser.json", "adviser"
EPOCHS = 3
BATCH = 16
MAX_TOKENS = 160
RATE = 5e-5
Floats = NDArray[np.float64]


class Adviser:
    """A fine-tuned transformer; ``probabilities`` are those of its own softmax, uncalibrated."""

    def __init__(self, tokenizer: Any, model: Any) -> None:
        self._tokenizer = tokenizer
        self._model = model.eval()

    def probabilities(self, texts: Sequence[str]) -> Floats:
        """Probabilities (n, labels) of ``texts``."""
        import torch

        rows = []
        with torch.inference_mode():
            for start in range(0, len(texts), 64):
                batch = self._encode(texts[start : start + 64])
                rows.append(torch.softmax(self._model(**batch).logits, dim=1).double().numpy())
        return np.concatenate(rows)

    def save(self, folder: Path) -> None:
        """Write weights (safetensors) and tokenizer."""
        self._model.save_pretrained(folder, safe_serialization=True)
        self._tokenizer.save_pretrained(folder)

    def _encode(self, texts: Sequence[str]) -> Any:
        return _encode(self._tokenizer, texts)


@dataclass(frozen=True)
class Advice:
    """A fine-tuned adviser, how much it counts beside the stack, and the bands' limits of both together."""

    adviser: Adviser
    blend: Blend
    thresholds: Thresholds


class AdvisedStack(Stack):
    """A stack whose probabilities are blended with an adviser's."""

    def __init__(self, learned: Learned, embedder: Embedder, advice: Advice) -> None:
        super().__init__(replace(learned, thresholds=advice.thresholds), embedder)
        self._plain = learned
        self.advice = advice

    def probabilities(self, texts: Sequence[str]) -> Floats:
        """See ``Stack``."""
        return _blended(self.advice, super().probabilities(texts), texts)

    def judge(self, text: str) -> tuple[Floats, NDArray[np.float32]]:
        """See ``Stack``."""
        row, similarity = super().judge(text)
        return _blended(self.advice, row[None, :], [text])[0], similarity

    def save(self, folder: Path) -> None:
        """Write stack and adviser; the note comes last, so that half an adviser is never used."""
        store.save(self._plain, folder)
        self.advice.adviser.save(folder / _FOLDER)
        limits = self.advice.thresholds
        note = {
            "weights": self.advice.blend.weights,
            "thresholds": [limits.accept_score, limits.accept_margin, limits.centre_score],
        }
        (folder / _NOTE).write_text(json.dumps(note), encoding="utf-8")


def save_stack(stack: Stack, folder: Path) -> None:
    """Write a stack, with its adviser if it has one."""
    if isinstance(stack, AdvisedStack):
        stack.save(folder)
    else:
        store.save(stack.learned, folder)


def open_stack(folder: Path, embedder: Embedder) -> Stack:
    """Read a stack, with its adviser if it has one; a damaged adviser leaves the stack to judge alone.

    Raises what ``store.load`` raises.
    """
    from safetensors import SafetensorError

    learned = store.load(folder)
    if not (folder / _NOTE).exists():
        return Stack(learned, embedder)
    try:
        note = json.loads((folder / _NOTE).read_text(encoding="utf-8"))
        adviser = Adviser(*_open(folder / _FOLDER, None))
        return AdvisedStack(
            learned, embedder, Advice(adviser, Blend(tuple(note["weights"])), Thresholds(*note["thresholds"]))
        )
    except (OSError, ValueError, KeyError, TypeError, ImportError, SafetensorError) as error:
        log.warning("the adviser in %s is not usable (%s); the stack judges alone", folder, error)
        return Stack(learned, embedder)


def take_advice(base: Path, data: TrainingSet, embedder: Embedder, say: Progress, epochs: int = EPOCHS) -> Advice:
    """Fine-tune the transformer in ``base`` on four fifths of ``data`` and weigh it on the fifth.

    The stack is trained on the same four fifths to be weighed against it; both are honest on the rest. Raises
    ``TrainingError`` when ``base`` cannot be used.
    """
    labels = tuple(sorted(set(data.labels) | set(data.label_texts)))
    index = {label: i for i, label in enumerate(labels)}
    targets = np.array([index[label] for label in data.labels], dtype=np.int64)
    outside = assign_folds(targets) == 0
    inside = np.nonzero(~outside)[0]
    some = TrainingSet(tuple(data.texts[i] for i in inside), tuple(data.labels[i] for i in inside), data.label_texts)
    part = Stack(train(some, embedder, lambda step, share: say(step, 0.2 * share)), embedder)
    adviser = fine_tune(
        base, some.texts, targets[inside], len(labels), lambda step, share: say(step, 0.2 + 0.75 * share), epochs
    )
    asked = [data.texts[i] for i in np.nonzero(outside)[0]]
    say("权衡", 0.95)
    scores = _logs(part.probabilities(asked), adviser.probabilities([fold(t) for t in asked]))
    blend = fit_blend(scores, targets[outside])
    return Advice(adviser, blend, fit_thresholds(blend.probabilities(scores), targets[outside]))


def fine_tune(
    base: Path, texts: Sequence[str], targets: NDArray[np.int64], count: int, say: Progress, epochs: int = EPOCHS
) -> Adviser:
    """Train all layers on ``texts``; the same data and seed give the same model. Raises ``TrainingError``."""
    import torch

    torch.manual_seed(7)
    try:
        tokenizer, model = _open(base, count)
    except (OSError, ValueError, ImportError) as error:
        raise TrainingError(
            f"预训练模型 {base} 用不了（{error}）。请检查 HOTLINE_TRANSFORMER；现用模型保持不变。"
        ) from error
    folded = [fold(text) for text in texts]
    steps = epochs * ((len(folded) + BATCH - 1) // BATCH)
    optimiser = torch.optim.AdamW(model.parameters(), lr=RATE, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, _warm_then_down(steps))
    generator = np.random.default_rng(7)
    model.train()
    done = 0
    for _ in range(epochs):
        order = generator.permutation(len(folded))
        for start in range(0, len(order), BATCH):
            rows = order[start : start + BATCH]
            output = model(**_encode(tokenizer, [folded[i] for i in rows]), labels=torch.tensor(targets[rows]))
            output.loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            optimiser.zero_grad()
            done += 1
            say(f"微调预训练模型（{done}/{steps} 步）", done / steps)
    return Adviser(tokenizer, model)


def _warm_then_down(steps: int) -> Callable[[int], float]:
    warm = max(1, steps // 10)
    return lambda step: min(1.0, (step + 1) / warm) * max(0.0, 1 - step / max(1, steps))


def _open(folder: Path, count: int | None) -> tuple[Any, Any]:
    """Tokenizer and model from a local folder; ``count`` labels for a fresh head, None for a fine-tuned one."""
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    if not (folder / "config.json").exists():
        raise OSError("文件夹里没有 config.json")
    fixed: dict[str, Any] = {"local_files_only": True, "trust_remote_code": False}
    fresh: dict[str, Any] = {} if count is None else {"num_labels": count, "ignore_mismatched_sizes": True}
    tokenizer = AutoTokenizer.from_pretrained(folder, **fixed)
    model = AutoModelForSequenceClassification.from_pretrained(folder, use_safetensors=True, **fixed, **fresh)
    return tokenizer, model


def _encode(tokenizer: Any, texts: Sequence[str]) -> Any:
    return tokenizer(list(texts), padding=True, truncation=True, max_length=MAX_TOKENS, return_tensors="pt")


def _blended(advice: Advice, stack: Floats, texts: Sequence[str]) -> Floats:
    return advice.blend.probabilities(_logs(stack, advice.adviser.probabilities([fold(text) for text in texts])))


def _logs(stack: Floats, adviser: Floats) -> list[NDArray[np.float32]]:
    return [np.log(np.clip(p, 1e-9, None)).astype(np.float32) for p in (stack, adviser)]
