"""Linter of ``kb_docs/``: ``python -m knowledge.lint [FOLDER]``; prints file, line, what is wrong and what to do."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from knowledge.documents import Document
from knowledge.sources import SourceProblem, read_folder

SECTIONS = ("可以这样答复", "办理要点", "依据")
MAX_READING = 400
_MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")


def lint(
    folder: Path, topics: frozenset[str] | None = None, units: frozenset[str] | None = None
) -> tuple[SourceProblem, ...]:
    """All problems of all files, schema first."""
    reading = read_folder(folder, topics, units)
    found = [p for document in reading.documents for p in _content_problems(document)]
    return (*reading.problems, *found)


def _content_problems(document: Document) -> Iterator[SourceProblem]:
    lines = document.body.splitlines()
    for section in SECTIONS:
        if f"## {section}" not in (line.strip() for line in lines):
            yield SourceProblem(document.path, 1, f"缺少“{section}”一节", "请照 kb_docs/README.md 补上。")
    if document.review_by < document.in_force_from:
        yield SourceProblem(document.path, 1, "复核日期早于生效日期", "请核对两个日期。")
    spoken = _section(lines, SECTIONS[0])
    if len(spoken) > MAX_READING:
        yield SourceProblem(
            document.path, 1, f"“{SECTIONS[0]}”有 {len(spoken)} 字，念起来太长", f"请压到 {MAX_READING} 字以内。"
        )
    for number, line in enumerate(lines, 1):
        if _MOBILE.search(line):
            yield SourceProblem(document.path, number, "正文中有手机号码", "请改为单位电话或删去，不得公布个人号码。")


def _section(lines: list[str], name: str) -> str:
    text, inside = [], False
    for line in lines:
        if line.startswith("#"):
            inside = line.strip("# ").strip() == name
        elif inside:
            text.append(line.strip())
    return "".join(text)


def main() -> int:
    """Print every problem; exit status 1 when there is one."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "kb_docs")
    problems = lint(folder)
    for problem in problems:
        print(problem)
    print(f"{folder}：{len(read_folder(folder).documents)} 篇文档，{len(problems)} 个问题")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
