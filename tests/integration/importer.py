"""One process that imports until it is killed; ``test_imports.py`` starts and kills it."""

import sys
from pathlib import Path

from intake.bootstrap import open_services
from intake.settings import Settings
from tests.intake.fakes import SettableClock, fake_desk


def main(url: str, var: str, minutes: str) -> None:
    """Work until nothing waits; the clock stands ``minutes`` later, so that a dead process's lease is over."""
    clock = SettableClock()
    clock.forward(minutes=int(minutes))
    services = open_services(Settings(var=Path(var), database_url=url), fake_desk(), clock)
    print("ready", flush=True)
    while services.imports.work(clock()):
        print("step", flush=True)
    services.close()


if __name__ == "__main__":
    main(*sys.argv[1:4])
