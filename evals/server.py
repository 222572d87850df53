"""A server of our own on a free port of 127.0.0.1 with an empty state folder; stopped again when the block ends."""

import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

START_LIMIT_S = 240


@dataclass(frozen=True, slots=True)
class Server:
    """Where our server listens and a token that may use it."""

    port: int
    token: str

    def call(self, method: str, path: str, body: Any = None, key: str = "") -> tuple[int, Any]:
        """One request; returns status and decoded JSON."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        if key:
            headers["Idempotency-Key"] = key
        try:
            connection.request(method, path, None if body is None else json.dumps(body), headers)
            response = connection.getresponse()
            return response.status, json.loads(response.read() or b"null")
        finally:
            connection.close()


@contextlib.contextmanager
def own_server(scope: str) -> Iterator[Server]:
    """Start ``hotline serve``, wait until it is ready, stop it at the end; RuntimeError when it does not start."""
    with tempfile.TemporaryDirectory() as folder:
        port = _free_port()
        env = os.environ | {"HOTLINE_VAR": folder, "HOTLINE_PORT": str(port), "HOTLINE_HOST": "127.0.0.1"}
        env.pop("HOTLINE_DATABASE_URL", None)  # never a real town's database
        hotline = str(Path(sys.executable).parent / "hotline")
        issued = subprocess.run(  # noqa: S603 - our own console script
            [hotline, "token", "add", "evals", "--scope", scope], env=env, capture_output=True, text=True, check=True
        )
        log = Path(folder) / "server.log"
        with log.open("w") as out:
            process = subprocess.Popen([hotline, "serve"], env=env, stdout=out, stderr=out)  # noqa: S603
        try:
            _wait_ready(port, process, log)
            yield Server(port, issued.stdout.split()[-1])
        finally:
            process.terminate()
            process.wait(30)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_ready(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + START_LIMIT_S
    while time.monotonic() < deadline and process.poll() is None:
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
    raise RuntimeError("server did not become ready:\n" + log.read_text(encoding="utf-8"))
