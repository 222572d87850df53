"""One process that saves tickets; ``test_storage_processes.py`` starts two at once on one database."""

import sys
from pathlib import Path

from intake.application.register import NewTicket
from intake.bootstrap import open_services
from intake.domain.access import Principal, Role
from intake.domain.call import CallNotes
from intake.settings import Settings
from tests.intake.fakes import NOW, SettableClock, fake_desk


def main(url: str, var: str, who: str, count: int, shared_key: str) -> None:
    """Save ``count`` tickets with keys of its own and one with a key that both processes use."""
    services = open_services(Settings(var=Path(var), database_url=url), fake_desk(), SettableClock())
    notes = CallNotes("亭中小区门口有人摆摊", NOW, "", "13800000000")
    new = NewTicket(notes, "投诉求助", "C01", "派单", "ZFD", ("SQB",))
    for i in range(count):
        print(services.register(new, Principal(who, Role.OPERATOR), f"{who}-{i}").ticket.number, flush=True)
    shared = services.register(new, Principal("同一人", Role.OPERATOR), shared_key)
    print(f"shared {shared.ticket.number}")
    services.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]), sys.argv[5])
