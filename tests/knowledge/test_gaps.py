"""Calls without help are put together by what they ask; nobody is counted twice, and the newest come first."""

from datetime import UTC, datetime, timedelta

from knowledge.gaps import OpenCall, find_gaps
from tests.knowledge.makers import CharacterEmbedder

NOW = datetime(2026, 11, 23, tzinfo=UTC)
TEXTS = {
    "C01": ["小区门口摆摊卖炒饭的归谁管", "小区门口卖炒饭的摊子归谁管啊", "门口天天有人摆摊卖炒饭，归谁管"],
    "J09": ["孩子的护照到期了去哪里换", "护照到期了去哪里换新的"],
    "F01": ["家里水压太低了洗不了澡"],
}


def _calls() -> list[OpenCall]:
    return [
        OpenCall(f"{topic}-{n}", NOW - timedelta(hours=n), text, topic, "没有答案")
        for topic, texts in TEXTS.items()
        for n, text in enumerate(texts)
    ]


def test_like_questions_form_one_group_and_the_most_frequent_stands_first() -> None:
    gaps = find_gaps(_calls(), CharacterEmbedder())
    assert [(gap.topic, gap.count) for gap in gaps] == [("C01", 3), ("J09", 2), ("F01", 1)]
    assert gaps[0].example.text in TEXTS["C01"]
    assert gaps[0].last == NOW
    assert "小区门口摆摊卖炒饭的归谁管" in gaps[0].asks
    assert sorted(c.reference for gap in gaps for c in gap.calls) == sorted(c.reference for c in _calls())


def test_nothing_to_group() -> None:
    assert find_gaps([], CharacterEmbedder()) == ()
    assert find_gaps([OpenCall("x", NOW, "  ", "", "没有答案")], CharacterEmbedder()) == ()
    (only,) = find_gaps([OpenCall("x", NOW, "在吗", "", "没有答案")], CharacterEmbedder())
    assert (only.topic, only.asks) == ("", ())
