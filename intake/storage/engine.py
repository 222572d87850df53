"""Open the database: SQLite that survives a power cut, or PostgreSQL for more than one process."""

import sqlite3
import time
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor
from sqlalchemy.pool import ConnectionPoolEntry

READ_ONLY = "hotline_read_only"
_BUSY_MS = 30_000
_TRIES = 600


def open_engine(url: str) -> Engine:
    """Return an engine for ``url``; a SQLite file's folder is made, PostgreSQL is spoken to with psycopg."""
    address = make_url(url)
    if address.drivername in ("postgresql", "postgres"):
        address = address.set(drivername="postgresql+psycopg")
    if address.get_backend_name() != "sqlite":
        return create_engine(address, pool_pre_ping=True)
    if address.database:
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(address)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    """WAL with full sync: what was confirmed on screen is on disk; foreign keys on; wait for the other writer."""
    connection.isolation_level = None  # the begin event below says how a transaction starts
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={_BUSY_MS}")
    cursor.execute("PRAGMA journal_mode")
    if cursor.fetchone() != ("wal",):
        _into_wal(cursor)
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _into_wal(cursor: DBAPICursor) -> None:
    """Switching needs the file alone and heeds no busy timeout: a second process that starts meanwhile tries again."""
    for attempt in range(_TRIES):
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError:
            if attempt == _TRIES - 1:
                raise
            time.sleep(_BUSY_MS / 1000 / _TRIES)


def _begin_sqlite(connection: Connection) -> None:
    """Writers take the lock at the start: two that read first and write later would deadlock otherwise."""
    read_only = connection.get_execution_options().get(READ_ONLY, False)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")
