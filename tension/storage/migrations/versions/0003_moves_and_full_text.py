"""feeds that move; what is wrong with the list; texts of articles and which text a coding read"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("feed", sa.Column("moved_to", sa.Text(), nullable=True))
    op.add_column("feed", sa.Column("n_moved", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("coding", sa.Column("read_text", sa.String(length=8), nullable=False, server_default="summary"))
    op.create_table(
        "feed_list",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fault", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed_list")),
    )
    op.create_table(
        "article_text",
        sa.Column("article_id", _BIG, autoincrement=False, nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_article_text_article_id")),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_article_text")),
    )
