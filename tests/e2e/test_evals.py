"""The evaluator's day in a real browser: upload, follow, read, compare, take home, replay."""

import io
import json
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Desk, shoot

pytestmark = pytest.mark.e2e

CASES = [
    {"id": "e1", "text": "小区门口好几个水果摊占着人行道", "topic": "C01", "lead": "ZFD", "voice": "平铺"},
    {"id": "e2", "text": "家里停水两天了，物业也不说什么时候来水", "topic": "F01", "voice": "气愤"},
    {"id": "e3", "text": "路灯坏了一个星期没人修，晚上黑得很，我电话13800000000", "topic": "D05"},
    {"id": "e4", "text": "想问问养老金怎么领，<b>找谁</b>", "topic": "A01"},
]


def open_page(page: Page, desk: Desk) -> None:
    page.goto(f"{desk.url}/desk/evals")
    page.wait_for_selector("#evals-file")


def upload(page: Page, path: Path, name: str) -> None:
    page.set_input_files("#cases-file input[type=file]", path)
    expect(page.locator("#cases-file")).to_contain_text(path.stem, timeout=20_000)
    page.fill("#evals-name input, #evals-name textarea", name)
    page.click("#evals-file")


def test_from_upload_to_report_comparison_and_errors(page: Page, desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "试评.jsonl"
    file.write_text("\n".join(json.dumps(case, ensure_ascii=False) for case in CASES), encoding="utf-8")
    open_page(page, desk)
    upload(page, file, "第一次")
    expect(page.locator("[data-testid=evaluated]")).to_contain_text("“第一次”评测完成：4 条", timeout=90_000)
    expect(page.locator("[data-testid=run]")).to_contain_text("事项 首位正确", timeout=20_000)
    expect(page.locator("[data-testid=runs]")).to_contain_text("第一次")
    shoot(page, "evals")
    href = page.locator("[data-testid=runs] a").nth(0).get_attribute("href")
    report = page.request.get(f"{desk.url}{href}").text()
    assert "评测报告：第一次" in report
    assert "13800000000" not in report
    assert "<b>找谁</b>" not in report
    sheet = page.request.get(f"{desk.url}{page.locator('[data-testid=runs] a').nth(2).get_attribute('href')}")
    rows = list(load_workbook(io.BytesIO(sheet.body())).active.iter_rows(values_only=True))  # type: ignore[union-attr]
    assert rows[0][:2] == ("编号", "诉求内容")
    assert "e4" in {row[0] for row in rows[1:]}

    page.click("#evals-file")
    expect(page.locator("[data-testid=runs] tbody tr")).to_have_count(2, timeout=90_000)
    for box, text in (("#evals-first", 1), ("#evals-second", 0)):
        page.click(f"{box} input")
        page.locator("ul[role=listbox] li").nth(text).click()
    page.click("#evals-compare")
    expect(page.locator("[data-testid=compared]")).to_contain_text("共同用例 4 条", timeout=20_000)


def test_a_broken_file_is_refused_with_row_and_remedy(page: Page, desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "坏文件.jsonl"
    file.write_text('{"id":"1","text":""}\nnot json\n', encoding="utf-8")
    open_page(page, desk)
    upload(page, file, "坏")
    message = page.locator("#evals-message")
    expect(message).to_contain_text("第 2 行", timeout=20_000)


def test_replay_of_days_without_tickets_says_so(page: Page, desk: Desk) -> None:
    open_page(page, desk)
    page.fill("#replay-from input, #replay-from textarea", "2020-01-01")
    page.fill("#replay-to input, #replay-to textarea", "2020-01-31")
    page.click("#replay")
    expect(page.locator("[data-testid=evaluated]")).to_contain_text("没有已定事项的工单", timeout=30_000)


def test_saved_tickets_are_replayed_and_compared_with_what_was_proposed_then(page: Page, desk: Desk) -> None:
    page.locator("#call-text textarea").press_sequentially("我叫测试乙，亭东小区楼下垃圾桶满了三天没人清运，臭得很")
    expect(page.locator("[data-testid=lead]")).to_be_visible(timeout=20_000)
    page.wait_for_timeout(500)
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-testid=saved]")).to_be_visible(timeout=20_000)
    today = datetime.now(ZoneInfo("Asia/Shanghai")).date().isoformat()
    open_page(page, desk)
    for box in ("#replay-from", "#replay-to"):
        page.fill(f"{box} input, {box} textarea", today)
    page.click("#replay")
    expect(page.locator("[data-testid=evaluated]")).to_contain_text("（今天）”评测完成", timeout=60_000)
    runs = page.locator("[data-testid=runs]")
    expect(runs).to_contain_text("（当时）", timeout=20_000)
    page.click("#evals-first input")
    page.locator("ul[role=listbox] li", has_text="（当时）").first.click()
    page.click("#evals-second input")
    page.locator("ul[role=listbox] li", has_text="（今天）").first.click()
    page.click("#evals-compare")
    expect(page.locator("[data-testid=compared]")).to_contain_text("共同用例", timeout=20_000)
    row = runs.locator("tr", has_text="（今天）").first
    report = page.request.get(f"{desk.url}{row.locator('a').first.get_attribute('href')}").text()
    assert "测试乙" not in report
