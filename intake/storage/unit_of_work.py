"""Transactions over SQLAlchemy: one block, one commit; an exception leaves nothing behind."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from intake.domain.errors import NotReadyError
from intake.storage.accounts import SqlAccounts
from intake.storage.anchors import SqlAnchors
from intake.storage.audit import SqlAuditLog
from intake.storage.documents import SqlDocuments
from intake.storage.drafts import SqlDrafts
from intake.storage.engine import READ_ONLY
from intake.storage.handling import SqlHandling
from intake.storage.imports import SqlImports
from intake.storage.incoming import SqlIncomingCalls
from intake.storage.outbox import SqlOutbox
from intake.storage.second_opinion import SqlSecondOpinions
from intake.storage.tickets import SqlTickets


class SqlUnitOfWork:
    """The repositories of one running transaction."""

    def __init__(self, session: Session) -> None:
        self.tickets = SqlTickets(session)
        self.accounts = SqlAccounts(session)
        self.drafts = SqlDrafts(session)
        self.audit = SqlAuditLog(session)
        self.handling = SqlHandling(session)
        self.outbox = SqlOutbox(session)
        self.anchors = SqlAnchors(session)
        self.calls = SqlIncomingCalls(session)
        self.imports = SqlImports(session)
        self.documents = SqlDocuments(session)
        self.opinions = SqlSecondOpinions(session)


class SqlTransactions:
    """``Transactions`` over an engine."""

    def __init__(self, engine: Engine) -> None:
        self._writer = engine
        self._reader = engine.execution_options(**{READ_ONLY: True})

    @contextmanager
    def write(self) -> Iterator[SqlUnitOfWork]:
        """Commit when the block ends, roll everything back when it raises."""
        with _told(), Session(self._writer) as session, session.begin():
            yield SqlUnitOfWork(session)

    @contextmanager
    def read(self) -> Iterator[SqlUnitOfWork]:
        """A transaction that is always rolled back: readers change nothing and block no writer."""
        with _told(), Session(self._reader) as session:
            yield SqlUnitOfWork(session)


@contextmanager
def _told() -> Iterator[None]:
    """A database that is gone or locked is told to the person instead of breaking the page."""
    try:
        yield
    except OperationalError as error:
        raise NotReadyError(
            "数据库暂时用不了", f"{error.orig or error}。", "这一步没有写入任何数据，页面上的内容还在，请稍后重试。"
        ) from error
