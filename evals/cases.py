"""Read evaluation cases; a broken row is named with file, row and remedy before anything is measured."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from routing.recommendation import Outcome, TicketType

FIELDS = (
    "id",
    "text",
    "address",
    "called_at",
    "type",
    "topic",
    "accept",
    "lead",
    "outcome",
    "voice",
    "source",
    "several",
)


class CaseError(ValueError):
    """The case file cannot be used; the message (Chinese) lists every bad row and what to do."""


@dataclass(frozen=True, slots=True)
class Case:
    """One call with what is right; ``accept`` holds every topic code that counts as right (empty: topic not judged)."""

    id: str
    text: str
    address: str = ""
    called_at: datetime | None = None
    ticket_type: str = ""
    topic: str = ""
    accept: tuple[str, ...] = ()
    lead: str = ""
    outcome: str = ""
    voice: str = ""
    source: str = ""
    several: bool | None = None


def load_cases(path: Path) -> tuple[Case, ...]:
    """Read a JSONL file of cases; raises ``CaseError`` naming all rows that are broken."""
    cases: list[Case] = []
    problems: list[str] = []
    seen: set[str] = set()
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise CaseError(f"{path}：不是 UTF-8 编码（第 {error.start} 字节）。请另存为 UTF-8 后重试。") from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            case = _case(json.loads(line))
            if case.id in seen:
                raise ValueError(f"编号 {case.id} 重复，请改成不同的编号")
            seen.add(case.id)
            cases.append(case)
        except (ValueError, TypeError, AttributeError) as error:
            problems.append(f"{path} 第 {number} 行：{error}")
    if problems:
        raise CaseError("评测文件有误，未开始评测：\n" + "\n".join(problems[:50]))
    if not cases:
        raise CaseError(f"{path}：没有评测用例。每行应是一个 JSON 对象，至少含 id 与 text。")
    return tuple(cases)


def _case(row: dict[str, Any]) -> Case:
    if "question" in row:  # sets of questions: every topic of the list counts as right, the first is the gold one
        topics = list(row.get("topics") or [])
        row = {**row, "text": row["question"], "topic": topics[0] if topics else "", "accept": topics}
    for name in ("id", "text"):
        if not str(row.get(name, "")).strip():
            raise ValueError(f"缺少“{name}”，请补上")
    if row.get("type") and row["type"] not in {t.value for t in TicketType}:
        raise ValueError(f"工单类型“{row['type']}”不存在，应为 投诉求助、意见建议 或 咨询")
    if row.get("outcome") and row["outcome"] not in {o.value for o in Outcome}:
        raise ValueError(f"处理方式“{row['outcome']}”不存在，应为 {'、'.join(o.value for o in Outcome)}")
    topic = str(row.get("topic") or "")
    accept = tuple(dict.fromkeys([*([topic] if topic else []), *(row.get("accept") or [])]))
    called_at = datetime.fromisoformat(row["called_at"]) if row.get("called_at") else None
    if called_at is not None and called_at.tzinfo is None:
        raise ValueError(f"called_at“{row['called_at']}”没有时区，请写成 2026-01-31T18:05:00+08:00")
    return Case(
        str(row["id"]),
        str(row["text"]),
        str(row.get("address") or ""),
        called_at,
        str(row.get("type") or ""),
        topic,
        accept,
        str(row.get("lead") or ""),
        str(row.get("outcome") or ""),
        str(row.get("voice") or ""),
        str(row.get("source") or ""),
        bool(row["several"]) if "several" in row else None,
    )
