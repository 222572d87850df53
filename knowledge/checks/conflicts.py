"""Sentences of different documents that speak of the same thing and say something else (pure)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations, product

from knowledge.checks.statements import Claims, Statement, claims_of
from knowledge.documents import Document, DocumentKind

# Fitted by reading every report on kb_docs and by changing single words of it: docs/knowledge-health.md.
SAME_AROUND = 0.6
SAME_MATTER = 0.5
SAME_OWNER = 0.5
SAYS_ENOUGH = 6
SAYS_SOMETHING = 3
_NEGATIONS = frozenset("不没未无非")


class ConflictKind(StrEnum):
    """How two sentences differ."""

    NUMBER = "数字不同"
    STANCE = "说法相反"
    OWNER = "负责单位不同"


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two sentences that cannot both be right: the documents, the whole sentences, and the clauses that differ."""

    kind: ConflictKind
    documents: tuple[str, str]
    sentences: tuple[str, str]
    clauses: tuple[str, str]


def conflicts_between(documents: Sequence[Document]) -> tuple[Conflict, ...]:
    """Contradictions between these documents, each pair of sentences once.

    Invented cases are left out: their figures are a story, no rule.
    """
    said = [claims_of(document) for document in documents if document.kind is not DocumentKind.CASE]
    found: dict[tuple[str, ...], Conflict] = {}
    for ours, theirs in combinations(said, 2):
        for kind, one, other in _differences(ours, theirs):
            if _same_matter(one, other, kind):
                conflict = Conflict(
                    kind,
                    (one.document_id, other.document_id),
                    (one.sentence, other.sentence),
                    (one.clause, other.clause),
                )
                found.setdefault((*conflict.documents, *conflict.sentences), conflict)
    return tuple(found.values())


def _differences(ours: Claims, theirs: Claims) -> Iterator[tuple[ConflictKind, Statement, Statement]]:
    """Pairs that differ, whatever they speak of; where they also hold for other quantities, both may well be true."""
    for units, statements in ours.by_units.items():
        for one, other in product(statements, theirs.by_units.get(units, ())):
            if (one.limits == other.limits) is not (one.quantities == other.quantities) and not _opposite(one, other):
                yield ConflictKind.NUMBER, one, other
    for one, other in product(ours.stanced, theirs.stanced):
        if _opposite(one, other) and (one.limits, one.quantities) == (other.limits, other.quantities):
            yield ConflictKind.STANCE, one, other
    for one, other in product(ours.owned, theirs.owned):
        if one.limits == other.limits and _other_owner(one.owner, other.owner):
            yield ConflictKind.OWNER, one, other


def _opposite(one: Statement, other: Statement) -> bool:
    """One may and the other may not, one must and the other need not, or one must and the other may not."""
    if not one.stance or not other.stance:
        return False
    ours, theirs = dict(one.stance), dict(other.stance)
    if any(topic in theirs and theirs[topic] != sign for topic, sign in ours.items()):
        return True
    crossed = ({"需": 1}, {"能": -1})
    return (ours, theirs) in (crossed, crossed[::-1])


def _other_owner(one: str, other: str) -> bool:
    """Neither name is a part of the other, and they are not alike."""
    if one in other or other in one:
        return False
    ours, theirs = ({name[i : i + 2] for i in range(len(name) - 1)} for name in (one, other))
    return 2 * len(ours & theirs) < SAME_OWNER * (len(ours) + len(theirs))


def _same_matter(one: Statement, other: Statement, kind: ConflictKind) -> bool:
    """One speaks of all that the other speaks of: two that each have a word of their own are about two things."""
    ours, theirs = one.matter, other.matter
    if kind is ConflictKind.OWNER:
        return ours == theirs
    shared, more = len(ours & theirs), ours ^ theirs
    if shared < min(len(ours), len(theirs)) or shared < SAYS_SOMETHING or more & _NEGATIONS:
        return False
    if min(_alike(ours, theirs), _alike(one.own, other.own)) < SAME_MATTER:
        return False
    return shared >= SAYS_ENOUGH or _alike(one.around, other.around) >= SAME_AROUND


def _alike(one: frozenset[str], other: frozenset[str]) -> float:
    """Dice coefficient of two sets of characters, 0..1."""
    total = len(one) + len(other)
    return 2 * len(one & other) / total if total else 0.0
