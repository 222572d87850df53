"""The health of the knowledge base by API."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from fastapi.responses import JSONResponse

from intake.application.knowledge_health import HealthReport
from intake.application.services import Services
from intake.domain.access import Principal
from intake.web.auth import current_principal
from knowledge.checks.findings import Finding, FindingKind

Caller = Annotated[Principal, Depends(current_principal)]


def health_routes(services: Services) -> APIRouter:
    """The route over these services."""
    router = APIRouter(prefix="/knowledge", tags=["知识库"])

    @router.get("/health", summary="知识体检：过期、矛盾、重复、依据未核、引用失效、缺文档等")
    def health(
        principal: Caller, kind: Annotated[FindingKind | None, Query(description="只要这一类")] = None
    ) -> JSONResponse:
        return JSONResponse(report_json(services.health.examine(principal), kind))

    return router


def report_json(report: HealthReport, kind: FindingKind | None) -> dict[str, Any]:
    """The report; counts are of all kinds, findings of ``kind`` or all."""
    health = report.health
    return {
        "day": health.day.isoformat(),
        "documents": health.documents,
        "answering": health.answering,
        "sound": health.sound,
        "usage": {"since": report.since.isoformat(), "answers": report.answers, "counted": report.usage_counted},
        "counts": {found.value: count for found, count in health.counts.items()},
        "findings": [_finding(found) for found in health.findings if kind in (None, found.kind)],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "kind": finding.kind.value,
        "documents": list(finding.documents),
        "subject": finding.subject,
        "sentences": list(finding.sentences),
        "message": finding.message,
        "remedy": finding.remedy,
    }
