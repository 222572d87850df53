"""Documents whose time is over or nearly over, without owner, or resting on something that nobody verified (pure)."""

from collections.abc import Iterator
from datetime import date, timedelta

from knowledge.checks.citations import undocumented
from knowledge.checks.findings import Finding, FindingKind, TownCodes
from knowledge.documents import ANSWERING, Document, DocumentStatus
from knowledge.statutes import Citation, Statutes, Verdict

SOON = timedelta(days=30)
_UNSURE = frozenset({Verdict.UNDATED, Verdict.VERSION_UNKNOWN, Verdict.LAW_UNKNOWN, Verdict.NO_ARTICLE})


def check_period(document: Document, today: date) -> Iterator[Finding]:
    """Expired though not withdrawn, soon to expire, review overdue or due within 30 days."""
    if document.status not in ANSWERING:
        return
    ended, review = document.in_force_to, document.review_by
    if ended is not None and ended < today:
        message = f"{ended} 已失效，不再答复，状态仍是“{document.status.value}”"
        yield _about(document, FindingKind.EXPIRED, message, "还用就核对后延长，不用就停用")
    elif ended is not None and ended <= today + SOON:
        message = f"{ended} 失效，还有 {(ended - today).days} 天"
        yield _about(document, FindingKind.EXPIRING, message, "核对后延长，或准备接替的文档")
    if review < today:
        message = f"应在 {review} 前复核，已过 {(today - review).days} 天"
        yield _about(document, FindingKind.REVIEW_OVERDUE, message, "核对内容，改好复核日后保存")
    elif review <= today + SOON:
        message = f"应在 {review} 前复核，还有 {(review - today).days} 天"
        yield _about(document, FindingKind.REVIEW_DUE, message, "安排复核")


def check_owner(document: Document, codes: TownCodes) -> Iterator[Finding]:
    """A unit that is not in the directory, or no longer open."""
    if document.status not in ANSWERING or document.unit in codes.units:
        return
    closed = codes.closed.get(document.unit)
    message = f"负责单位“{closed}”已撤销" if closed else f"负责单位代码 {document.unit} 不在目录中"
    yield _about(document, FindingKind.NO_OWNER, message, "改成现在负责的单位")


def check_basis(document: Document, statutes: Statutes, today: date) -> Iterator[Finding]:
    """待核验, no basis, a version or article that cannot be verified, a law that has a newer version."""
    if document.status not in ANSWERING:
        return
    found = [citation for basis in document.basis for citation in statutes.check(basis, today)]
    outdated = _said(found, frozenset({Verdict.SUPERSEDED}))
    if outdated:
        yield _about(document, FindingKind.OUTDATED, outdated, "找到新版条文，核对条款和答复内容后改正")
    reasons = [
        "状态是“待核验”" if document.status is DocumentStatus.UNVERIFIED else "",
        "没有写依据" if not document.basis else "",
        _said(found, _UNSURE),
    ]
    if any(reasons):
        remedy = "补上依据，核对后改为“已发布”" if undocumented(document) else "对照条文核对后改为“已发布”"
        yield _about(document, FindingKind.UNVERIFIED, "；".join(reason for reason in reasons if reason), remedy)


def _said(found: list[Citation], verdicts: frozenset[Verdict]) -> str:
    return "；".join(dict.fromkeys(citation.message for citation in found if citation.verdict in verdicts))


def _about(document: Document, kind: FindingKind, message: str, remedy: str) -> Finding:
    return Finding(kind, (document.id,), (), message, remedy)
