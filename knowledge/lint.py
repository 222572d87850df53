"""Linter of ``kb_docs/``: ``python -m knowledge.lint [FOLDER]``; prints file, line, what is wrong and what to do.

The town pack's codes are checked by whoever has them: ``lint(folder, topics, units)``.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from knowledge.documents import Document
from knowledge.sources import SourceProblem, read_folder
from knowledge.text import normalise

SECTIONS = ("可以这样答复", "办理要点", "依据")
MIN_READING, MAX_READING = 40, 400
_MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
_JOINER = re.compile(r"(?<=\d)[ -](?=\d)")


def lint(
    folder: Path, topics: frozenset[str] | None = None, units: frozenset[str] | None = None
) -> tuple[SourceProblem, ...]:
    """All problems of all files, schema first."""
    reading = read_folder(folder, topics, units)
    found = [p for d in reading.documents for p in _content_problems(d, _first_body_line(folder / d.path))]
    return (*reading.problems, *found)


def _content_problems(document: Document, first: int) -> Iterator[SourceProblem]:
    """Problems of a sound document; its body begins at line ``first`` of the file."""
    lines = document.body.splitlines()
    for section in SECTIONS:
        if f"## {section}" not in (line.strip() for line in lines):
            yield SourceProblem(document.path, first, f"缺少“{section}”一节", "请照 kb_docs/README.md 补上")
    spoken = _section(lines, SECTIONS[0])
    if not MIN_READING <= len(spoken) <= MAX_READING:
        remedy = f"请写到 {MIN_READING} 至 {MAX_READING} 字"
        yield SourceProblem(document.path, first, f"“{SECTIONS[0]}”有 {len(spoken)} 字，不便念给来电人听", remedy)
    if not document.asks:
        yield SourceProblem(document.path, 1, "没有写来电人会怎么问", "请在 asks 里补上 4 至 8 句口语问法")
    for number, line in [(1, document.title), *((1, ask) for ask in document.asks), *enumerate(lines, first)]:
        if _MOBILE.search(_JOINER.sub("", normalise(line))):
            yield SourceProblem(document.path, number, "文档中有手机号码", "请改为单位电话或删去，不得公布个人号码")


def _first_body_line(path: Path) -> int:
    """Line (from 1) of the first line of text after the front matter."""
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    end = next(number for number, line in enumerate(lines[1:], start=1) if line.rstrip() == "---")
    return next((n for n, line in enumerate(lines, start=1) if n > end + 1 and line.strip()), end + 2)


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
