"""Work behind a page: one at a time, seen while it runs, its end told."""

import threading

import pytest

from intake.application.background import Background, Say
from intake.domain.errors import ConflictError


def _ended(background: Background) -> None:
    waiting = threading.Event()
    for _ in range(500):
        if not background.progress.running:
            return
        waiting.wait(0.01)
    raise AssertionError("it still runs")


def test_one_at_a_time_with_progress_and_outcome() -> None:
    background, go = Background("重建索引", "现用索引照常工作"), threading.Event()

    def work(say: Say) -> str:
        say("编入索引 1/2 条", 0.5)
        go.wait(5)
        return "已换用。"

    background.start(work, "准备")
    with pytest.raises(ConflictError, match="正在进行"):
        background.start(work, "准备")
    go.set()
    _ended(background)
    assert (background.progress.said, background.progress.share, background.progress.failed) == ("已换用。", 1.0, False)


def test_a_refusal_is_told_and_the_next_may_begin() -> None:
    background = Background("训练", "现用模型不受影响")

    def refused(say: Say) -> str:
        raise ConflictError("没有训练出新模型", "工单太少。", "")

    background.start(refused, "准备")
    _ended(background)
    assert background.progress.failed
    assert "工单太少" in background.progress.said
    background.start(lambda say: "好了", "准备")
    _ended(background)
    assert background.progress.said == "好了"
