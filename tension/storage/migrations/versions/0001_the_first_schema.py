"""the first schema"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "article",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=3), nullable=False),
        sa.Column("publisher", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("dated_by", sa.String(length=16), nullable=False),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("coded_by", sa.String(length=16), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article")),
        sa.UniqueConstraint("key", name=op.f("uq_article_key")),
    )
    with op.batch_alter_table("article", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_article_coded_by"), ["coded_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_article_published_on_id"), ["published_on", "id"], unique=False)

    op.create_table(
        "feed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("publisher", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=3), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("weight", sa.Float(), nullable=False),
        sa.Column("interval_minutes", sa.Integer(), nullable=True),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("archive", sa.Boolean(), nullable=False),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.Column("body_hash", sa.String(length=64), nullable=True),
        sa.Column("next_poll_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_polled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_poll_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_full_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_success_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_new_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_status", sa.String(length=16), nullable=True),
        sa.Column("last_reason", sa.Text(), nullable=False),
        sa.Column("failures_in_row", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed")),
        sa.UniqueConstraint("url", name=op.f("uq_feed_url")),
    )
    op.create_table(
        "index_point",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("vintage_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("index", sa.Float(), nullable=True),
        sa.Column("net", sa.Float(), nullable=True),
        sa.Column("band_low", sa.Float(), nullable=True),
        sa.Column("band_high", sa.Float(), nullable=True),
        sa.Column("threats", sa.Float(), nullable=True),
        sa.Column("acts", sa.Float(), nullable=True),
        sa.Column("easing", sa.Float(), nullable=True),
        sa.Column("smoothed", sa.Float(), nullable=True),
        sa.Column("n_articles", sa.Integer(), nullable=False),
        sa.Column("n_stories", sa.Integer(), nullable=True),
        sa.Column("n_feeds", sa.Integer(), nullable=False),
        sa.Column("coverage_share", sa.Float(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("method_version", sa.String(length=16), nullable=False),
        sa.Column("model_version", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_index_point")),
        sa.UniqueConstraint("day", "vintage_at", name=op.f("uq_index_point_day_vintage_at")),
    )
    op.create_table(
        "coded_signal",
        sa.Column(
            "article_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("model_version", sa.String(length=16), nullable=False),
        sa.Column("signal", sa.String(length=24), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("probability", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_coded_signal_article_id")),
        sa.PrimaryKeyConstraint("article_id", "model_version", "signal", name=op.f("pk_coded_signal")),
    )
    with op.batch_alter_table("coded_signal", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_coded_signal_signal_published_on_article_id"),
            ["signal", "published_on", "article_id"],
            unique=False,
        )

    op.create_table(
        "coding",
        sa.Column(
            "article_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("model_version", sa.String(length=16), nullable=False),
        sa.Column("coded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("involvement", sa.String(length=8), nullable=False),
        sa.Column("p_direct", sa.Float(), nullable=False),
        sa.Column("p_partner", sa.Float(), nullable=False),
        sa.Column("threats", sa.Float(), nullable=False),
        sa.Column("acts", sa.Float(), nullable=False),
        sa.Column("easing", sa.Float(), nullable=False),
        sa.Column("low_confidence", sa.Boolean(), nullable=False),
        sa.Column("probabilities", sa.JSON(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_coding_article_id")),
        sa.PrimaryKeyConstraint("article_id", "model_version", name=op.f("pk_coding")),
    )
    op.create_table(
        "feed_day",
        sa.Column("feed_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("model_version", sa.String(length=16), nullable=False),
        sa.Column("n_articles", sa.Integer(), nullable=False),
        sa.Column("threats", sa.Float(), nullable=False),
        sa.Column("acts", sa.Float(), nullable=False),
        sa.Column("easing", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["feed_id"], ["feed.id"], name=op.f("fk_feed_day_feed_id")),
        sa.PrimaryKeyConstraint("feed_id", "day", "model_version", name=op.f("pk_feed_day")),
    )
    op.create_table(
        "poll",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("feed_id", sa.Integer(), nullable=False),
        sa.Column("polled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("http_status", sa.Integer(), nullable=True),
        sa.Column("n_items", sa.Integer(), nullable=False),
        sa.Column("n_new", sa.Integer(), nullable=False),
        sa.Column("n_overlap", sa.Integer(), nullable=True),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["feed_id"], ["feed.id"], name=op.f("fk_poll_feed_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poll")),
    )
    with op.batch_alter_table("poll", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_poll_feed_id_polled_at"), ["feed_id", "polled_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_poll_polled_at"), ["polled_at"], unique=False)

    op.create_table(
        "poll_day",
        sa.Column("feed_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("ok", sa.Integer(), nullable=False),
        sa.Column("not_modified", sa.Integer(), nullable=False),
        sa.Column("empty", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["feed_id"], ["feed.id"], name=op.f("fk_poll_day_feed_id")),
        sa.PrimaryKeyConstraint("feed_id", "day", name=op.f("pk_poll_day")),
    )
    op.create_table(
        "sighting",
        sa.Column(
            "article_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("feed_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_sighting_article_id")),
        sa.ForeignKeyConstraint(["feed_id"], ["feed.id"], name=op.f("fk_sighting_feed_id")),
        sa.PrimaryKeyConstraint("article_id", "feed_id", name=op.f("pk_sighting")),
    )
    with op.batch_alter_table("sighting", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sighting_feed_id_last_seen_at"), ["feed_id", "last_seen_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("sighting", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sighting_feed_id_last_seen_at"))

    op.drop_table("sighting")
    op.drop_table("poll_day")
    with op.batch_alter_table("poll", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_poll_polled_at"))
        batch_op.drop_index(batch_op.f("ix_poll_feed_id_polled_at"))

    op.drop_table("poll")
    op.drop_table("feed_day")
    op.drop_table("coding")
    with op.batch_alter_table("coded_signal", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_coded_signal_signal_published_on_article_id"))

    op.drop_table("coded_signal")
    op.drop_table("index_point")
    op.drop_table("feed")
    with op.batch_alter_table("article", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_article_published_on_id"))
        batch_op.drop_index(batch_op.f("ix_article_coded_by"))

    op.drop_table("article")
