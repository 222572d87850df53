"""A real server on a free port with a state folder of its own, and Debian's Chromium."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
SCREENS = ROOT / "var" / "screens"
CALLS_SECRET = "测试密钥"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]


@dataclass(frozen=True)
class Desk:
    url: str
    name: str
    password: str
    state: Path
    docs: Path
    hotline: str

    def run(self, *arguments: str, text: str = "") -> "subprocess.CompletedProcess[str]":
        env = os.environ | {"HOTLINE_VAR": str(self.state), "HOTLINE_DOCS": str(self.docs)}
        return subprocess.run(
            [self.hotline, *arguments], input=text, env=env, capture_output=True, text=True, check=False
        )


def _missing(what: str) -> None:
    if os.environ.get("CI") == "true":
        pytest.fail(f"missing in CI: {what}")
    pytest.skip(f"missing: {what}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="package")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    state, port = tmp_path_factory.mktemp("var"), _free_port()
    env = os.environ | {"HOTLINE_VAR": str(state), "HOTLINE_PORT": str(port), "PYTHONUNBUFFERED": "1"}
    env["HOTLINE_CALLS_SECRET"] = CALLS_SECRET
    docs = state / "kb_docs"  # a copy: tests write, publish and withdraw documents
    shutil.copytree(ROOT / "kb_docs", docs)
    env["HOTLINE_DOCS"] = str(docs)
    hotline = str(Path(sys.executable).parent / "hotline")
    log = state / "server.log"
    with log.open("w") as out:
        server = subprocess.Popen([hotline, "serve"], env=env, stdout=out, stderr=out, cwd=ROOT)
    url = f"http://127.0.0.1:{port}"
    try:
        _wait(url, server, log)
        found = re.search(r"用户名 (\S+)\s+密码\s+(\S+)", log.read_text(encoding="utf-8"))
        assert found, log.read_text(encoding="utf-8")
        yield Desk(url, found[1], found[2], state, docs, hotline)
    finally:
        server.terminate()
        server.wait(30)


def _wait(url: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    for _ in range(600):
        if server.poll() is not None:
            break
        try:
            if httpx.get(f"{url}/api/v1/health", timeout=2).status_code == 200:
                return
        except httpx.HTTPError:
            time.sleep(0.5)
    raise RuntimeError("the server did not start:\n" + log.read_text(encoding="utf-8"))


def chromium() -> str:
    """Debian's Chromium; without it the test fails in CI and is skipped elsewhere."""
    path = shutil.which("chromium")
    if path is None:
        _missing("chromium (apt-get install chromium fonts-noto-cjk)")
    return str(path)


@pytest.fixture(scope="package")
def player() -> Iterator[Playwright]:
    """One Playwright for all browsers: a second one in the same thread would not start."""
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="package")
def browser(player: Playwright) -> Iterator[Browser]:
    browser = player.chromium.launch(executable_path=chromium(), args=FLAGS)
    yield browser
    browser.close()


@pytest.fixture
def page(desk: Desk, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN")
    page = context.new_page()
    page.on("dialog", lambda dialog: dialog.accept())  # a person who is sure
    page.goto(f"{desk.url}/desk/")
    page.fill("input[name=name], input[name=username]", desk.name)
    page.fill("input[name=password]", desk.password)
    page.keyboard.press("Enter")
    page.wait_for_selector("#call-text textarea")
    yield page
    context.close()


def shoot(page: Page, name: str) -> None:
    SCREENS.mkdir(parents=True, exist_ok=True)
    target = SCREENS / f"{name}.png"
    page.screenshot(path=str(target))
    if os.environ.get("HOTLINE_KEEP_SCREENS"):
        shutil.copy(target, ROOT / "docs" / "screens" / target.name)
