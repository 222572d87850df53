"""Ranking for a call: topic and search together, newer versions first, one threshold for reading out."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.documents import Document, DocumentKind, DocumentStatus, Hit, Passage, Signals
from routing.finding import rank
from routing.finding_model import ANSWER, RANK, FindingModel, pieces, rank_row, read_finding_model

MODEL = FindingModel(
    rank=tuple({"alike": 10.0, "topic": 1.0}.get(name, 0.0) for name in RANK),
    answer=tuple({"alike": 10.0, "unknown words": -4.0, "wording": 1.0}.get(name, 0.0) for name in ANSWER),
    intercept=-3.0,
    wording={"天气": -8.0},
    wording_intercept=0.0,
    threshold=0.5,
)


def hit(key: str, alike: float, topic: str = "D05", since: int = 2026, **more: object) -> Hit:
    document = Document(
        key, key, DocumentKind.QUESTION, (topic,), "GJB", DocumentStatus.PUBLISHED, (), (), date(since, 1, 1), None,
        date(2030, 1, 1), "正文", f"{key}.md", key,
    )  # fmt: skip
    signals = Signals(alike=alike, near=alike, best_alike=0.9, best_near=0.9, best_said=0.9, meant="灯")
    return replace(
        Hit(document, Passage(f"{key}#0", key, 0, (key,), "正文"), alike, alike, alike, alike, signals), **more
    )


def found(*hits: Hit, likely: dict[str, float] | None = None, question: str = "灯不亮", limit: int = 8) -> list[str]:
    documents = rank(question, hits, likely or {}, MODEL, limit).documents
    assert [d.support for d in documents] == sorted((d.support for d in documents), reverse=True)
    return [d.hit.document.id for d in documents]


def test_the_likely_topic_decides_between_documents_that_read_alike() -> None:
    one, other = hit("lamp", 0.50), hit("road", 0.52, "D04")
    assert found(one, other) == ["road", "lamp"]
    assert found(one, other, likely={"D05": 0.9, "D04": 0.05}) == ["lamp", "road"]
    assert found(one, other, limit=1) == ["road"]


def test_a_newer_version_goes_before_the_older_one_that_fits_little_better() -> None:
    older, newer = hit("old", 0.55, since=2020), hit("new", 0.50, supersedes=("old",))
    assert found(older, newer) == ["new", "old"]
    assert found(older, hit("new", 0.30, supersedes=("old",))) == ["old", "new"]
    literal = replace(older, signals=replace(older.signals, exact=0.6))
    assert found(literal, newer) == ["old", "new"]


def test_an_answer_needs_the_threshold() -> None:
    assert rank("灯不亮", [hit("lamp", 0.5)], {}, MODEL, 8).answers
    assert not rank("灯不亮", [hit("lamp", 0.2)], {}, MODEL, 8).answers
    assert not rank("天气好吗", [hit("lamp", 0.5)], {}, MODEL, 8).answers
    nothing = rank("灯不亮", [], {}, MODEL, 8)
    assert (nothing.answers, nothing.documents, nothing.meant) == (False, (), "")


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_support_is_a_probability(alike: float, other: float, topic: float) -> None:
    documents = rank("灯", [hit("a", alike), hit("b", other, "D04")], {"D05": topic}, MODEL, 8).documents
    assert all(0.0 <= d.support <= 1.0 and 0.0 <= d.topic <= 1.0 for d in documents)


def test_the_fitted_model_fits_the_program() -> None:
    model = read_finding_model()
    assert len(model.rank) == len(RANK) == len(rank_row(hit("a", 0.5), {}))
    assert 0.0 < model.threshold < 1.0
    assert model.wording_score("") == 0.0


def test_a_model_of_other_signals_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "finding.json"
    file.write_text('{"rank": {"alike": 1}, "answer": {}}', encoding="utf-8")
    with pytest.raises(ValueError, match="重新拟合"):
        read_finding_model(file)


def test_pieces_ignore_spaces_and_width() -> None:
    assert pieces("Ａ b") == {"a", "b", "ab"}
