"""Timings: one run, both systems, the same texts; a single absolute time on a shared machine means little."""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from zoneinfo import ZoneInfo

from evals.figures import latency
from evals.peers import TfidfSvm
from evals.report import table
from evals.server import Server, own_server
from routing.recommendation import Request
from routing.router import Router

CALLS_PER_TYPIST = 30


def bench_in_process(router: Router, texts: Sequence[str]) -> str:
    """Time the whole recommendation and the peer's bare prediction, alternating so that both meet the same noise."""
    svm = TfidfSvm([e.text for e in router.examples], [e.topic for e in router.examples])
    now = datetime.now(ZoneInfo("Asia/Shanghai"))
    router.recommend(Request(texts[0], now))
    ours, theirs = [], []
    for text in texts:
        start = time.perf_counter()
        router.recommend(Request(text, now))
        middle = time.perf_counter()
        svm.top3(text)
        ours.append((middle - start) * 1000)
        theirs.append((time.perf_counter() - middle) * 1000)
    return (
        table(f"进程内：完整建议（分类、检索、规则、时限、答复），{len(texts)} 次", latency(ours))
        + "\n"
        + table("进程内：tf-idf + 线性 SVM 仅分类，同批文本", latency(theirs))
    )


def bench_http(texts: Sequence[str], typists: int) -> str:
    """Let ``typists`` type at once against a server of our own."""
    with own_server("suggest") as server, ThreadPoolExecutor(typists) as pool:
        jobs = [pool.submit(_type, server, list(texts[i::typists])) for i in range(typists)]
        times = [ms for job in jobs for ms in job.result()]
    return table(f"HTTP：{typists} 名坐席同时打字，{len(times)} 次", latency(times))


def _type(server: Server, texts: list[str]) -> list[float]:
    """Send growing parts of texts one after another, as a typist's pauses do; milliseconds per answer."""
    times: list[float] = []
    for text in texts:
        for share in (0.4, 0.7, 1.0):
            start = time.perf_counter()
            status, _ = server.call("POST", "/api/v1/suggest", {"text": text[: max(2, int(len(text) * share))]})
            times.append((time.perf_counter() - start) * 1000)
            if status != 200:
                raise RuntimeError(f"suggest answered {status}")
            time.sleep(0.3)  # people pause between words
            if len(times) >= CALLS_PER_TYPIST:
                return times
    return times
