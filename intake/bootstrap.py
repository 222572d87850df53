"""The one place where the desk is put together: settings in, services out. Model and index open at first use."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from intake.application.accounts import Accounts
from intake.application.drafts import Drafts
from intake.application.ports import Directory, Recommender, Transactions
from intake.application.queries import TicketQueries
from intake.application.register import NewTicket, Register, Registered
from intake.application.suggest import Suggest
from intake.domain.access import Principal
from intake.domain.ticket import TopicRef
from intake.settings import Settings
from intake.storage.engine import open_engine
from intake.storage.migrate import migrate
from intake.storage.unit_of_work import SqlTransactions
from routing.recommendation import Clock, Recommendation, Request, UnitRef


@dataclass(frozen=True, slots=True)
class Check:
    """One part of the desk: does it work, and if not, why (Chinese)."""

    name: str
    ok: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Desk:
    """The routing side as the desk uses it; ``sample`` marks the sample town pack, ``close`` releases index and model."""

    recommender: Recommender
    directory: Directory
    checks: Callable[[], Sequence[Check]]
    close: Callable[[], None]
    sample: bool = False


class LazyDesk:
    """Opens the routing side once, at first use, whichever thread comes first; is Recommender and Directory itself."""

    def __init__(self, open_desk: Callable[[], Desk]) -> None:
        self._open = open_desk
        self._desk: Desk | None = None
        self._lock = threading.Lock()

    def get(self) -> Desk:
        """Return the opened desk; raises NotReadyError with what is missing."""
        with self._lock:
            if self._desk is None:
                self._desk = self._open()
            return self._desk

    def recommend(self, request: Request) -> Recommendation:
        """See ``Recommender``."""
        return self.get().recommender.recommend(request)

    def units(self, day: date) -> tuple[UnitRef, ...]:
        """See ``Directory``."""
        return self.get().directory.units(day)

    def topics(self, day: date) -> tuple[TopicRef, ...]:
        """See ``Directory``."""
        return self.get().directory.topics(day)

    def clocks(self, dispatched_at: datetime) -> tuple[Clock, ...]:
        """See ``Directory``."""
        return self.get().directory.clocks(dispatched_at)

    def checks(self) -> tuple[Check, ...]:
        """Whether index and model work, without opening them: a start-up that is still running is not ready."""
        if self._desk is None:
            return (Check("索引与模型", False, "尚未打开，正在启动或启动失败。"),)
        return tuple(self._desk.checks())

    def close(self) -> None:
        """Release what was opened."""
        with self._lock:
            if self._desk is not None:
                self._desk.close()
                self._desk = None


@dataclass(frozen=True, slots=True)
class Services:
    """Everything that screens, API and commands call."""

    settings: Settings
    clock: Callable[[], datetime]
    desk: LazyDesk
    engine: Engine
    transactions: Transactions
    suggest: Suggest
    save: Register
    tickets: TicketQueries
    accounts: Accounts
    drafts: Drafts

    @property
    def directory(self) -> Directory:
        """Units, topics and clocks of the town pack."""
        return self.desk

    @property
    def pack_is_sample(self) -> bool:
        """True while the town pack is the sample that a town has to replace."""
        return self.desk.get().sample

    def register(self, new: NewTicket, principal: Principal, key: str) -> Registered:
        """Save a confirmed call now; see ``Register``."""
        return self.save(new, principal, key, self.clock())

    def warm(self) -> None:
        """Open index and model now and draw one recommendation, so that the first caller does not wait."""
        self.desk.recommend(Request(text="小区门口路灯不亮", called_at=self.clock()))

    def ready(self) -> tuple[Check, ...]:
        """Which parts work: database, index, model."""
        return (_database_check(self.engine), *self.desk.checks())

    def close(self) -> None:
        """Close index, model and database connections."""
        self.desk.close()
        self.engine.dispose()


def utc_now() -> datetime:
    """The clock of the running desk."""
    return datetime.now(UTC)


def open_services(
    settings: Settings,
    open_desk: Callable[[], Desk] | None = None,
    clock: Callable[[], datetime] = utc_now,
) -> Services:
    """Open the database (migrating it) and wire the services; ``open_desk`` replaces the router in tests."""
    settings.var.mkdir(parents=True, exist_ok=True)
    engine = open_engine(settings.database)
    migrate(engine)
    desk = LazyDesk(open_desk or (lambda: _open_router_desk(settings)))
    transactions = SqlTransactions(engine)
    return Services(
        settings=settings,
        clock=clock,
        desk=desk,
        engine=engine,
        transactions=transactions,
        suggest=Suggest(desk),
        save=Register(transactions, desk, desk),
        tickets=TicketQueries(transactions),
        accounts=Accounts(transactions, clock),
        drafts=Drafts(transactions, clock),
    )


def _open_router_desk(settings: Settings) -> Desk:
    from intake.router_desk import open_router_desk  # heavy: model, index

    return open_router_desk(settings)


def _database_check(engine: Engine) -> Check:
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT number FROM tickets LIMIT 1"))
    except SQLAlchemyError as error:
        return Check("数据库", False, f"数据库读不到（{type(error).__name__}）。请检查 HOTLINE_DATABASE_URL 与磁盘。")
    return Check("数据库", True)
