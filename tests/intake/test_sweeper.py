"""The sweep inside the server: again and again, whatever one sweep runs into."""

import threading
from datetime import datetime

from intake.application.overdue import SweepReport
from intake.domain.errors import NotReadyError
from intake.sweeper import Sweeper
from tests.intake.fakes import NOW, SettableClock


def test_it_goes_on_after_a_failure_and_stops_when_told() -> None:
    swept: list[datetime] = []
    enough = threading.Event()

    def sweep(now: datetime) -> SweepReport:
        swept.append(now)
        if len(swept) == 1:
            raise NotReadyError("数据库暂时用不了", "断开", "稍后重试")
        if len(swept) == 2:
            raise ZeroDivisionError
        enough.set()
        return SweepReport(1, (("催办", 1),))

    sweeper = Sweeper(sweep, SettableClock(), 0.001)
    sweeper.start()
    assert enough.wait(30)
    sweeper.stop()
    count = len(swept)
    assert count >= 3
    assert set(swept) == {NOW}
    assert not enough.wait(0) or len(swept) == count


def test_the_report_says_what_happened() -> None:
    assert SweepReport().sentence() == "查看 0 张，没有需要催办的工单；消息送出 0 条。"
    report = SweepReport(3, (("催办", 2),), 1, 1, ("JT1（KeyError）",))
    assert report.sentence() == "查看 3 张，催办 2 件；消息送出 1 条，未送出 1 条；1 张工单读不出：JT1（KeyError）。"
