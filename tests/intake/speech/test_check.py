"""What ``hotline doctor`` says about speech."""

from pathlib import Path

from intake.settings import Settings
from intake.speech.check import check_speech, speech_problem


def settings(**values: object) -> Settings:
    return Settings(_env_file=None, **values)  # type: ignore[arg-type]


def test_off_is_fine() -> None:
    (check,) = check_speech(settings(speech_model=None))
    assert check.ok
    assert "HOTLINE_SPEECH_MODEL" in check.reason
    assert settings(speech_model="").speech_model is None


def test_a_missing_folder_and_an_incomplete_one_are_named(tmp_path: Path) -> None:
    assert "不存在" in speech_problem(settings(speech_model=tmp_path / "none"))
    (tmp_path / "model.bin").write_bytes(b"x")
    told = speech_problem(settings(speech_model=tmp_path))
    assert "缺 config.json、tokenizer.json、vocabulary" in told


def test_complete_settings_have_no_problem(tmp_path: Path) -> None:
    for name in ("model.bin", "config.json", "tokenizer.json", "vocabulary.txt"):
        (tmp_path / name).write_bytes(b"x")
    known = settings(speech_model=tmp_path, speech_threads=1, speech_keep=7, host="0.0.0.0")
    assert speech_problem(known) == ""
    told = "".join(check.reason for check in check_speech(known))
    assert "保存 7 天" in told
    assert "https" in told


def test_more_threads_than_cores_are_too_many(tmp_path: Path) -> None:
    assert "核" in speech_problem(settings(speech_model=tmp_path, speech_threads=64))


def test_a_server_in_place_of_a_model() -> None:
    known = settings(speech_url="http://127.0.0.1:8001/v1")
    assert speech_problem(known) == ""
    assert "声音送到 127.0.0.1" in "".join(check.reason for check in check_speech(known))
    assert "http(s) 地址" in speech_problem(settings(speech_url="file:///etc/passwd"))


def test_channels_name_their_speakers() -> None:
    assert settings().speech_speakers == ("坐席", "来电人")
    assert settings(speech_channels="来电人， 坐席").speech_speakers == ("来电人", "坐席")
    assert settings(speech_channels="甲").speech_speakers == ("甲", "右声道")
