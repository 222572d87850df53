"""How a recognised text is written down."""

import pytest

from intake.speech.wording import written


@pytest.mark.parametrize(
    ("heard", "expected"),
    [
        ("門口的路燈壞了,沒人修", "门口的路灯坏了，没人修。"),
        ("你好,我想問一下?", "你好，我想问一下？"),
        ("开放时间早上9点 醉下5点。", "开放时间早上9点，醉下5点。"),
        ("早上 9 点是下午 5 点", "早上9点是下午5点。"),
        ("罚了1,500元,时间10:30", "罚了1,500元，时间10:30。"),
        ("停水了.什么时候来水?", "停水了。什么时候来水？"),
        (" ,，路灯不亮，。", "路灯不亮。"),
        ("我要反映\ufffd噪音！", "我要反映噪音！"),
        ("公司叫 Jiuting Logistics 在九亭", "公司叫 Jiuting Logistics 在九亭。"),
        ("", ""),
    ],
)
def test_simplified_with_chinese_punctuation(heard: str, expected: str) -> None:
    assert written(heard) == expected


def test_a_draft_is_not_closed() -> None:
    assert written("門口的路燈,", whole=False) == "门口的路灯，"
