"""The frame and the answers of an earlier ticket are taken off; a caller's own words never are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.classifiers.matter import LEAST, matter_of


@pytest.mark.parametrize(
    ("note", "matter"),
    [
        (
            "甲单位来电反馈：（工单编号JT1）《关于路边摆摊的问题》处理情况 工单内容：来电人反映路口有人摆摊占道",
            "来电人反映路口有人摆摊占道",
        ),
        ("小区门口多人摆摊占道 2026-01-03 08:38某单位答复：执法人员已到现场", "小区门口多人摆摊占道"),
        ("木材厂鼓风机产生粉尘，2026-01-19 某单位：接到投诉后已到场", "木材厂鼓风机产生粉尘，"),
        ("2026-01-03 08:38 打过电话，路灯还是不亮", "2026-01-03 08:38 打过电话，路灯还是不亮"),
        ("2026年1月3日晚上路灯不亮，希望尽快答复我", "2026年1月3日晚上路灯不亮，希望尽快答复我"),
        ("路灯坏了", "路灯坏了"),
    ],
)
def test_what_is_left_is_the_matter(note: str, matter: str) -> None:
    assert matter_of(note) == matter


@given(st.text(max_size=200))
def test_something_is_always_left(text: str) -> None:
    kept = matter_of(text)
    assert kept in text
    assert kept == text or len(kept.strip()) >= LEAST
