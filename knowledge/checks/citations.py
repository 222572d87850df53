"""What a document refers to: articles of laws, other documents, files (pure)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from posixpath import basename

from knowledge.checks.sheet import Row, Sheet
from knowledge.documents import UNDATED, Document, DocumentStatus, LegalBasis
from knowledge.problems import SourceProblem
from knowledge.statutes import ARTICLE, Statutes, Verdict, name_key, read_article

# A citation of the law that cannot be right; anything else is for a person to look at.
_WRONG = frozenset({Verdict.NO_ARTICLE})
# 《某某条例》（2018-12-20）, also 《民法典》物权编（…）; brackets may stand inside the title.
_LAW = re.compile(
    r"《((?:[^《》]|《[^》]*》)+)》(物权编|合同编|侵权责任编|总则编|人格权编|婚姻家庭编|继承编)?\s*(?:[（(](\d{4}-\d{2}-\d{2}))?"
)
# The town's own paper is cited by name without 《》; its articles are no articles of the law before it.
_OWN_PAPER = re.compile(r"[^《》]细则|工作方案")
_DOCUMENT = re.compile(r"(?<![A-Za-z0-9/-])([A-Z]\d{2}-[A-Za-z][A-Za-z0-9-]*)")
_LINK = re.compile(r"\]\(([^)\s]*)")


@dataclass(frozen=True, slots=True)
class Cited:
    """One law named in the body: line, title as written, version or empty, articles with the wording."""

    line: int
    law: str
    version: str
    articles: tuple[str, ...]


def check_citations(sheet: Sheet, statutes: Statutes, ids: frozenset[str], today: date) -> Iterator[SourceProblem]:
    """The basis of the front matter, the laws named in the body, the documents and files that it points at."""
    yield from _basis(sheet, statutes, today)
    for cited in laws_cited(sheet.rows):
        yield from _in_body(sheet, cited, statutes)
    for row in sheet.rows:
        for broken in broken_links(row.text, ids):
            yield sheet.error(row.line, f"指向的“{broken}”不存在", "改正编号，或删去这处引用")


def laws_cited(rows: tuple[Row, ...]) -> Iterator[Cited]:
    """Every law named in these lines with the articles that follow it, up to the next law."""
    for row in rows:
        found = list(_LAW.finditer(row.text))
        for place, law in enumerate(found):
            until = found[place + 1].start() if place + 1 < len(found) else len(row.text)
            own = _OWN_PAPER.search(row.text, law.end(), until)
            until = own.start() if own else until
            articles = tuple(a[0] for a in ARTICLE.finditer(row.text, law.end(), until))
            yield Cited(row.line, law[1] + (law[2] or ""), law[3] or "", articles)


def broken_links(text: str, ids: frozenset[str]) -> tuple[str, ...]:
    """Ids of documents and targets of links in ``text`` that do not exist; addresses of hosts are not looked at."""
    named = [name.rstrip("-") for name in _DOCUMENT.findall(text)]
    linked = [target for target in _LINK.findall(text) if "//" not in target and not target.startswith("#")]
    known = {basename(target).removesuffix(".md"): target for target in linked}
    broken = [name for name in named if name not in ids and name not in known]
    broken += [target for name, target in known.items() if name not in ids]
    return tuple(dict.fromkeys(broken))


def undocumented(document: Document) -> bool:
    """Say whether a document was published although nothing says what it rests on."""
    return not document.basis and document.status is DocumentStatus.PUBLISHED


def _basis(sheet: Sheet, statutes: Statutes, today: date) -> Iterator[SourceProblem]:
    for lines, basis in zip(sheet.basis, sheet.document.basis, strict=True):
        places = dict(zip(basis.articles, lines.articles, strict=False))
        for citation in statutes.check(basis, today):
            line = places.get(
                citation.article, lines.line if citation.verdict is Verdict.LAW_UNKNOWN else lines.version
            )
            if citation.verdict in _WRONG:
                yield sheet.error(line, citation.message, citation.remedy)
            elif citation.verdict is Verdict.UNDATED and statutes.find(basis.law)[0].version == UNDATED:
                continue  # the text at hand names no version either: for the health page, not for the writer
            elif citation.verdict is not Verdict.EXISTS:
                yield sheet.warning(line, citation.message, citation.remedy)
    if undocumented(sheet.document):
        line = sheet.field_line("basis")
        yield sheet.warning(line, "已发布，却没有写依据", "补上 basis；确实没有的，改为“待核验”")


def _in_body(sheet: Sheet, cited: Cited, statutes: Statutes) -> Iterator[SourceProblem]:
    """A law named in the body has these articles and stands in the front matter in the same version."""
    found = statutes.find(cited.law)
    for article in dict.fromkeys(cited.articles):
        number = read_article(article)
        if len(found) == 1 and number is not None and not found[0].has(number):
            message = f"正文引的《{cited.law}》{article}不存在"
            yield sheet.error(cited.line, message, "对照条文改正条款号")
    basis = _same_law(sheet.document.basis, cited, statutes)
    if basis is None:
        if cited.articles:
            yield sheet.warning(cited.line, f"正文引了《{cited.law}》，文首 basis 里没有", "在 basis 里补上")
        return
    if cited.version and basis.version != UNDATED and cited.version != basis.version:
        message = f"正文写《{cited.law}》{cited.version} 版，文首写的是 {basis.version} 版"
        yield sheet.error(cited.line, message, "核对后两处写成一样")
    listed = {read_article(article) for article in basis.articles}
    if missing := [article for article in dict.fromkeys(cited.articles) if read_article(article) not in listed]:
        message = f"正文引了《{cited.law}》{'、'.join(missing)}，文首 basis 里没有"
        yield sheet.warning(cited.line, message, "在 articles 里补上，或核对条款号")


def _same_law(basis: tuple[LegalBasis, ...], cited: Cited, statutes: Statutes) -> LegalBasis | None:
    key, found = name_key(cited.law), set(statutes.find(cited.law))
    return next((b for b in basis if name_key(b.law) == key or found & set(statutes.find(b.law))), None)
