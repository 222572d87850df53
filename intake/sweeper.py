"""Runs sweep, chores and imports inside the server, on threads of their own; as many servers as there are."""

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import datetime

from intake.application.overdue import SweepReport
from intake.domain.errors import DeskError

_LOG = logging.getLogger(__name__)


class Repeater:
    """Calls its chores again and again from ``start`` to ``stop``; one that fails is logged, and goes on next time."""

    def __init__(
        self,
        name: str,
        chores: Sequence[tuple[str, Callable[[datetime], object]]],
        clock: Callable[[], datetime],
        seconds: float,
    ) -> None:
        self._chores = chores
        self._clock = clock
        self._seconds = seconds
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin at once: what a stop of the desk has left is caught up."""
        self._thread.start()

    def stop(self) -> None:
        """End after the chore that is running."""
        self._over.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while not self._over.is_set():
            for name, chore in self._chores:
                self._try(name, chore)
            self._over.wait(self._seconds)

    def _try(self, name: str, work: Callable[[datetime], object]) -> None:
        try:
            work(self._clock())
        except DeskError as error:  # the database is away for a moment, or the town pack is being edited
            _LOG.error("%s没有完成，下次再试：%s", name, error)
        except Exception:  # a fault of ours must be seen in the log, and must not end the work for good
            _LOG.exception("%s出错，下次再试", name)


class Sweeper(Repeater):
    """Sweeps every ``seconds``, then does ``chores``, each by itself."""

    def __init__(
        self,
        sweep: Callable[[datetime], SweepReport],
        clock: Callable[[], datetime],
        seconds: float,
        chores: Sequence[tuple[str, Callable[[datetime], object]]] = (),
    ) -> None:
        super().__init__("sweep", (("催办", self._sweep_once), *chores), clock, seconds)
        self._sweep = sweep

    def _sweep_once(self, now: datetime) -> None:
        report = self._sweep(now)
        if report.urged or report.failures or report.undelivered:
            _LOG.warning("%s", report.sentence())
