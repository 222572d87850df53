"""Rows of a 12345 export: which column is which, and whether a row can become a ticket (pure)."""

import contextlib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from intake.domain.call import CallNotes, clean_notes, clean_text, note_problems
from intake.domain.clocks import SHANGHAI
from intake.domain.errors import FieldProblem
from routing.recommendation import TicketType

MAX_EXTERNAL = 60
EARLIEST = datetime(2010, 1, 1, tzinfo=SHANGHAI)
_EXCEL_START = datetime(1899, 12, 30, tzinfo=SHANGHAI)
_SERIAL = re.compile(r"\d{5}(\.\d+)?")
_DATE = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?"
    r"(?:[ T]*(\d{1,2})[:时点](?:(\d{1,2})(?:[:分](\d{1,2})(?:\.\d+)?秒?)?分?)?)?"
)
_GARBLED = re.compile("\ufffd|锟斤拷|烫烫烫|Ã.|â€")


class ImportField(StrEnum):
    """Our fields; values are shown."""

    EXTERNAL = "外部工单编号"
    CALLED_AT = "来电日期"
    TEXT = "诉求描述"
    ADDRESS = "诉求地址"
    CONTACT = "联系人"
    PHONE = "联系电话"
    TYPE = "工单类型"


REQUIRED = (ImportField.EXTERNAL, ImportField.CALLED_AT, ImportField.TEXT)
_F = ImportField
# Words of a column's name, the surest first; a column is taken once.
_WORDS: Mapping[ImportField, tuple[str, ...]] = {
    _F.EXTERNAL: ("工单编号", "工单号", "受理编号", "受理单号", "诉求编号", "流水号", "编号", "单号"),
    _F.CALLED_AT: ("来电时间", "来电日期", "诉求时间", "受理时间", "受理日期", "登记时间", "创建时间", "时间", "日期"),
    _F.PHONE: ("联系电话", "来电号码", "电话号码", "联系方式", "手机号", "手机", "电话", "号码"),
    _F.CONTACT: ("联系人", "来电人", "诉求人", "市民姓名", "姓名"),
    _F.ADDRESS: ("诉求地址", "事发地址", "发生地址", "问题地址", "详细地址", "地址", "地点"),
    _F.TYPE: ("工单类型", "诉求类型", "受理类型", "类型"),
    _F.TEXT: ("诉求描述", "诉求内容", "问题描述", "工单内容", "来电内容", "主要内容", "内容描述", "内容", "描述"),
}
_TYPES: Mapping[str, TicketType] = {
    "投诉": TicketType.COMPLAINT,
    "举报": TicketType.COMPLAINT,
    "求助": TicketType.COMPLAINT,
    "咨询": TicketType.INQUIRY,
    "建议": TicketType.SUGGESTION,
    "意见": TicketType.SUGGESTION,
}


@dataclass(frozen=True, slots=True)
class ImportRow:
    """A row that can become a ticket; ``ticket_type`` None: the column says nothing we know."""

    external: str
    notes: CallNotes
    ticket_type: TicketType | None


def recognise(headers: Sequence[str]) -> dict[ImportField, int]:
    """Our fields by column (from 0), by the names of the columns; what is not recognised is left out."""
    names = [_plain(header) for header in headers]
    found: dict[ImportField, int] = {}
    for exact in (True, False):
        for field, words in _WORDS.items():
            for word in words:
                if field in found:
                    break
                free = (i for i, name in enumerate(names) if i not in found.values())
                column = next((i for i in free if (names[i] == word if exact else word in names[i])), None)
                if column is not None:
                    found[field] = column
    return found


def read_row(
    cells: Sequence[str], columns: Mapping[ImportField, int], now: datetime
) -> tuple[ImportRow | None, tuple[FieldProblem, ...]]:
    """The row, or what is wrong with it: each problem says what to do."""
    values = {field: cells[i] if i < len(cells) else "" for field, i in columns.items()}
    external = clean_text(values.get(_F.EXTERNAL, ""))
    problems = [
        FieldProblem(field.value, f"{field.value}有乱码。请按原编码（UTF-8 或 GBK）重新导出。")
        for field, value in values.items()
        if _GARBLED.search(value)
    ]
    if not external:
        problems.append(FieldProblem(_F.EXTERNAL.value, "没有外部工单编号。请补上，再次导入时按它去重。"))
    elif len(external) > MAX_EXTERNAL:
        problems.append(FieldProblem(_F.EXTERNAL.value, f"外部工单编号超过 {MAX_EXTERNAL} 字。请核对列是否对错。"))
    called_at, unread = read_moment(values.get(_F.CALLED_AT, ""), now)
    if unread:
        problems.append(FieldProblem(_F.CALLED_AT.value, unread))
    notes = clean_notes(
        CallNotes(
            text=values.get(_F.TEXT, ""),
            called_at=called_at or now,
            address=values.get(_F.ADDRESS, ""),
            phone=re.split(r"[,，;；/、]", values.get(_F.PHONE, ""))[0],
            contact=values.get(_F.CONTACT, ""),
        )
    )
    problems += [FieldProblem(_LABELS.get(p.field, p.field), p.message) for p in note_problems(notes, now)]
    if problems:
        return None, tuple(problems)
    said = values.get(_F.TYPE, "")
    kind = next((kind for word, kind in _TYPES.items() if word in said), None)
    return ImportRow(external, notes, kind), ()


_LABELS = {"text": _F.TEXT.value, "phone": _F.PHONE.value, "address": _F.ADDRESS.value, "contact": _F.CONTACT.value}


def read_moment(value: str, now: datetime) -> tuple[datetime | None, str]:
    """A date in any of the forms that exports use, in Shanghai's time; else what is wrong with it, in Chinese."""
    said = unicodedata.normalize("NFKC", value).strip()
    if not said:
        return None, "没有来电日期。请补上，如 2026-11-23 18:05。"
    moment = _serial(said) if _SERIAL.fullmatch(said) else _written(said)
    if moment is None:
        return None, f"来电日期“{value[:30]}”读不懂。请写成 2026-11-23 18:05。"
    if moment < EARLIEST:
        return None, f"来电日期是 {moment:%Y-%m-%d}，早于 {EARLIEST.year} 年，多半是空日期或格式错了。请核对后改正。"
    if moment > now + timedelta(minutes=10):
        return None, f"来电日期 {moment:%Y-%m-%d %H:%M} 晚于现在。请核对后改正。"
    return moment, ""


def _serial(said: str) -> datetime | None:
    """A day number of a spreadsheet, counted from 1899-12-30."""
    return _EXCEL_START + timedelta(seconds=round(float(said) * 86_400))


def _written(said: str) -> datetime | None:
    if re.fullmatch(r"\d{8}(\d{4}|\d{6})?", said):
        parts = [said[:4], said[4:6], said[6:8], *(said[i : i + 2] for i in range(8, len(said), 2))]
        return _made([int(part) for part in parts])
    with contextlib.suppress(ValueError):  # not ISO: one of the other forms, or none
        moment = datetime.fromisoformat(said)
        return moment.astimezone(SHANGHAI) if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)
    match = _DATE.fullmatch(said)
    return _made([int(part) for part in match.groups() if part is not None]) if match else None


def _made(parts: Sequence[int]) -> datetime | None:
    year, month, day, hour, minute, second = (*parts, 0, 0, 0)[:6]
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=SHANGHAI)
    except ValueError:
        return None


def _plain(header: str) -> str:
    """A column's name without blanks, brackets and stars."""
    return re.sub(r"[\s*（(].*|[：:]", "", unicodedata.normalize("NFKC", header).strip())
