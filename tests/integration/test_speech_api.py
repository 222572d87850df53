"""Speech over HTTP: who may, how much, what is answered, and that nothing of the sound stays behind."""

import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from fastapi.testclient import TestClient

from intake.application.services import Services
from intake.domain.access import Scope
from intake.speech.audio import read_sound
from intake.speech.keep import Keeper
from intake.speech.service import Parts, SpeechService
from intake.web.app_factory import create_api
from tests.intake.speech.fakes import WORDS, ScriptedRecogniser, loud_is_speech
from tests.intake.speech.sounds import encoded, silence, tone, video

pytestmark = pytest.mark.integration
SCRIPT = ("您好,请讲", "我住在亭中社区,每天晚上有人摆攤,没人管")


def speech_of(services: Services, folder: Path) -> SpeechService:
    """Real limits, reader and jobs with a recogniser that says its script."""
    keeper = Keeper(folder / "speech", 0, services.clock)
    recogniser = ScriptedRecogniser([*SCRIPT])
    return SpeechService(Parts(recogniser, read_sound, lambda: loud_is_speech, lambda: WORDS, keeper, lambda: ""))


@pytest.fixture
def client(services: Services, tmp_path: Path) -> Iterator[TestClient]:
    """A system that may ask for suggestions, with speech on."""
    known = replace(services, speech=speech_of(services, tmp_path))
    with TestClient(create_api(known), raise_server_exceptions=False) as client:
        client.headers["Authorization"] = "Bearer " + services.accounts.add_token("测试", frozenset({Scope.SUGGEST}))
        yield client
        assert known.speech is not None
        known.speech.close()


def conversation() -> bytes:
    left = np.concatenate([tone(1.0), silence(5.0)])
    right = np.concatenate([silence(2.5), tone(3.0), silence(0.5)])
    return encoded(np.stack([left, right]), "pcm_alaw", "wav", 8000)


@pytest.fixture
def temporary(tmp_path: Path) -> Iterator[Path]:
    """A folder of this test's own for whatever wants to write temporary files."""
    folder, before = tmp_path / "temporary", tempfile.tempdir
    folder.mkdir()
    tempfile.tempdir = str(folder)
    yield folder
    tempfile.tempdir = before


def test_a_recording_becomes_turns_text_and_the_four_elements(
    client: TestClient, tmp_path: Path, temporary: Path
) -> None:
    answer = client.post("/api/v1/speech/transcripts", params={"name": "来电.wav"}, content=conversation())
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert [(turn["speaker"], turn["text"]) for turn in body["turns"]] == [
        ("坐席", "您好，请讲。"),
        ("来电人", "我住在亭中社区，每天晚上有人摆摊，没人管。"),
    ]
    assert body["text"] == "坐席：您好，请讲。\n来电人：我住在亭中社区，每天晚上有人摆摊，没人管。"
    assert body["told"] == "我住在亭中社区，每天晚上有人摆摊，没人管。"
    assert body["seconds"] == pytest.approx(6.0, abs=0.1)
    assert body["summary"]["time"] == "每天晚上"
    assert body["summary"]["place"] == "亭中社区"
    assert list(temporary.iterdir()) == []
    assert not (tmp_path / "speech").exists()
    suggestion = client.post("/api/v1/suggest", json={"text": body["told"]}).json()
    assert suggestion["lead"]["name"] == "综合行政执法队"


def test_a_recording_sentence_by_sentence(client: TestClient) -> None:
    answer = client.post("/api/v1/speech/recordings", params={"name": "a.wav"}, content=conversation())
    assert answer.status_code == 202
    body: dict[str, object] = {}
    for _ in range(200):
        body = client.get(f"/api/v1/speech/jobs/{answer.json()['id']}").json()
        if body["done"]:
            break
        time.sleep(0.02)
    assert body["told"] == "我住在亭中社区，每天晚上有人摆摊，没人管。"
    assert body["problem"] == ""


def test_a_live_line(client: TestClient) -> None:
    line = client.post("/api/v1/speech/lines").json()["id"]
    for number in range(3):
        block = (tone(0.5) * 32767).astype("<i2").tobytes()
        assert client.put(f"/api/v1/speech/lines/{line}/{number}", content=block).status_code == 200
    client.post(f"/api/v1/speech/lines/{line}/end")
    for _ in range(200):
        body = client.get(f"/api/v1/speech/jobs/{line}").json()
        if body["done"]:
            break
        time.sleep(0.02)
    assert [turn["text"] for turn in body["turns"]] == ["您好，请讲。"]


@pytest.mark.parametrize(
    ("content", "status", "title"),
    [
        (b"", 422, "录音是空的"),
        (video(), 422, "这是视频文件"),
        (b"ID3" + bytes(5000), 422, "录音读不出来"),
        (b"hello", 422, "这不是录音"),
        (encoded(tone(7200.0, rate=1000), "pcm_alaw", "wav", 1000, at=1000), 422, "录音太长"),
    ],
    ids=["empty", "video", "corrupt", "text", "two hours"],
)
def test_what_cannot_be_used_is_said(client: TestClient, content: bytes, status: int, title: str) -> None:
    answer = client.post("/api/v1/speech/transcripts", params={"name": "a.bin"}, content=content)
    assert (answer.status_code, answer.json()["title"]) == (status, title)
    assert "都还在" in answer.json()["remedy"]


def test_silence_is_no_error(client: TestClient) -> None:
    body = client.post("/api/v1/speech/transcripts", content=encoded(silence(5.0))).json()
    assert (body["text"], body["notices"]) == ("", ["没有听到说话。"])


def test_too_large_anonymous_and_without_permission(client: TestClient, services: Services) -> None:
    huge = {"Content-Length": str(70_000_000)}
    assert client.post("/api/v1/speech/transcripts", content=b"x", headers=huge).status_code == 413
    assert client.put("/api/v1/speech/lines/x/0", content=bytes(2_000_001)).status_code == 413
    reader = "Bearer " + services.accounts.add_token("只读", frozenset({Scope.READ}))
    refused = client.post("/api/v1/speech/lines", headers={"Authorization": reader})
    assert refused.status_code == 403
    assert client.post("/api/v1/speech/lines", headers={"Authorization": ""}).status_code == 401
    assert client.get("/api/v1/speech/jobs/unknown").status_code == 404


def test_without_a_model_the_api_says_what_to_set(services: Services) -> None:
    assert services.speech is None
    with TestClient(create_api(services)) as client:
        client.headers["Authorization"] = "Bearer " + services.accounts.add_token("测试", frozenset({Scope.ADMIN}))
        answer = client.post("/api/v1/speech/transcripts", content=b"RIFF")
    assert answer.status_code == 503
    assert "HOTLINE_SPEECH_MODEL" in answer.json()["detail"]
