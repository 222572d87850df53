"""Read plain JSONL rows for ``transfer`` and ``retrieve``: every bad row is named with file, row and remedy."""

import json
from collections.abc import Sequence
from pathlib import Path

from evals.cases import CaseError

MAX_ROWS = 100_000
SHOWN = 20


def read_rows(path: Path, needed: Sequence[str]) -> tuple[dict[str, str], ...]:
    """Rows with the ``needed`` texts, in order; raises ``CaseError`` (Chinese) listing what is wrong."""
    rows: list[dict[str, str]] = []
    problems: list[str] = []
    seen: set[str] = set()
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise CaseError(f"{path}：不是 UTF-8 编码（第 {error.start} 字节）。请另存为 UTF-8 后重试。") from error
    if len(lines) > MAX_ROWS:
        raise CaseError(f"{path}：共 {len(lines)} 行，超过上限 {MAX_ROWS} 行。请拆成几个文件分别评测。")
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        problem = _read(line, needed, seen, rows)
        if problem:
            problems.append(f"{path} 第 {number} 行：{problem}")
    if problems:
        more = f"\n……另有 {len(problems) - SHOWN} 处" if len(problems) > SHOWN else ""
        raise CaseError("文件有误，未开始评测：\n" + "\n".join(problems[:SHOWN]) + more)
    if not rows:
        raise CaseError(f"{path}：没有数据。每行应是一个 JSON 对象，含 {'、'.join(needed)}。")
    return tuple(rows)


def _read(line: str, needed: Sequence[str], seen: set[str], rows: list[dict[str, str]]) -> str:
    try:
        row = json.loads(line)
    except ValueError:
        return "不是 JSON，请检查引号和逗号"
    if not isinstance(row, dict):
        return "应是一个 JSON 对象（花括号）"
    missing = [name for name in needed if not str(row.get(name) or "").strip()]
    if missing:
        return f"缺少“{'、'.join(missing)}”，请补上或删去该行"
    identity = str(row["id"])
    if identity in seen:
        return f"编号 {identity} 重复，请改成不同的编号"
    seen.add(identity)
    rows.append({name: str(row[name]) for name in needed})
    return ""
