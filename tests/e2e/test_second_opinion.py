"""The second opinion in a real browser: after the proposal, apart from it, and gone when the text has moved on."""

import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import ROOT, Desk, _free_port, _wait, shoot
from tests.scripted_model import Script, says, serve, told

pytestmark = pytest.mark.e2e
TEXT = "我们楼屋顶要大修，房子买的时候交的那笔钱怎么才能拿出来用，电话13800001111"


@dataclass
class Asked:
    page: Page
    script: Script


@pytest.fixture(scope="module")
def second_desk(desk: Desk) -> Iterator[tuple[str, Script]]:
    """A second process over the same state, with a scripted model."""
    script, port = Script(), _free_port()
    with serve(script) as url:
        env = os.environ | {"HOTLINE_VAR": str(desk.state), "HOTLINE_PORT": str(port), "PYTHONUNBUFFERED": "1"}
        env |= {"HOTLINE_LLM_URL": url, "HOTLINE_LLM_MODEL": "scripted", "HOTLINE_LLM_MODE": "总是"}
        log = desk.state / "second.log"
        with log.open("w") as out:
            server = subprocess.Popen([desk.hotline, "serve"], env=env, stdout=out, stderr=out, cwd=ROOT)
        try:
            _wait(f"http://127.0.0.1:{port}", server, log)
            yield f"http://127.0.0.1:{port}", script
        finally:
            server.terminate()
            server.wait(30)


@pytest.fixture
def asked(desk: Desk, second_desk: tuple[str, Script], browser: Browser) -> Iterator[Asked]:
    url, script = second_desk
    script.__init__()  # type: ignore[misc]
    context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{url}/desk/")
    page.fill("input[name=name], input[name=username]", desk.name)
    page.fill("input[name=password]", desk.password)
    page.keyboard.press("Enter")
    page.wait_for_selector("#call-text textarea")
    page.wait_for_function("document.querySelector('#called-at textarea, #called-at input').value !== ''")
    yield Asked(page, script)
    context.close()


def test_it_comes_after_the_proposal_and_changes_no_field(asked: Asked) -> None:
    asked.script.pause_s, asked.script.piece = 0.1, 20
    asked.script.write = says(quote="我们楼屋顶要大修")
    page = asked.page
    page.fill("#call-text textarea", TEXT)
    expect(page.get_by_test_id("outcome")).to_be_visible(timeout=15_000)
    expect(page.get_by_test_id("second")).to_contain_text("第二意见", timeout=15_000)
    before = page.input_value("#topic-code input")
    expect(page.get_by_test_id("second")).to_contain_text("秒", timeout=20_000)
    shoot(page, "second-opinion")
    assert page.input_value("#topic-code input") == before
    assert "13800001111" not in str(asked.script.seen)
    assert len(asked.script.seen) == 1


def test_a_dead_server_costs_one_line(asked: Asked) -> None:
    asked.script.status = 401
    page = asked.page
    page.fill("#call-text textarea", TEXT)
    expect(page.get_by_test_id("second")).to_contain_text("第二意见暂缺", timeout=20_000)
    expect(page.get_by_test_id("outcome")).to_be_visible()


def test_an_opinion_on_older_text_is_dropped(asked: Asked) -> None:
    asked.script.wait_s = 3.0
    asked.script.write = says(summary={"时间": "", "地点": "", "对象": "屋顶", "诉求": ""})
    page = asked.page
    page.fill("#call-text textarea", TEXT)
    expect(page.get_by_test_id("second")).to_contain_text("等待模型", timeout=20_000)
    page.fill("#call-text textarea", "小区门口路灯坏了三天没人修，晚上看不见路")
    expect(page.get_by_test_id("second")).to_have_count(0)
    expect(page.get_by_test_id("second")).to_contain_text("秒", timeout=25_000)
    assert "屋顶" not in page.inner_text("#second-opinion")


def test_the_page_shows_what_would_be_sent(asked: Asked) -> None:
    page = asked.page
    page.goto(page.url.split("/desk")[0] + "/desk/second-opinion")
    page.fill("#preview-text textarea", TEXT)
    page.click("#preview")
    expect(page.get_by_test_id("preview")).to_contain_text("〔电话1〕", timeout=20_000)
    assert "13800001111" not in page.get_by_test_id("preview").inner_text()
    assert not asked.script.seen
    shoot(page, "second-opinion-preview")


def test_a_different_topic_is_taken_over_by_one_click_and_by_nothing_else(asked: Asked) -> None:
    def second_choice(body: dict[str, Any]) -> str:
        return says(topic=told(body)["候选"][1]["事项"])(body)

    asked.script.write = second_choice
    page = asked.page
    page.fill("#call-text textarea", TEXT)
    expect(page.get_by_test_id("second")).to_contain_text("第二意见不同", timeout=25_000)
    other = page.get_by_test_id("second").locator("summary b").inner_text()
    assert page.input_value("#topic-code input")
    assert page.input_value("#topic-code input") != other
    page.click("button.adopt-second")
    page.wait_for_function("(other) => document.querySelector('#topic-code input').value === other", arg=other)
    shoot(page, "second-opinion-differs")
