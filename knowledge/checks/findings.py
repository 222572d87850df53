"""What an examination of the whole knowledge base can find (pure)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class FindingKind(StrEnum):
    """Kinds of finding, the gravest first."""

    UNREADABLE = "读不出来"
    CONTRADICTION = "相互矛盾"
    EXPIRED = "已失效"
    OUTDATED = "依据已有新版本"
    BROKEN = "引用失效"
    NO_OWNER = "没有负责单位"
    NO_DOCUMENT = "事项没有文档"
    REVIEW_OVERDUE = "复核过期"
    EXPIRING = "即将失效"
    REVIEW_DUE = "即将复核"
    DUPLICATE = "内容重复"
    SAME_ASK = "问法重复"
    NEVER_FOUND = "从未被用到"
    UNVERIFIED = "依据未核"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at: the documents (one or two ids), their sentences side by side, what and what to do.

    ``subject`` is what it is about where no document is: a topic, a file.
    """

    kind: FindingKind
    documents: tuple[str, ...]
    sentences: tuple[str, ...]
    message: str
    remedy: str
    subject: str = ""


@dataclass(frozen=True, slots=True)
class TownCodes:
    """The town pack of the day: code → name of topics and open units, and of units that were closed."""

    topics: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    closed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Usage:
    """How often each document (by id) stood in the answer of a call since a day; one left out was never found."""

    since: date
    found: Mapping[str, int]
