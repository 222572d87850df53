"""The town's place names by API: list, add, close."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from intake.application.places import KINDS, NewPlace
from intake.application.services import Services
from intake.domain.access import Principal
from intake.web.auth import current_principal
from routing.taxonomy import Alias

Caller = Annotated[Principal, Depends(current_principal)]


class PlaceIn(BaseModel):
    """A name to add; it counts from today on."""

    name: str = Field(description="地名", examples=["绿洲花园"])
    kind: str = Field(description="类别：" + "、".join(KINDS.values()), examples=["小区"])
    area: str = Field("", description="居村委代码或名称")
    street: str = Field("", description="外街镇名称（不在本镇时）")
    numbers: str = Field("", description="道路分段的门牌", examples=["1-99"])
    note: str = ""
    bare: bool = Field(True, description="正文里单说名字就能认")


class PlaceClose(BaseModel):
    """A name to close."""

    name: str
    area: str = ""
    numbers: str = ""
    last_day: date = Field(description="用到哪天为止（含）")


def place_routes(services: Services) -> APIRouter:
    """The routes over these services."""
    router = APIRouter(prefix="/places", tags=["地名"])

    @router.get("", summary="在用的地名")
    def names(principal: Caller, words: str = "") -> JSONResponse:
        return JSONResponse({"places": [place_json(a) for a in services.places.names(principal, words)]})

    @router.post("", summary="新增地名（即时生效，与整个目录一起检查）", status_code=201)
    def add(body: PlaceIn, principal: Caller) -> JSONResponse:
        new = NewPlace(body.name, body.kind, body.area, body.street, body.numbers, body.note, body.bare)
        return JSONResponse(place_json(services.places.add(principal, new)), 201)

    @router.post("/close", summary="停用地名")
    def close(body: PlaceClose, principal: Caller) -> JSONResponse:
        services.places.close(principal, body.name, body.area, body.numbers, body.last_day)
        return JSONResponse({"closed": body.name, "last_day": body.last_day.isoformat()})

    return router


def place_json(alias: Alias) -> dict[str, Any]:
    """One name."""
    return {
        "name": alias.name,
        "kind": KINDS[alias.kind],
        "area": alias.code,
        "street": alias.street,
        "numbers": "" if alias.numbers == (0, 0) else f"{alias.numbers[0]}-{alias.numbers[1]}",
        "from": alias.valid.start.isoformat(),
        "to": alias.valid.end.isoformat() if alias.valid.end else None,
        "note": alias.note,
        "bare": alias.bare,
    }
