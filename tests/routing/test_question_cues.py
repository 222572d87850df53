"""Questions that no town document answers are told by their kind; people from elsewhere who ask about here are not."""

import pytest

from routing.question_cues import CUES, cues_of


def cues(question: str) -> set[str]:
    return {name for name, found in zip(CUES, cues_of(question), strict=True) if found}


@pytest.mark.parametrize(
    ("question", "cue"),
    [
        ("成都的居住证怎么办", "elsewhere"),
        ("请个护工一天行情多少", "market"),
        ("对门那个人住哪里，身份告诉我", "person"),
        ("陪我聊聊", "small talk"),
    ],
)
def test_kinds_that_nobody_answers(question: str, cue: str) -> None:
    assert cue in cues(question)


@pytest.mark.parametrize("question", ["物业费怎么交", "江苏来沪的孩子怎么上学", "从南京迁到上海户口怎么办", ""])
def test_ordinary_questions_have_no_cue(question: str) -> None:
    assert cues(question) == set()
