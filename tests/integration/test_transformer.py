"""A pretrained transformer joins the classifier: fine-tuned for real (a tiny one), saved, opened, damaged, refused."""

import random
from pathlib import Path

import numpy as np
import pytest

from knowledge.embedding import load_embedder
from routing.classifiers.stack import Stack
from routing.classifiers.training import TrainingError, TrainingSet, train
from routing.classifiers.transformer import AdvisedStack, open_stack, save_stack, take_advice

pytestmark = pytest.mark.integration
SAYS = {
    "C01": ["门口", "路边", "摆摊", "占道", "流动", "小贩", "人行道", "水果摊"],
    "D05": ["路灯", "不亮", "坏了", "灯杆", "漆黑", "照明", "夜里", "灯泡"],
    "F01": ["停水", "水压", "自来水", "水管", "没水", "爆管", "水表", "龙头"],
}


def quiet(_step: str, _share: float) -> None:
    """Nobody listens."""


@pytest.fixture(scope="module")
def data() -> TrainingSet:
    generator = random.Random(3)
    rows = [("，".join(generator.sample(words, 3)), label) for label, words in SAYS.items() for _ in range(40)]
    return TrainingSet(tuple(text for text, _ in rows), tuple(label for _, label in rows), {})


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory, data: TrainingSet) -> Path:
    """A BERT of two small layers with random weights: it can learn, but knows nothing yet."""
    from transformers import BertConfig, BertForMaskedLM, BertTokenizerFast

    folder = tmp_path_factory.mktemp("tiny-bert")
    characters = sorted(set("".join(data.texts)))
    (folder / "vocab.txt").write_text("\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *characters]))
    BertTokenizerFast(str(folder / "vocab.txt")).save_pretrained(folder)
    config = BertConfig(
        vocab_size=len(characters) + 5,
        hidden_size=48,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=96,
        max_position_embeddings=180,
    )
    BertForMaskedLM(config).save_pretrained(folder, safe_serialization=True)
    return folder


@pytest.fixture(scope="module")
def advised(base: Path, data: TrainingSet) -> AdvisedStack:
    embedder = load_embedder()
    advice = take_advice(base, data, embedder, quiet, epochs=2)
    return AdvisedStack(train(data, embedder), embedder, advice)


def test_the_blend_is_a_probability_and_finds_the_label(advised: AdvisedStack) -> None:
    rows = advised.probabilities(["夜里路灯不亮", "家里停水了"])
    assert np.allclose(rows.sum(axis=1), 1.0)
    assert [advised.labels[int(i)] for i in rows.argmax(axis=1)] == ["D05", "F01"]
    assert np.allclose(advised.judge("夜里路灯不亮")[0], rows[0])
    assert all(weight >= 0 for weight in advised.advice.blend.weights)


def test_saved_and_opened_it_says_the_same_and_no_pickle_lies_there(advised: AdvisedStack, tmp_path: Path) -> None:
    save_stack(advised, tmp_path)
    again = open_stack(tmp_path, advised.embedder)
    assert isinstance(again, AdvisedStack)
    assert np.allclose(again.probabilities(["路边摆摊占道"]), advised.probabilities(["路边摆摊占道"]), atol=1e-3)
    assert not [p for p in tmp_path.rglob("*") if p.suffix in (".bin", ".pkl", ".pt", ".pth")]


def test_a_damaged_adviser_leaves_the_stack_to_judge_alone(advised: AdvisedStack, tmp_path: Path) -> None:
    save_stack(advised, tmp_path)
    (tmp_path / "adviser" / "model.safetensors").write_bytes(b"broken")
    again = open_stack(tmp_path, advised.embedder)
    assert type(again) is Stack


def test_a_folder_without_a_model_is_refused_with_the_remedy(data: TrainingSet, tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="HOTLINE_TRANSFORMER"):
        take_advice(tmp_path, data, load_embedder(), quiet)
