"""Whole-document likeness: in range, blind to unknown terms, the same after an edit as built anew."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from knowledge.likeness import CountCache, Likeness

TEXTS = ("路灯坏了请报修", "自来水停水通知", "小区停车收费标准")


def test_the_text_itself_is_most_alike() -> None:
    likeness = Likeness(TEXTS)
    for row, text in enumerate(TEXTS):
        cosines = likeness.cosines(text)
        assert int(np.argmax(cosines)) == row
        assert cosines[row] > 0.99


@given(st.text(max_size=300))
def test_any_query_gives_cosines_in_range(query: str) -> None:
    cosines = Likeness(TEXTS).cosines(query)
    assert cosines.shape == (3,)
    assert ((cosines >= 0.0) & (cosines <= 1.0)).all()


def test_built_with_a_cache_of_other_texts_it_says_the_same() -> None:
    cache = CountCache()
    Likeness(("别的文档", *TEXTS), cache)
    again, anew = Likeness(TEXTS, cache), Likeness(TEXTS)
    for query in ("停水", "别的文档里的路灯", "停车" * 120):
        assert np.allclose(again.cosines(query), anew.cosines(query), atol=1e-6)


def test_no_text_and_no_query_are_no_trouble() -> None:
    assert Likeness(()).cosines("停水").shape == (0,)
    assert not Likeness(TEXTS).cosines("").any()
