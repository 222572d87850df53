"""Imports on real databases: columns remembered, each number once, broken rows told, killed without doubles."""

import csv
import io
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from openpyxl import load_workbook

from intake.application.import_ports import JobState, RowState
from intake.application.imports import ImportView
from intake.application.queries import TicketFilter
from intake.application.services import Services
from intake.domain.access import Principal, Role, Scope
from intake.domain.audit_chain import verify
from intake.domain.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from intake.domain.import_rows import ImportField
from intake.web.app_factory import create_api
from tests.intake.fakes import SettableClock
from tests.integration.test_loop_handling import MANAGER, OPERATOR, ZFD
from tests.integration.test_loop_sweep import ROOT

pytestmark = pytest.mark.integration
HEAD = ("工单编号", "来电时间", "诉求内容", "联系电话", "工单类型")
BAD = (
    ("", "2026-11-20", "没有编号的一行", "", ""),
    ("X1", "1970-01-01", "日期是一九七〇年", "", ""),
    ("X2", "2099-01-01", "日期在将来", "", ""),
    ("X3", "2026-11-20", "", "", ""),
    ("X4", "2026-11-20", '=HYPERLINK("x")&电话不对', "12", ""),
    ("SH0", "2026-11-20", "编号重复的一行", "", ""),
)


def _file(count: int, bad: tuple[tuple[str, ...], ...] = (), encoding: str = "gb18030") -> bytes:
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow(HEAD)
    for n in range(count):
        writer.writerow((f"SH{n}", "2026/11/20 18:05", f"第 {n} 号楼前有人摆摊，没人管", "13800000000", "投诉"))
    writer.writerows(bad)
    return target.getvalue().encode(encoding)


def _run(services: Services, content: bytes, *, dispatch: bool = False) -> ImportView:
    job = services.imports.upload("导出.csv", content, MANAGER).job
    services.imports.check(job.job_id, job.mapping, MANAGER)
    services.imports.start(job.job_id, MANAGER, dispatch=dispatch)
    while services.imports.work(services.clock()):
        pass
    return services.imports.view(job.job_id, MANAGER)


def _count(services: Services) -> int:
    return services.tickets.search(TicketFilter(), OPERATOR).total


def test_good_rows_become_tickets_and_broken_ones_are_told(services: Services) -> None:
    job = services.imports.upload("导出.csv", _file(3, BAD), MANAGER).job
    assert (job.state, job.mapping[ImportField.EXTERNAL]) == (JobState.UPLOADED, 0)
    checked = services.imports.check(job.job_id, job.mapping, MANAGER)
    assert checked.counts == {RowState.GOOD: 3, RowState.BROKEN: 6}
    assert _count(services) == 0
    services.imports.start(job.job_id, MANAGER)
    assert services.imports.work(services.clock()) == 3
    assert services.imports.work(services.clock()) == 0
    done = services.imports.view(job.job_id, MANAGER)
    assert (done.job.state, done.share) == (JobState.DONE, 1.0)
    assert done.counts == {RowState.DONE: 3, RowState.BROKEN: 6}
    ticket = services.tickets.get(done.first[0].ticket_number, OPERATOR)
    assert (ticket.external, ticket.state.value, ticket.phone) == ("SH0", "待派单", "13800000000")
    assert ticket.recommendation.lead is not None
    assert [override.reason for override in ticket.confirmation.overrides] == ["从市 12345 平台导入，待人工核对派单"]
    assert services.tickets.search(TicketFilter(text="SH2"), OPERATOR).total == 1
    assert done.first[0].cells == ()  # a ticket holds it now
    sheet = load_workbook(io.BytesIO(services.imports.report(job.job_id, MANAGER))).active
    assert sheet is not None
    told = [[str(value or "") for value in row] for row in sheet.iter_rows(values_only=True)]
    assert told[0][:3] == ["行号", "结果", "原因与处理办法"]
    assert [row[0] for row in told[1:]] == ["5", "6", "7", "8", "9", "10"]
    reasons = ("没有外部", "早于 2010", "晚于现在", "是空的", "位数", "与第 2 行重复")
    assert all(why in row[2] for row, why in zip(told[1:], reasons, strict=True))
    assert told[5][6].startswith("'=")
    with services.transactions.read() as unit:
        assert verify(unit.audit.entries()) is None
        acts = [entry.action for entry in unit.audit.entries() if entry.subject == job.job_id]
    assert acts == ["上传导入文件", "开始导入", "完成导入", "导出导入问题"]


def test_the_same_number_a_second_time_is_skipped_and_told(services: Services) -> None:
    first = _run(services, _file(3))
    again = _run(services, _file(5))
    assert again.counts == {RowState.DONE: 2, RowState.KNOWN: 3}
    assert [row.ticket_number for row in again.first[:3]] == [row.ticket_number for row in first.first]
    assert _count(services) == 5


def test_sure_rows_are_dispatched_when_that_was_chosen(services: Services) -> None:
    rows = _file(1, (("E1", "2026-11-20", "楼道里有燃气味", "", ""), ("U1", "2026-11-20", "随便说说", "", "咨询")))
    done = _run(services, rows, dispatch=True)
    states = [services.tickets.get(row.ticket_number, OPERATOR).state.value for row in done.first]
    assert states == ["已派单", "待派单", "待派单"]
    kinds = [services.tickets.get(row.ticket_number, OPERATOR).ticket_type.value for row in done.first]
    assert kinds == ["投诉求助", "投诉求助", "咨询"]


def test_confirmed_columns_are_remembered_for_such_a_file(services: Services) -> None:
    content = _file(2).replace("诉求内容".encode("gb18030"), "备注甲".encode("gb18030"))
    job = services.imports.upload("a.csv", content, MANAGER).job
    assert ImportField.TEXT not in job.mapping
    with pytest.raises(InvalidInputError, match="请选“诉求描述”在哪一列"):
        services.imports.check(job.job_id, job.mapping, MANAGER)
    for wrong in ({**job.mapping, ImportField.TEXT: 9}, {**job.mapping, ImportField.TEXT: 0}):
        with pytest.raises(InvalidInputError):
            services.imports.check(job.job_id, wrong, MANAGER)
    services.imports.check(job.job_id, {**job.mapping, ImportField.TEXT: 2}, MANAGER)
    again = services.imports.upload("b.csv", content, MANAGER).job
    assert again.mapping[ImportField.TEXT] == 2


def test_out_of_order_and_by_the_wrong_person_is_refused(services: Services) -> None:
    job = services.imports.upload("a.csv", _file(1), MANAGER).job
    with pytest.raises(ConflictError):
        services.imports.start(job.job_id, MANAGER)
    services.imports.check(job.job_id, job.mapping, MANAGER)
    services.imports.start(job.job_id, MANAGER)
    for late in (
        lambda: services.imports.start(job.job_id, MANAGER),
        lambda: services.imports.check(job.job_id, job.mapping, MANAGER),
    ):
        with pytest.raises(ConflictError):
            late()
    with pytest.raises(NotFoundError):
        services.imports.view("nix", MANAGER)
    for person in (OPERATOR, ZFD, Principal("审计", Role.AUDITOR)):
        with pytest.raises(ForbiddenError):
            services.imports.upload("a.csv", _file(1), person)
        with pytest.raises(ForbiddenError):
            services.imports.report(job.job_id, person)


def test_killed_in_the_middle_it_goes_on_without_doubles(
    services: Services, database_url: str, tmp_path: Path, clock: SettableClock
) -> None:
    job = services.imports.upload("导出.csv", _file(240), MANAGER).job
    services.imports.check(job.job_id, job.mapping, MANAGER)
    services.imports.start(job.job_id, MANAGER)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    for minutes in (0, 3, 6):
        command = [sys.executable, "-m", "tests.integration.importer", database_url, str(tmp_path), str(minutes)]
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        if minutes < 6:
            before = _count(services)
            while _count(services) < before + 20:  # in the middle of a step, wherever that is
                assert process.poll() is None
            process.kill()
        process.communicate(timeout=240)
    done = services.imports.view(job.job_id, MANAGER, 300)
    assert done.job.state is JobState.DONE
    assert done.counts == {RowState.DONE: 240}
    assert _count(services) == 240
    assert len({row.ticket_number for row in done.first}) == 240
    with services.transactions.read() as unit:
        assert verify(unit.audit.entries()) is None


@pytest.fixture
def client(services: Services) -> Iterator[TestClient]:
    token = services.accounts.add_token("测试", frozenset({Scope.ADMIN}))
    headers = {"Authorization": f"Bearer {token}"}
    with TestClient(create_api(services), headers=headers, raise_server_exceptions=False) as opened:
        yield opened


def test_the_whole_way_by_api(client: TestClient, services: Services) -> None:
    assert client.post("/api/v1/imports?name=a.pdf", content=b"%PDF").status_code == 422
    made = client.post("/api/v1/imports", params={"name": "导出.csv"}, content=_file(2, BAD[:1]))
    assert (made.status_code, made.json()["total"]) == (201, 3)
    job = f"/api/v1/imports/{made.json()['id']}"
    assert client.put(f"{job}/mapping", json={"columns": {"没有": 1}}).status_code == 422
    checked = client.put(f"{job}/mapping", json={"columns": made.json()["columns"]}).json()
    assert checked["counts"] == {"可导入": 2, "有误": 1}
    assert client.post(f"{job}/start", json={}).status_code == 202
    while services.imports.work(services.clock()):
        pass
    assert client.get(job).json()["counts"] == {"已导入": 2, "有误": 1}
    report = client.get(f"{job}/report")
    assert report.content[:2] == b"PK"
    assert "attachment" in report.headers["content-disposition"]
    assert [found["id"] for found in client.get("/api/v1/imports").json()] == [made.json()["id"]]
    large = client.post("/api/v1/imports?name=a.csv", content=b"x" * 3_000_000)
    assert large.status_code == 422  # larger than other requests may be, but no table


def test_the_command_imports_and_writes_the_report(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "HOTLINE_VAR": str(tmp_path / "var"), "PYTHONUTF8": "1"}
    source, report = tmp_path / "导出.csv", tmp_path / "问题.xlsx"
    source.write_bytes(_file(2, BAD[:2]))
    command = [sys.executable, "-m", "intake.cli", "import", str(source), "--dry-run", "--report", str(report)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert (done.returncode, "可导入 2 行，有误 2 行" in done.stdout) == (1, True), done.stderr
    assert report.read_bytes()[:2] == b"PK"
    command[4] = str(tmp_path / "none.csv")
    missing = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert (missing.returncode, "读不出" in missing.stderr) == (1, True)
