"""stories; what a coding names and how sure it is; sums by signal

The sums of ``feed_day`` are made anew when the model that comes with this schema has coded what is stored.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "story",
        sa.Column("id", _BIG, autoincrement=False, nullable=False),
        sa.Column("n_articles", sa.Integer(), nullable=False),
        sa.Column("n_families", sa.Integer(), nullable=False),
        sa.Column("weight", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_story")),
    )
    op.add_column("article", sa.Column("story_id", _BIG, nullable=True))
    op.create_index(op.f("ix_article_story_id"), "article", ["story_id"])
    op.add_column("coding", sa.Column("variance", sa.Float(), nullable=False, server_default="0"))
    op.add_column("coding", sa.Column("countries", sa.JSON(), nullable=False, server_default="[]"))
    op.drop_table("feed_day")
    op.create_table(
        "feed_day",
        sa.Column("feed_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("model_version", sa.String(length=16), nullable=False),
        sa.Column("n_articles", sa.Integer(), nullable=False),
        sa.Column("n_stories", sa.Integer(), nullable=False),
        sa.Column("n_effective", sa.Float(), nullable=False),
        sa.Column("threats", sa.Float(), nullable=False),
        sa.Column("acts", sa.Float(), nullable=False),
        sa.Column("easing", sa.Float(), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column("squares", sa.Float(), nullable=False),
        sa.Column("variance", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["feed_id"], ["feed.id"], name=op.f("fk_feed_day_feed_id")),
        sa.PrimaryKeyConstraint("feed_id", "day", "model_version", name=op.f("pk_feed_day")),
    )
    op.create_table(
        "article_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("n_articles", sa.Integer(), nullable=False),
        sa.Column("n_stories", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_article_day")),
    )
