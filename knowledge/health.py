"""Examines the whole knowledge base: what is stale, unowned, unverified, double, contradictory, broken or missing."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from knowledge.checks.citations import broken_links
from knowledge.checks.conflicts import conflicts_between
from knowledge.checks.duplicates import near_duplicates, shared_asks
from knowledge.checks.findings import Finding, FindingKind, TownCodes, Usage
from knowledge.checks.freshness import check_basis, check_owner, check_period
from knowledge.documents import ANSWERING, Document
from knowledge.problems import SourceProblem
from knowledge.statutes import Statutes

_ORDER = {kind: place for place, kind in enumerate(FindingKind)}


@dataclass(frozen=True, slots=True)
class Health:
    """The findings of one day, the gravest first; ``documents`` were read, ``answering`` of them answer that day."""

    day: date
    documents: int
    answering: int
    findings: tuple[Finding, ...]

    @property
    def counts(self) -> Mapping[FindingKind, int]:
        """How many findings of each kind, kinds without any included."""
        found = Counter(finding.kind for finding in self.findings)
        return {kind: found[kind] for kind in FindingKind}

    @property
    def sound(self) -> int:
        """Answering documents that no finding names but 待核验 and the like (``FindingKind.UNVERIFIED``)."""
        named = {key for f in self.findings if f.kind is not FindingKind.UNVERIFIED for key in f.documents}
        return max(self.answering - len(named), 0)


def examine(
    documents: Sequence[Document],
    today: date,
    codes: TownCodes,
    statutes: Statutes,
    usage: Usage | None = None,
    problems: Sequence[SourceProblem] = (),
) -> Health:
    """Examine all documents on ``today``; ``usage`` None leaves 从未被用到 out. Seconds for two thousand documents."""
    answering = [document for document in documents if document.answers_on(today)]
    found = [
        *_unreadable(problems),
        *(f for d in documents for f in check_period(d, today)),
        *(f for d in documents for f in check_owner(d, codes)),
        *(f for d in documents for f in check_basis(d, statutes, today)),
        *_broken(documents),
        *_contradictions(answering),
        *_duplicates(answering),
        *_uncovered(answering, codes),
        *(_never_found(answering, usage) if usage else ()),
    ]
    ordered = sorted(found, key=lambda f: (_ORDER[f.kind], f.documents, f.subject))
    return Health(today, len(documents), len(answering), tuple(ordered))


def _unreadable(problems: Sequence[SourceProblem]) -> Iterator[Finding]:
    for problem in problems:
        message = f"第 {problem.line} 行：{problem.message}，整篇没有参与答复"
        yield Finding(FindingKind.UNREADABLE, (), (), message, problem.remedy, problem.path)


def _broken(documents: Sequence[Document]) -> Iterator[Finding]:
    """References to documents that do not exist, or that no longer answer."""
    ids = frozenset(document.id for document in documents)
    usable = frozenset(document.id for document in documents if document.status in ANSWERING)
    for document in documents:
        if document.status not in ANSWERING:
            continue
        for broken in broken_links(document.body, ids):
            message = f"正文指向的“{broken}”不存在"
            yield Finding(FindingKind.BROKEN, (document.id,), (), message, "改正编号，或删去这处引用")
        for idle in broken_links(document.body, usable):
            if idle not in broken_links(document.body, ids):
                message = f"正文指向的“{idle}”已停用或还是草稿"
                yield Finding(FindingKind.BROKEN, (document.id,), (), message, "改指在用的文档，或删去这处引用")


def _contradictions(answering: Sequence[Document]) -> Iterator[Finding]:
    seen = set()
    for document_group in _by_topic(answering).values():
        for conflict in conflicts_between(document_group):
            key = (conflict.documents, conflict.sentences)
            if key not in seen:
                seen.add(key)
                message = f"{conflict.kind.value}：“{conflict.clauses[0]}”与“{conflict.clauses[1]}”"
                remedy = "核对哪一句对，改正另一篇；各有条件的，把条件写清"
                yield Finding(FindingKind.CONTRADICTION, conflict.documents, conflict.sentences, message, remedy)


def _duplicates(answering: Sequence[Document]) -> Iterator[Finding]:
    twins = near_duplicates(answering)
    for pair in twins:
        message = f"两篇有 {pair.likeness:.0%} 的文字相同"
        yield Finding(FindingKind.DUPLICATE, pair.documents, (), message, "并成一篇，另一篇停用；或写出各自不同的地方")
    for ask, owners in shared_asks(answering):
        if len(owners) == 2 and any(set(pair.documents) == set(owners) for pair in twins):
            continue  # said once already
        message = f"都写了问法“{ask}”，来电人问起时不知道用哪一篇"
        yield Finding(FindingKind.SAME_ASK, owners, (), message, "只留在真正回答它的那一篇")


def _uncovered(answering: Sequence[Document], codes: TownCodes) -> Iterator[Finding]:
    covered = {topic for document in answering for topic in document.topics}
    for code, name in codes.topics.items():
        if code not in covered:
            message = f"“{code} {name}”没有一篇在用的文档，来电人问起只能答“暂无答案”"
            yield Finding(FindingKind.NO_DOCUMENT, (), (), message, "写一篇，或给已有文档加上这个事项", code)


def _never_found(answering: Sequence[Document], usage: Usage) -> Iterator[Finding]:
    """Documents that could have been found since that day and were not."""
    for document in answering:
        if document.in_force_from <= usage.since and not usage.found.get(document.id):
            message = f"{usage.since} 以来没有一次来电用到它"
            remedy = "看看来电人是不是换了说法，在命中测试里试几句；确实没人问的可以停用"
            yield Finding(FindingKind.NEVER_FOUND, (document.id,), (), message, remedy)


def _by_topic(documents: Sequence[Document]) -> Mapping[str, list[Document]]:
    groups: dict[str, list[Document]] = defaultdict(list)
    for document in documents:
        for topic in document.topics:
            groups[topic].append(document)
    return groups
