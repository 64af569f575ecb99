"""What is written: feeds' state, polls, articles, codings, index points. Each call is one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Engine, Table, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from tension.feeds.moving import Move
from tension.records import Article, Coding, Feed, IndexPoint, Poll, PollStatus, Validators
from tension.storage import schema as s
from tension.storage.database import open_database
from tension.storage.days import add_up, coded_among
from tension.storage.grouping import headlines_on, tell_stories
from tension.storage.renaming import Known, renames
from tension.storage.rows import (
    FeedState,
    Uncoded,
    article_row,
    chunks,
    coding_row,
    feed_changes,
    feed_row,
    feed_state,
    signal_rows,
    stored_feed,
)
from tension.stories import Headline

_FRESH_FEED: dict[str, Any] = {"last_reason": "", "failures_in_row": 0, "n_moved": 0}
_NO_VALIDATORS: dict[str, Any] = {"etag": None, "last_modified": None, "body_hash": None}
_NO_MOVE = Move()


@dataclass(frozen=True, slots=True)
class Stored:
    """What storing a poll's articles came to."""

    n_new: int
    n_overlap: int | None


class Store:
    """The database, for writing. Reading in bulk is in `tension.storage.frames`.

    Parameters
    ----------
    engine
        An engine on a migrated database, as `tension.storage.database.open_database` gives.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @classmethod
    def open(cls, url: str) -> Store:
        """Open the database at a SQLAlchemy URL, migrating it if need be."""
        return cls(open_database(url))

    # feeds

    def sync_feeds(self, feeds: Sequence[Feed], now: datetime) -> None:
        """Make the stored feeds those of the catalogue. One that left is switched off; its history stays.

        A feed whose entry has a new address goes on under it, see `tension.storage.renaming`.
        """
        with self.engine.begin() as connection:
            self._say_of_list(connection, "", now)
            _rename(connection, feeds, now)
            connection.execute(update(s.feed).where(~s.feed.c.archive).values(enabled=False))
            for feed in feeds:
                values = feed_row(feed)
                statement = self._insert(s.feed).values(**values, archive=False, added_at=now, **_FRESH_FEED)
                connection.execute(statement.on_conflict_do_update(index_elements=["url"], set_=values))

    def refuse_list(self, fault: str, now: datetime) -> None:
        """Remember what is wrong with the catalogue, so that every process can say why an older list is in force."""
        with self.engine.begin() as connection:
            self._say_of_list(connection, fault, now)

    def _say_of_list(self, connection: Connection, fault: str, now: datetime) -> None:
        values = {"read_at": now, "fault": fault}
        statement = self._insert(s.feed_list).values(id=1, **values)
        connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=values))

    def knows(self, url: str) -> bool:
        """Whether a feed is, or was ever, watched at this very address."""
        with self.engine.connect() as connection:
            return connection.execute(select(s.feed.c.id).where(s.feed.c.url == url)).first() is not None

    def watched(self) -> list[FeedState]:
        """All enabled feeds with their state, in the order in which they were added."""
        query = select(s.feed).where(s.feed.c.enabled, ~s.feed.c.archive).order_by(s.feed.c.id)
        with self.engine.connect() as connection:
            return [feed_state(row) for row in connection.execute(query)]

    def archive_feed(self, feed: Feed, now: datetime) -> int:
        """The id of the feed that stands for a loaded archive, made on first use."""
        values = feed_row(feed)
        with self.engine.begin() as connection:
            statement = self._insert(s.feed).values(**values, archive=True, added_at=now, **_FRESH_FEED)
            connection.execute(statement.on_conflict_do_nothing(index_elements=["url"]))
            return int(connection.execute(select(s.feed.c.id).where(s.feed.c.url == feed.url)).scalar_one())

    # polls and articles

    def record_poll(
        self,
        feed_id: int,
        poll: Poll,
        articles: Sequence[Article],
        validators: Validators | None,
        next_poll_at: datetime,
        move: Move = _NO_MOVE,
    ) -> Stored:
        """Store one poll with all that it brought, at once or not at all.

        ``validators`` None keeps those of the last full answer; ``move`` is what the feed says of its address.
        """
        with self.engine.begin() as connection:
            before = connection.execute(select(s.feed.c.last_full_at).where(s.feed.c.id == feed_id)).scalar()
            ids, n_new = self._add_articles(connection, articles)
            n_overlap = _count_overlap(connection, feed_id, ids, before) if before and ids else None
            self._see(connection, feed_id, ids, poll.polled_at)
            row = {"status": poll.status.value, "reason": poll.reason, "http_status": poll.http_status}
            counts = {"n_items": poll.n_items, "n_new": n_new, "n_overlap": n_overlap, "seconds": poll.seconds}
            connection.execute(s.poll.insert().values(feed_id=feed_id, polled_at=poll.polled_at, **row, **counts))
            self._count_poll(connection, feed_id, poll)
            changes = feed_changes(poll, n_new, validators, next_poll_at, move)
            connection.execute(update(s.feed).where(s.feed.c.id == feed_id).values(**changes))
        return Stored(n_new, n_overlap)

    def add_articles(self, feed_id: int, articles: Sequence[Article], seen_at: datetime) -> int:
        """Store articles that no poll brought, as from an archive. Returns how many are new."""
        with self.engine.begin() as connection:
            ids, n_new = self._add_articles(connection, articles)
            self._see(connection, feed_id, ids, seen_at)
        return n_new

    def _add_articles(self, connection: Connection, articles: Sequence[Article]) -> tuple[list[int], int]:
        unique = {article.key: article for article in articles}
        known = _ids(connection, list(unique))
        fresh = [article_row(article) for key, article in unique.items() if key not in known]
        if fresh:
            connection.execute(self._insert(s.article).on_conflict_do_nothing(index_elements=["key"]), fresh)
            known |= _ids(connection, [row["key"] for row in fresh])
        return list(known.values()), len(fresh)

    def _see(self, connection: Connection, feed_id: int, ids: Sequence[int], seen_at: datetime) -> None:
        if not ids:
            return
        known = _seen(connection, feed_id, ids)
        rows = [{"article_id": i, "feed_id": feed_id, "first_seen_at": seen_at, "last_seen_at": seen_at} for i in ids]
        statement = self._insert(s.sighting)
        last_only = {"last_seen_at": statement.excluded.last_seen_at}
        connection.execute(
            statement.on_conflict_do_update(index_elements=["article_id", "feed_id"], set_=last_only), rows
        )
        coded = coded_among(connection, [i for i in ids if i not in known])
        touched = tell_stories(connection, list(coded), {})
        for version in set(coded.values()):
            days = _days(connection, [i for i, by in coded.items() if by == version])
            add_up(connection, set(days.values()) | touched, version)

    def _count_poll(self, connection: Connection, feed_id: int, poll: Poll) -> None:
        counts = {status.value: int(status is poll.status) for status in PollStatus}
        statement = self._insert(s.poll_day).values(feed_id=feed_id, day=poll.polled_at.date(), **counts)
        raised = {name: s.poll_day.c[name] + n for name, n in counts.items()}
        connection.execute(statement.on_conflict_do_update(index_elements=["feed_id", "day"], set_=raised))

    # codings

    def uncoded(self, model_version: str, limit: int) -> list[Uncoded]:
        """Articles which this model has not coded yet, newest first."""
        a = s.article.c
        stale = or_(a.coded_by.is_(None), a.coded_by < model_version, a.coded_by > model_version)
        columns = (a.id, a.title, a.summary, a.language, a.published_at, a.story_id)
        with self.engine.connect() as connection:
            rows = connection.execute(select(*columns).where(stale).order_by(a.id.desc()).limit(limit))
            return [Uncoded(*row) for row in rows]

    def headlines_near(self, days: Iterable[date]) -> tuple[list[Headline], dict[int, int]]:
        """The coded articles of these days, for grouping, and the story of each."""
        with self.engine.connect() as connection:
            return headlines_on(connection, days)

    def add_codings(
        self, codings: Sequence[tuple[int, Coding]], now: datetime, moves: Mapping[int, int] | None = None
    ) -> None:
        """Store codings of one model, put the articles into stories and add the days that they touch up anew.

        Parameters
        ----------
        codings
            Article and coding.
        now
            Aware time.
        moves
            As `tension.stories.group` gives; without it each new article is a story of its own.
        """
        if not codings:
            return
        ids = [article_id for article_id, _ in codings]
        version = codings[0][1].model_version
        with self.engine.begin() as connection:
            days = _days(connection, ids)
            rows = [coding_row(article_id, coding, now) for article_id, coding in codings]
            signals = [row for i, coding in codings for row in signal_rows(i, coding, days[i])]
            connection.execute(self._insert(s.coding).on_conflict_do_nothing(), rows)
            if signals:
                connection.execute(self._insert(s.coded_signal).on_conflict_do_nothing(), signals)
            for chunk in chunks(ids):
                connection.execute(update(s.article).where(s.article.c.id.in_(chunk)).values(coded_by=version))
            touched = tell_stories(connection, ids, moves or {})
            add_up(connection, set(days.values()) | touched, version)

    # index points

    def add_points(self, points: Sequence[IndexPoint]) -> None:
        """Publish index points, as one vintage beside those already known."""
        if points:
            rows = [asdict(point) | {"status": point.status.value} for point in points]
            with self.engine.begin() as connection:
                connection.execute(s.index_point.insert(), rows)

    def _insert(self, table: Table) -> Any:
        dialect = postgresql if self.engine.dialect.name == "postgresql" else sqlite
        return dialect.insert(table)


def _rename(connection: Connection, listed: Sequence[Feed], now: datetime) -> None:
    rows = connection.execute(select(s.feed).where(~s.feed.c.archive))
    for rename in renames([Known(row.id, stored_feed(row), row.moved_to) for row in rows], listed):
        changes: dict[str, Any] = {"url": rename.url, "moved_to": None, "n_moved": 0}
        changes |= {} if rename.told else {"next_poll_at": now, **_NO_VALIDATORS}
        connection.execute(update(s.feed).where(s.feed.c.id == rename.id).values(**changes))


def _ids(connection: Connection, keys: Iterable[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for chunk in chunks(keys):
        query = select(s.article.c.key, s.article.c.id).where(s.article.c.key.in_(chunk))
        found |= {row.key: row.id for row in connection.execute(query)}
    return found


def _days(connection: Connection, ids: Iterable[int]) -> dict[int, date]:
    found: dict[int, date] = {}
    for chunk in chunks(ids):
        query = select(s.article.c.id, s.article.c.published_on).where(s.article.c.id.in_(chunk))
        found |= {row.id: row.published_on for row in connection.execute(query)}
    return found


def _seen(connection: Connection, feed_id: int, ids: Sequence[int]) -> set[int]:
    found: set[int] = set()
    for chunk in chunks(ids):
        mine = (s.sighting.c.feed_id == feed_id, s.sighting.c.article_id.in_(chunk))
        found |= set(connection.execute(select(s.sighting.c.article_id).where(*mine)).scalars())
    return found


def _count_overlap(connection: Connection, feed_id: int, ids: Sequence[int], before: datetime) -> int:
    total = 0
    for chunk in chunks(ids):
        mine = (
            s.sighting.c.feed_id == feed_id,
            s.sighting.c.article_id.in_(chunk),
            s.sighting.c.last_seen_at == before,
        )
        total += connection.execute(select(func.count()).where(*mine)).scalar_one()
    return total
