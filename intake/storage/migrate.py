"""Bring the database to the newest schema; two processes that start together do it one after the other."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, text

MIGRATIONS = Path(__file__).resolve().parent / "migrations"
_LOCK = 62_112_345  # the line's number, as the key of PostgreSQL's advisory lock


def migrate(engine: Engine) -> None:
    """Run every missing migration in one transaction, under a lock (SQLite: the write lock; PostgreSQL: advisory)."""
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        command.upgrade(_config(connection), "head")


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
