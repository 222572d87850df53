"""The classifier on a small invented town: learns, abstains, saves without pickle, refuses what cannot be learned."""

from pathlib import Path

import numpy as np
import pytest

from routing.classifiers import store
from routing.classifiers.calibration import Blend, Thresholds, fit_blend, fit_thresholds, softmax
from routing.classifiers.features import fold
from routing.classifiers.proposer import Proposer, is_thin
from routing.classifiers.stack import Stack
from routing.classifiers.training import Learned, TrainingError, TrainingSet, assign_folds, train
from routing.recommendation import Band, Candidate
from tests.routing.classifiers.fakes import BucketEmbedder

SUBJECTS = {
    "灯": ("路灯不亮", "路灯坏了", "灯一闪一闪", "晚上没有路灯", "路口的灯灭了", "灯杆歪了灯不亮"),
    "水": ("停水了", "水压太低", "自来水发黄", "水管爆了", "家里没有水", "水表坏了没水"),
    "树": ("树枝挡窗", "树要倒了", "绿化带枯死", "树叶堵了窗", "大树断了", "草坪的树没人修"),
}
PLACES = ("一号楼", "小区门口", "学校旁边", "我们家")


def training_set() -> TrainingSet:
    rows = [(f"{place}{text}", label) for label, texts in SUBJECTS.items() for text in texts for place in PLACES]
    duty = {"灯": "路灯照明", "水": "供水停水", "树": "绿化修剪", "狗": "养犬扰民"}
    return TrainingSet(tuple(t for t, _ in rows), tuple(label for _, label in rows), duty)


@pytest.fixture(scope="module")
def learned() -> Learned:
    return train(training_set(), BucketEmbedder())


def test_it_learns_and_gives_probabilities(learned: Learned) -> None:
    stack = Stack(learned, BucketEmbedder())
    rows = stack.probabilities(["幼儿园门口路灯又不亮了", "楼上没有自来水", "大树的树枝断了"])
    assert np.allclose(rows.sum(axis=1), 1.0)
    assert [stack.labels[i] for i in rows.argmax(axis=1)] == ["灯", "水", "树"]


def test_a_label_without_example_is_known_from_the_duty_list_but_never_certain(learned: Learned) -> None:
    stack = Stack(learned, BucketEmbedder())
    row = stack.probabilities(["有人养犬扰民"])[0]
    assert "狗" in stack.labels
    assert 0.0 < row[stack.labels.index("狗")] < 0.9


def test_neighbours_are_labelled_texts_of_the_wanted_labels_only(learned: Learned) -> None:
    stack = Stack(learned, BucketEmbedder())
    _, resemblance = stack.judge("路灯不亮")
    found = stack.nearest(resemblance, frozenset({"灯"}))
    assert found
    assert {n.label for n in found} == {"灯"}
    assert found[0].score >= found[-1].score


def test_saved_model_answers_the_same_and_holds_no_pickle(learned: Learned, tmp_path: Path) -> None:
    store.save(learned, tmp_path / "m")
    again = store.load(tmp_path / "m")
    texts = ["路灯坏了", "停水", "", "x" * 5000]
    one, two = Stack(learned, BucketEmbedder()), Stack(again, BucketEmbedder())
    assert np.allclose(one.probabilities(texts), two.probabilities(texts), atol=1e-6)
    assert sorted(p.name for p in (tmp_path / "m").iterdir()) == ["model.json", "model.npz"]
    with np.load(tmp_path / "m" / "model.npz", allow_pickle=False) as arrays:
        assert all(arrays[name].dtype.kind in "fi" for name in arrays)


def test_a_damaged_model_file_is_an_error_and_not_a_guess(learned: Learned, tmp_path: Path) -> None:
    store.save(learned, tmp_path)
    (tmp_path / "model.json").write_text("{}")
    with pytest.raises(KeyError):
        store.load(tmp_path)


def test_a_model_refuses_another_embedder(learned: Learned) -> None:
    other = BucketEmbedder()
    other.name = "another"
    with pytest.raises(ValueError, match="another"):
        Stack(learned, other)


@pytest.mark.parametrize("labels", [("灯",) * 12, ("灯", "水")])
def test_too_little_to_learn_from_is_said_in_chinese(labels: tuple[str, ...]) -> None:
    with pytest.raises(TrainingError, match="样本不足"):
        train(TrainingSet(tuple(f"文{i}" for i in range(len(labels))), labels, {}), BucketEmbedder())


def test_hash_depends_on_content_and_not_on_order() -> None:
    data = training_set()
    turned = TrainingSet(data.texts[::-1], data.labels[::-1], data.label_texts)
    changed = TrainingSet(("别的", *data.texts[1:]), data.labels, data.label_texts)
    assert data.data_hash == turned.data_hash != changed.data_hash


def test_folds_are_balanced_within_each_label() -> None:
    folds = assign_folds(np.array([0] * 10 + [1] * 5))
    assert np.bincount(folds[:10], minlength=5).tolist() == [2] * 5
    assert np.bincount(folds[10:], minlength=5).tolist() == [1] * 5


def test_blend_trusts_the_judge_that_is_right() -> None:
    labels = np.array([0, 1, 2] * 40)
    good = np.eye(3, dtype=np.float32)[labels]
    noise = np.random.default_rng(0).normal(size=(120, 3)).astype(np.float32)
    blend = fit_blend([good, noise], labels)
    assert blend.weights[0] > 5 * blend.weights[1]
    assert (Blend(blend.weights).probabilities([good, noise]).argmax(axis=1) == labels).all()


def test_threshold_keeps_the_promise_on_the_data_it_was_fitted_on() -> None:
    generator = np.random.default_rng(5)
    labels = generator.integers(0, 4, 800)
    scores = softmax(generator.normal(size=(800, 4)) + 3.0 * np.eye(4)[labels] * generator.random((800, 1)))
    limits = fit_thresholds(scores, labels, target=0.9)
    accepted = scores.max(axis=1) >= limits.accept_score
    assert accepted.any()
    assert (scores.argmax(axis=1) == labels)[accepted].mean() >= 0.9
    assert limits.centre_score <= limits.accept_score


@pytest.mark.parametrize("text", ["", "喂", "喂，你好，在吗", "？？？！！", "那个，我想反映一下", "😀😀😀", "嗯嗯嗯啊"])
def test_thin_text_is_recognised(text: str) -> None:
    assert is_thin(text)


@pytest.mark.parametrize("text", ["路灯不亮了", "楼上漏水", "喂你好，小区停水了"])
def test_short_but_telling_text_is_not_thin(text: str) -> None:
    assert not is_thin(text)


def test_no_phone_number_becomes_a_feature() -> None:
    assert "138" not in fold("打我电话13800000000，３号楼")
    assert "#" in fold("13800000000")


@pytest.mark.parametrize(
    ("first", "doubt", "band"),
    [("Z02", 0.0, Band.UNKNOWN), ("C01", 0.6, Band.CENTRE), ("C01", 0.1, Band.ACCEPT)],
)
def test_who_says_nothing_is_asked_and_a_long_doubtful_text_goes_to_the_centre(
    first: str, doubt: float, band: Band
) -> None:
    topics = (Candidate(first, "一", 0.9), Candidate("E01", "二", 0.1))
    assert Proposer._band("那个事情怎么说", topics, Thresholds(0.8, 0.1, 0.2), doubt) is band
