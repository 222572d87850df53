"""附件2 as a Word document: one ticket or a selection."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response

from intake.application.services import Services
from intake.domain.access import Principal
from intake.web.auth import current_principal

Caller = Annotated[Principal, Depends(current_principal)]
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def form_routes(services: Services) -> APIRouter:
    """The routes over these services; they come before those of single tickets."""
    router = APIRouter(tags=["工单表"])

    @router.get("/tickets/forms", summary="打印几张工单的信息记录表（附件2，docx）", response_class=Response)
    def several(
        principal: Caller,
        numbers: Annotated[str, Query(description="工单编号，逗号隔开", examples=["JT20261123-0001,JT20261123-0002"])],
        whole_phone: Annotated[bool, Query(description="打印完整号码（须有权限，记入审计）")] = False,
    ) -> Response:
        content = services.forms.docx(numbers.replace("，", ",").split(","), principal, whole_phone)
        return _download(content, "gongdan")

    @router.get("/tickets/{number}/form", summary="打印工单信息记录表（附件2，docx）", response_class=Response)
    def one(number: str, principal: Caller, whole_phone: bool = False) -> Response:
        return _download(services.forms.docx([number], principal, whole_phone), number.strip().upper()[:40])

    return router


def _download(content: bytes, name: str) -> Response:
    safe = "".join(c for c in name if c.isascii() and (c.isalnum() or c == "-")) or "gongdan"
    return Response(content, media_type=DOCX, headers={"Content-Disposition": f'attachment; filename="{safe}.docx"'})
