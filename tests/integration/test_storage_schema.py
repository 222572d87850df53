"""The schema: migrations give exactly the models; the audit log refuses changes; the file survives a power cut."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError, StatementError

from intake.application.ports import Draft
from intake.application.services import Services
from intake.storage.engine import open_engine
from intake.storage.migrate import migrate
from intake.storage.models import Base
from tests.intake.fakes import NOW

pytestmark = pytest.mark.integration


@pytest.fixture
def engine(database_url: str) -> Engine:
    opened = open_engine(database_url)
    migrate(opened)
    migrate(opened)
    return opened


def test_the_migrations_make_what_the_models_say(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        found = compare_metadata(context, Base.metadata)
    on_postgresql = {"ix_tickets_next_deadline_number", "ix_tickets_lead_code_next_deadline_number"}
    left_out = [change[1].name for change in found if change[0] == "add_index"]
    assert len(found) == len(left_out)
    assert set(left_out) == (set() if engine.dialect.name == "postgresql" else on_postgresql)


def test_the_audit_log_refuses_changes(services: Services, database_url: str) -> None:
    with services.transactions.write() as unit:
        unit.audit.append(NOW, "坐席甲", "登记工单", "JT20261123-0001", {"a": 1})
    engine = open_engine(database_url)
    for statement in ("UPDATE audit_entries SET actor='别人'", "DELETE FROM audit_entries"):
        with pytest.raises(DBAPIError, match="never changed"), engine.begin() as connection:
            connection.execute(text(statement))
    engine.dispose()


def test_sqlite_keeps_what_was_confirmed(database_url: str) -> None:
    if not database_url.startswith("sqlite"):
        return
    with open_engine(database_url).connect() as connection:
        names = ("journal_mode", "synchronous", "foreign_keys")
        pragmas = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in names}
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_naive_times_are_refused(services: Services) -> None:
    naive = NOW.replace(tzinfo=None)
    with pytest.raises(StatementError, match="naive"), services.transactions.write() as unit:
        unit.drafts.save("坐席甲", Draft("d", {}, naive))
