"""What the sweep looks at, in a narrow table of its own: a ticket's wide row is not rewritten by every look."""

import sqlalchemy as sa
from alembic import op

from intake.storage.models import UtcDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

# SQLite, which has no statistics, would take them where they do not help.
_ORDERED = {
    "ix_tickets_next_deadline_number": ["next_deadline", "number"],
    "ix_tickets_lead_code_next_deadline_number": ["lead_code", "next_deadline", "number"],
}


def upgrade() -> None:
    """Move ``urge_at`` out of the tickets, and index what a worklist page reads."""
    op.create_table(
        "urge_queue",
        sa.Column("ticket_number", sa.Text(), nullable=False),
        sa.Column("urge_at", UtcDateTime(), nullable=True),
        sa.Column("timers", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["ticket_number"], ["tickets.number"], name=op.f("fk_urge_queue_ticket_number")),
        sa.PrimaryKeyConstraint("ticket_number", name=op.f("pk_urge_queue")),
    )
    op.execute(
        "INSERT INTO urge_queue (ticket_number, urge_at, timers) "
        "SELECT number, urge_at, timers FROM tickets WHERE urge_at IS NOT NULL"
    )
    op.create_index(op.f("ix_urge_queue_urge_at"), "urge_queue", ["urge_at"])
    op.drop_index(op.f("ix_tickets_urge_at"), "tickets")
    op.drop_column("tickets", "urge_at")
    if op.get_bind().dialect.name == "postgresql":
        for name, columns in _ORDERED.items():
            op.create_index(name, "tickets", columns)


def downgrade() -> None:
    """Put the column back."""
    if op.get_bind().dialect.name == "postgresql":
        for name in _ORDERED:
            op.drop_index(name, "tickets")
    op.add_column("tickets", sa.Column("urge_at", UtcDateTime(), nullable=True))
    op.execute(
        "UPDATE tickets SET urge_at = (SELECT urge_at FROM urge_queue WHERE urge_queue.ticket_number = tickets.number)"
    )
    op.create_index(op.f("ix_tickets_urge_at"), "tickets", ["urge_at"])
    op.drop_table("urge_queue")
