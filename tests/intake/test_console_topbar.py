"""The links on top of every page: nobody is led to a page that turns him away."""

import pytest

from intake.console.messages import PAGES
from intake.domain.access import Principal, Role


@pytest.mark.parametrize(
    ("role", "titles"),
    [
        (Role.OPERATOR, "坐席台 工单查询 工作清单"),
        (Role.UNIT, "工单查询 工作清单"),
        (Role.EVALUATOR, "坐席台 命中测试 模型 第二意见 评测"),
        (Role.KNOWLEDGE, "坐席台 知识库 缺口 体检 命中测试 地名"),
        (Role.AUDITOR, "工单查询 工作清单"),
        (Role.ADMIN, "坐席台 工单查询 工作清单 导入 知识库 缺口 体检 命中测试 模型 第二意见 地名 评测"),
    ],
)
def test_each_role_sees_its_own_pages(role: Role, titles: str) -> None:
    person = Principal("某人", role, "ZFD" if role is Role.UNIT else "")
    shown = [title for _, title, needed in PAGES if any(person.may(permission) for permission in needed)]
    assert shown == titles.split()
