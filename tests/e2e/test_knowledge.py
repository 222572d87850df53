"""The knowledge manager's day in a real browser: write, publish, change, withdraw, restore; files, import, gaps."""

import io
import re
import time
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from docx import Document as WordDocument
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Desk, shoot
from tests.e2e.test_desk import type_call

pytestmark = pytest.mark.e2e
WAIT = 30_000
SOON = 5.0  # seconds: a document is found or gone within one, a busy machine needs more to be asked about it
KEY = "C01-laoXiTai"
ASK = "示例村口的老戏台怎么借来唱戏"
SAID = "借用老戏台请提前五个工作日向示例文化站登记。请告诉我您想借哪一天、多少人参加。登记以后由文化站联系您确认。"
MORE = (
    "演出当天请自己带走垃圾，不要堵住消防通道，晚上九点以前结束。要用音响的，请一起写在登记表上，免得影响周围居民休息。"
)
ASKS = ("老戏台能不能借给我们唱戏", "想用戏台排练找谁", "戏台借一天要登记吗", "村里戏台谁管", "戏台能用电吗")
BODY = f"""## 可以这样答复
{SAID}{MORE}

## 办理要点
- 问清日期、人数、用电。

## 依据
没有法律依据，由示例文化站答复。
"""


def box(page: Page, key: str) -> Locator:
    return page.locator(f"#{key} input, #{key} textarea").first


def pick(page: Page, key: str, words: str) -> None:
    page.click(f"#{key} input")
    page.locator("ul[role=listbox] li", has_text=words).first.click()


def open_document(page: Page, desk: Desk, key: str = "") -> None:
    page.goto(f"{desk.url}/desk/knowledge" + (f"?id={key}" if key else ""))
    expect(page.get_by_test_id("documents")).to_be_visible(timeout=WAIT)
    expect(page.locator("#kb-state")).to_contain_text(f"{key}.md" if key else "新建文档", timeout=WAIT)


def done(page: Page, words: str) -> None:
    expect(page.get_by_test_id("kb-saved")).to_contain_text(words, timeout=WAIT)


def act(page: Page, button: str, reason: str, words: str) -> None:
    box(page, "kb-reason").fill(reason)
    page.click(f"#{button}")
    done(page, words)


def answered(page: Page, desk: Desk, text: str) -> dict[str, Any]:
    """What the desk's own API would have the operator say."""
    reply = page.request.post(f"{desk.url}/api/v1/suggest", data={"text": text}, headers={"origin": desk.url})
    assert reply.ok, reply.text()
    answer: dict[str, Any] = reply.json()["answer"]
    return answer


def within(seconds: float, holds: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, f"not within {seconds} s: {what}"
        time.sleep(0.05)


def cited(page: Page, desk: Desk, key: str = KEY, text: str = ASK) -> bool:
    return any(c["document_id"] == key for c in answered(page, desk, text)["citations"])


def says(page: Page, desk: Desk, words: str) -> bool:
    return words in str(answered(page, desk, ASK)["text"])


def test_a_document_is_written_checked_published_changed_withdrawn_and_restored(page: Page, desk: Desk) -> None:
    write_and_publish(page, desk)
    change_aside_and_publish(page, desk)
    compare_withdraw_and_restore(page, desk)
    plan_and_take_back(page, desk)


def write_and_publish(page: Page, desk: Desk) -> None:
    open_document(page, desk)
    box(page, "kb-id").fill(KEY)
    box(page, "kb-title").fill(ASK)
    page.click("#kb-check")
    expect(page.get_by_test_id("preview")).to_contain_text("没有选择事项", timeout=WAIT)  # and nothing is lost
    page.get_by_role("tab", name="编辑").click()
    expect(box(page, "kb-title")).to_have_value(ASK)
    pick(page, "kb-topics", "C01")
    page.keyboard.press("Escape")
    pick(page, "kb-unit", "综合行政执法队")
    box(page, "kb-asks").fill(
        "老戏台能不能借给我们唱戏\n想用戏台排练找谁\n戏台借一天要登记吗\n村里戏台谁管\n戏台能用电吗"
    )
    box(page, "kb-body").fill(BODY)
    page.click("#kb-check")
    preview = page.get_by_test_id("preview")
    expect(preview).to_contain_text("检查通过", timeout=WAIT)
    expect(preview).to_contain_text(SAID)
    assert not list(desk.docs.rglob(f"{KEY}.md"))  # a preview writes nothing

    page.click("#kb-save")
    done(page, "已保存为“草稿”")
    assert not cited(page, desk)
    page.click("#kb-publish")
    expect(page.get_by_test_id("failed").first).to_contain_text("没有写原因", timeout=WAIT)
    act(page, "kb-publish", "文化站已核对（测试）", "已发布")
    within(SOON, lambda: says(page, desk, "五个工作日"), "published → answers")
    assert cited(page, desk)


def change_aside_and_publish(page: Page, desk: Desk) -> None:
    page.get_by_role("tab", name="编辑").click()
    box(page, "kb-body").fill(BODY.replace("五个工作日", "七个工作日"))
    page.click("#kb-save")
    done(page, "修改已暂存")
    expect(page.locator("#kb-state")).to_contain_text("暂存的修改")
    assert says(page, desk, "五个工作日")
    act(page, "kb-publish", "时间改了（测试）", "已发布")
    within(SOON, lambda: says(page, desk, "七个工作日"), "new wording → answers")


def compare_withdraw_and_restore(page: Page, desk: Desk) -> None:
    page.get_by_role("tab", name="历史与比较").click()
    history = page.get_by_test_id("history")
    expect(history).to_contain_text("时间改了（测试）")
    expect(history).to_contain_text(desk.name)
    pick(page, "kb-older", "第 2 版")
    page.click("#kb-compare")
    compared = page.get_by_test_id("compare")
    expect(compared.locator("del", has_text="五")).to_be_visible(timeout=WAIT)
    expect(compared.locator("ins", has_text="七")).to_be_visible()

    act(page, "kb-withdraw", "戏台拆了（测试）", "已停用")
    within(SOON, lambda: not cited(page, desk), "withdrawn → gone")
    page.get_by_role("tab", name="历史与比较").click()
    pick(page, "kb-older", "第 2 版")
    act(page, "kb-restore", "没有拆（测试）", "已恢复第 2 版")
    within(SOON, lambda: says(page, desk, "五个工作日"), "restored → answers")
    shoot(page, "knowledge")


def plan_and_take_back(page: Page, desk: Desk) -> None:
    page.get_by_role("tab", name="编辑").click()
    box(page, "kb-body").fill(BODY.replace("五个工作日", "九个工作日"))
    box(page, "kb-at").fill(f"{datetime.now(UTC) + timedelta(days=30):%Y-%m-%d} 08:00")
    act(page, "kb-publish", "下个月改（测试）", "已预定")
    expect(page.locator("#kb-state")).to_contain_text("此前按现在的内容答复")
    expect(page.locator("#kb-list")).to_contain_text("预定", timeout=WAIT)
    assert says(page, desk, "五个工作日")
    act(page, "kb-cancel", "不改了（测试）", "已取消预定")
    expect(page.locator("#kb-state")).to_contain_text("暂存的修改", timeout=WAIT)
    page.get_by_role("tab", name="编辑").click()
    expect(box(page, "kb-body")).to_have_value(re.compile("九个工作日"))  # only the date was taken back
    page.click("#kb-drop")
    done(page, "暂存的修改已丢弃")
    expect(box(page, "kb-body")).to_have_value(re.compile("五个工作日"))


def test_files_written_by_hand_are_seen_and_a_broken_one_harms_no_other(page: Page, desk: Desk) -> None:
    good = desk.docs / "常见问答" / "C01-shouGong.md"
    broken = desk.docs / "常见问答" / "C01-huaiDiao.md"
    front = (desk.docs / "办事指南" / "C01-xiangBaiTan.md").read_text(encoding="utf-8")
    text = re.sub(r"(?m)^title: .*$", "title: 示例手工放进来的文档", front).replace(
        "id: C01-xiangBaiTan", "id: C01-shouGong"
    )
    text = re.sub(r"(?m)^kind: .*$", "kind: 常见问答", text)
    try:
        good.write_text(text, encoding="utf-8")
        broken.write_text(text.replace("C01-shouGong", "C01-huaiDiao").replace("topics: [C01]", "topics: [没有这项]"))
        line = 1 + text.split("topics:")[0].count("\n")

        def seen() -> bool:
            page.goto(f"{desk.url}/desk/knowledge")
            expect(page.get_by_test_id("documents")).to_be_visible(timeout=WAIT)
            return page.locator("#kb-told", has_text="C01-huaiDiao.md").count() > 0

        within(60, seen, "broken file is told")
        told = page.locator("#kb-told")
        expect(told).to_contain_text(f"常见问答/C01-huaiDiao.md 第 {line} 行")
        expect(told).to_contain_text("其余不受影响")
        box(page, "kb-words").fill("示例手工放进来的文档")
        expect(page.locator("[data-testid=documents] tbody tr")).to_have_count(1, timeout=WAIT)
        assert answered(page, desk, "我们想把现在的物业赶走")["found"]
        page.click("[data-testid=documents] tbody a")
        expect(page.locator("#kb-state")).to_contain_text("C01-shouGong.md", timeout=WAIT)
        told.locator("a", has_text="C01-huaiDiao").click()
        expect(page.locator("#kb-state")).to_contain_text("文件有错误", timeout=WAIT)
        page.get_by_role("tab", name="源文件").click()
        expect(page.locator("#kb-raw textarea")).to_have_value(re.compile("没有这项"))
        expect(page.locator("#kb-use-raw input")).to_be_checked()
    finally:
        good.unlink(missing_ok=True)
        broken.unlink(missing_ok=True)


def _word(folder: Path) -> Path:
    document = WordDocument()
    document.add_heading("示例路灯报修办法", 1)
    for heading, words in (("可以这样答复", "路灯不亮请告诉我灯杆编号。"), ("办理要点", "问清是哪条路、几盏。")):
        document.add_heading(heading, 2)
        document.add_paragraph(words)
    document.save(str(folder / "示例办法.docx"))
    return folder / "示例办法.docx"


def _with_macro(path: Path, target: Path) -> Path:
    content = io.BytesIO(path.read_bytes())
    with zipfile.ZipFile(content, "a") as archive:
        archive.writestr("word/vbaProject.bin", b"macro")
    target.write_bytes(content.getvalue())
    return target


def _bomb(path: Path, target: Path) -> Path:
    content = io.BytesIO(path.read_bytes())
    with zipfile.ZipFile(content, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/media/a.bin", bytes(60_000_000))
    target.write_bytes(content.getvalue())
    return target


def test_a_word_file_becomes_a_draft_and_dangerous_files_are_refused(page: Page, desk: Desk, tmp_path: Path) -> None:
    good = _word(tmp_path)
    files = [good, _with_macro(good, tmp_path / "带宏.docm"), _bomb(good, tmp_path / "炸弹.docx")]
    page.goto(f"{desk.url}/desk/exchange")
    page.wait_for_selector("#kb-files input[type=file]", state="attached", timeout=WAIT)
    page.set_input_files("#kb-files input[type=file]", [str(file) for file in files])
    reading = page.get_by_test_id("kb-reading")
    expect(reading).to_contain_text("路灯不亮请告诉我灯杆编号", timeout=60_000)
    refused = page.get_by_test_id("kb-refused")
    expect(refused.filter(has_text="带宏.docm")).to_contain_text("宏程序")
    expect(refused.filter(has_text="炸弹.docx")).to_contain_text("压缩炸弹")
    page.click("#kb-keep")
    expect(page.get_by_test_id("failed")).to_contain_text("没有写明本镇目录里的事项或单位", timeout=WAIT)
    pick(page, "kb-import-topics", "D05")
    page.keyboard.press("Escape")
    pick(page, "kb-import-unit", "综合行政执法队")
    box(page, "kb-import-reason").fill("旧办法收进来核对（测试）")
    page.click("#kb-keep")
    kept = page.get_by_test_id("kb-kept")
    expect(kept).to_contain_text("已收为草稿 1 篇", timeout=WAIT)
    kept.locator("a").first.click()
    expect(page.get_by_test_id("document-state")).to_contain_text("草稿", timeout=WAIT)
    expect(box(page, "kb-body")).to_have_value(re.compile("灯杆编号"))


def test_calls_without_an_answer_become_a_draft(page: Page, desk: Desk) -> None:
    text = "测试：想问一下示例热气球在镇里什么地方可以放飞"
    ticket = {"text": text, "ticket_type": "咨询", "topic_code": "J09", "outcome": "派单", "lead_code": "ZFD"}
    reasons = dict.fromkeys(("ticket_type", "topic_code", "outcome", "lead_code", "support_codes"), "测试登记的来电")
    reply = page.request.post(
        f"{desk.url}/api/v1/tickets", data={**ticket, "reasons": reasons}, headers={"origin": desk.url}
    )
    assert reply.ok, reply.text()
    page.goto(f"{desk.url}/desk/gaps")
    row = page.locator("[data-testid=gaps] tbody tr", has_text="热气球")
    expect(row).to_be_visible(timeout=WAIT)
    shoot(page, "gaps")
    row.get_by_role("button", name="生成草稿").click()
    made = page.get_by_test_id("gap-draft")
    expect(made).to_contain_text("还不会用来答复", timeout=WAIT)
    made.locator("a").click()
    expect(page.get_by_test_id("document-state")).to_contain_text("草稿", timeout=WAIT)
    expect(box(page, "kb-asks")).to_have_value(re.compile("热气球"))


def test_the_operator_copies_the_answer_and_says_why_it_was_not_used(page: Page, desk: Desk) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=desk.url)
    type_call(page, "我们小区想把现在的物业公司换掉，物业合同到期了还在收钱")
    copy = page.locator("button.copy-answer")
    expect(copy).to_be_visible(timeout=WAIT)
    copy.click()
    expect(copy).to_have_text("已复制")
    assert page.evaluate("navigator.clipboard.readText()") == copy.get_attribute("data-text")
    use = page.locator("#answer-use")
    use.get_by_label("采用", exact=True).check()
    expect(page.get_by_test_id("use-kept")).to_contain_text("已记下：采用", timeout=WAIT)
    use.get_by_label("不采用").check()
    words = box(page, "answer-words")
    expect(words).to_be_visible(timeout=WAIT)
    expect(page.get_by_test_id("use-kept")).to_contain_text("请补上原因", timeout=WAIT)
    words.fill("来电人问的是临时物业（测试）")
    words.press("Enter")
    expect(page.get_by_test_id("use-kept")).to_have_text("已记下：不采用", timeout=WAIT)
    page.goto(f"{desk.url}/desk/gaps")
    expect(page.get_by_test_id("gaps")).to_contain_text("来电人问的是临时物业（测试）", timeout=WAIT)
