"""Linter of the documents with the codes of the town pack: ``python -m routing.kb_lint [FOLDER] [--town FOLDER]``."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from knowledge.lint import report
from routing.bootstrap import DEFAULT_TOWN
from routing.pack import TownPackError, load_town_pack


def main(arguments: Sequence[str] | None = None) -> int:
    """Print every problem; the exit status is 1 where there is an error."""
    parser = argparse.ArgumentParser(prog="python -m routing.kb_lint", description="检查知识文档，连同事项和单位代码")
    parser.add_argument("folder", nargs="?", type=Path, default=Path("kb_docs"), help="文档文件夹")
    parser.add_argument("--town", type=Path, default=DEFAULT_TOWN, help="本镇数据文件夹")
    given = parser.parse_args(arguments)
    try:
        pack = load_town_pack(given.town)
    except TownPackError as error:
        print(error)
        return 1
    return report(given.folder, frozenset(t.code for t in pack.topics), frozenset(u.code for u in pack.units))


if __name__ == "__main__":
    sys.exit(main())
