"""Linter of ``kb_docs/``: ``python -m knowledge.lint [FOLDER] [--topics A01,… --units ZFD,…]``.

Prints file, line, what is wrong and what to do; errors lead to exit status 1, warnings do not. Whoever has the town
pack checks its codes too: ``python -m routing.kb_lint``.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from knowledge.checks.citations import check_citations
from knowledge.checks.dates import check_dates
from knowledge.checks.privacy import check_privacy
from knowledge.checks.safety import check_safety
from knowledge.checks.sheet import Sheet, sheet_of
from knowledge.checks.structure import check_structure
from knowledge.documents import Document
from knowledge.front_matter import FrontMatterError
from knowledge.problems import Severity, SourceProblem
from knowledge.public_numbers import public_numbers
from knowledge.sources import Codes, parse_source, read_folder
from knowledge.statute_index import load_statutes
from knowledge.statutes import Statutes


def shanghai_today() -> date:
    """The day on the town's calendar."""
    return (datetime.now(UTC) + timedelta(hours=8)).date()


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a document is held against: the day, the ids of all documents, laws and published telephones."""

    today: date = field(default_factory=shanghai_today)
    ids: frozenset[str] = frozenset()
    statutes: Statutes = field(default_factory=load_statutes)
    numbers: frozenset[str] = field(default_factory=public_numbers)


def lint(
    folder: Path,
    topics: frozenset[str] | None = None,
    units: frozenset[str] | None = None,
    today: date | None = None,
) -> tuple[SourceProblem, ...]:
    """All problems of all files by file and line; ``today`` is the day on which it is asked, None for now."""
    reading = read_folder(folder, topics, units)
    around = Surroundings(today or shanghai_today(), frozenset(document.id for document in reading.documents))
    found = [p for d in reading.documents for p in _file_problems(folder / d.path, d, around)]
    return tuple(sorted((*reading.problems, *found), key=lambda p: (p.path, p.line)))


def lint_source(source: str, name: str, codes: Codes, around: Surroundings) -> tuple[SourceProblem, ...]:
    """All problems of one document that is not saved yet; ``name`` is the file that it would become."""
    document = parse_source(source, name, codes)
    if isinstance(document, list):
        return tuple(SourceProblem(name, fault.line, fault.message, fault.remedy) for fault in document)
    return tuple(sorted(_problems(sheet_of(source, document), around), key=lambda p: p.line))


def _file_problems(path: Path, document: Document, around: Surroundings) -> Iterator[SourceProblem]:
    try:
        sheet = sheet_of(path.read_text(encoding="utf-8-sig"), document)
    except (OSError, UnicodeError, FrontMatterError):
        yield SourceProblem(document.path, 1, "检查时文件正在被改动", "存盘后再检查一次")
        return
    yield from _problems(sheet, around)


def _problems(sheet: Sheet, around: Surroundings) -> Iterator[SourceProblem]:
    yield from check_structure(sheet)
    yield from check_dates(sheet, around.today)
    yield from check_privacy(sheet, around.numbers)
    yield from check_safety(sheet)
    yield from check_citations(sheet, around.statutes, around.ids | {sheet.document.id}, around.today)


def report(folder: Path, topics: frozenset[str] | None = None, units: frozenset[str] | None = None) -> int:
    """Print every problem and the counts; the exit status is 1 where there is an error."""
    try:
        problems = lint(folder, topics, units)
    except (FileNotFoundError, ValueError) as error:
        print(error)
        return 1
    for problem in problems:
        print(problem)
    errors = sum(problem.severity is Severity.ERROR for problem in problems)
    count = len(read_folder(folder).documents)
    print(f"{folder}：{count} 篇文档，{errors} 个错误，{len(problems) - errors} 个提醒")
    return 1 if errors else 0


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; codes are only checked where they are given."""
    parser = argparse.ArgumentParser(prog="python -m knowledge.lint", description="检查知识文档")
    parser.add_argument("folder", nargs="?", type=Path, default=Path("kb_docs"), help="文档文件夹")
    parser.add_argument("--topics", type=_codes, help="可用的事项代码，用逗号隔开")
    parser.add_argument("--units", type=_codes, help="可用的单位代码，用逗号隔开")
    given = parser.parse_args(arguments)
    return report(given.folder, given.topics, given.units)


def _codes(text: str) -> frozenset[str]:
    return frozenset(code.strip() for code in text.split(",") if code.strip())


if __name__ == "__main__":
    sys.exit(main())
