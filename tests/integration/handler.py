"""One process that takes steps on tickets until it is killed; ``test_loop_kill.py`` kills it at random moments."""

import sys
from pathlib import Path

from intake.application.handle import At
from intake.bootstrap import open_services
from intake.settings import Settings
from tests.intake.fakes import SettableClock, fake_desk
from tests.integration.test_loop_handling import NEW, OPERATOR, ZFD


def main(url: str, var: str, run: str) -> None:
    """Register, acknowledge and contact, one ticket after the other; print what the desk confirmed."""
    clock = SettableClock()
    services = open_services(Settings(var=Path(var), database_url=url), fake_desk(), clock)
    print("ready", flush=True)
    for n in range(10_000):
        ticket = services.register(NEW, OPERATOR, f"{run}-{n}").ticket
        print(f"{ticket.number} {ticket.version}", flush=True)
        ticket = services.handle.acknowledge(At(ticket.number, ticket.version, ZFD, clock()))
        print(f"{ticket.number} {ticket.version}", flush=True)
        ticket = services.handle.contact(At(ticket.number, ticket.version, ZFD, clock()), "李四")
        print(f"{ticket.number} {ticket.version}", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:4])
