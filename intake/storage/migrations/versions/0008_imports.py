"""Imports of 12345 exports: jobs, rows, and the external number of a ticket."""

import sqlalchemy as sa
from alembic import op

from intake.storage.models import UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add column and tables."""
    op.add_column("tickets", sa.Column("external", sa.Text(), nullable=False, server_default=""))
    op.create_index(op.f("ix_tickets_external"), "tickets", ["external"])
    op.create_table(
        "import_jobs",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("headers", sa.JSON(), nullable=False),
        sa.Column("headers_key", sa.Text(), nullable=False),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.Column("dispatch", sa.Boolean(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("lease_until", UtcDateTime(), nullable=True),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_jobs")),
    )
    op.create_index(op.f("ix_import_jobs_created_at"), "import_jobs", ["created_at"])
    op.create_table(
        "import_rows",
        sa.Column("job_id", sa.Text(), nullable=False),
        sa.Column("row_number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("cells", sa.JSON(), nullable=False),
        sa.Column("external", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("ticket_number", sa.Text(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["import_jobs.id"], name=op.f("fk_import_rows_job_id")),
        sa.PrimaryKeyConstraint("job_id", "row_number", name=op.f("pk_import_rows")),
    )
    op.create_index(op.f("ix_import_rows_job_id_state_row_number"), "import_rows", ["job_id", "state", "row_number"])


def downgrade() -> None:
    """Take them away again."""
    op.drop_table("import_rows")
    op.drop_table("import_jobs")
    op.drop_index(op.f("ix_tickets_external"), "tickets")
    with op.batch_alter_table("tickets") as table:
        table.drop_column("external")
