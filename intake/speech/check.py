"""Is speech set up, and if not, what is missing: looks at settings and files, loads nothing."""

import os
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from intake.application.services import Check
from intake.settings import Settings

NAME = "语音"
INSTALL = "pip install -c constraints.txt '.[speech]'"
_FILES = ("model.bin", "config.json", "tokenizer.json")
_LIBRARIES = ("faster_whisper", "av", "pypinyin")


def check_speech(settings: Settings) -> tuple[Check, ...]:
    """Findings for ``hotline doctor``: one that is good says what is in use, one that is not says what to do."""
    folder = settings.speech_model
    if folder is None and not settings.speech_url:
        return (Check(NAME, True, "没有开通（没有设置 HOTLINE_SPEECH_MODEL）；不需要语音就不用管。"),)
    checks = [_libraries(), _kept(settings)]
    checks += [_server(settings)] if folder is None else [_model(folder), _threads(settings.speech_threads)]
    if settings.host not in ("127.0.0.1", "localhost", "::1"):
        told = "浏览器只在 https 或本机地址上允许用麦克风；坐席从别的电脑访问时请经 https 反向代理。上传录音不受影响。"
        checks.append(Check(f"{NAME}：麦克风", True, told))
    return tuple(checks)


def speech_problem(settings: Settings) -> str:
    """Everything that keeps speech from working, in one line; empty when nothing does."""
    return "".join(check.reason for check in check_speech(settings) if not check.ok)


def _libraries() -> Check:
    missing = [name for name in _LIBRARIES if find_spec(name) is None]
    if missing:
        return Check(f"{NAME}：组件", False, f"没有安装 {'、'.join(missing)}，请执行 {INSTALL}。")
    return Check(f"{NAME}：组件", True, "faster-whisper 已安装；不需要另装 ffmpeg。")


def _model(folder: Path) -> Check:
    name = f"{NAME}：模型"
    if not folder.is_dir():
        return Check(name, False, f"HOTLINE_SPEECH_MODEL 指向的文件夹不存在：{folder}。")
    missing = [wanted for wanted in _FILES if not (folder / wanted).is_file()]
    if not any((folder / f"vocabulary.{ending}").is_file() for ending in ("txt", "json")):
        missing.append("vocabulary.txt 或 vocabulary.json")
    if missing:
        return Check(name, False, f"语音模型文件夹 {folder} 里缺 {'、'.join(missing)}，请重新复制完整的模型。")
    size = (folder / "model.bin").stat().st_size // 1_000_000
    return Check(name, True, f"{folder}（{size} MB）")


def _server(settings: Settings) -> Check:
    name, parts = f"{NAME}：服务", urlsplit(settings.speech_url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        told = f"HOTLINE_SPEECH_URL 应为 http(s) 地址，如 http://127.0.0.1:8001/v1，现为“{settings.speech_url}”。"
        return Check(name, False, told)
    return Check(name, True, f"声音送到 {parts.hostname} 识别；请确认这是本镇同意的地址。")


def _threads(threads: int) -> Check:
    cores = os.cpu_count() or 1
    if threads > cores:
        return Check(f"{NAME}：线程", False, f"HOTLINE_SPEECH_THREADS={threads} 多于本机 {cores} 核，请改小。")
    return Check(f"{NAME}：线程", True, f"{threads} 个，本机 {cores} 核。")


def _kept(settings: Settings) -> Check:
    if not settings.speech_keep:
        return Check(f"{NAME}：录音", True, "不保存录音（HOTLINE_SPEECH_KEEP=0）。")
    told = f"录音保存 {settings.speech_keep} 天，在 {settings.var / 'speech'}，到期自动删除。"
    return Check(f"{NAME}：录音", True, told)
