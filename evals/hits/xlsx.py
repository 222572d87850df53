"""A retrieval test as a spreadsheet: figures, misses, and every question; and an example of a question file."""

import io
from collections.abc import Mapping, Sequence
from typing import Any

from evals.hits.asked import Asked
from evals.hits.figures import NAMES, figures
from evals.hits.store import HitRun
from intake.spreadsheet import harmless

COLUMNS = {
    "编号": 14,
    "问题": 50,
    "期望文档": 26,
    "期望事项": 14,
    "应无答案": 10,
    "结果": 20,
    "期望文档排第": 12,
    "实际第一": 34,
    "第二": 34,
    "第三": 34,
    "答复出自": 22,
    "支持度": 10,
    "为什么": 60,
}
EXAMPLE = ("编号", "问题", "期望文档", "事项", "应无答案")


def hits_xlsx(run: HitRun) -> bytes:
    """Three sheets: 指标, 未命中, 全部."""
    from openpyxl import Workbook

    book = Workbook()
    head = run.head
    about = [
        ("测试", head.name),
        ("时间", f"{head.at:%Y-%m-%d %H:%M}"),
        ("测试人", head.by),
        ("按哪一天的文档", head.day.isoformat()),
        ("问题指纹", head.data_hash[:12]),
        ("文档指纹", head.judge.documents),
        ("模型", head.judge.model),
    ]
    rows: list[Sequence[Any]] = [(key, value, "", "", "") for key, value in about]
    rows += [
        (NAMES[key], round(f.value, 4), round(f.low, 4), round(f.high, 4), f.count)
        for key, f in figures(run.asked).items()
        if f.count
    ]
    _sheet(book.active, "指标", {"指标": 30, "值": 24, "区间下限": 12, "区间上限": 12, "问题数": 10}, rows)
    _sheet(book.create_sheet(), "未命中", COLUMNS, [_row(a) for a in run.asked if a.miss])
    _sheet(book.create_sheet(), "全部", COLUMNS, [_row(a) for a in run.asked])
    return _bytes(book)


def example_xlsx(rows: Sequence[Sequence[str]]) -> bytes:
    """A file as it is to be filled in."""
    from openpyxl import Workbook

    book = Workbook()
    _sheet(book.active, "问题", dict(zip(EXAMPLE, (12, 50, 30, 14, 12), strict=True)), rows)
    return _bytes(book)


def _row(asked: Asked) -> list[Any]:
    question = asked.question
    found = [f"{one.id} {one.title}" for one in asked.found[:3]]
    return [
        question.id,
        question.text,
        "、".join(question.documents),
        "、".join(question.topics),
        "" if question.answerable else "是",
        asked.miss or "对",
        asked.rank or "",
        *[*found, "", "", ""][:3],
        asked.answered_from,
        asked.found[0].support if asked.found else "",
        asked.fault or asked.why,
    ]


def _sheet(sheet: Any, title: str, columns: Mapping[str, int], rows: Sequence[Sequence[Any]]) -> None:
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    sheet.title = title
    sheet.append(list(columns))
    for row in rows:
        sheet.append([harmless(value) if isinstance(value, str) else value for value in row])
    for number, width in enumerate(columns.values(), 1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    for cells in sheet.iter_rows():
        for cell in cells:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.font = Font(bold=cell.row == 1)
    sheet.freeze_panes = "A2"


def _bytes(book: Any) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()
