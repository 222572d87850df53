"""Earlier tickets (细则-8): the community of a ticket as a column, and indexes to find it while the caller waits."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column, fill it from what was recommended, add the indexes."""
    op.add_column("tickets", sa.Column("community_code", sa.Text(), nullable=False, server_default=""))
    tickets = sa.table(
        "tickets", sa.column("number", sa.Text()), sa.column("recommendation"), sa.column("community_code", sa.Text())
    )
    connection = op.get_bind()
    found = [
        {"key": number, "code": code}
        for number, shown in connection.execute(sa.select(tickets.c.number, tickets.c.recommendation))
        if (code := _community(shown))
    ]
    if found:
        change = sa.update(tickets).where(tickets.c.number == sa.bindparam("key"))
        connection.execute(change.values(community_code=sa.bindparam("code")), found)
    op.create_index(op.f("ix_tickets_phone_called_at"), "tickets", ["phone", "called_at"])
    op.create_index(
        op.f("ix_tickets_topic_code_community_code_called_at"), "tickets", ["topic_code", "community_code", "called_at"]
    )


def _community(shown: object) -> str:
    """The community in a stored recommendation, text on SQLite and an object on PostgreSQL."""
    value = json.loads(shown) if isinstance(shown, str) else shown
    place = value.get("place") if isinstance(value, dict) else None
    return str(place.get("community_code") or "") if isinstance(place, dict) else ""


def downgrade() -> None:
    """Take indexes and column away again."""
    op.drop_index(op.f("ix_tickets_topic_code_community_code_called_at"), "tickets")
    op.drop_index(op.f("ix_tickets_phone_called_at"), "tickets")
    with op.batch_alter_table("tickets") as table:
        table.drop_column("community_code")
