"""``hotline doctor``: does the configured language model answer, in the agreed form, in time; else what to do."""

import asyncio
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

import httpx

from intake.domain.second_opinion import Mode
from intake.llm_settings import LlmSettings
from routing.recommendation import Band, Citation, TicketType
from routing.second_opinion.asking import Asking, prepare
from routing.second_opinion.brief import Brief, Choice, Source
from routing.second_opinion.masking import Mask
from routing.second_opinion.opinion import Opinion
from routing.second_opinion.ports import AskError, Fault

_LIST_S = 10.0
_REMEDIES = {
    Fault.UNREACHABLE: "请确认模型服务已启动、地址和端口没写错、防火墙放行。",
    Fault.REFUSED: "请按括号里的提示核对模型名、密钥和账户。",
    Fault.SLOW: "请换小一些的模型、减少 HOTLINE_LLM_PASSAGES、设 HOTLINE_LLM_DRAFT=不写，或调大 HOTLINE_LLM_SECONDS。",
    Fault.BROKEN: "请看模型服务自己的日志；经过网关的，请查网关是否截断了流式回答。",
    Fault.FORM: "这个服务可能不支持 JSON 模式约束。请设 HOTLINE_LLM_FORMAT=json_object，再不行设 text，或换服务。",
    Fault.LARGE: "模型停不下来。请换模型，或减小 HOTLINE_LLM_ANSWER_TOKENS。",
}


@dataclass(frozen=True, slots=True)
class Symptom:
    """One thing that was looked at: ``said`` what was found, ``remedy`` what to do where it is not ``ok``."""

    name: str
    ok: bool
    said: str
    remedy: str = ""

    def __str__(self) -> str:
        mark = "正常" if self.ok else "有问题"
        return f"[{mark}] {self.name}：{self.said}" + (f"\n        怎么办：{self.remedy}" if self.remedy else "")


def examine_model(settings: LlmSettings, clock: Callable[[], float] = time.monotonic) -> Iterator[Symptom]:
    """Settings, address and key, model name, form and speed, one after the other; ends where going on is useless."""
    if settings.problem:
        off = settings.mode is Mode.OFF
        yield Symptom("第二意见", off, "没有配置，处于关闭状态。" if off else settings.problem, _HOW)
        return
    said = f"{settings.mode.value} · {settings.model} · {settings.url}"
    closed = "要启用请设 HOTLINE_LLM_MODE=仅在没把握时。" if settings.mode is Mode.OFF else ""
    yield Symptom("第二意见", True, said, closed)
    listed = _list_models(settings)
    yield listed
    if not listed.ok:
        return
    yield from _try_out(settings, clock)
    if settings.day_yuan and not (settings.price_in or settings.price_out):
        remedy = "请按服务商的价目填 HOTLINE_LLM_PRICE_IN、HOTLINE_LLM_PRICE_OUT（元/千词元）。"
        yield Symptom("费用", False, "设了每日金额上限，但单价是 0，金额永远算不满。", remedy)


_HOW = "见 docs/second-opinion.md：填 HOTLINE_LLM_URL、HOTLINE_LLM_MODEL，需要时填 HOTLINE_LLM_KEY。"


def _list_models(settings: LlmSettings) -> Symptom:
    name = "地址、密钥、模型名"
    headers = {"Authorization": f"Bearer {settings.key}"} if settings.key else {}
    try:
        response = httpx.get(f"{settings.endpoint.url}/models", headers=headers, timeout=_LIST_S)
    except httpx.HTTPError as error:
        return Symptom(name, False, f"连不上 {settings.url}（{type(error).__name__}）。", _REMEDIES[Fault.UNREACHABLE])
    if response.status_code in (401, 403):
        return Symptom(name, False, f"密钥不被接受（HTTP {response.status_code}）。", "请核对 HOTLINE_LLM_KEY。")
    if response.status_code == 404 and not settings.endpoint.url.endswith("/v1"):
        return Symptom(name, False, "这个地址下没有模型列表（HTTP 404）。", "地址通常要以 /v1 结尾，请补上再试。")
    known = _names(response)
    if known and settings.model not in known:
        shown = "、".join(known[:8])
        return Symptom(
            name, False, f"没有模型“{settings.model}”，现有：{shown}。", "请改 HOTLINE_LLM_MODEL，或先下载模型。"
        )
    return Symptom(
        name, True, "可以连接" + (f"，共 {len(known)} 个模型。" if known else "（服务不列出模型，下一步直接试问）。")
    )


def _names(response: httpx.Response) -> list[str]:
    """Model names of the list; empty where the server has no list of the usual form."""
    if response.status_code != 200:
        return []
    try:
        return [str(one["id"]) for one in response.json()["data"]]
    except (ValueError, KeyError, TypeError):
        return []


def _try_out(settings: LlmSettings, clock: Callable[[], float]) -> Iterator[Symptom]:
    """Ask about an invented call, as the desk would."""
    import langchain_openai  # noqa: F401 - its seconds of loading are not the model's

    asking = prepare(sample_brief(), Mask(), draft=settings.draft == "写")
    start = clock()
    try:
        first, opinion = asyncio.run(_ask(settings, asking, clock))
    except AskError as error:
        detail = f"（{error.detail}）" if error.detail else ""
        yield Symptom("试问一次", False, f"{error.fault.value}{detail}。", _REMEDIES.get(error.fault, ""))
        return
    whole = clock() - start
    usage = asking.usage
    if asking.repaired:
        yield Symptom("回答格式", False, "第一次的回答不合格式，补问一次后才合格。", _REMEDIES[Fault.FORM])
    else:
        yield Symptom("回答格式", True, f"符合约定的 JSON 格式（{settings.format}）。")
    struck = f"，核对后划去 {len(opinion.struck)} 处" if opinion.struck else ""
    yield Symptom("回答内容", True, f"事项 {opinion.topic or '都不合适'}{struck}。")
    speed = usage.tokens_out / max(0.1, whole - first)
    slow = whole > settings.seconds * 0.7
    remedy = _REMEDIES[Fault.SLOW] if slow else ""
    told = f"首字 {first:.1f} 秒，全部 {whole:.1f} 秒（上限 {settings.seconds:g} 秒），约 {speed:.0f} 词元/秒。"
    yield Symptom("速度", not slow, told, remedy)
    counted = "由服务计数" if not usage.estimated else "服务没有计数，按字数估算（偏多）"
    yield Symptom("词元", True, f"一次约 {usage.tokens_in}+{usage.tokens_out}，{counted}。")


async def _ask(settings: LlmSettings, asking: Asking, clock: Callable[[], float]) -> tuple[float, Opinion]:
    """Seconds until the first part, and the whole opinion."""
    from routing.second_opinion.chain import Chain

    start, first, last = clock(), 0.0, Opinion()
    async for opinion in Chain(settings.endpoint, settings.limits).stream(asking):
        first, last = first or clock() - start, opinion
    return first, last


def sample_brief() -> Brief:
    """An invented call with two candidates and one passage."""
    citation = Citation("示例", "漏水怎么办（示例）", "可以这样答复", date(2026, 1, 1), "示例", "")
    return Brief(
        text="昨晚开始楼上往下漏水，天花板湿了一片，希望有人来看看。",
        address="示例小区",
        first="示1",
        band=Band.CHOOSE,
        doubt="前几个事项分数接近",
        choices=(
            Choice("示1", "房屋漏水", "房屋漏水、渗水", "房管单位", (), 0.5),
            Choice("示2", "噪声扰民", "邻里噪声、施工噪声", "执法单位", (), 0.4),
        ),
        types=tuple(kind.value for kind in TicketType),
        sources=(Source("P1", "房屋漏水由房管单位受理。请先拍照录像，记下时间。", citation),),
        similar=(),
        unit_names=frozenset({"房管单位", "执法单位"}),
    )
