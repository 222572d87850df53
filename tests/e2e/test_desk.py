"""What the issue's first paragraph says, in a real browser: type, see, change, save, find; and what must not happen."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from intake.console.theme import MERGE_JS
from tests.e2e.conftest import ROOT, SCREENS, Desk, shoot

pytestmark = pytest.mark.e2e
CALL = "昨天晚上十一点多开始，北场社区绿洲花园门口一排流动小摊贩摆摊，把人行道全占了，天天这样，赶紧来人管管"

ELSEWHERE = CALL.replace(
    "北场社区绿洲花园", "亭东社区小学"
)  # another place: else it would be joined to the first ticket


def type_call(page: Page, text: str = CALL) -> None:
    page.click("#call-text textarea")
    page.keyboard.type(text, delay=15)


def saved_number(page: Page) -> str:
    expect(page.locator("[data-testid=saved]")).to_be_visible(timeout=20_000)
    found = re.search(r"JT\d{8}-\d{4,}", page.inner_text("[data-testid=saved]"))
    assert found
    return found[0]


def test_from_first_word_to_ticket_with_running_clocks(page: Page, desk: Desk) -> None:
    shoot(page, "empty")
    type_call(page, CALL[:20])
    expect(page.locator("[data-testid=panel]")).to_be_visible(timeout=20_000)  # while the caller is still talking
    expect(page.locator("[data-testid=next-question]")).to_be_visible()
    page.keyboard.type(CALL[20:], delay=15)
    expect(page.locator("[data-testid=lead]")).to_contain_text("综合行政执法队", timeout=20_000)
    expect(page.locator("#topic-code input")).to_have_value(re.compile("C01|无证设摊"))
    expect(page.locator("#proposal")).to_contain_text("细则-8")
    expect(page.locator("[data-testid=answer]").first).not_to_be_empty()
    page.fill("#contact input, #contact textarea", "测试女士")
    page.fill("#phone input, #phone textarea", "13800000000")
    shoot(page, "desk")
    page.click("#lead-code input")
    page.keyboard.type("绿化和市容管理所", delay=20)
    page.keyboard.press("Enter")
    expect(page.locator("#reason-lead-code")).to_be_visible()
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-testid=failed]")).to_contain_text("承办单位")  # no reason, no ticket, nothing lost
    expect(page.locator("#call-text textarea")).to_have_value(CALL)
    page.fill("#reason-lead-code input, #reason-lead-code textarea", "联合整治期间由绿容所牵头（测试）")
    shoot(page, "override")
    page.locator("#reason-lead-code input, #reason-lead-code textarea").press("Control+Enter")
    number = saved_number(page)
    expect(page.locator("#call-text textarea")).to_have_value("")
    page.click("[data-testid=saved] a")
    ticket = page.locator("[data-testid=ticket]")
    expect(ticket).to_contain_text(number, timeout=20_000)
    for words in ("绿化和市容管理所", "联合整治期间", "先行联系", "细则-6-1", "24:00", "诉求描述", "联系人"):
        expect(ticket).to_contain_text(words)
    shoot(page, "ticket")
    page.screenshot(path=str(SCREENS / "ticket-full.png"), full_page=True)


def test_a_second_call_about_the_same_place_is_joined_to_the_ticket(page: Page) -> None:
    type_call(page, "前几天反映的北场社区绿洲花园门口摆摊，处理得怎么样了")
    expect(page.locator("[data-testid=outcome]")).to_have_text("并入原工单", timeout=20_000)
    related = page.locator("[data-testid=related]")
    expect(related).to_contain_text("进度查询")
    number = related.locator("a").first.inner_text()
    shoot(page, "joined")
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-testid=saved]")).to_contain_text("已并入原工单")
    assert saved_number(page) == number
    page.click("[data-testid=saved] a")
    expect(page.locator("[data-testid=ticket]")).to_contain_text("来电并入", timeout=20_000)


def test_two_matters_become_two_tickets_when_the_operator_splits_them(page: Page, desk: Desk) -> None:
    type_call(page, "贝尚湾小区门口一排流动摊贩占道摆摊，另外小区里面路灯坏了好几盏晚上漆黑一片")
    expect(page.locator("[data-testid=matters]")).to_contain_text("一次来电 2 件事", timeout=20_000)
    page.fill("#phone input, #phone textarea", "13800000021")
    page.click("#split")
    rest = page.locator("#rest textarea")
    expect(rest).to_have_value(re.compile("路灯"), timeout=20_000)
    expect(page.locator("#call-text textarea")).not_to_have_value(re.compile("路灯"))
    shoot(page, "split")
    expect(page.locator("[data-testid=lead]")).to_be_visible(timeout=20_000)
    page.wait_for_timeout(500)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#message")).to_contain_text("接着登记同一来电的下一件，这是最后一件", timeout=20_000)
    expect(page.locator("#call-text textarea")).to_have_value(re.compile("路灯"))
    expect(page.locator("#phone input, #phone textarea")).to_have_value("13800000021")
    expect(page.locator("[data-testid=lead]")).to_be_visible(timeout=20_000)
    first = saved_number(page)
    page.wait_for_timeout(500)
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-testid=saved]")).not_to_contain_text(first, timeout=20_000)
    expect(page.locator("#call-text textarea")).to_have_value("")


def test_a_place_that_the_town_adds_on_screen_is_known_to_the_next_call(page: Page, desk: Desk) -> None:
    page.goto(f"{desk.url}/desk/places")
    page.fill("#place-name input, #place-name textarea", "测试新家园")
    page.click("#place-area input")
    page.locator("ul[role=listbox] li", has_text="北场").first.click()
    page.click("#place-add")
    expect(page.locator("[data-testid=place-saved]")).to_contain_text("测试新家园", timeout=20_000)
    expect(page.locator("[data-testid=places]")).to_contain_text("测试新家园")
    shoot(page, "places")
    page.fill("#place-find input, #place-find textarea", "没有这个地方")
    expect(page.locator("#place-list")).to_contain_text("没有这样的地名", timeout=20_000)
    page.goto(f"{desk.url}/desk/")
    page.wait_for_selector("#call-text textarea")
    type_call(page, "测试新家园十二号楼下水道堵了污水漫出来")
    expect(page.locator(".place.ours")).to_contain_text("北场", timeout=20_000)


def test_the_model_page_says_what_is_in_use_and_why_it_cannot_learn_yet(page: Page, desk: Desk) -> None:
    page.goto(f"{desk.url}/desk/model")
    expect(page.locator("[data-testid=model-version]")).to_contain_text("stack-", timeout=20_000)
    page.click("#train")
    expect(page.locator("[data-testid=training-end]")).to_contain_text("可用于学习的工单太少", timeout=20_000)
    shoot(page, "model")


def test_search_finds_the_ticket_by_its_words(page: Page, desk: Desk) -> None:
    type_call(page, "颐景园社区三号楼电梯又坏了，上个月还困过人，物业一直不修")
    expect(page.locator("[data-testid=lead]")).to_be_visible(timeout=20_000)
    page.keyboard.press("Control+Enter")
    number = saved_number(page)
    page.goto(f"{desk.url}/desk/tickets")
    page.wait_for_selector("#query input, #query textarea")
    page.fill("#query input, #query textarea", "三号楼电梯")
    page.click("#find")
    expect(page.locator("#result")).to_contain_text(number, timeout=20_000)
    shoot(page, "search")


def test_emergency_banner_comes_before_anything_else(page: Page) -> None:
    type_call(page, "我家楼下着火了浓烟滚滚有人困在里面")
    banner = page.locator("[data-testid=banner]")
    expect(banner).to_be_visible(timeout=20_000)
    expect(banner).to_contain_text("119")
    expect(page.locator("[data-testid=outcome]")).to_have_text("紧急转接")
    shoot(page, "emergency")


def test_a_late_answer_never_replaces_what_was_typed(page: Page) -> None:
    type_call(page, ELSEWHERE)
    expect(page.locator("[data-testid=lead]")).to_be_visible(timeout=20_000)
    page.click("#topic-code input")
    page.keyboard.type("E03", delay=20)
    page.keyboard.press("Enter")
    expect(page.locator("#topic-code input")).to_have_value(re.compile("E03"))
    page.click("#call-text textarea")
    page.keyboard.press("End")
    page.keyboard.type("，还有人打电话骂我", delay=15)
    expect(page.locator("#call-text textarea")).to_have_value(ELSEWHERE + "，还有人打电话骂我")
    page.wait_for_timeout(1500)  # let every answer that is under way arrive
    expect(page.locator("#topic-code input")).to_have_value(re.compile("E03"))
    expect(page.locator("#call-text textarea")).to_have_value(ELSEWHERE + "，还有人打电话骂我")


def test_a_draft_survives_a_reload_and_belongs_to_its_tab(page: Page, desk: Desk) -> None:
    type_call(page, "中大社区旁边的河又黑又臭")
    expect(page.locator("[data-testid=panel]")).to_be_visible(timeout=20_000)
    page.fill("#contact input, #contact textarea", "测试先生")
    page.wait_for_timeout(1000)  # typing pauses before a person reloads
    page.reload()
    expect(page.locator("#call-text textarea")).to_have_value("中大社区旁边的河又黑又臭", timeout=20_000)
    expect(page.locator("#contact input, #contact textarea")).to_have_value("测试先生")
    other = page.context.new_page()
    other.goto(f"{desk.url}/desk/")
    other.wait_for_selector("#call-text textarea")
    other.wait_for_timeout(1000)
    assert other.input_value("#call-text textarea") == ""


def test_a_double_press_makes_one_ticket(page: Page, desk: Desk) -> None:
    text = "测试：兴联社区道路上井盖松动，车子压过去哐当响"
    type_call(page, text)
    expect(page.locator("[data-testid=lead]")).to_be_visible(timeout=20_000)
    page.dblclick("#save")
    saved_number(page)
    page.goto(f"{desk.url}/desk/tickets")
    page.wait_for_selector("#query input, #query textarea")
    page.fill("#query input, #query textarea", "井盖松动")
    page.click("#find")
    expect(page.locator("[data-testid=total]")).to_contain_text("共 1 件", timeout=20_000)


def test_markup_in_a_call_is_shown_as_text_and_runs_nothing(page: Page) -> None:
    dialogs: list[str] = []
    page.on("dialog", lambda d: (dialogs.append(d.message), d.dismiss()))
    type_call(page, "<script>alert(1)</script><img src=x onerror=alert(2)> ${alert(3)} {{7*7}} 楼下有人摆摊卖烧烤")
    expect(page.locator("[data-testid=panel]")).to_be_visible(timeout=20_000)
    page.wait_for_timeout(500)
    assert dialogs == []
    assert page.locator("#elements img, #proposal img, #proposal script").count() == 0


def test_no_request_leaves_the_machine_and_one_screen_is_enough(page: Page, desk: Desk) -> None:
    hosts: set[str] = set()
    page.on("request", lambda r: hosts.add(r.url.split("/")[2]))
    page.reload()
    page.wait_for_selector("#call-text textarea")
    type_call(page, ELSEWHERE)
    expect(page.locator("[data-testid=lead]")).to_be_visible(timeout=20_000)
    assert hosts == {desk.url.split("/")[2]}
    box = page.locator("#save").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 768
    assert page.evaluate("document.documentElement.scrollWidth") <= 1366


def test_nothing_but_health_is_open_without_login(desk: Desk) -> None:
    import httpx

    assert httpx.get(f"{desk.url}/api/v1/health").status_code == 200
    for path in ("/desk/", "/desk/gradio_api/info", "/api/v1/tickets", "/docs", "/openapi.json", "/desk/config"):
        assert httpx.get(desk.url + path, follow_redirects=False).status_code in {303, 307, 401}, path


def test_folder_for_screens_is_not_tracked() -> None:
    assert Path(SCREENS).is_relative_to(ROOT / "var")


MERGES = (
    # (what the desk put there, what the box holds now, what is proposed, what the box must hold afterwards)
    (None, None, "C01", "C01"),
    ("C01", "C01", "C02", "C02"),
    ("C01", "E03", "C02", "E03"),
    (None, "E03", "C02", "E03"),
    ("C01", "", "C02", "C02"),
    ("C01", "C01", None, None),
)


@pytest.mark.parametrize(("filled", "now", "proposed", "wanted"), MERGES)
def test_merging_in_the_browser_leaves_alone_what_a_person_set(
    page: Page, filled: str | None, now: str | None, proposed: str | None, wanted: str | None
) -> None:
    def fields(code: str | None) -> dict[str, object]:
        return {"ticket_type": "咨询", "topic_code": code, "outcome": None, "lead_code": None, "support_codes": []}

    boxes = ["咨询", now, None, None, []]
    notes = ["话", "地址", "", "", "", False]
    sent = json.dumps({"text": "话", "address": "地址", "fields": fields(proposed)})
    run = f"(all) => ({MERGE_JS})(...all)"
    result = page.evaluate(run, [sent, json.dumps(fields(filled)), *notes, *boxes])
    assert result[1] == wanted
    assert json.loads(result[5])["topic_code"] == proposed
    late = page.evaluate(run, [sent, json.dumps(fields(filled)), "话又说下去了", *notes[1:], *boxes])
    assert late[:5] == boxes
