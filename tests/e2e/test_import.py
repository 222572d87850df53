"""The page 导入 in a real browser: upload, columns, rows with their problems, import with progress, error report."""

import io
import re
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Desk
from tests.e2e.test_desk import shoot

pytestmark = pytest.mark.e2e


def _export(path: Path) -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(("12345 工单导出（测试）", None, None, None))
    sheet.append(("工单编号", "来电时间", "诉求内容", "联系电话"))
    sheet.append(("SH-E2E-1", "2026/11/20 18:05", "测试：亭东社区门口有人占道摆摊，没人管", "13800000000"))
    sheet.append(("SH-E2E-2", "2026年11月20日", "测试：涞亭路上的路灯不亮", "13800000001"))
    sheet.append(("SH-E2E-3", "1970-01-01", "测试：日期是错的", "13800000002"))
    sheet.merge_cells("A1:D1")
    book.save(path)
    return path


def test_a_file_becomes_tickets(page: Page, desk: Desk, tmp_path: Path) -> None:
    page.goto(f"{desk.url}/desk/import")
    state, body = page.locator("[data-testid=import-state]"), page.locator("#import-body")
    page.wait_for_selector("#import-file input[type=file]", state="attached")
    page.set_input_files("#import-file input[type=file]", str(_export(tmp_path / "导出.xlsx")))
    expect(state).to_have_text("待核对列", timeout=30_000)
    expect(page.locator("#column-TEXT input")).to_have_value("诉求内容")
    assert "13800000000" not in page.inner_text("#import-body")
    page.click("#import-check")
    expect(state).to_have_text("已核对，待导入", timeout=30_000)
    expect(body).to_contain_text("可导入 2")
    expect(body).to_contain_text("早于 2010 年")
    shoot(page, "import")
    with page.expect_download() as got:
        page.click("#import-body a:has-text('问题清单')")
    sheet = load_workbook(io.BytesIO(got.value.path().read_bytes())).active
    assert sheet is not None
    assert "1970" in str(sheet["C2"].value)
    page.click("#import-start")
    expect(state).to_have_text("已完成", timeout=60_000)
    expect(body).to_contain_text("已导入 2")
    number = body.locator("a", has_text=re.compile("^JT")).first
    number.click()
    ticket = page.locator("[data-testid=ticket]")
    expect(ticket).to_contain_text("市平台 SH-E2E-1", timeout=20_000)
    expect(ticket).to_contain_text("待人工核对派单")
