"""Calls that the town's telephone system announces, and who took them."""

import sqlalchemy as sa
from alembic import op

from intake.storage.models import UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "incoming_calls",
        sa.Column("call_id", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("taken_by", sa.Text(), nullable=False),
        sa.Column("taken_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("call_id", name=op.f("pk_incoming_calls")),
    )
    op.create_index(op.f("ix_incoming_calls_received_at"), "incoming_calls", ["received_at"])


def downgrade() -> None:
    """Take it away again."""
    op.drop_table("incoming_calls")
