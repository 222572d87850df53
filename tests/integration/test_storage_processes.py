"""Two processes on one database: migrating at once, numbering without doubles, one unbroken audit chain."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from intake.domain.audit_chain import verify
from intake.storage.engine import open_engine
from intake.storage.unit_of_work import SqlTransactions

pytestmark = pytest.mark.integration
ROOT = Path(__file__).resolve().parents[2]
COUNT = 25


def test_two_processes_save_at_once(database_url: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.integration.saver", database_url, str(tmp_path / "var")]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    running = [
        subprocess.Popen(
            [*command, who, str(COUNT), "同一次点击"], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
        )
        for who in ("甲", "乙")
    ]
    outputs = [process.communicate(timeout=240)[0].splitlines() for process in running]
    assert [process.returncode for process in running] == [0, 0]
    numbers = [line for output in outputs for line in output if not line.startswith("shared")]
    shared = {line for output in outputs for line in output if line.startswith("shared")}
    expected = {f"JT20261123-{n:04d}" for n in range(1, 2 * COUNT + 2)}
    assert len(numbers) == 2 * COUNT
    assert len(shared) == 1
    assert {*numbers, *(line.split()[1] for line in shared)} == expected
    engine = open_engine(database_url)
    with SqlTransactions(engine).read() as unit:
        entries = list(unit.audit.entries())
    assert verify(entries) is None
    assert len(entries) == 2 * COUNT + 1
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM tickets")).scalar() == 2 * COUNT + 1
    engine.dispose()


def test_what_was_confirmed_is_there_after_a_kill(database_url: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.integration.saver", database_url, str(tmp_path / "var"), "甲", "9999", "k"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        confirmed = [process.stdout.readline().strip() for _ in range(8)]
        process.kill()
        confirmed += [line.strip() for line in process.stdout if line.endswith("\n")]
    engine = open_engine(database_url)
    with SqlTransactions(engine).read() as unit:
        assert all(unit.tickets.get(number) is not None for number in confirmed)
        assert all(unit.tickets.events(number) for number in confirmed)
        entries = list(unit.audit.entries())
    assert verify(entries) is None
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM tickets")).scalar() == len(entries) >= len(confirmed)
    engine.dispose()
