"""The sweep on real databases: each urging once, no flood after a stop, messages that arrive, are late, or lie."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from sqlalchemy import text

from intake.application.anchoring import CHANNEL
from intake.application.handle import At
from intake.application.handling_ports import Message
from intake.application.overdue import BACKOFF, Recompute, Sweep
from intake.application.services import Services
from intake.domain.access import Principal, Role
from intake.domain.audit_chain import verify
from intake.domain.clocks import SHANGHAI, Terms
from intake.domain.errors import NotReadyError
from intake.domain.events_handling import TicketUrged
from intake.domain.lifecycle import replay
from intake.storage.engine import open_engine
from intake.webhook import Webhook, signature
from routing.workdays import HolidayYear, WorkCalendar
from tests.intake.fakes import FakeDirectory, SettableClock
from tests.intake.terms import TERMS
from tests.integration.test_loop_handling import MANAGER, NEW, OPERATOR, ZFD

pytestmark = pytest.mark.integration
ROOT = Path(__file__).resolve().parents[2]
ADMIN = Principal("管理员", Role.ADMIN)
THURSDAY = datetime(2026, 11, 26, 9, tzinfo=SHANGHAI)


@dataclass
class Receiver:
    """A sender that keeps what it was given and answers with ``problem``."""

    problem: str = ""
    got: list[tuple[str, tuple[Message, ...]]] = field(default_factory=list)

    def send(self, unit_code: str, messages: Sequence[Message], now: datetime) -> str:
        self.got.append((unit_code, tuple(messages)))
        return self.problem


def _save(services: Services, count: int) -> list[str]:
    return [services.register(NEW, OPERATOR, f"k{n}").ticket.number for n in range(count)]


def _urged(services: Services, number: str) -> list[TicketUrged]:
    with services.transactions.read() as unit:
        assert verify(unit.audit.entries()) is None
        events = unit.tickets.events(number)
    assert replay(events).events == len(events)
    return [event for event in events if isinstance(event, TicketUrged)]


def test_each_level_once_however_often_it_sweeps(services: Services, clock: SettableClock) -> None:
    (number,) = _save(services, 1)
    for _ in range(24 * 7):
        clock.forward(hours=1)
        services.sweep(clock())
        services.sweep(clock())
    sent = [(event.clock, event.name) for event in _urged(services, number)]
    assert len(sent) == len(set(sent))
    assert sent[:3] == [("first_contact", "到期提醒"), ("first_contact", "催办"), ("first_contact", "再次催办")]
    assert ("reply", "到期提醒") in sent
    hours = {event.at.astimezone(SHANGHAI).hour for event in _urged(services, number)}
    assert all(8 <= hour < 20 for hour in hours)


def test_after_a_stop_one_urging_per_clock_and_one_message_per_unit(services: Services) -> None:
    numbers = _save(services, 30)
    receiver = Receiver()
    sweep = Sweep(services.transactions, FakeDirectory(), receiver)
    report = sweep(THURSDAY)
    assert report.urged == (("再次催办", 30),)
    assert (report.delivered, report.undelivered) == (30, 0)
    assert [(unit, len(messages)) for unit, messages in receiver.got] == [("ZFD", 30)]
    assert _urged(services, numbers[0])[0].skipped == ("到期提醒", "催办")
    assert sweep(THURSDAY).urged == ()
    assert not any("1380000" in str(message.body) for _, messages in receiver.got for message in messages)


def test_urging_disturbs_nobody_who_is_writing(services: Services) -> None:
    (number,) = _save(services, 1)
    services.sweep(THURSDAY)
    ticket = services.handle.acknowledge(At(number, 3, ZFD, THURSDAY + timedelta(minutes=1)))
    assert ticket.version == 5
    answered = services.handle.answer_urge(At(number, 5, ZFD, THURSDAY + timedelta(minutes=2)), "今天下午到现场")
    assert services.tickets.history(number, MANAGER)[-1].sentence.endswith("今天下午到现场")
    assert answered.version == 6


def test_a_sweep_for_a_moment_to_come_blocks_nobody(services: Services, clock: SettableClock) -> None:
    (number,) = _save(services, 1)
    services.sweep(THURSDAY)
    assert services.handle.acknowledge(At(number, 3, ZFD, clock())).version == 5


def test_three_processes_send_each_urging_once(services: Services, database_url: str, tmp_path: Path) -> None:
    numbers = _save(services, 40)
    command = [sys.executable, "-m", "tests.integration.sweeper", database_url, str(tmp_path), THURSDAY.isoformat()]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    running = [
        subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) for _ in range(3)
    ]
    outputs = [process.communicate(timeout=240)[0] for process in running]
    assert [process.returncode for process in running] == [0, 0, 0]
    assert sum(int(output) for output in outputs) == 40
    assert all(len(_urged(services, number)) == 1 for number in numbers)


def test_what_does_not_arrive_is_tried_later_and_given_up_at_last(services: Services) -> None:
    _save(services, 2)
    receiver = Receiver("连不上对方")
    sweep, now = Sweep(services.transactions, FakeDirectory(), receiver), THURSDAY
    assert sweep(now).undelivered == 2
    assert sweep(now).undelivered == 0
    for wait in BACKOFF:
        now += timedelta(minutes=wait)
        assert sweep.deliver(now) == (0, 2)
    assert sweep.deliver(now + timedelta(days=9)) == (0, 0)
    with services.transactions.read() as unit:
        assert unit.outbox.waiting() == 0


def test_what_a_killed_process_had_reserved_is_sent_by_the_next(services: Services) -> None:
    _save(services, 1)
    receiver = Receiver()
    sweep = Sweep(services.transactions, FakeDirectory(), receiver)
    Sweep(services.transactions, FakeDirectory(), Receiver("断电"))(THURSDAY)
    with services.transactions.write() as unit:
        assert len(unit.outbox.claim(THURSDAY + timedelta(minutes=1), THURSDAY + timedelta(minutes=3), 9)) == 1
    assert sweep.deliver(THURSDAY + timedelta(minutes=2)) == (0, 0)
    assert sweep.deliver(THURSDAY + timedelta(minutes=3)) == (1, 0)


def test_an_unreadable_ticket_is_reported_and_stops_no_other(services: Services, database_url: str) -> None:
    numbers = _save(services, 3)
    engine = open_engine(database_url)
    with engine.begin() as connection:
        changes = {"n": numbers[1]}
        connection.execute(text("UPDATE tickets SET timers='[]' WHERE number=:n"), changes)
        connection.execute(text("UPDATE urge_queue SET timers='[]' WHERE ticket_number=:n"), changes)
        connection.execute(text("UPDATE ticket_events SET name='Unknown' WHERE ticket_number=:n"), changes)
    engine.dispose()
    report = services.sweep(THURSDAY)
    assert report.urged == (("再次催办", 2),)
    assert [line.split("（")[0] for line in report.failures] == [numbers[1]]


def test_an_edited_calendar_moves_open_tickets_only(services: Services, clock: SettableClock) -> None:
    number, closed = _save(services, 2)
    services.handle.withdraw(At(closed, 3, OPERATOR, clock()), "来电人说已自行解决")
    before = {n: services.tickets.get(n, OPERATOR) for n in (number, closed)}
    off = {THURSDAY.date(): "临时放假"}
    longer = WorkCalendar(lambda year: HolidayYear(year, off, frozenset(), known=True))

    class Edited(FakeDirectory):
        def terms(self) -> Terms:
            return Terms(TERMS.levels, longer, TERMS.nights)

    recompute = Recompute(services.transactions, Edited())
    assert recompute("节假日表更新", clock()) == (1, 1)
    after = services.tickets.get(number, OPERATOR)
    moved = [new.code for old, new in zip(before[number].timers, after.timers, strict=True) if old != new]
    assert moved == ["citizen", "reply"]
    assert services.tickets.get(closed, OPERATOR) == before[closed]
    assert "答复 2026-12-01 00:00→2026-12-02 00:00" in services.tickets.history(number, MANAGER)[-1].sentence
    assert recompute("节假日表更新", clock()) == (1, 0)


class _Door(BaseHTTPRequestHandler):
    """A receiver of the town: keeps requests; its path says how it behaves."""

    got: list[tuple[dict[str, str], bytes]]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.got.append((dict(self.headers), body))
        status = {"/broken": 500, "/moved": 302}.get(self.path, 200)
        said = b"ok" if self.path == "/lies" else json.dumps({"batch": json.loads(body)["batch"]}).encode()
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "/good")
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, format: str, *args: object) -> None:
        return


@pytest.fixture
def door() -> Iterator[tuple[str, list[tuple[dict[str, str], bytes]]]]:
    """A running receiver and what it got."""
    got: list[tuple[dict[str, str], bytes]] = []
    server = HTTPServer(("127.0.0.1", 0), type("Door", (_Door,), {"got": got}))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", got
    server.shutdown()
    thread.join()
    server.server_close()


MESSAGES = (Message(1, "ZFD", "JT1/1/reply/2", {"ticket": "JT1", "level": "催办"}, THURSDAY, 0),)


def test_a_message_is_signed_and_confirmed(door: tuple[str, list[tuple[dict[str, str], bytes]]]) -> None:
    url, got = door
    assert Webhook(url + "/good", "约好的密钥").send("ZFD", MESSAGES, THURSDAY) == ""
    headers, body = got[0]
    stamp = headers["X-Hotline-Timestamp"]
    assert headers["X-Hotline-Signature"] == signature("约好的密钥".encode(), stamp, body)
    assert stamp == str(int(THURSDAY.timestamp()))
    assert json.loads(body)["urgings"] == [{"key": "JT1/1/reply/2", "ticket": "JT1", "level": "催办"}]


def test_an_anchor_goes_out_under_its_own_name(door: tuple[str, list[tuple[dict[str, str], bytes]]]) -> None:
    url, got = door
    message = Message(1, CHANNEL, f"{CHANNEL}/2026-11-26", {"sequence": "3"}, THURSDAY, 0)
    assert Webhook(url + "/good", "s").send(CHANNEL, (message,), THURSDAY) == ""
    assert json.loads(got[0][1])["anchors"] == [{"key": f"{CHANNEL}/2026-11-26", "sequence": "3"}]


@pytest.mark.parametrize(
    ("path", "why"), [("/broken", "500"), ("/moved", "302"), ("/lies", "没有确认收到")], ids=lambda v: v.strip("/")
)
def test_a_receiver_that_breaks_or_lies_has_not_received(
    door: tuple[str, list[tuple[dict[str, str], bytes]]], path: str, why: str
) -> None:
    url, got = door
    assert why in Webhook(url + path, "s").send("ZFD", MESSAGES, THURSDAY)
    assert len(got) == 1


def test_a_receiver_that_is_down_or_silent_is_told(door: tuple[str, list[tuple[dict[str, str], bytes]]]) -> None:
    assert "连不上" in Webhook("http://127.0.0.1:9", "s", 1).send("ZFD", MESSAGES, THURSDAY)
    with pytest.raises(NotReadyError):
        Webhook("ftp://x", "s")
    with pytest.raises(NotReadyError):
        Webhook("http://x", "")
