"""Train the sentence embedder that ships with the project: ``python -m knowledge.training.embedder --laws FOLDER``.

A table of word vectors, started from a public teacher (Universal Sentence Encoder multilingual v3, Apache-2.0), then
trained so that (a) sentences resemble each other as the teacher says and (b) two ways of saying one matter come
together. Words are cut by a unigram model over jieba's word list, so the saved folder is plain sentence-transformers.
"""

import argparse
import math
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.text import normalise
from knowledge.training.corpus import Corpus, example_rows, read_corpus, topic_texts
from knowledge.training.teacher import Teacher

SHIPPED = Path(__file__).resolve().parents[1] / "model"
UNKNOWN = "[UNK]"
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Plan:
    """Choices of a training run; found on held-out examples, never on the reported questions."""

    words: int = 28_000
    dimensions: int = 192
    epochs: int = 12
    batch: int = 256
    rate: float = 2e-3
    temperature: float = 0.05
    distil: float = 2.0
    use_labels: bool = False


def build_vocabulary(texts: Sequence[str], words: int) -> dict[str, float]:
    """Words with log probability: every word of ``texts``, then jieba's most frequent, and every single character."""
    import jieba

    jieba.setLogLevel(60)
    jieba.initialize()
    known = {w: n for w, n in jieba.dt.FREQ.items() if n > 0 and len(w) <= 6}
    used = Counter(w for text in texts for w in jieba.lcut(text.lower()) if w.strip() and len(w) <= 6)
    chosen = dict.fromkeys(w for w, _ in used.most_common(words))
    single = sorted((w for w in known if len(w) == 1), key=lambda w: -known[w])[:6_000]
    chosen |= dict.fromkeys([*single, *(chr(c) for c in range(0x21, 0x7F)), *"，。！？；：、（）“”《》"])
    for word in sorted(known, key=lambda w: -known[w]):
        if len(chosen) >= words:
            break
        chosen.setdefault(word)
    total = sum(known.values()) + 50 * sum(used.values())
    return {w: math.log((known.get(w, 0) + 50 * used.get(w, 0) + 1) / total) for w in chosen}


def build_tokenizer(vocabulary: dict[str, float]) -> Any:
    """Unigram (most probable cut) tokenizer; unknown characters share one vector that stays zero."""
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

    floor = min(vocabulary.values()) - 5.0
    tokenizer = Tokenizer(models.Unigram([(UNKNOWN, floor), *vocabulary.items()], unk_id=0, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    return tokenizer


def first_table(vocabulary: dict[str, float], dimensions: int, teacher: Any) -> Floats:
    """Teacher's vector of each word, cut to ``dimensions`` by PCA, rare words weighted more than common ones (SIF)."""
    vectors = np.asarray(teacher.encode(list(vocabulary)), dtype=np.float32)
    centred = vectors - vectors.mean(axis=0)
    _, _, axes = np.linalg.svd(centred[:: max(1, len(centred) // 8000)], full_matrices=False)
    table = centred @ axes[:dimensions].T
    table /= np.linalg.norm(table, axis=1, keepdims=True) + 1e-6
    chance = np.exp(np.array(list(vocabulary.values())))
    weighted = table * (2e-4 / (2e-4 + chance))[:, None]
    return np.vstack([np.zeros((1, dimensions)), weighted]).astype(np.float32)


def train_table(table: Floats, tokenizer: Any, corpus: Corpus, teacher: Any, plan: Plan) -> Floats:
    """Contrastive learning on pairs beside distillation of the teacher's similarities; returns the new table."""
    import torch

    torch.manual_seed(7)
    generator = np.random.default_rng(7)
    bag = torch.nn.EmbeddingBag.from_pretrained(torch.from_numpy(table), mode="mean", freeze=False, padding_idx=0)
    optimiser = torch.optim.Adam(bag.parameters(), lr=plan.rate)
    truth = torch.from_numpy(np.asarray(teacher.encode(list(corpus.sentences)), dtype=np.float32))
    sentences = [tokenizer.encode(s).ids for s in corpus.sentences]
    pairs = [(tokenizer.encode(normalise(p.left)).ids, tokenizer.encode(normalise(p.right)).ids) for p in corpus.pairs]
    if plan.use_labels:
        pairs += _label_pairs(tokenizer, generator)
    steps = max(1, len(pairs) // plan.batch)
    for epoch in range(plan.epochs):
        started, losses = time.perf_counter(), []
        order = generator.permutation(len(pairs))
        for step in range(steps):
            chosen = [pairs[i] for i in order[step * plan.batch : (step + 1) * plan.batch]]
            left, right = _encode(bag, [p[0] for p in chosen]), _encode(bag, [p[1] for p in chosen])
            scores = left @ right.T / plan.temperature
            target = torch.arange(len(chosen))
            loss = torch.nn.functional.cross_entropy(scores, target) + torch.nn.functional.cross_entropy(
                scores.T, target
            )
            rows = generator.integers(0, len(sentences), plan.batch * 2)
            student = _encode(bag, [sentences[i] for i in rows])
            wanted = truth[rows]
            loss = loss + plan.distil * 100 * ((student @ student.T) - (wanted @ wanted.T)).square().mean()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            losses.append(float(loss))
        print(f"epoch {epoch + 1}: loss {np.mean(losses):.3f}, {time.perf_counter() - started:.0f} s", flush=True)
    return np.array(bag.weight.detach().numpy(), dtype=np.float32)


def _label_pairs(tokenizer: Any, generator: np.random.Generator) -> list[tuple[list[int], list[int]]]:
    topics, pairs = topic_texts(), []
    by_topic: dict[str, list[list[int]]] = {}
    for row in example_rows():
        if row["topic"] != "Z02":
            by_topic.setdefault(row["topic"], []).append(tokenizer.encode(normalise(row["text"])).ids)
    for topic, texts in by_topic.items():
        definition = tokenizer.encode(normalise(topics[topic])).ids
        for index in generator.permutation(len(texts)):
            pairs.append((texts[int(index)], texts[int(generator.integers(0, len(texts)))]))
            pairs.append((texts[int(index)], definition))
    return pairs


def _encode(bag: Any, texts: Sequence[list[int]]) -> Any:
    import torch

    flat = torch.tensor([token for text in texts for token in (text or [0])])
    lengths = torch.tensor([0, *(len(text) or 1 for text in texts)][:-1]).cumsum(0)
    return torch.nn.functional.normalize(bag(flat, lengths), dim=1)


def save(table: Floats, tokenizer: Any, folder: Path) -> None:
    """Write a sentence-transformers folder (safetensors and JSON only)."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.models import StaticEmbedding

    model = SentenceTransformer(modules=[StaticEmbedding(tokenizer, embedding_weights=table)], device="cpu")
    model.save(str(folder), create_model_card=False)


def main() -> None:
    """Train and write the model folder."""
    default = Plan()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--laws", type=Path, help="folder of statutes in Markdown")
    parser.add_argument("--out", type=Path, default=SHIPPED)
    parser.add_argument("--epochs", type=int, default=default.epochs)
    parser.add_argument("--dimensions", type=int, default=default.dimensions)
    parser.add_argument("--words", type=int, default=default.words)
    parser.add_argument("--memory", type=Path, help=".npz file that keeps the teacher's vectors between runs")
    parser.add_argument("--use-labels", action="store_true", help="also learn from the examples' topics")
    chosen = parser.parse_args()
    plan = Plan(words=chosen.words, dimensions=chosen.dimensions, epochs=chosen.epochs, use_labels=chosen.use_labels)
    corpus, teacher = read_corpus(chosen.laws), Teacher(chosen.memory)
    print(f"{len(corpus.pairs)} pairs, {len(corpus.sentences)} sentences", flush=True)
    vocabulary = build_vocabulary(corpus.sentences, plan.words)
    tokenizer = build_tokenizer(vocabulary)
    table = train_table(first_table(vocabulary, plan.dimensions, teacher), tokenizer, corpus, teacher, plan)
    save(table, tokenizer, chosen.out)
    print(f"written {chosen.out}: {sum(f.stat().st_size for f in chosen.out.rglob('*') if f.is_file()) / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
