"""One process that sweeps; ``test_loop_sweep.py`` starts several at once on one database."""

import sys
from datetime import datetime
from pathlib import Path

from intake.bootstrap import open_services
from intake.settings import Settings
from tests.intake.fakes import fake_desk


def main(url: str, var: str, now: str) -> None:
    """Sweep three times at one moment and print how many urgings this process sent."""
    services = open_services(Settings(var=Path(var), database_url=url), fake_desk())
    moment = datetime.fromisoformat(now)
    reports = [services.sweep(moment) for _ in range(3)]
    print(sum(count for report in reports for _, count in report.urged))
    services.close()


if __name__ == "__main__":
    main(*sys.argv[1:4])
