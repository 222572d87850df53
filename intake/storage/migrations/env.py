"""Alembic's entry: runs on the connection, and inside the transaction, that ``intake.storage.migrate`` opened."""

from alembic import context

from intake.storage.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    transactional_ddl=True,
    render_as_batch=True,
)
context.run_migrations()
