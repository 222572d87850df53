"""One normal form for everything that is compared."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.text import normalise, squeeze, tokens


@pytest.mark.parametrize(
    ("raw", "plain"),
    [
        ("樓上漏水，物業亂收費", "楼上漏水,物业乱收费"),
        ("１２３４５　ＡＢＣ", "12345 ABC"),
        ("停\u200b水\u202e了\x00", "停水了"),
        ("第一行\r\n\t第二行  ", "第一行 第二行"),
        ("<p>停<b>水</b></p>&nbsp;了", "停 水 了"),
        ("前<script>alert('x')</script>后", "前 后"),
        ("前<!-- 暗语 -->后", "前 后"),
        ("半个标签<script>还是文字", "半个标签 还是文字"),
        ("1<2 而且 3>2", "1<2 而且 3>2"),
        ("坏字\ud83d符", "坏字符"),
        ("", ""),
    ],
)
def test_normalise(raw: str, plain: str) -> None:
    assert normalise(raw) == plain


def test_simplified_words_that_look_traditional_stay() -> None:
    assert normalise("著名的里面干部后面") == "著名的里面干部后面"


@given(st.text(max_size=200))
def test_normal_text_can_be_stored_and_printed(text: str) -> None:
    plain = normalise(text)
    assert plain.encode("utf-8").decode("utf-8") == plain
    assert plain == plain.strip()
    assert "\n" not in plain


def test_squeeze_compares_wording_only() -> None:
    assert squeeze("无证设摊，怎么 反映？") == squeeze("無證設攤怎么反映")


def test_tokens_are_words_and_pairs() -> None:
    found = tokens("小区停水了 WiFi 12345")
    assert {"停水", "小区", "区停", "wifi", "12345"} <= set(found)
    assert tokens("，。！😀") == []
