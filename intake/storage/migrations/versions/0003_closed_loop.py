"""The closed loop: version, clocks and worklist columns of tickets; urgings, each once; the outbox."""

import sqlalchemy as sa
from alembic import op

from intake.storage.models import UtcDateTime

revision = "0003"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add columns and tables; tickets that were dispatched before get their clocks from the first sweep."""
    for column in (
        sa.Column("version", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("urge_at", UtcDateTime(), nullable=True),
        sa.Column("pending", sa.Text(), nullable=False, server_default=""),
        sa.Column("satisfied", sa.Text(), nullable=False, server_default=""),
        sa.Column("timers", sa.JSON(), nullable=False, server_default="[]"),
    ):
        op.add_column("tickets", column)
    op.execute(
        "UPDATE tickets SET version = "
        "(SELECT count(*) FROM ticket_events WHERE ticket_events.ticket_number = tickets.number)"
    )
    op.execute("UPDATE tickets SET urge_at = created_at WHERE state = '已派单'")
    op.create_index(op.f("ix_tickets_urge_at"), "tickets", ["urge_at"])
    op.create_index(
        op.f("ix_tickets_lead_code_state_next_deadline"), "tickets", ["lead_code", "state", "next_deadline"]
    )
    op.create_index(op.f("ix_tickets_pending_next_deadline"), "tickets", ["pending", "next_deadline"])
    op.create_index(op.f("ix_tickets_satisfied_state_called_at"), "tickets", ["satisfied", "state", "called_at"])
    _tables()


def _tables() -> None:
    op.create_table(
        "urgings",
        sa.Column("ticket_number", sa.Text(), nullable=False),
        sa.Column("leg", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("clock", sa.Text(), nullable=False),
        sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["ticket_number"], ["tickets.number"], name=op.f("fk_urgings_ticket_number")),
        sa.PrimaryKeyConstraint("ticket_number", "leg", "clock", "level", name=op.f("pk_urgings")),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("next_try_at", UtcDateTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_key")),
    )
    op.create_index(op.f("ix_outbox_next_try_at"), "outbox", ["next_try_at"])


def downgrade() -> None:
    """Take the loop away again; events stay where they are."""
    op.drop_table("outbox")
    op.drop_table("urgings")
    for name in ("satisfied_state_called_at", "pending_next_deadline", "lead_code_state_next_deadline", "urge_at"):
        op.drop_index(op.f(f"ix_tickets_{name}"), "tickets")
    with op.batch_alter_table("tickets") as table:
        for column in ("timers", "satisfied", "pending", "urge_at", "version"):
            table.drop_column(column)
