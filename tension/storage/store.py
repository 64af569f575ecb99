"""What is written: feeds' state, polls, articles, codings, index points. Each call is one transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, Table, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError

from tension.errors import StorageError
from tension.feeds.moving import Move
from tension.records import Article, Coding, Feed, IndexPoint, Poll, Validators
from tension.storage import polls
from tension.storage import schema as s
from tension.storage.database import open_database
from tension.storage.days import add_up
from tension.storage.grouping import headlines_on, tell_stories
from tension.storage.listing import list_articles
from tension.storage.polls import PollResult, Stored
from tension.storage.renaming import Known, renames
from tension.storage.rows import (
    FeedState,
    Uncoded,
    chunks,
    coding_row,
    feed_row,
    feed_state,
    signal_rows,
    stored_feed,
)
from tension.storage.zones import day_zone, keep_days_in
from tension.stories import Headline

_FRESH_FEED: dict[str, Any] = {"last_reason": "", "failures_in_row": 0, "n_moved": 0}
_NO_ANSWER: dict[str, Any] = dict.fromkeys(("etag", "last_modified", "body_hash", "ttl_minutes", "fresh_seconds"))
_NO_MOVE = Move()


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
    def open(cls, url: str, zone: ZoneInfo | None = None) -> Store:
        """Open the database at a SQLAlchemy URL, migrating it and counting its days in another zone if need be."""
        engine = open_database(url)
        if zone is not None:
            keep_days_in(engine, zone)
        return cls(engine)

    @property
    def zone(self) -> ZoneInfo:
        """The zone that days are counted in, as it is now: another process may have changed it."""
        with self.engine.connect() as connection:
            return day_zone(connection)

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
        (stored,) = self.record_polls([PollResult(feed_id, poll, articles, validators, next_poll_at, move)])
        return stored

    def record_polls(self, results: Sequence[PollResult]) -> list[Stored]:
        """Store polls of different feeds with all that they brought, at once or not at all.

        Raises
        ------
        StorageError
            When the database refuses it; nothing is stored then.
        """
        with _refusals(), self.engine.begin() as connection:
            return polls.record(connection, results, day_zone(connection))

    def known_keys(self, keys: Iterable[str]) -> set[str]:
        """Those of the keys under which an article is stored; raises StorageError when the database refuses one."""
        with _refusals(), self.engine.connect() as connection:
            return set(polls.ids_of(connection, keys))

    def add_articles(self, feed_id: int, articles: Sequence[Article], seen_at: datetime) -> int:
        """Store articles that no poll brought, as from an archive. Returns how many are new."""
        with self.engine.begin() as connection:
            (ids,), (n_new,) = polls.add_articles(connection, [articles], day_zone(connection))
            polls.see(connection, [(feed_id, ids, seen_at)])
        return n_new

    # codings

    def uncoded(self, model_version: str, limit: int) -> list[Uncoded]:
        """Articles which this model has not coded yet: first those that none has, each time the newest first."""
        a = s.article.c
        columns = (a.id, a.title, a.summary, a.language, a.published_at, a.story_id)
        with self.engine.connect() as connection:
            for stale in (a.coded_by.is_(None), a.coded_by > model_version, a.coded_by < model_version):
                # in the order of the index, so that finding none among a million takes no time
                query = select(*columns).where(stale).order_by(a.coded_by.desc(), a.id.desc()).limit(limit)
                if rows := connection.execute(query).all():
                    return [Uncoded(*row) for row in rows]
        return []

    def headlines_near(self, days: Iterable[date]) -> tuple[list[Headline], dict[int, int]]:
        """The coded articles of these days, for grouping, and the story of each."""
        with self.engine.connect() as connection:
            return headlines_on(connection, days)

    def add_codings(
        self,
        codings: Sequence[tuple[int, Coding]],
        now: datetime,
        moves: Mapping[int, int] | None = None,
        of_conflict: Collection[int] = (),
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
        of_conflict
            Those of the articles that tell of armed conflict.
        """
        if not codings:
            return
        ids = [article_id for article_id, _ in codings]
        version = codings[0][1].model_version
        with self.engine.begin() as connection:
            days = polls.days_of(connection, ids)
            rows = [coding_row(article_id, coding, now) for article_id, coding in codings]
            signals = [row for i, coding in codings for row in signal_rows(i, coding, days[i])]
            connection.execute(self._insert(s.coding).on_conflict_do_nothing(), rows)
            if signals:
                connection.execute(self._insert(s.coded_signal).on_conflict_do_nothing(), signals)
            for chunk in chunks(ids):
                told = s.article.c.id.in_([article_id for article_id in chunk if article_id in of_conflict])
                these = update(s.article).where(s.article.c.id.in_(chunk))
                connection.execute(these.values(coded_by=version, conflict=told))
            list_articles(connection, ids)
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


@contextmanager
def _refusals() -> Iterator[None]:
    """What the database refuses, as an error of ours that says why."""
    try:
        yield
    except DBAPIError as error:
        raise StorageError(f"the database refuses it: {str(error.orig).strip().splitlines()[0]}") from error


def _rename(connection: Connection, listed: Sequence[Feed], now: datetime) -> None:
    rows = connection.execute(select(s.feed).where(~s.feed.c.archive))
    for rename in renames([Known(row.id, stored_feed(row), row.moved_to) for row in rows], listed):
        changes: dict[str, Any] = {"url": rename.url, "moved_to": None, "n_moved": 0}
        changes |= {} if rename.told else {"next_poll_at": now, **_NO_ANSWER}
        connection.execute(update(s.feed).where(s.feed.c.id == rename.id).values(**changes))
