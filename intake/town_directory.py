"""``Directory`` over a town pack and its calendar; needs neither model nor index: counting time starts at once."""

import threading
from datetime import date, datetime
from pathlib import Path

from intake.domain.clocks import Terms
from intake.domain.errors import NotReadyError
from intake.domain.ticket import SHANGHAI, TopicRef
from routing.holiday_calendar import open_calendar
from routing.pack import load_town_pack
from routing.recommendation import Clock, UnitRef
from routing.sla import start_clocks
from routing.taxonomy import TownPack
from routing.workdays import WorkCalendar


class TownDirectory:
    """Codes, clocks and rules of time of one loaded pack."""

    def __init__(self, pack: TownPack, calendar: WorkCalendar) -> None:
        self._pack = pack
        self._calendar = calendar

    def units(self, day: date) -> tuple[UnitRef, ...]:
        """Units in force on ``day``, then the town's own communities (属地托管)."""
        return self._pack.on(day).unit_refs()

    def topics(self, day: date) -> tuple[TopicRef, ...]:
        """Topics in force on ``day``, in the pack's order."""
        topics = self._pack.on(day).topics.values()
        return tuple(TopicRef(t.code, t.name, t.group, t.lead, t.support, t.ledger, t.referral) for t in topics)

    def clocks(self, dispatched_at: datetime) -> tuple[Clock, ...]:
        """Clocks that start with this dispatch, by the service levels of its day."""
        view = self._pack.on(dispatched_at.astimezone(SHANGHAI).date())
        return start_clocks(view.service_levels, dispatched_at, self._calendar)

    def terms(self) -> Terms:
        """Service levels by day, the calendar, and which units work at night."""
        pack = self._pack

        def works_at_night(unit: str, day: date) -> bool:
            known = pack.on(day).units.get(unit)
            return known is not None and known.nights

        return Terms(lambda day: pack.on(day).service_levels, self._calendar, works_at_night)


class LazyTown:
    """Reads the pack of ``folder`` once, at first use; is a Directory itself."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._town: TownDirectory | None = None
        self._lock = threading.Lock()

    def get(self) -> TownDirectory:
        """The loaded pack; raises NotReadyError that says what is wrong with its files."""
        with self._lock:
            if self._town is None:
                try:
                    self._town = TownDirectory(load_town_pack(self._folder), open_calendar(self._folder))
                except (OSError, ValueError) as error:
                    raise NotReadyError("镇资料包打不开", f"{error}", "已登记的工单不受影响。请按提示修正。") from error
            return self._town

    def units(self, day: date) -> tuple[UnitRef, ...]:
        """See ``Directory``."""
        return self.get().units(day)

    def topics(self, day: date) -> tuple[TopicRef, ...]:
        """See ``Directory``."""
        return self.get().topics(day)

    def clocks(self, dispatched_at: datetime) -> tuple[Clock, ...]:
        """See ``Directory``."""
        return self.get().clocks(dispatched_at)

    def terms(self) -> Terms:
        """See ``Directory``."""
        return self.get().terms()
