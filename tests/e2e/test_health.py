"""The page 知识体检 in a browser: what is wrong with the real documents, one kind alone, and the way to a document."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Desk, shoot

pytestmark = pytest.mark.e2e


def test_a_copied_document_is_reported_and_leads_to_itself(desk: Desk, page: Page) -> None:
    original = desk.docs / "办事指南" / "A01-huanWuYe.md"
    text = original.read_text(encoding="utf-8").replace("id: A01-huanWuYe", "id: A01-fuBen").replace("六十日", "九十日")
    copy = original.with_name("A01-fuBen.md")
    copy.write_text(text, encoding="utf-8")
    try:
        listed = f"{desk.url}/api/v1/knowledge/documents?words=A01-fuBen"
        for _ in range(150):  # a file put in by hand is seen within a second or two; the page draws what is seen then
            if page.request.get(listed).json()["documents"]:
                break
            page.wait_for_timeout(200)
        page.goto(f"{desk.url}/desk/health")
        expect(page.get_by_test_id("health-bars")).to_contain_text("内容重复", timeout=30_000)
        expect(page.get_by_test_id("health-bars")).to_contain_text("相互矛盾")
        page.get_by_label("相互矛盾").check()
        row = page.get_by_test_id("health").locator("tbody tr").first
        expect(row).to_contain_text("九十日")
        expect(row).to_contain_text("六十日")
        expect(page.get_by_test_id("health")).not_to_contain_text("待核验")
        shoot(page, "health")
        assert row.locator("a[href='/desk/knowledge?id=A01-fuBen']").count() == 1
    finally:
        copy.unlink()
