"""The knowledge manager's way in a real browser: ask, test a file, and turn a miss into a way of asking."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Desk, shoot

pytestmark = pytest.mark.e2e

MISSED = "嘎档子事体阿有啥人管管伊拉"
TARGET = "C01-xiangBaiTan"
QUESTIONS = [
    {"id": "h1", "question": "旧床垫沙发没人要，怎么处理", "documents": ["C03-fenLei"]},
    {"id": "h2", "question": MISSED, "documents": [TARGET]},
    {"id": "h3", "question": "九亭哪家饭店最好吃", "answerable": False},
    {"id": "h4", "question": "没有写期望"},
]


def open_page(page: Page, desk: Desk) -> None:
    page.goto(f"{desk.url}/desk/hits")
    expect(page.locator("[data-testid=hits-runs], #hits-question").first).to_be_visible(timeout=30_000)
    page.wait_for_timeout(500)  # the page's own first load fills the lists


def test_one_question_shows_what_callers_hear_and_why(page: Page, desk: Desk) -> None:
    open_page(page, desk)
    page.fill("#hits-question input, #hits-question textarea", "旧床垫沙发没人要，怎么处理")
    page.click("#hits-ask")
    found = page.locator("[data-testid=finding]")
    expect(found).to_be_visible(timeout=30_000)
    expect(found.locator("tbody tr").first).to_contain_text("C03-fenLei")
    expect(found.locator("tbody tr.read-out")).to_have_count(1)
    expect(found.locator("[data-testid=hits-answer]")).to_contain_text("门槛")
    expect(found.locator("mark").first).to_be_visible()
    assert found.locator("tbody tr a").first.get_attribute("href") == "/desk/knowledge?id=C03-fenLei"
    shoot(page, "hits")


def test_a_miss_of_a_file_is_added_and_found_and_the_comparison_says_so(page: Page, desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "问题.jsonl"
    file.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in QUESTIONS), encoding="utf-8")
    open_page(page, desk)
    page.get_by_role("tab", name="一批问题").click()
    page.set_input_files("#hits-file input[type=file]", file)
    expect(page.locator("#hits-file")).to_contain_text(file.stem, timeout=20_000)
    page.click("#hits-start")
    expect(page.locator("#hits-message")).to_contain_text("第 4 行：没有写期望", timeout=30_000)
    expect(page.locator("#hits-state")).to_contain_text("问完 3 句", timeout=60_000)
    expect(page.locator("[data-testid=hits-misses]")).to_contain_text(MISSED, timeout=20_000)
    page.click("#hits-miss input")
    page.locator("ul[role=listbox] li", has_text="h2").click()
    expect(page.locator("#hits-words input, #hits-words textarea")).to_have_value(MISSED, timeout=20_000)
    expect(page.locator("#hits-document input")).to_have_value(re.compile(TARGET), timeout=20_000)
    page.click("#hits-add")
    added = page.locator("[data-testid=hits-added]")
    expect(added).to_contain_text("现在排第 1", timeout=30_000)
    assert MISSED in next(desk.docs.rglob(f"{TARGET}.md")).read_text(encoding="utf-8")

    page.click("#hits-start")
    expect(page.locator("[data-testid=hits-runs] tbody tr")).to_have_count(2, timeout=60_000)
    page.get_by_role("tab", name="比较两次").click()
    for box, text in (("#hits-first", 1), ("#hits-second", 0)):
        page.click(f"{box} input")
        page.locator("ul[role=listbox] li").nth(text).click()
    page.click("#hits-compare")
    expect(page.locator("[data-testid=hits-found]")).to_contain_text(MISSED, timeout=20_000)
    expect(page.locator("[data-testid=hits-lost]")).to_contain_text("新问错的 0 句")
