"""A call rings at the town's telephone system: the bar appears by itself, one click starts the call."""

import json
import time
from datetime import UTC, datetime

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from intake.webhook import signature
from tests.e2e.conftest import CALLS_SECRET, Desk
from tests.e2e.test_desk import saved_number, shoot, type_call

pytestmark = pytest.mark.e2e
PHONE = "13800000077"


def ring(desk: Desk, call_id: str) -> None:
    call = {"call_id": call_id, "from": PHONE, "to": "62112345", "at": datetime.now(UTC).isoformat()}
    body, stamp = json.dumps(call).encode(), str(int(time.time()))
    headers = {"X-Hotline-Timestamp": stamp, "X-Hotline-Signature": signature(CALLS_SECRET.encode(), stamp, body)}
    assert httpx.post(f"{desk.url}/api/calls/incoming", content=body, headers=headers).status_code == 201


def ringing(page: Page, call_id: str) -> Locator:
    return page.locator("[data-testid=ringing]").filter(has=page.locator(f"[data-call='{call_id}']"))


def test_a_call_rings_is_taken_and_shows_the_callers_earlier_ticket(page: Page, desk: Desk) -> None:
    ring(desk, "e2e-1")
    bar = ringing(page, "e2e-1")
    expect(bar).to_contain_text("来电 138****0077", timeout=20_000)
    expect(bar).to_contain_text("该号码以往工单 0 件")
    assert PHONE not in page.content()
    bar.locator("a").click()
    phone = page.locator("#phone input, #phone textarea")
    expect(phone).to_have_value(PHONE, timeout=20_000)
    expect(bar).to_have_count(0, timeout=20_000)
    page.reload()
    expect(phone).to_have_value(PHONE, timeout=20_000)  # the address keeps the call until it is saved
    type_call(page, "测试：九亭镇亭源社区门口的路灯连着三天不亮，晚上走路看不清")
    expect(page.locator("[data-testid=lead]")).to_be_visible(timeout=20_000)
    page.keyboard.press("Control+Enter")
    number = saved_number(page)
    expect(phone).to_have_value("")

    ring(desk, "e2e-2")
    bar = ringing(page, "e2e-2")
    expect(bar).to_contain_text("该号码以往工单 1 件", timeout=20_000)
    shoot(page, "ringing")
    bar.locator("a").click()
    expect(phone).to_have_value(PHONE, timeout=20_000)
    caller = page.locator("[data-testid=caller]")
    expect(caller).to_contain_text(number, timeout=20_000)
    expect(caller).to_contain_text("138****0077")
    shoot(page, "caller")
    page.click("#new-call")
    expect(caller).to_have_count(0, timeout=20_000)


def test_two_operators_see_it_and_the_slower_is_told(page: Page, desk: Desk) -> None:
    added = desk.run("user", "add", "坐席乙示例", "--role", "坐席")
    password = added.stdout.strip().split("：")[-1]
    browser = page.context.browser
    assert browser is not None
    second = browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN").new_page()
    second.goto(f"{desk.url}/desk/")
    second.fill("input[name=name]", "坐席乙示例")
    second.fill("input[name=password]", password)
    second.keyboard.press("Enter")
    second.wait_for_selector("#call-text textarea")
    ring(desk, "e2e-3")
    for seen in (page, second):
        expect(ringing(seen, "e2e-3")).to_contain_text("138****0077", timeout=20_000)
    type_call(second, "上一个来电还没有记完，测试")
    ringing(page, "e2e-3").locator("a").click()
    expect(page.locator("#phone input, #phone textarea")).to_have_value(PHONE, timeout=20_000)
    late = second.context.new_page()
    late.goto(f"{desk.url}/desk/?call=e2e-3")
    expect(late.locator("[data-testid=failed]")).to_contain_text("已于", timeout=20_000)
    expect(ringing(second, "e2e-3")).to_have_count(0, timeout=20_000)
    expect(second.locator("#call-text textarea")).to_have_value("上一个来电还没有记完，测试")


def test_a_desk_with_text_takes_the_call_on_a_page_of_its_own(page: Page, desk: Desk) -> None:
    type_call(page, "这一通还没有记完，测试")
    ring(desk, "e2e-4")
    link = ringing(page, "e2e-4").locator("a")
    expect(link).to_be_visible(timeout=20_000)
    with page.context.expect_page() as opened:
        link.click()
    expect(opened.value.locator("#phone input, #phone textarea")).to_have_value(PHONE, timeout=20_000)
    expect(opened.value.locator("#call-text textarea")).to_have_value("")
    expect(page.locator("#call-text textarea")).to_have_value("这一通还没有记完，测试")
