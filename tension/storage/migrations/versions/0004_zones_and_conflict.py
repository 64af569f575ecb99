"""the zone that days are counted in; which articles tell of armed conflict"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("article", sa.Column("conflict", sa.Boolean(), nullable=True))
    op.add_column("article_day", sa.Column("n_involved", sa.Integer(), nullable=True))
    op.add_column("article_day", sa.Column("n_conflict", sa.Integer(), nullable=True))
    zone = op.create_table(
        "day_zone",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_day_zone")),
    )
    op.bulk_insert(zone, [{"id": 1, "name": "UTC"}])
