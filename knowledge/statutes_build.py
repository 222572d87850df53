"""Makes ``data/statutes.json`` from a folder of law texts: ``python -m knowledge.statutes_build FOLDER [OUT]``.

Only names, dates and article numbers are kept. A file is named ``上海_标题(2020-12-30).md``; the days of adoption and
amendment stand above ``<!-- INFO END -->``.
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

from knowledge.documents import UNDATED
from knowledge.statute_index import DATA
from knowledge.statutes import NUMERAL, name_key, read_article

_END = "<!-- INFO END -->"
_DAY = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")
_FILE_DAY = re.compile(r"\((\d{4}-\d{2}-\d{2})\)$")
_ARTICLE = re.compile(rf"^[\s>*#]*(第[{NUMERAL}]+条(?:之[{NUMERAL}]+)?)", re.M)
_BEGINS = re.compile(r"自(\d{4}年\d{1,2}月\d{1,2}日)起施行")
_REPEALS = re.compile(r"《([^》]+)》同时废止")


def build(folder: Path) -> list[dict[str, Any]]:
    """One row per law text below ``folder``, by title; a text that another repeals says so."""
    texts = {path.stem: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.md")) if "_" in path.stem}
    rows = [_row(stem, text) for stem, text in texts.items()]
    by_title = {name_key(row["title"]): row for row in rows}
    for row, text in zip(rows, texts.values(), strict=True):
        for repealed in _REPEALS.findall(text):
            old = by_title.get(name_key(repealed))
            if old is not None and old is not row:
                clause = _ARTICLE.findall(text)[-1]
                old["superseded"] = {
                    "by": row["title"],
                    "by_version": row["version"],
                    "since": row["in_force"],
                    "source": f"《{row['title']}》（{row['version']}）{clause}",
                }
    return sorted(rows, key=lambda row: row["title"])


def _row(stem: str, text: str) -> dict[str, Any]:
    head, _, body = text.partition(_END)
    titles = [line.strip("# ").strip() for line in head.splitlines() if line.startswith("#")]
    title = "".join(titles).replace("中华人民共和国", "")
    bare = _FILE_DAY.sub("", stem)
    names = [bare, bare.partition("_")[2], *([titles[0]] if len(titles) > 1 else [])]
    version, also, earlier = _versions(stem, head)
    articles = sorted({article for found in _ARTICLE.findall(body) if (article := read_article(found)) is not None})
    row: dict[str, Any] = {
        "title": title,
        "names": [name for name in dict.fromkeys(names) if name_key(name) != name_key(title)],
        "version": version,
        "also": also,
        "earlier": earlier,
        "in_force": _in_force(head, body),
        "articles": _spans([article.number for article in articles if not article.branch]),
        "branches": [[article.number, article.branch] for article in articles if article.branch],
    }
    return {key: value for key, value in row.items() if value not in ([], None)}


def _versions(stem: str, head: str) -> tuple[str, list[str], list[str]]:
    """The version at hand, other days by which it goes, and the days of older texts."""
    also: list[str] = []
    dated: list[str] = []
    for line in head.splitlines():
        if "施行" in line and not re.search("通过|修订|修正|公布|发布", line):
            continue
        # The meeting that agreed and the decree that published are one text with two days.
        target = also if re.search("国务院第.+次常务会议|政治局会议", line) else dated
        target += [_iso(*day) for day in _DAY.findall(line)]
    named = _FILE_DAY.search(stem)
    version = named[1] if named else max(dated, default=UNDATED)
    return version, sorted(set(also)), sorted({day for day in dated if day < version})


def _in_force(head: str, body: str) -> str | None:
    lines = [line for line in head.splitlines() if line.strip().endswith("施行")]
    found = _DAY.search(lines[-1]) if lines else None
    stated = _BEGINS.findall(body)
    if found is None and stated:
        found = _DAY.search(stated[-1])
    return _iso(found[1], found[2], found[3]) if found else None


def _iso(year: str, month: str, day: str) -> str:
    return f"{int(year):04d}-{int(month):02d}-{int(day):02d}"


def _spans(numbers: list[int]) -> list[list[int]]:
    spans: list[list[int]] = []
    for number in numbers:
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return spans


def main() -> int:
    """Write the index; says how many laws and articles it holds."""
    if len(sys.argv) < 2:
        print("用法：python -m knowledge.statutes_build 法律文本文件夹 [输出文件]")
        return 2
    rows = build(Path(sys.argv[1]))
    out = Path(sys.argv[2]) if len(sys.argv) > 2 else DATA / "statutes.json"
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    out.write_text(f'{{"statutes": [\n{lines}\n]}}\n', encoding="utf-8")
    total = sum(last - first + 1 for row in rows for first, last in row["articles"])
    print(f"{out}：{len(rows)} 部法律法规，{total} 条")
    return 0


if __name__ == "__main__":
    sys.exit(main())
