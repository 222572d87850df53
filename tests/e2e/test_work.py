"""The page 工作清单 in a real browser: a list, a batch, the printed form."""

import io

import pytest
from docx import Document
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Desk, shoot
from tests.e2e.test_desk import saved_number, type_call

pytestmark = pytest.mark.e2e


def test_several_tickets_are_acknowledged_together_and_printed(page: Page, desk: Desk) -> None:
    numbers = []
    for place in ("知雅汇", "贝尚湾"):
        type_call(page, f"{place}小区门口夜里一直有人占道摆烧烤摊")
        expect(page.locator("[data-testid=lead]")).to_be_visible(timeout=20_000)
        page.wait_for_timeout(500)
        page.keyboard.press("Control+Enter")
        numbers.append(saved_number(page))
        page.click("#new-call")
        expect(page.locator("[data-testid=saved]")).to_have_count(0, timeout=20_000)
    page.goto(f"{desk.url}/desk/work")
    page.locator("#work-which label", has_text="待签收").click(timeout=20_000)
    expect(page.locator("#work-list")).to_contain_text(numbers[1], timeout=20_000)
    page.locator("#work-batch").get_by_text("批量办理").click()
    for number in numbers:
        page.locator("#work-picked label", has_text=number).click()
    page.click("#work-shared input")
    page.locator("ul[role=listbox] li", has_text="签收").first.click()
    shoot(page, "work")
    page.click("#work-together")
    expect(page.locator("[data-testid=batch-done]")).to_contain_text("“签收”办成 2 张", timeout=20_000)
    expect(page.locator("#work-list")).not_to_contain_text(numbers[0], timeout=20_000)
    page.goto(f"{desk.url}/desk/tickets?number={numbers[0]}")
    link = page.locator("[data-testid=print]")
    expect(link).to_be_visible(timeout=20_000)
    paper = page.request.get(f"{desk.url}{link.get_attribute('href')}")
    assert Document(io.BytesIO(paper.body())).paragraphs[0].text == "九亭镇便民服务专线工单信息记录表"
