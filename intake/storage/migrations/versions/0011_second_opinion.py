"""What second opinions cost by day, and every question as hash and length."""

import sqlalchemy as sa
from alembic import op

from intake.storage.models import UtcDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make both tables."""
    op.create_table(
        "second_opinion_days",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("tokens", sa.BigInteger(), nullable=False),
        sa.Column("micros", sa.BigInteger(), nullable=False),
        sa.Column("millis", sa.BigInteger(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("paused_until", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_second_opinion_days")),
    )
    op.create_table(
        "second_opinion_calls",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("sent_hash", sa.Text(), nullable=False),
        sa.Column("sent_length", sa.Integer(), nullable=False),
        sa.Column("reply_hash", sa.Text(), nullable=False),
        sa.Column("reply_length", sa.Integer(), nullable=False),
        sa.Column("expected_tokens", sa.Integer(), nullable=False),
        sa.Column("expected_micros", sa.BigInteger(), nullable=False),
        sa.Column("tokens_in", sa.Integer(), nullable=False),
        sa.Column("tokens_out", sa.Integer(), nullable=False),
        sa.Column("micros", sa.BigInteger(), nullable=False),
        sa.Column("millis", sa.BigInteger(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_second_opinion_calls")),
    )
    op.create_index(op.f("ix_second_opinion_calls_started_at"), "second_opinion_calls", ["started_at"])


def downgrade() -> None:
    """Drop both tables."""
    op.drop_table("second_opinion_calls")
    op.drop_table("second_opinion_days")
