"""Learning from tickets: the split is stable, the comparison honest, the swap safe, a refusal changes nothing."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.bootstrap import DEFAULT_TOWN
from routing.classifiers.stack import Stack
from routing.classifiers.training import TrainingError, train
from routing.learning import Comparison, compare, learn, split, topic_data, type_data, usable
from routing.model_shelf import ModelShelf
from routing.pack import load_town_pack
from routing.taxonomy import Example, Lesson
from tests.routing.classifiers.test_stack import BucketEmbedder

PACK = load_town_pack(DEFAULT_TOWN)
EMBEDDER = BucketEmbedder()
EXAMPLES = tuple(
    Example(topic, "投诉求助", "平铺", text)
    for topic, words in (("C01", "摆摊占道"), ("F01", "停水水管"), ("E01", "工地夜里噪声"))
    for text in (f"{words}{tail}" for tail in ("没人管", "请处理", "怎么办", "很久了"))
)
LESSONS = tuple(
    Lesson(f"{words}第{i}次了", topic, "投诉求助")
    for topic, words in (("C01", "夜宵车出摊油烟"), ("F01", "龙头不出水"), ("E01", "打桩吵醒"))
    for i in range(60)
)
AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


def _now() -> tuple[Stack, Stack]:
    topics = train(topic_data(PACK, EXAMPLES), EMBEDDER)
    types = train(type_data((*EXAMPLES, Example("C01", "咨询", "", "请问几点收摊"))), EMBEDDER)
    return Stack(topics, EMBEDDER), Stack(types, EMBEDDER)


@given(st.lists(st.text(min_size=1, max_size=20), max_size=60))
def test_a_text_lies_on_one_side_and_stays_there_as_tickets_come(texts: list[str]) -> None:
    lessons = [Lesson(text, "C01", "咨询") for text in texts]
    taught, held = split(lessons)
    assert len(taught) + len(held) == len(lessons)
    assert not {lesson.text for lesson in taught} & {lesson.text for lesson in held}
    later = split([*lessons, *(Lesson(f"新{i}", "C01", "咨询") for i in range(9000))])[1]
    assert {lesson.text for lesson in later if not lesson.text.startswith("新")} <= {lesson.text for lesson in held}


def test_only_settled_topics_of_the_pack_teach() -> None:
    odd = (Lesson("x", "XX9", "咨询"), Lesson(" ", "C01", "咨询"), Lesson("y", "C01", "别的"))
    assert usable((*odd, LESSONS[0]), PACK) == (LESSONS[0],)


def test_it_learns_what_the_examples_did_not_know_and_says_by_how_much() -> None:
    topics, _ = _now()
    kinds = (*EXAMPLES, Example("C01", "咨询", "", "请问几点收摊"))
    done = learn(PACK, kinds, LESSONS, topics, EMBEDDER)
    assert done.comparison.then_right > done.comparison.now_right
    assert not done.comparison.worse
    assert f"{done.comparison.count} 件" in done.comparison.sentence
    assert compare(done.topics, done.topics, LESSONS[:5]).only_then == 0


def test_too_few_tickets_are_refused_with_the_number_needed() -> None:
    topics, _ = _now()
    with pytest.raises(TrainingError, match="至少需要 20 件"):
        learn(PACK, EXAMPLES, LESSONS[:30], topics, EMBEDDER)


@pytest.mark.parametrize(
    ("only_now", "only_then", "worse"), [(0, 0, False), (1, 9, False), (5, 4, False), (9, 0, True)]
)
def test_only_a_clear_loss_counts_as_worse(only_now: int, only_then: int, *, worse: bool) -> None:
    found = Comparison(100, 50 + only_now, 50 + only_then, only_now, only_then)
    assert found.worse is worse
    assert ("未启用" in found.sentence) is worse


def test_another_process_follows_the_pointer_and_a_damaged_model_changes_nothing(tmp_path: Path) -> None:
    first, second = (ModelShelf(tmp_path, lambda: EMBEDDER, _now) for _ in range(2))
    day_one = second.current().version
    topics, types = _now()
    learned = replace(topics.learned, data_hash="f" * 64)
    record = first.install(Stack(learned, EMBEDDER), types, 7, AT, "测试", "比较过")
    assert first.current().version == record.version == "stack-ffffffff"
    third = ModelShelf(tmp_path, lambda: EMBEDDER, _now)
    assert third.current().version == record.version
    assert [r.version for r in third.history()] == [record.version]
    (tmp_path / record.topics / "model.npz").write_bytes(b"broken")
    fourth = ModelShelf(tmp_path, lambda: EMBEDDER, _now)
    assert fourth.current().version == day_one
    with pytest.raises(TrainingError, match="没有找到模型"):
        fourth.go_back("stack-00000000")


def test_two_trainings_at_once_are_refused(tmp_path: Path) -> None:
    shelf = ModelShelf(tmp_path, lambda: EMBEDDER, _now)
    with shelf.training(), pytest.raises(TrainingError, match="正在进行"):
        ModelShelf(tmp_path, lambda: EMBEDDER, _now).training()
