"""Evaluators see neither names nor telephones."""

import pytest

from intake.domain.concealing import conceal


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("联系人：测试丙，手机138 0000 0000", "联系人：［姓名］，手机138****0000"),
        ("打了62112345没人接", "打了62112345没人接"),
        ("工单JT20261123-0001是20261123报的", "工单JT20261123-0001是20261123报的"),
        ("2024-2025年都没修", "2024-2025年都没修"),
        ("打57600000问过", "打［电话］问过"),
    ],
)
def test_what_is_hidden_and_what_stays(text: str, shown: str) -> None:
    assert conceal(text) == shown


def test_the_callers_own_name_is_hidden_wherever_it_stands() -> None:
    assert conceal("测试丁说楼上漏水，请打给测试丁", "测试丁") == "［姓名］说楼上漏水，请打给［姓名］"
