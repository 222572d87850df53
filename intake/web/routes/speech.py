"""Speech by API: a whole recording at once, or jobs whose text arrives while it is heard (live line or recording)."""

from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Query, Request
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool

from intake.application.services import Services
from intake.application.speech_port import Hearing, Speech
from intake.application.summarise import summarise
from intake.domain.access import Principal
from intake.domain.errors import NotReadyError
from intake.domain.transcript import LeftOut, Transcript, Turn, told_by_caller
from intake.web.auth import current_principal

Caller = Annotated[Principal, Depends(current_principal)]
Name = Annotated[str, Query(max_length=200, description="文件名；没有文件头的电话录音靠扩展名（.alaw、.ulaw）识别")]
_SOUND = {"requestBody": {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}}
_LIMITS = "wav、mp3、m4a、amr、ogg、flac 或电话 A-law，至多 30 分钟、60 MB。录音默认不保存（HOTLINE_SPEECH_KEEP）。"
_BLOCK = "16 kHz 单声道 16 位小端采样，至多一分钟；序号从 0 起，重复的序号不重记。"


def speech_routes(services: Services) -> APIRouter:
    """The routes over the speech service; without one every path says so."""
    router = APIRouter(prefix="/speech", tags=["语音"])

    def speech() -> Speech:
        if services.speech is None:
            raise NotReadyError(
                "语音没有开通", "没有设置 HOTLINE_SPEECH_MODEL。", "请管理员按 docs/speech.md 设置；可先手工记录。"
            )
        return services.speech

    @router.post("/transcripts", summary="转写一段录音（请求体即文件）", description=_LIMITS, openapi_extra=_SOUND)
    async def transcripts(request: Request, caller: Caller, name: Name = "") -> JSONResponse:
        content = await request.body()
        return JSONResponse(transcript_json(await run_in_threadpool(speech().transcribe, name, content, caller)))

    @router.post(
        "/recordings", summary="转写一段录音，逐句取回", description=_LIMITS, status_code=202, openapi_extra=_SOUND
    )
    async def recordings(request: Request, caller: Caller, name: Name = "") -> JSONResponse:
        content = await request.body()
        return JSONResponse({"id": await run_in_threadpool(speech().read, name, content, caller)}, 202)

    @router.post("/lines", summary="开始听写一路声音", status_code=201)
    def lines(caller: Caller, _body: Annotated[None, Body()] = None) -> JSONResponse:
        return JSONResponse({"id": speech().listen(caller)}, 201)

    @router.put("/lines/{job_id}/{number}", summary="送入一块声音", description=_BLOCK, openapi_extra=_SOUND)
    async def block(job_id: str, number: int, request: Request, caller: Caller) -> JSONResponse:
        content = await request.body()
        return JSONResponse(hearing_json(await run_in_threadpool(speech().feed, job_id, number, content, caller)))

    @router.post("/lines/{job_id}/end", summary="声音到此为止；余下的话还在转写")
    def end(job_id: str, caller: Caller, _body: Annotated[None, Body()] = None) -> JSONResponse:
        return JSONResponse(hearing_json(speech().finish(job_id, caller)))

    @router.get("/jobs/{job_id}", summary="已经听到的话；turns 只增不改，partial 还会变")
    def job(job_id: str, caller: Caller) -> JSONResponse:
        return JSONResponse(hearing_json(speech().look(job_id, caller)))

    return router


def transcript_json(transcript: Transcript) -> dict[str, Any]:
    """Turns, text, length, what was left out, and the four elements of what the caller told."""
    summary = summarise(transcript.told)
    return {
        "text": transcript.text,
        "told": transcript.told,
        "seconds": round(transcript.seconds, 2),
        "turns": [_turn_json(turn) for turn in transcript.turns],
        "left_out": [_left_json(piece) for piece in transcript.left_out],
        "notices": [*transcript.notices],
        "summary": {
            "time": summary.time,
            "place": summary.place,
            "object": summary.object,
            "demand": summary.demand,
            "missing": [*summary.missing],
        },
    }


def hearing_json(hearing: Hearing) -> dict[str, Any]:
    """The state of a job; a recording's ``told`` is for 诉求描述 and is whole only when it is done."""
    return {
        "id": hearing.job_id,
        "turns": [_turn_json(turn) for turn in hearing.turns],
        "told": "".join(turn.text for turn in told_by_caller(hearing.turns)),
        "left_out": [_left_json(piece) for piece in hearing.left_out],
        "partial": hearing.partial,
        "heard": round(hearing.heard_s, 2),
        "seconds": round(hearing.total_s, 2),
        "done": hearing.done,
        "problem": hearing.problem,
    }


def _turn_json(turn: Turn) -> dict[str, Any]:
    return {"start": round(turn.start, 2), "end": round(turn.end, 2), "speaker": turn.speaker, "text": turn.text}


def _left_json(piece: LeftOut) -> dict[str, Any]:
    return {
        "start": round(piece.start, 2),
        "end": round(piece.end, 2),
        "speaker": piece.speaker,
        "reason": piece.reason,
    }
