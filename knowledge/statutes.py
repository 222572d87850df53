"""Which articles a law has, in which version, and whether a citation can be right (pure; no law text is kept)."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from knowledge.documents import UNDATED, LegalBasis

_DIGITS = "零一二三四五六七八九"
_TENS = {"十": 10, "百": 100, "千": 1000}
NUMERAL = "零〇一二两三四五六七八九十百千0-9"
ARTICLE = re.compile(rf"第([{NUMERAL}]+)条(?:之([{NUMERAL}]+))?")
_MARKS = re.compile(r"[\s《》〈〉<>「」“”\"()（）_·]")


class Verdict(StrEnum):
    """What can be said of one citation."""

    EXISTS = "条款存在"
    NO_ARTICLE = "没有这一条"
    SUPERSEDED = "已有新版本"
    VERSION_UNKNOWN = "版本无法核对"
    UNDATED = "版本未注明"
    LAW_UNKNOWN = "没有收录这部法"


@dataclass(frozen=True, slots=True, order=True)
class Article:
    """One article: its number, and its branch (第二十条之一 is number 20, branch 1)."""

    number: int
    branch: int = 0


@dataclass(frozen=True, slots=True)
class Successor:
    """What took the place of a version, adopted on ``version`` and in force ``since``, and where that is written."""

    by: str
    version: str
    since: date
    source: str


@dataclass(frozen=True, slots=True)
class Statute:
    """One law at hand: ``version`` is the day of adoption or amendment (ISO) or 未注明.

    ``also`` are other days by which the same text goes, ``earlier`` the days of its older texts; ``spans`` are its
    articles as inclusive ranges and ``branches`` those inserted as 之一, 之二.
    """

    title: str
    names: tuple[str, ...]
    version: str
    also: tuple[str, ...]
    earlier: tuple[str, ...]
    in_force: date | None
    spans: tuple[tuple[int, int], ...]
    branches: tuple[Article, ...] = ()
    successor: Successor | None = None

    def has(self, article: Article) -> bool:
        """Say whether this text has the article."""
        if article.branch:
            return article in self.branches
        return any(first <= article.number <= last for first, last in self.spans)


@dataclass(frozen=True, slots=True)
class Citation:
    """What was found for one cited article, or for the law as a whole where ``article`` is empty (Chinese)."""

    verdict: Verdict
    law: str
    article: str
    message: str
    remedy: str


class Statutes:
    """The laws at hand, by every name under which they are cited."""

    def __init__(self, statutes: Iterable[Statute]) -> None:
        self.all = tuple(statutes)
        self._named: dict[str, list[Statute]] = defaultdict(list)
        for statute in self.all:
            for key in {name_key(name) for name in (statute.title, *statute.names)}:
                self._named[key].append(statute)

    def find(self, law: str) -> tuple[Statute, ...]:
        """The texts that go by this name: none, one, or the parts of a code named as a whole."""
        return tuple(self._named.get(name_key(law), ()))

    def check(self, basis: LegalBasis, today: date) -> tuple[Citation, ...]:
        """What there is to say of a basis, one entry per article; remarks on law or version come first."""
        found = self.find(basis.law)
        if not found:
            message = f"手头没有《{basis.law}》的条文，无法核对"
            return (Citation(Verdict.LAW_UNKNOWN, basis.law, "", message, "请对照正式文本核对后再发布"),)
        remarks = tuple(_version_remarks(basis, found[0], today))
        articles = tuple(_article_citation(basis, cited, found) for cited in basis.articles)
        if not any(remark.verdict is Verdict.VERSION_UNKNOWN for remark in remarks):
            return (*remarks, *articles)
        successor = found[0].successor
        if successor and basis.version == successor.version:
            return remarks  # a newer text that is not at hand may have any article
        return (*remarks, *(citation for citation in articles if citation.verdict is Verdict.NO_ARTICLE))


def read_article(text: str) -> Article | None:
    """The article named by 第一百二十三条, 第12条 or 第二十条之一; None where the text names none."""
    match = ARTICLE.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if match is None:
        return None
    number, branch = read_numeral(match[1]), read_numeral(match[2]) if match[2] else 0
    return None if not number or branch is None else Article(number, branch)


def read_numeral(text: str) -> int | None:
    """The number written in Chinese numerals (below ten thousand) or digits; None where it is no number."""
    if text.isascii() and text.isdigit():
        return int(text)
    plain = text.replace("〇", "零").replace("两", "二")
    if not plain or any(c not in _DIGITS and c not in _TENS for c in plain):
        return None
    if not any(c in _TENS for c in plain):
        return int("".join(str(_DIGITS.index(c)) for c in plain))
    total, digit = 0, 0
    for character in plain:
        if character in _TENS:
            total, digit = total + (digit or 1) * _TENS[character], 0
        else:
            digit = _DIGITS.index(character)
    return total + digit


def name_key(law: str) -> str:
    """A law's name without brackets, spaces and 中华人民共和国, so that all ways of writing it are equal."""
    return _MARKS.sub("", unicodedata.normalize("NFKC", law)).replace("中华人民共和国", "")


def _version_remarks(basis: LegalBasis, statute: Statute, today: date) -> Iterator[Citation]:
    law, successor = basis.law, statute.successor
    known = {statute.version, *statute.also, *statute.earlier}
    if basis.version == UNDATED:
        have = f"手头文本是 {statute.version} 版" if statute.version != UNDATED else "手头文本也没有注明版本"
        yield Citation(Verdict.UNDATED, law, "", f"《{law}》没有写明版本，{have}", "查明通过或修正日期后写在 version")
    elif successor and basis.version == successor.version:
        yield Citation(
            Verdict.VERSION_UNKNOWN, law, "", f"手头没有《{law}》{basis.version} 版的条文，无法核对", _CHECK_BY_HAND
        )
        return
    elif basis.version in statute.earlier:
        message = f"《{law}》{basis.version} 版是旧版本，手头文本是 {statute.version} 版"
        yield Citation(Verdict.SUPERSEDED, law, "", message, "对照新版本核对条款和内容，改正 version")
    elif basis.version not in known:
        message = f"《{law}》没有 {basis.version or '空'} 这个版本，手头文本是 {statute.version} 版"
        yield Citation(Verdict.VERSION_UNKNOWN, law, "", message, _CHECK_BY_HAND)
        return
    if successor and successor.since <= today:
        message = (
            f"《{law}》{statute.version} 版已由《{successor.by}》（{successor.version}）取代，"
            f"{successor.since} 起施行（{successor.source}）"
        )
        yield Citation(Verdict.SUPERSEDED, law, "", message, "找到新版条文，核对条款和内容后改正")


_CHECK_BY_HAND = "改正 version，或对照正式文本核对"


def _article_citation(basis: LegalBasis, cited: str, found: tuple[Statute, ...]) -> Citation:
    law, article = basis.law, read_article(cited)
    if article is None:
        return Citation(Verdict.NO_ARTICLE, law, cited, f"“{cited}”不是条款的写法", "写成 第十条 或 第十条之一")
    if any(statute.has(article) for statute in found):
        return Citation(Verdict.EXISTS, law, cited, f"《{law}》{cited}", "")
    if len(found) > 1:
        parts = "、".join(statute.title for statute in found)
        message = f"手头只有{parts}，里面没有{cited}，无法核对"
        return Citation(Verdict.LAW_UNKNOWN, law, cited, message, "写明是哪一编，并对照正式文本核对")
    spans = "、".join(f"第{first}条至第{last}条" for first, last in found[0].spans)
    message = f"《{law}》（{found[0].version}）没有{cited}，只有{spans}"
    return Citation(Verdict.NO_ARTICLE, law, cited, message, "对照条文改正条款号")
