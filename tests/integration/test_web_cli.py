"""The command ``hotline``: accounts and tokens start without model or index, secrets are printed once."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from intake.application.register import NewTicket
from intake.bootstrap import open_services
from intake.domain.access import Principal, Role, Scope
from intake.domain.call import CallNotes
from intake.settings import Settings
from tests.intake.fakes import NOW, SettableClock, fake_desk

pytestmark = pytest.mark.integration
ROOT = Path(__file__).resolve().parents[2]


def _hotline(var: Path, *arguments: str, environment: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HOTLINE_")}
    return subprocess.run(
        [sys.executable, "-m", "intake.cli", *arguments],
        cwd=ROOT,
        env={**kept, "PYTHONPATH": str(ROOT), "HOTLINE_VAR": str(var), "PYTHONUTF8": "1", **(environment or {})},
        capture_output=True,
        text=True,
    )


def test_accounts_and_tokens(tmp_path: Path) -> None:
    assert "最新结构" in _hotline(tmp_path, "migrate").stdout
    added = _hotline(tmp_path, "user", "add", "坐席甲", "--role", "坐席")
    assert added.returncode == 0, added.stderr
    password = added.stdout.strip().split("：")[-1]
    token = _hotline(tmp_path, "token", "add", "外部系统", "--scope", "suggest,tickets:read").stdout.strip()
    assert _hotline(tmp_path, "audit").stdout.strip() == "审计链完整。共 2 条。"
    services = open_services(Settings(var=tmp_path))
    assert services.accounts.log_in("坐席甲", password)[1].role is Role.OPERATOR
    system = services.accounts.by_token(token)
    assert system is not None
    assert system.scopes == {Scope.SUGGEST, Scope.READ}
    services.close()


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("user", "add", "某人", "--role", "局长"), "没有这个角色"),
        (("user", "add", "某单位", "--role", "承办单位"), "要写明单位代码"),
        (("token", "add", "x", "--scope", "everything"), "没有这个权限范围"),
    ],
)
def test_refusals_are_chinese_and_have_a_status(tmp_path: Path, arguments: tuple[str, ...], why: str) -> None:
    refused = _hotline(tmp_path, *arguments)
    assert refused.returncode != 0
    assert why in refused.stderr
    assert "Traceback" not in refused.stderr


def test_commands_without_vectors_load_no_heavy_library() -> None:
    script = (
        "import sys; import intake.cli, intake.bootstrap;"
        "heavy = ('torch', 'sentence_transformers', 'chromadb', 'sklearn', 'gradio', 'fastapi');"
        "print([name for name in heavy if name in sys.modules])"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    shown = subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert shown.stdout.strip() == "[]", shown.stderr


def test_a_port_in_use_is_told_before_anything_is_loaded(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        environment = {"HOTLINE_PORT": str(taken.getsockname()[1])}
        refused = _hotline(tmp_path / "var", "serve", environment=environment)
    assert refused.returncode == 1
    assert "端口用不了" in refused.stderr
    assert not (tmp_path / "var").exists()


def test_a_database_that_cannot_be_opened_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    refused = _hotline(tmp_path / "file" / "var", "migrate")
    assert refused.returncode == 1
    assert "数据库打不开" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_sweep_and_show_need_no_model(tmp_path: Path) -> None:
    services = open_services(Settings(var=tmp_path), fake_desk(), SettableClock())
    notes = CallNotes("亭中小区门口每天晚上有人摆摊，没人管", NOW, "亭中小区门口", "13800000000", "张先生")
    new = NewTicket(notes, "投诉求助", "C01", "派单", "ZFD", ("SQB",))
    number = services.register(new, Principal("坐席甲", Role.OPERATOR), "k1").ticket.number
    services.close()
    swept = _hotline(tmp_path, "sweep", "--now", "2026-11-26T09:00:00+08:00")
    assert swept.returncode == 0, swept.stderr
    assert "再次催办 1 件" in swept.stdout
    assert "没有需要催办的工单" in _hotline(tmp_path, "sweep", "--now", "2026-11-26T09:00").stdout
    shown = _hotline(tmp_path, "ticket", "show", number).stdout
    assert "联系电话：138****0000" in shown
    assert "再次催办：综合行政执法队，先行联系时限。（停机期间未发：到期提醒、催办）" in shown
    assert "市民等候" in shown
    assert "未办结工单 1 张，时限有变化 0 张" in _hotline(tmp_path, "recompute").stdout
    assert _hotline(tmp_path, "ticket", "show", "JT0").returncode == 1
    assert "时间写法不对" in _hotline(tmp_path, "sweep", "--now", "明天").stderr
