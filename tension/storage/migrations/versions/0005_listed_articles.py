"""the list of coded articles, with an index of their words and marks"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from tension.storage.listing import list_all, make_index

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "listed",
        sa.Column("place", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("strength", sa.Float(), nullable=False),
        sa.Column("marks", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("place", name=op.f("pk_listed")),
    )
    op.create_index(op.f("ix_listed_strength_place"), "listed", ["strength", "place"])
    make_index(op.get_bind())
    list_all(op.get_bind())
