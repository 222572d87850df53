"""The real embedder: any sentence-transformers folder, loaded with no network, thread-safe."""

import os
import shutil
import threading
from pathlib import Path

import numpy as np
import pytest

from knowledge.embedding import DEFAULT_MODEL, EmbedderMissingError, load_embedder

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small static model made here."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import Split

    tokenizer = Tokenizer(WordLevel({c: i for i, c in enumerate("[小区停水电路灯不亮修")}, unk_token="["))
    tokenizer.pre_tokenizer = Split("", "isolated")
    weights = np.random.default_rng(1).normal(size=(11, 16)).astype(np.float32)
    weights[0] = 0.0
    made = tmp_path_factory.mktemp("model")
    SentenceTransformer(modules=[StaticEmbedding(tokenizer, embedding_weights=weights)], device="cpu").save(str(made))
    return made


def test_vectors_are_float32_of_length_one(folder: Path) -> None:
    embedder = load_embedder(str(folder))
    found = embedder.encode(["小区停水", "路灯不亮", "小区停水"])
    assert (found.dtype, found.shape, embedder.dimensions) == (np.float32, (3, 16), 16)
    assert np.allclose(np.linalg.norm(found, axis=1), 1.0, atol=1e-5)
    assert np.allclose(found[0], found[2])
    assert embedder.encode([]).shape == (0, 16)


def test_texts_that_say_nothing_give_numbers(folder: Path) -> None:
    found = load_embedder(str(folder)).encode(["", "？？", "停水"])
    assert np.isfinite(found).all()
    assert not found[0].any()


def test_one_text_alone_and_among_others_is_the_same_vector(folder: Path) -> None:
    embedder = load_embedder(str(folder))
    alone = embedder.encode(["停水"])
    alone[:] = 0  # a caller may do what it likes with its copy
    assert np.allclose(embedder.encode(["停水"])[0], embedder.encode(["停电", "停水"])[1], atol=1e-6)


def test_the_name_changes_with_the_weights(folder: Path, tmp_path: Path) -> None:
    same, other = tmp_path / "same", tmp_path / "other"
    shutil.copytree(folder, same)
    shutil.copytree(folder, other)
    weights = next(other.rglob("*.safetensors"))
    weights.write_bytes(weights.read_bytes()[:-1] + b"\x00")
    names = [load_embedder(str(path)).name.rpartition("@")[2] for path in (folder, same, other)]
    assert names[0] == names[1] != names[2]


def test_threads_may_share_it(folder: Path) -> None:
    embedder = load_embedder(str(folder))
    expected = embedder.encode(["停水", "停电"])
    wrong: list[int] = []

    def work(row: int) -> None:
        for _ in range(30):
            if not np.allclose(embedder.encode([("停水", "停电")[row]])[0], expected[row], atol=1e-6):
                wrong.append(row)

    threads = [threading.Thread(target=work, args=(n % 2,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_missing_model_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(EmbedderMissingError, match="本机没有向量模型"):
        load_embedder("no-such/model-at-all")
    with pytest.raises(EmbedderMissingError, match="HOTLINE_EMBEDDING_MODEL"):
        load_embedder(str(tmp_path))


def test_the_shipped_model_is_small_and_tells_matters_apart() -> None:
    if not (DEFAULT_MODEL / "modules.json").is_file() and os.environ.get("CI") != "true":
        pytest.skip("knowledge/model 还没有：先运行训练脚本")
    assert sum(path.stat().st_size for path in DEFAULT_MODEL.rglob("*") if path.is_file()) <= 25_000_000
    found = load_embedder().encode(["家里停水了", "小区没有水用", "邻居家的狗半夜一直叫"])
    assert found[0] @ found[1] > found[0] @ found[2]
