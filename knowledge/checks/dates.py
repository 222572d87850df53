"""Days that are possible but cannot be meant (pure)."""

from collections.abc import Iterator
from datetime import date, timedelta

from knowledge.checks.sheet import Sheet
from knowledge.documents import ANSWERING
from knowledge.problems import SourceProblem

LONG_AGO = date(1990, 1, 1)
FAR_AHEAD = timedelta(days=2 * 366)
LONGEST_REVIEW = timedelta(days=3 * 366)


def check_dates(sheet: Sheet, today: date) -> Iterator[SourceProblem]:
    """Warnings for periods that are over, far away, or never looked at again."""
    document = sheet.document
    ended, status = document.in_force_to, document.status
    if status in ANSWERING and ended is not None and ended < today:
        line, message = sheet.field_line("in_force_to"), f"{ended} 已失效，状态仍是“{status.value}”"
        yield sheet.warning(line, message, "改为停用，或核对后延长 in_force_to")
    started = sheet.field_line("in_force_from")
    if document.in_force_from > today + FAR_AHEAD:
        yield sheet.warning(started, f"{document.in_force_from} 才生效，离今天太远", "核对年份")
    if document.in_force_from < LONG_AGO:
        yield sheet.warning(started, f"生效日 {document.in_force_from} 太早", "核对年份；写文档开始使用的日期即可")
    if document.review_by > max(today, document.in_force_from) + LONGEST_REVIEW:
        line = sheet.field_line("review_by")
        yield sheet.warning(line, f"{document.review_by} 才复核，间隔超过三年", "提前复核日，政策一般一年看一次")
