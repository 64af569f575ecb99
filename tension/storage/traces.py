"""What polling left behind, feed by feed: for telling how each feed fares.

Each function looks back over a bounded time along an index, so that it stays quick however long the history is, and
answers with a mapping by feed; a feed of which it found nothing is not in it. Loaded archives are left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Select, and_, case, extract, func, select

from tension.records import DatedBy, Involvement, PollStatus
from tension.storage import schema as s
from tension.storage.rows import chunks

_NEAR, _FAR = timedelta(days=8), timedelta(days=180)


@dataclass(frozen=True, slots=True)
class Coded:
    """Coded articles of one language, and how many of them are involved."""

    language: str
    n: int
    n_involved: int


def articles_by_day(engine: Engine, feed_ids: Sequence[int], since: date) -> dict[int, dict[date, int]]:
    """Articles by day of publication, whichever model coded them."""
    t = s.feed_day.c
    query = select(t.feed_id, t.day, func.max(t.n_articles)).where(t.day >= since).group_by(t.feed_id, t.day)
    found: dict[int, dict[date, int]] = {}
    for feed_id, day, n in _of(engine, query, t.feed_id, feed_ids):
        found.setdefault(feed_id, {})[day] = n
    return found


def answered_days(engine: Engine, feed_ids: Sequence[int], since: date) -> dict[int, set[date]]:
    """The days on which a feed answered at least once."""
    t = s.poll_day.c
    query = select(t.feed_id, t.day).where(t.day >= since, t.ok + t.not_modified + t.empty > 0)
    found: dict[int, set[date]] = {}
    for feed_id, day in _of(engine, query, t.feed_id, feed_ids):
        found.setdefault(feed_id, set()).add(day)
    return found


def answers_of_losing(engine: Engine, since: datetime) -> dict[int, dict[datetime, bool]]:
    """When each feed answered, and whether none of those items stood in the poll before; of feeds where that was so."""
    t = s.poll.c
    first = select(t.id).where(t.polled_at >= since).order_by(t.polled_at).limit(1).scalar_subquery()
    lost = and_(t.n_overlap.is_not(None), t.n_overlap == 0, t.n_items > 0)
    losing = select(t.feed_id).where(t.id >= first, lost).distinct()  # ids grow with time: one stretch of the table
    ids = [feed_id for (feed_id,) in _all(engine, losing)]
    answered = select(t.feed_id, t.polled_at, case((lost, 1), else_=0))
    answered = answered.where(t.polled_at >= since, t.status != PollStatus.FAILED.value)
    found: dict[int, dict[datetime, bool]] = {}
    for feed_id, at, is_lost in _of(engine, answered, t.feed_id, ids):
        found.setdefault(feed_id, {})[at] = bool(is_lost)
    return found


def coded(engine: Engine, since: date, until: date) -> dict[int, list[Coded]]:
    """Coded articles published on these days, the most frequent language first."""
    a, c, t = s.article.c, s.coding.c, s.sighting.c
    joined = s.article.join(s.coding, and_(c.article_id == a.id, c.model_version == a.coded_by))
    joined = joined.join(s.sighting, t.article_id == a.id)
    n, involved = func.count(), func.sum(case((c.involvement != Involvement.NONE.value, 1), else_=0))
    query = select(t.feed_id, a.language, n, involved).select_from(joined).group_by(t.feed_id, a.language)
    found: dict[int, list[Coded]] = {}
    for row in _all(engine, query.where(a.published_on.between(since, until)).order_by(n.desc())):
        found.setdefault(row[0], []).append(Coded(*row[1:]))
    return found


def delays(engine: Engine, since: date, until: date) -> dict[int, list[float]]:
    """From publication to first seen, in seconds, for articles published on these days.

    Only of those that the feed dated and brought after its first poll: what stood there at first says nothing.
    """
    a, t, f = s.article.c, s.sighting.c, s.feed.c
    joined = s.article.join(s.sighting, t.article_id == a.id).join(s.feed, f.id == t.feed_id)
    live = (t.first_seen_at > f.first_polled_at, a.published_at <= t.first_seen_at, a.dated_by == DatedBy.FEED.value)
    query = select(t.feed_id, _seconds(engine, t.first_seen_at, a.published_at)).select_from(joined)
    found: dict[int, list[float]] = {}
    for feed_id, seconds in _all(engine, query.where(a.published_on.between(since, until), *live)):
        found.setdefault(feed_id, []).append(float(seconds))
    return found


def news_moments(engine: Engine, fewest: int) -> dict[int, list[datetime]]:
    """When each feed brought what it had not carried before: the newest moments, oldest first.

    Looks back a week from the last poll that brought items, and half a year where that gives fewer moments than
    asked for. What stands there from before, as a pinned item does, is no news of that time; it is the answer only
    where nothing else came.
    """
    f = s.feed.c
    with engine.connect() as connection:
        rows = connection.execute(select(f.id, f.last_full_at).where(~f.archive, f.last_full_at.is_not(None))).all()
        return {row.id: _moments(connection, row.id, row.last_full_at, fewest) for row in rows}


def _moments(connection: Connection, feed_id: int, last: datetime, fewest: int) -> list[datetime]:
    t, found = s.sighting.c, list[datetime]()
    for back in (_NEAR, _FAR):
        since = last - back
        seen = select(t.first_seen_at).where(t.feed_id == feed_id, t.last_seen_at >= since, t.first_seen_at >= since)
        found = sorted(connection.execute(seen.distinct()).scalars())
        if len(found) >= fewest:
            return found
    newest = select(func.max(t.first_seen_at)).where(t.feed_id == feed_id)
    return found or [at for at in connection.execute(newest).scalars() if at is not None]


def _seconds(engine: Engine, later: ColumnElement[Any], earlier: ColumnElement[Any]) -> ColumnElement[Any]:
    if engine.dialect.name == "sqlite":
        return (func.julianday(later) - func.julianday(earlier)) * 86400.0
    return extract("epoch", later - earlier)


def _of(engine: Engine, query: Select[Any], column: ColumnElement[int], ids: Sequence[int]) -> list[Any]:
    return [row for chunk in chunks(ids) for row in _all(engine, query.where(column.in_(chunk)))]


def _all(engine: Engine, query: Select[Any]) -> Sequence[Any]:
    with engine.connect() as connection:
        return connection.execute(query).all()
