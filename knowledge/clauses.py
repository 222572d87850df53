"""The levels by which Chinese official texts are divided: 编 章 节 条 一、 （一） 1. ① (pure)."""

import re
from dataclasses import dataclass, field

_NUMERAL = "一二三四五六七八九十百千零〇两0-9０-９"
_CHAPTER = re.compile(rf"^第[{_NUMERAL}]+([编章节])(?:[\s:：、]|$)")
_ARTICLE = re.compile(
    # "第三条规定的……", "第三条第二款……" speak of an article, they do not begin one.
    rf"^(第[{_NUMERAL}]+条(?:之[一二三四五六七八九十]+)?)(?![规所第至到的和或与及以中、，,。；;])"
)
_ITEMS = (
    re.compile(rf"^([{_NUMERAL}]+)、"),
    re.compile(rf"^[（(]([{_NUMERAL}]+)[）)]"),
    re.compile(r"^([0-9０-９]+)(?:[.．](?![0-9０-９])|[)）])"),
    re.compile("^([①-⑳])"),
)
_ENDS = re.compile(r"[。；！？;!?，,：:]$")
_CHAPTERS = "编章节"
ARTICLE = len(_CHAPTERS)
NUMBERED = ARTICLE + 3
LONGEST_HEADING = 30


@dataclass(frozen=True, slots=True)
class Mark:
    """How a line begins: ``level`` 0 for 编 to 7 for ①, and ``label`` as a citation says it."""

    level: int
    label: str


def mark_of(line: str) -> Mark | None:
    """The mark with which a line begins, None for a line without one."""
    if found := _CHAPTER.match(line):
        return Mark(_CHAPTERS.index(found[1]), found[0].strip(" :：、"))
    if found := _ARTICLE.match(line):
        return Mark(ARTICLE, found[1])
    for depth, item in enumerate(_ITEMS, ARTICLE + 1):
        if found := item.match(line):
            return Mark(depth, found[0].strip())
    return None


def is_article(line: str) -> bool:
    """Say whether a line begins an article (第X条)."""
    return _ARTICLE.match(line) is not None


def may_head(line: str, mark: Mark) -> bool:
    """Say whether a marked line is worded like a heading: short, no end of a sentence, more than its mark alone."""
    if len(line) > LONGEST_HEADING or _ENDS.search(line) or re.search("[。；！？]", line):
        return False
    return mark.level < ARTICLE or len(line) > len(mark.label)


@dataclass(slots=True)
class ClauseTrail:
    """Follows the clauses of one section and says to which of them a piece of text belongs.

    ``inside`` says that the section's own headings name an article, so that its items are 项 and 目.
    """

    inside: bool = False
    _trail: list[Mark] = field(default_factory=list)

    def place(self, piece: str, begins_paragraph: bool) -> tuple[str, ...]:
        """Labels of the clauses that hold ``piece``, outermost first; a new paragraph without a mark leaves its items.

        Items are named only inside an article: 第三条 第（二）项; elsewhere a list is only a list.
        """
        mark = mark_of(piece)
        if mark is not None:
            self._trail = [held for held in self._trail if held.level < mark.level]
            if mark.level == ARTICLE:
                self._trail = []
            if mark.level >= ARTICLE:
                self._trail.append(mark)
        elif begins_paragraph:
            self._trail = [held for held in self._trail if held.level == ARTICLE]
        in_article = self.inside or any(held.level == ARTICLE for held in self._trail)
        return tuple(_cited(held) for held in self._trail) if in_article else ()


def _cited(mark: Mark) -> str:
    if mark.level <= ARTICLE:
        return mark.label
    if mark.level == ARTICLE + 2:
        return f"第{mark.label}项"
    return f"第{mark.label.rstrip('.．)）、')}{'项' if mark.level == ARTICLE + 1 else '目'}"


def common_path(first: tuple[str, ...], second: tuple[str, ...]) -> tuple[str, ...]:
    """The clauses that hold both."""
    length = 0
    while length < min(len(first), len(second)) and first[length] == second[length]:
        length += 1
    return first[:length]


def section_of(heading_path: tuple[str, ...]) -> str:
    """The place of a passage as a citation says it: its article and item, otherwise the innermost heading."""
    below = heading_path[1:]
    article = next((n for n, name in enumerate(below) if is_article(name)), len(below) - 1)
    return " ".join(below[max(0, article) :])
