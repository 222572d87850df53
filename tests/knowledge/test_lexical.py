"""Words: what was said literally comes first, and shares can be compared between queries."""

import numpy as np

from knowledge.lexical import BM25Index, TokenCache

TEXTS = ("小区停水怎么办", "停水通知在哪里看", "楼上装修噪声扰民", "路灯不亮找谁修", "")


def test_shares_are_between_zero_and_one() -> None:
    index = BM25Index(TEXTS)
    shares = index.match("小区停水").shares
    assert shares.shape == (5,)
    assert int(np.argmax(shares)) == 0
    assert shares[0] > shares[1] > shares[2] == 0.0
    assert shares.max() <= 1.0


def test_fillers_change_nothing() -> None:
    index = BM25Index(TEXTS)
    assert np.allclose(
        index.match("喂你好，我想问一下路灯不亮").shares[3], index.match("路灯不亮").shares[3], atol=0.25
    )
    assert not index.match("你好请问一下").shares.any()


def test_words_that_no_document_knows_lower_the_share() -> None:
    index = BM25Index(TEXTS)
    assert index.match("路灯不亮，还有火星移民签证").shares[3] < index.match("路灯不亮").shares[3]


def test_exact_text_is_found_whatever_its_punctuation() -> None:
    index = BM25Index(TEXTS)
    assert index.match("樓上裝修，噪聲！").exact.keys() == {2}
    assert index.match("停水").exact.keys() == {0, 1}
    whole, part = index.match("路灯不亮找谁修").exact[3], index.match("路灯不亮").exact[3]
    assert 0 < part < whole <= 1
    assert index.match("灯").exact == {}
    assert index.match("看楼上").exact == {}, "exact text never runs over the border of two texts"


def test_every_text_is_found_by_itself() -> None:
    index = BM25Index(TEXTS)
    for row, text in enumerate(TEXTS[:4]):
        assert row in index.match(text).exact


def test_nothing_indexed_and_nothing_said() -> None:
    assert BM25Index(()).match("停水").shares.shape == (0,)
    assert BM25Index(("。",)).match("停水").exact == {}
    assert not BM25Index(TEXTS).match("").shares.any()


def test_the_cache_forgets_what_is_gone() -> None:
    cache = TokenCache()
    first = cache.cut(["停水", "停电"])
    assert cache.cut(["停电"])[0] is first[1]
    assert cache.cut(["停水"])[0] is not first[0]
