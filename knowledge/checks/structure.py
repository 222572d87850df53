"""Shape of a document: sections in order and not empty, an answer that can be read aloud, ways of asking (pure)."""

import re
from collections.abc import Iterator
from itertools import pairwise

from knowledge.checks.sheet import SECTIONS, SPOKEN, Section, Sheet
from knowledge.problems import SourceProblem
from knowledge.statutes import ARTICLE

# Characters of an answer: beyond the outer limits nobody can read it to a caller, the inner ones are the aim.
SHORTEST, LONGEST = 40, 400
WANTED = (80, 250)
# A calm reader on the telephone: four characters a second.
CHARACTERS_PER_SECOND = 4
MAX_BREATH = 60
FEWEST_ASKS, LONGEST_ASK = 5, 40
_PAUSE = re.compile(r"[，。！？；：、,!?;:…—（）()“”\s]+")
_MARKDOWN = re.compile(r"[*_`#>\s]|^\s*(?:[-+]|\d+[.、])\s*")


def check_structure(sheet: Sheet) -> Iterator[SourceProblem]:
    """Sections, reading length and ways of asking."""
    yield from _sections(sheet)
    spoken = sheet.section(SPOKEN)
    if spoken is not None and spoken.text:
        yield from _reading(sheet, spoken)
    yield from _asks(sheet)


def reading_seconds(text: str) -> int:
    """About how many seconds it takes to read ``text`` to a caller."""
    return -(-len(text) // CHARACTERS_PER_SECOND)


def _sections(sheet: Sheet) -> Iterator[SourceProblem]:
    found = [section for section in sheet.sections() if section.level == 2 and section.name in SECTIONS]
    for name in SECTIONS:
        mine = [section for section in found if section.name == name]
        if not mine:
            yield sheet.error(sheet.start, f"缺少“{name}”一节", "请照 kb_docs/README.md 补上")
        for again in mine[1:]:
            yield sheet.error(again.line, f"“{name}”写了两节", "并成一节")
        whole = sheet.section(name)
        if mine and whole is not None and not whole.text:
            yield sheet.error(mine[0].line, f"“{name}”是空的", "写上内容；确实没有的写明原因")
    for before, after in pairwise(found):
        if SECTIONS.index(after.name) < SECTIONS.index(before.name):
            order = "、".join(SECTIONS)
            yield sheet.error(after.line, f"“{after.name}”写在了“{before.name}”后面", f"按这个次序写：{order}")


def _reading(sheet: Sheet, spoken: Section) -> Iterator[SourceProblem]:
    text = "".join(_MARKDOWN.sub("", row.text) for row in spoken.rows)
    said = f"“{SPOKEN}”有 {len(text)} 字，约要念 {reading_seconds(text)} 秒"
    if not SHORTEST <= len(text) <= LONGEST:
        yield sheet.error(spoken.line, f"{said}，不便念给来电人听", f"请写到 {WANTED[0]} 至 {WANTED[1]} 字")
    elif not WANTED[0] <= len(text) <= WANTED[1]:
        yield sheet.warning(spoken.line, said, f"最好写到 {WANTED[0]} 至 {WANTED[1]} 字")
    for row in spoken.rows:
        longest = max(_PAUSE.split(row.text), key=len)
        if len(longest) > MAX_BREATH:
            message = f"“{longest[:12]}……”一口气 {len(longest)} 字，中间没有停顿"
            yield sheet.warning(row.line, message, "拆成短句，或加上逗号")
        if row.text.lstrip().startswith("|"):
            yield sheet.warning(row.line, "念的话里有表格", "改成一句一句的话")
        if ARTICLE.search(row.text):
            yield sheet.warning(row.line, "念的话里有法律条款", "条款写到“依据”一节，这里用大白话说")


def _asks(sheet: Sheet) -> Iterator[SourceProblem]:
    line = sheet.field_line("asks")
    if not sheet.asks:
        yield sheet.error(line, "没有写来电人会怎么问", "请在 asks 里补上 5 句以上口语问法")
    elif len(sheet.asks) < FEWEST_ASKS:
        yield sheet.warning(line, f"问法只有 {len(sheet.asks)} 句", f"补到 {FEWEST_ASKS} 句以上，用来电人自己的话")
    seen: dict[str, int] = {}
    for row in sheet.asks:
        first = seen.setdefault(row.text, row.line)
        if first != row.line:
            yield sheet.error(row.line, f"问法“{row.text[:20]}”与第 {first} 行重复", "删去一句，或换一种说法")
        if len(row.text) > LONGEST_ASK:
            yield sheet.warning(row.line, f"问法有 {len(row.text)} 字，来电人不会这样说", "拆成短的问法")
