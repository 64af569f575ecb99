"""The tables. `migrations/` makes them; a test holds the two against each other.

feed ─< poll, poll_day           how each feed was polled, and how often a day each way
  └──< sighting >── article      which feed carried which article, first and last
             story ─< ┘   └─< coding ─< coded_signal      which story it tells; what a model read in it
feed ─< feed_day                 what a feed's stories of one day add up to, per model
feed_list                        what is wrong with feeds.yaml, where the list in force is an older one
article ── article_text          the text of an article's page, read to code it
listed                           coded articles in the order of their days, see `tension.storage.listing`
article_day                      how many articles and stories a day has
day_zone                         which zone days are counted in
index_point                      every published value with when it was known
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)


class UtcDateTime(TypeDecorator[datetime]):
    """Aware datetimes in UTC on every database; a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone: pass an aware datetime")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


BigKey = BigInteger().with_variant(Integer, "sqlite")  # SQLite numbers rows only by INTEGER

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

feed = Table(
    "feed",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("url", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("publisher", Text, nullable=False),
    Column("language", String(3), nullable=False),
    Column("country", String(2), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("weight", Float, nullable=False),
    Column("interval_minutes", Integer),
    Column("enabled", Boolean, nullable=False),  # in feeds.yaml and switched on
    Column("archive", Boolean, nullable=False),  # a loaded file, never polled
    Column("etag", Text),
    Column("last_modified", Text),
    Column("body_hash", String(64)),
    Column("next_poll_at", UtcDateTime),
    Column("first_polled_at", UtcDateTime),
    Column("last_poll_at", UtcDateTime),
    Column("last_full_at", UtcDateTime),  # the last poll that brought items, to compare the next with
    Column("last_success_at", UtcDateTime),
    Column("last_new_at", UtcDateTime),
    Column("last_status", String(16)),
    Column("last_reason", Text, nullable=False, default=""),
    Column("failures_in_row", Integer, nullable=False, default=0),
    Column("added_at", UtcDateTime, nullable=False),
    Column("moved_to", Text),  # where it says it has moved for good, in the last n_moved polls
    Column("n_moved", Integer, nullable=False, default=0),
    Column("ttl_minutes", Integer),  # these two: of its last full answer, as validators are
    Column("fresh_seconds", Float),
)

feed_list = Table(
    "feed_list",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),  # one row
    Column("read_at", UtcDateTime, nullable=False),
    Column("fault", Text, nullable=False),  # "" where the list in force is that of feeds.yaml
)

poll = Table(
    "poll",
    metadata,
    Column("id", BigKey, primary_key=True),
    Column("feed_id", ForeignKey("feed.id"), nullable=False),
    Column("polled_at", UtcDateTime, nullable=False),
    Column("status", String(16), nullable=False),
    Column("reason", Text, nullable=False),
    Column("http_status", Integer),
    Column("n_items", Integer, nullable=False),
    Column("n_new", Integer, nullable=False),
    Column("n_overlap", Integer),
    Column("seconds", Float, nullable=False),
    Index(None, "feed_id", "polled_at"),
    Index(None, "polled_at"),
)

poll_day = Table(
    "poll_day",
    metadata,
    Column("feed_id", ForeignKey("feed.id"), primary_key=True, autoincrement=False),
    Column("day", Date, primary_key=True),
    Column("ok", Integer, nullable=False),
    Column("not_modified", Integer, nullable=False),
    Column("empty", Integer, nullable=False),
    Column("failed", Integer, nullable=False),
)

article = Table(
    "article",
    metadata,
    Column("id", BigKey, primary_key=True),
    Column("key", Text, nullable=False, unique=True),
    Column("url", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("summary", Text, nullable=False),
    Column("language", String(3), nullable=False),
    Column("publisher", Text, nullable=False),
    Column("published_at", UtcDateTime, nullable=False),
    Column("published_on", Date, nullable=False),
    Column("dated_by", String(16), nullable=False),
    Column("first_seen_at", UtcDateTime, nullable=False),
    Column("coded_by", String(16), index=True),  # the model whose coding counts; NULL while it waits for one
    Column("conflict", Boolean),  # whether it tells of armed conflict, anywhere; NULL until coded
    Column("story_id", BigKey, index=True),  # the smallest id of the articles that tell it; NULL until coded
    Index(None, "published_on", "id"),
)

story = Table(
    "story",
    metadata,
    Column("id", BigKey, primary_key=True, autoincrement=False),
    Column("n_articles", Integer, nullable=False),
    Column("n_families", Integer, nullable=False),  # independent publishers
    Column("weight", Float, nullable=False),  # of each copy, see tension.stories.weight
)

sighting = Table(
    "sighting",
    metadata,
    Column("article_id", ForeignKey("article.id"), primary_key=True, autoincrement=False),
    Column("feed_id", ForeignKey("feed.id"), primary_key=True, autoincrement=False),
    Column("first_seen_at", UtcDateTime, nullable=False),
    Column("last_seen_at", UtcDateTime, nullable=False),
    Index(None, "feed_id", "last_seen_at"),
)

coding = Table(
    "coding",
    metadata,
    Column("article_id", ForeignKey("article.id"), primary_key=True, autoincrement=False),
    Column("model_version", String(16), primary_key=True),
    Column("coded_at", UtcDateTime, nullable=False),
    Column("involvement", String(8), nullable=False),
    Column("p_direct", Float, nullable=False),
    Column("p_partner", Float, nullable=False),
    Column("threats", Float, nullable=False),
    Column("acts", Float, nullable=False),
    Column("easing", Float, nullable=False),
    Column("variance", Float, nullable=False, default=0.0),
    Column("low_confidence", Boolean, nullable=False),
    Column("countries", JSON, nullable=False),
    Column("probabilities", JSON, nullable=False),
    Column("evidence", JSON, nullable=False),
    Column("read_text", String(8), nullable=False, default="summary"),
)

article_text = Table(
    "article_text",
    metadata,
    Column("article_id", ForeignKey("article.id"), primary_key=True, autoincrement=False),
    Column("fetched_at", UtcDateTime, nullable=False),
    Column("status", String(8), nullable=False),
    Column("reason", Text, nullable=False),
    Column("text", Text, nullable=False),  # for coding only, never shown or exported
)

listed = Table(
    "listed",
    metadata,
    Column("place", BigKey, primary_key=True, autoincrement=False),
    Column("strength", Float, nullable=False),  # threats + acts + easing
    Column("marks", Text, nullable=False),  # between spaces
    Index(None, "strength", "place"),
)

coded_signal = Table(
    "coded_signal",
    metadata,
    Column("article_id", ForeignKey("article.id"), primary_key=True, autoincrement=False),
    Column("model_version", String(16), primary_key=True),
    Column("signal", String(24), primary_key=True),
    Column("published_on", Date, nullable=False),
    Column("probability", Float, nullable=False),
    Index(None, "signal", "published_on", "article_id"),
)

feed_day = Table(
    "feed_day",
    metadata,
    Column("feed_id", ForeignKey("feed.id"), primary_key=True, autoincrement=False),
    Column("day", Date, primary_key=True),
    Column("model_version", String(16), primary_key=True),
    Column("n_articles", Integer, nullable=False),
    Column("n_stories", Integer, nullable=False),
    Column("n_effective", Float, nullable=False),  # stories, each at the weight of a copy
    Column("threats", Float, nullable=False),
    Column("acts", Float, nullable=False),
    Column("easing", Float, nullable=False),
    Column("parts", JSON, nullable=False),  # the same three by signal, in codebook order
    Column("squares", Float, nullable=False),  # sum over stories of the square of their escalation
    Column("variance", Float, nullable=False),  # sum over stories of the variance of their escalation
)

article_day = Table(
    "article_day",
    metadata,
    Column("day", Date, primary_key=True),
    Column("n_articles", Integer, nullable=False),
    Column("n_stories", Integer, nullable=False),
    Column("n_involved", Integer),  # stories of Russia and NATO or its partners
    Column("n_conflict", Integer),  # stories of armed conflict anywhere; NULL where not known
)

day_zone = Table(
    "day_zone",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),  # 1: there is one zone
    Column("name", String(64), nullable=False),
)

index_point = Table(
    "index_point",
    metadata,
    Column("id", BigKey, primary_key=True),
    Column("day", Date, nullable=False),
    Column("vintage_at", UtcDateTime, nullable=False),
    Column("index", Float),
    Column("net", Float),
    Column("band_low", Float),
    Column("band_high", Float),
    Column("threats", Float),
    Column("acts", Float),
    Column("easing", Float),
    Column("smoothed", Float),
    Column("n_articles", Integer, nullable=False),
    Column("n_stories", Integer),
    Column("n_feeds", Integer, nullable=False),
    Column("coverage_share", Float, nullable=False),
    Column("status", String(16), nullable=False),
    Column("method_version", String(16), nullable=False),
    Column("model_version", String(16), nullable=False),
    UniqueConstraint("day", "vintage_at"),
)
