"""The chain's outside on real databases: one anchor a day, what edits behind the back leave, files that are watched."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from intake.application.anchoring import CHANNEL, AnchorFailedError, Anchoring
from intake.application.services import Services
from intake.application.watch_files import WatchFiles
from intake.domain.access import Role
from intake.domain.errors import NotReadyError
from intake.settings import Settings
from intake.storage.engine import open_engine
from tests.intake.fakes import SettableClock
from tests.integration.test_loop_handling import NEW, OPERATOR
from tests.integration.test_loop_sweep import ROOT

pytestmark = pytest.mark.integration


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "outside"


@pytest.fixture
def anchoring(services: Services, folder: Path) -> Anchoring:
    return Anchoring(services.transactions, folder, "约好的密钥", webhook=True)


@pytest.fixture
def edit(database_url: str) -> Callable[..., None]:
    """Change the chain behind the desk's back, as somebody with the database's password could."""

    def run(*statements: str) -> None:
        engine = open_engine(database_url)
        with engine.begin() as connection:
            if engine.dialect.name == "postgresql":
                connection.execute(text("ALTER TABLE audit_entries DISABLE TRIGGER ALL"))
            else:
                for verb in ("update", "delete"):
                    connection.execute(text(f"DROP TRIGGER audit_entries_no_{verb}"))
            for statement in statements:
                connection.execute(text(statement))
        engine.dispose()

    return run


def _save(services: Services, count: int) -> None:
    for n in range(count):
        services.register(NEW, OPERATOR, f"k{n}")


def test_one_anchor_a_day_in_the_folder_and_in_the_outbox(
    services: Services, anchoring: Anchoring, folder: Path, clock: SettableClock
) -> None:
    _save(services, 3)
    made = anchoring(clock())
    assert made is not None
    assert (made.sequence, made.count) == (3, 3)
    assert anchoring(clock()) is None
    clock.forward(hours=24)
    assert anchoring(clock()) is not None
    assert sorted(path.name for path in folder.iterdir()) == ["audit-2026-11-23.json", "audit-2026-11-24.json"]
    assert anchoring.verify(folder).sentence() == "审计链完整。共 5 条，2 个锚定相符，已锚定到第 4 条。"
    with services.transactions.write() as unit:
        sent = unit.outbox.claim(clock(), clock() + timedelta(minutes=1), 9)
    assert [(message.unit_code, message.body["sequence"]) for message in sent] == [(CHANNEL, "3"), (CHANNEL, "4")]


def test_three_processes_anchor_a_day_once(services: Services, database_url: str, tmp_path: Path) -> None:
    _save(services, 2)
    code = (
        "import sys; from pathlib import Path; from intake.bootstrap import open_services;"
        "from intake.settings import Settings; from tests.intake.fakes import NOW, fake_desk;"
        "s = open_services(Settings(var=Path(sys.argv[2]), database_url=sys.argv[1]), fake_desk());"
        "print(sum(s.anchoring(NOW) is not None for _ in range(3)), s.watch_files(NOW)); s.close()"
    )
    command = [sys.executable, "-c", code, database_url, str(tmp_path)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    running = [
        subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) for _ in range(3)
    ]
    said = [process.communicate(timeout=240)[0].split() for process in running]
    assert sorted(anchors for anchors, _ in said) == ["0", "0", "1"]
    with services.transactions.read() as unit:
        noted = sum(entry.action.startswith("资料文件") for entry in unit.audit.entries())
        files = unit.anchors.files()
    assert sum(int(count) for _, count in said) == noted == len(files)
    report = services.anchoring.verify(tmp_path / "anchors")
    assert (report.faults, report.anchors) == ((), 1)


@pytest.mark.parametrize(
    ("statements", "told"),
    [
        (("UPDATE audit_entries SET actor='别人' WHERE sequence=3",), "第 3 条的内容被改动过"),
        (("DELETE FROM audit_entries WHERE sequence=4",), "第 4 条被删除"),
        (
            (
                "UPDATE audit_entries SET sequence=99 WHERE sequence=2",
                "UPDATE audit_entries SET sequence=2 WHERE sequence=4",
                "UPDATE audit_entries SET sequence=4 WHERE sequence=99",
            ),
            "第 2 条原是第 4 条：次序或编号被调换过",
        ),
        (("DELETE FROM audit_entries WHERE sequence>4",), "第 5 条至第 7 条被删除"),
    ],
    ids=["edited", "removed", "reordered", "cut off"],
)
def test_a_change_behind_the_back_is_named(
    services: Services, anchoring: Anchoring, edit: Callable[..., None], statements: tuple[str, ...], told: str
) -> None:
    _save(services, 7)
    edit(*statements)
    report = anchoring.verify()
    assert told in report.sentence()
    assert report.sentence().startswith("审计链不完整")


def test_only_the_anchor_sees_a_cut_off_end_with_a_mended_head(
    services: Services, anchoring: Anchoring, edit: Callable[..., None], folder: Path, clock: SettableClock
) -> None:
    _save(services, 6)
    anchoring(clock())
    last = "SELECT hash FROM audit_entries WHERE sequence=4"
    edit("DELETE FROM audit_entries WHERE sequence>4", f"UPDATE audit_head SET sequence=4, hash=({last})")
    assert anchoring.verify().faults == ()
    (fault,) = anchoring.verify(folder).faults
    assert "第 5 条至第 6 条被删除：2026-11-23 的锚定记到第 6 条，现在链尾只到第 4 条" in fault.sentence


def test_an_anchor_that_was_touched_or_is_missing_is_told(
    services: Services, anchoring: Anchoring, folder: Path, clock: SettableClock
) -> None:
    _save(services, 2)
    with pytest.raises(NotReadyError, match="没有锚定文件"):
        anchoring.verify(folder)
    anchoring(clock())
    path = folder / "audit-2026-11-23.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"2"', '"1"'), encoding="utf-8")
    assert "audit-2026-11-23.json 不能用：签名不对" in anchoring.verify(folder).sentence()


def test_a_folder_that_cannot_be_written_is_told_and_tried_again(
    services: Services, folder: Path, clock: SettableClock
) -> None:
    _save(services, 1)
    folder.write_text("not a folder")
    anchoring = Anchoring(services.transactions, folder, "", webhook=False)
    with pytest.raises(AnchorFailedError, match="锚定文件写不出"):
        anchoring(clock())
    folder.unlink()
    assert anchoring(clock()) is None
    assert json.loads((folder / "audit-2026-11-23.json").read_text(encoding="utf-8"))["sequence"] == "1"


def test_the_chain_covers_accounts_logins_and_files(services: Services, clock: SettableClock, tmp_path: Path) -> None:
    password = services.accounts.add("坐席甲", Role.OPERATOR)
    services.accounts.log_out(services.accounts.log_in("坐席甲", password)[0])
    town = tmp_path / "pack"
    town.mkdir()
    (town / "units.yaml").write_text("a: 1", encoding="utf-8")
    watch = WatchFiles(services.transactions, {"镇资料包": town, "知识文档": tmp_path / "none"})
    assert [watch(clock()), watch(clock())] == [1, 0]
    (town / "units.yaml").write_text("a: 22", encoding="utf-8")
    (town / "places-extra.yaml.lock").touch()
    assert WatchFiles(services.transactions, {"镇资料包": town})(clock()) == 1
    (town / "units.yaml").unlink()
    assert watch(clock()) == 1
    with services.transactions.read() as unit:
        said = [(entry.action, entry.subject) for entry in unit.audit.entries()]
    name = "镇资料包/units.yaml"
    assert said == [
        ("建立账号", "坐席甲"),
        ("登录", "坐席甲"),
        ("退出", "坐席甲"),
        ("资料文件加入", name),
        ("资料文件修改", name),
        ("资料文件移除", name),
    ]
    assert services.anchoring.verify().faults == ()


def test_the_command_makes_an_anchor_and_checks_against_it(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "HOTLINE_VAR": str(tmp_path), "PYTHONUTF8": "1"}

    def hotline(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "intake.cli", *arguments]
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)

    assert hotline("user", "add", "坐席甲", "--role", "坐席").returncode == 0
    made = hotline("audit", "anchor")
    assert json.loads(made.stdout)["count"] == "1", made.stderr
    assert "已经锚定过" in hotline("audit", "anchor").stdout
    outside = Settings(var=tmp_path).anchor_folder
    whole = hotline("audit", "verify", "--anchors", str(outside))
    assert (whole.returncode, whole.stdout.strip()) == (0, "审计链完整。共 2 条，1 个锚定相符，已锚定到第 1 条。")
    assert hotline("audit", "verify", "--anchors", str(tmp_path / "none")).returncode == 1
