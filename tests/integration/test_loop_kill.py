"""The process is killed in the middle of saving: no half step, nothing confirmed is lost, the chain verifies."""

import os
import subprocess
import sys
import time
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import text

from intake.domain.audit_chain import verify
from intake.domain.clocks import clocks_of
from intake.domain.lifecycle import replay
from intake.storage.engine import open_engine
from intake.storage.unit_of_work import SqlTransactions
from tests.intake.terms import TERMS

pytestmark = pytest.mark.integration
ROOT = Path(__file__).resolve().parents[2]
KILLS = int(os.environ.get("HOTLINE_TEST_KILLS", "4"))


def _killed(url: str, var: Path, run: int) -> dict[str, int]:
    """Start, let it work for a random while, kill; returns the highest confirmed version of each ticket."""
    command = [sys.executable, "-m", "tests.integration.handler", url, str(var), str(run)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(Random(run).uniform(0.0, 0.5))
        process.kill()
        lines = [line.split() for line in process.stdout if line.endswith("\n")]
    return {number: int(version) for number, version in lines}


def test_killed_at_random_moments(database_url: str, tmp_path: Path) -> None:
    confirmed: dict[str, int] = {}
    for run in range(KILLS):
        confirmed |= _killed(database_url, tmp_path, run)
    engine = open_engine(database_url)
    with SqlTransactions(engine).read() as unit:
        assert verify(unit.audit.entries()) is None
        for number, version in confirmed.items():
            ticket = unit.tickets.get(number)
            file = replay(unit.tickets.events(number))
            assert ticket is not None
            assert ticket.version == file.events >= version
            assert (ticket.state, ticket.timers) == (file.state, clocks_of(file, TERMS))
    with engine.connect() as connection:
        steps = connection.execute(text("SELECT sum(version) - 2 * count(*) FROM tickets")).scalar()
        assert steps == connection.execute(text("SELECT count(*) FROM audit_entries")).scalar()
    engine.dispose()
