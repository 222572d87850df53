"""Timings: one run, both systems, the same texts; a single absolute time on a shared machine means little."""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from http.client import HTTPConnection
from pathlib import Path
from zoneinfo import ZoneInfo

from evals.peers import TfidfSvm
from evals.report import table
from evals.runner import latency
from routing.recommendation import Request
from routing.router import Router

CALLS_PER_TYPIST = 30
START_LIMIT_S = 180


def bench_in_process(router: Router, texts: Sequence[str]) -> str:
    """Time the whole recommendation and the peer's bare prediction, alternating so that both meet the same noise."""
    examples = router.examples
    svm = TfidfSvm([e.text for e in examples], [e.topic for e in examples])
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
    """Start a server of our own on a free port of 127.0.0.1 and let ``typists`` type at once; it is stopped again."""
    with tempfile.TemporaryDirectory() as folder:
        port = _free_port()
        env = os.environ | {"HOTLINE_VAR": folder, "HOTLINE_PORT": str(port), "HOTLINE_HOST": "127.0.0.1"}
        hotline = str(Path(sys.executable).parent / "hotline")
        token = subprocess.run(  # noqa: S603 - our own console script
            [hotline, "token", "add", "bench", "--scope", "suggest"],
            env=env,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.split()[-1]
        with open(Path(folder) / "server.log", "w") as log:
            server = subprocess.Popen([hotline, "serve"], env=env, stdout=log, stderr=log)  # noqa: S603
        try:
            _wait_ready(port, server)
            with ThreadPoolExecutor(typists) as pool:
                jobs = [pool.submit(_type, port, token, list(texts[i::typists])) for i in range(typists)]
                times = [ms for job in jobs for ms in job.result()]
        finally:
            server.terminate()
            server.wait(20)
    return table(f"HTTP：{typists} 名坐席同时打字，{len(times)} 次", latency(times))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_ready(port: int, server: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + START_LIMIT_S
    while time.monotonic() < deadline and server.poll() is None:
        connection = HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/api/v1/ready")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.2)  # not listening yet
        finally:
            connection.close()
        time.sleep(0.3)
    raise RuntimeError("server did not become ready")


def _type(port: int, token: str, texts: list[str]) -> list[float]:
    """Send growing prefixes of texts one after another, as a typist's pauses do; milliseconds per answer."""
    times: list[float] = []
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    for text in texts:
        for share in (0.4, 0.7, 1.0):
            body = json.dumps({"text": text[: max(2, int(len(text) * share))]})
            start = time.perf_counter()
            connection.request("POST", "/api/v1/suggest", body, headers)
            response = connection.getresponse()
            response.read()
            times.append((time.perf_counter() - start) * 1000)
            if response.status != 200:
                raise RuntimeError(f"suggest answered {response.status}")
            time.sleep(0.3)  # people pause between words
            if len(times) >= CALLS_PER_TYPIST:
                return times
    return times
