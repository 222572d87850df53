"""Speech on the desk in a real browser: its microphone plays a recording, the recogniser behind it says its script."""

import re
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import uvicorn
from playwright.sync_api import Browser, Locator, Page, Playwright, expect

from app import create_app
from intake.bootstrap import open_services
from intake.domain.access import Role
from intake.settings import Settings
from intake.speech.audio import read_sound
from intake.speech.keep import Keeper
from intake.speech.service import Parts, SpeechService
from tests.e2e.conftest import FLAGS, _free_port, chromium, shoot
from tests.intake.fakes import FakeRecommender, fake_desk
from tests.intake.speech.fakes import WORDS, ScriptedRecogniser, loud_is_speech
from tests.intake.speech.sounds import encoded, silence, tone, video

pytestmark = pytest.mark.e2e
FIRST, SECOND, THIRD = "亭中小区门口天天有人摆摊", "晚上也不走", "希望尽快来管"
SLOW = {"timeout": 30_000}


class Desk:
    """A desk in this process, with speech; ``recogniser`` is what stands behind it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.recogniser = ScriptedRecogniser([])
        settings = Settings(_env_file=None, var=folder / "var", port=_free_port())  # type: ignore[call-arg]
        services = open_services(settings, fake_desk(FakeRecommender()))
        self.keeper = Keeper(folder / "speech", 0, services.clock)
        parts = Parts(self.recogniser, read_sound, lambda: loud_is_speech, lambda: WORDS, self.keeper, lambda: "")
        self.services = replace(services, speech=SpeechService(parts))
        self.password = services.accounts.add("坐席示例", Role.OPERATOR)
        config = uvicorn.Config(create_app(settings, self.services), port=settings.port, log_level="warning")
        self.server = uvicorn.Server(config)
        self.url = f"http://127.0.0.1:{settings.port}"
        self.thread = threading.Thread(target=self.server.run, daemon=True)
        self.thread.start()
        while not self.server.started:
            time.sleep(0.1)

    def close(self) -> None:
        self.server.should_exit = True
        self.thread.join(20)
        self.services.close()


@pytest.fixture(scope="module")
def talking(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder, before = tmp_path_factory.mktemp("speech"), tempfile.tempdir
    (folder / "temporary").mkdir()
    tempfile.tempdir = str(folder / "temporary")
    desk = Desk(folder)
    yield desk
    desk.close()
    tempfile.tempdir = before


@pytest.fixture(scope="module")
def microphone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six seconds of speech, a pause, and so on: what the browser takes for its microphone, over and over."""
    path = tmp_path_factory.mktemp("mic") / "mic.wav"
    path.write_bytes(encoded(np.concatenate([silence(1.0), tone(6.0), silence(2.0)]), rate=48000))
    return path


@pytest.fixture(scope="module")
def ears(player: Playwright, microphone: Path) -> Iterator[Browser]:
    """A browser whose microphone plays that file."""
    fake = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
    args = [*FLAGS, *fake, f"--use-file-for-fake-audio-capture={microphone}"]
    browser = player.chromium.launch(executable_path=chromium(), args=args)
    yield browser
    browser.close()


@pytest.fixture
def desk_page(talking: Desk, ears: Browser) -> Iterator[Page]:
    context = ears.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN", permissions=["microphone"])
    page = context.new_page()
    page.goto(f"{talking.url}/desk/")
    page.fill("input[name=name]", "坐席示例")
    page.fill("input[name=password]", talking.password)
    page.keyboard.press("Enter")
    page.wait_for_selector("#call-text textarea")
    expect(page.locator("#called-at textarea, #called-at input")).not_to_have_value("", timeout=20_000)
    yield page
    context.close()


def notes(page: Page) -> Locator:
    return page.locator("#call-text textarea")


def state(page: Page) -> Locator:
    return page.locator("[data-testid=speech-state]")


def test_what_is_said_is_written_and_what_was_edited_stays(desk_page: Page, talking: Desk) -> None:
    page = desk_page
    talking.recogniser.script[:] = [FIRST, SECOND, THIRD, "说不完的话"]
    notes(page).fill("老张说：")
    page.keyboard.press("Alt+v")
    expect(page.locator("[data-testid=speech-partial]")).to_contain_text(FIRST[:6], **SLOW)
    expect(notes(page)).to_have_value(re.compile(f"^老张说：{FIRST}。"), **SLOW)
    # The operator corrects while the caller goes on: what he wrote is not replaced by anything that comes later.
    notes(page).fill("李女士说：亭中小区东门口有人摆摊。")
    expect(notes(page)).to_have_value(re.compile(f"^李女士说：亭中小区东门口有人摆摊。.*({SECOND}|{THIRD})"), **SLOW)
    page.locator("#speech .sp-mic").click()
    expect(state(page)).to_contain_text("转写完", **SLOW)
    assert notes(page).input_value().startswith("李女士说：亭中小区东门口有人摆摊。")
    assert "老张" not in notes(page).input_value()
    expect(page.locator("[data-testid=lead]")).to_contain_text("综合行政执法队", **SLOW)  # transcript, summary, fields
    shoot(page, "speech")
    page.click("#new-call")
    expect(notes(page)).to_have_value("", **SLOW)


def test_the_caret_stays_where_the_operator_writes(desk_page: Page, talking: Desk) -> None:
    page = desk_page
    talking.recogniser.script[:] = [FIRST]
    notes(page).fill("甲乙丙。")
    page.evaluate("document.querySelector('#call-text textarea').setSelectionRange(1, 1)")
    page.locator("#speech input[type=file]").set_input_files(
        {"name": "a.wav", "mimeType": "audio/wav", "buffer": encoded(tone(2.0))}
    )
    page.focus("#call-text textarea")
    expect(notes(page)).to_have_value(f"甲乙丙。{FIRST}。", **SLOW)
    page.keyboard.type("丁")
    expect(notes(page)).to_have_value(f"甲丁乙丙。{FIRST}。")


def test_a_recording_with_two_speakers_gives_the_callers_words(desk_page: Page, talking: Desk) -> None:
    page = desk_page
    talking.recogniser.script[:] = ["您好请讲", FIRST]
    left = np.concatenate([tone(1.0), silence(5.0)])
    right = np.concatenate([silence(2.5), tone(3.0), silence(0.5)])
    content = encoded(np.stack([left, right]), "pcm_alaw", "wav", 8000)
    page.locator("#speech input[type=file]").set_input_files(
        {"name": "来电.wav", "mimeType": "audio/wav", "buffer": content}
    )
    expect(notes(page)).to_have_value(f"{FIRST}。", **SLOW)
    page.locator("#speech summary").click()
    expect(page.locator("#speech .sp-turns")).to_contain_text("坐席：您好请讲。")
    expect(page.locator("[data-testid=lead]")).to_contain_text("综合行政执法队", **SLOW)
    kept = [path for path in talking.folder.rglob("*") if path.suffix in (".wav", ".mp3", ".alaw")]
    assert kept == []


def test_what_cannot_be_used_is_said_and_nothing_is_lost(desk_page: Page, talking: Desk) -> None:
    page = desk_page
    notes(page).fill("已经记下的话")
    for name, content, told in (
        ("a.mp4", video(), "只导出声音"),
        ("a.mp3", b"ID3" + bytes(3000), "已损坏"),
        ("a.wav", encoded(silence(3.0)), "没有听到说话"),
    ):
        page.locator("#speech input[type=file]").set_input_files(
            {"name": name, "mimeType": "application/octet-stream", "buffer": content}
        )
        expect(state(page)).to_contain_text(told, **SLOW)
    expect(notes(page)).to_have_value("已经记下的话")


def test_sentences_of_the_last_call_never_reach_the_next(desk_page: Page, talking: Desk) -> None:
    page = desk_page
    talking.recogniser.script[:] = [FIRST, SECOND, THIRD]
    page.locator("#speech .sp-mic").click()
    expect(page.locator("[data-testid=speech-partial]")).to_contain_text(FIRST[:6], **SLOW)
    page.click("#new-call")
    expect(state(page)).to_contain_text("转写完", **SLOW)
    expect(page.locator("#speech .sp-turns")).to_contain_text("没有写进现在的诉求", **SLOW)
    expect(notes(page)).to_have_value("")


def test_a_town_without_speech_sees_nothing_of_it(page: Page) -> None:
    assert page.locator("#speech").count() == 0
    assert "api/v1/speech" not in page.content()
