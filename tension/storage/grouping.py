"""Stories as they are stored: which article tells which, and what a copy of it weighs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime

from sqlalchemy import Connection, and_, case, select, update

from tension.storage import schema as s
from tension.storage.rows import chunks
from tension.stories import FOUNDING, TRIAL, Headline, weight

_ALWAYS = datetime(1, 1, 1, tzinfo=UTC)


def headlines_on(connection: Connection, days: Iterable[date]) -> tuple[list[Headline], dict[int, int]]:
    """The coded articles of these days, and the story of each."""
    a, c = s.article.c, s.coding.c
    joined = s.article.join(s.coding, and_(c.article_id == a.id, c.model_version == a.coded_by))
    columns = (a.id, a.published_at, a.language, a.title, a.story_id, c.countries)
    found, story_of = [], {}
    for chunk in chunks(sorted(days)):
        signals = _signals_on(connection, chunk)
        query = select(*columns).select_from(joined).where(a.published_on.in_(chunk), a.story_id.is_not(None))
        for row in connection.execute(query):
            countries, told = frozenset(row.countries), frozenset(signals.get(row.id, ()))
            found.append(Headline(row.id, row.published_at, row.language, row.title, countries, told))
            story_of[row.id] = row.story_id
    return found, story_of


def _signals_on(connection: Connection, days: Sequence[date]) -> dict[int, set[str]]:
    t, a = s.coded_signal.c, s.article.c
    joined = s.coded_signal.join(s.article, and_(a.id == t.article_id, a.coded_by == t.model_version))
    query = select(t.article_id, t.signal).select_from(joined).where(t.published_on.in_(days))
    found: dict[int, set[str]] = {}
    for article_id, signal in connection.execute(query):
        found.setdefault(article_id, set()).add(signal)
    return found


def tell_stories(connection: Connection, ids: Sequence[int], moves: Mapping[int, int]) -> set[date]:
    """Give articles their stories, and count anew those that change.

    Parameters
    ----------
    connection
        In a transaction.
    ids
        Articles that are new, or newly seen in a feed; one without a story becomes its own.
    moves
        From a story to the one that it becomes part of.

    Returns
    -------
    set of date
        The days that must be added up anew: those of stories that came together, or whose copies' weight changed.
    """
    a = s.article.c
    for chunk in chunks(ids):
        alone = update(s.article).where(a.id.in_(chunk), a.story_id.is_(None))
        connection.execute(alone.values(story_id=a.id))
    for chunk in chunks(moves):
        to = case({story: moves[story] for story in chunk}, value=a.story_id)
        connection.execute(update(s.article).where(a.story_id.in_(chunk)).values(story_id=to))
        connection.execute(s.story.delete().where(s.story.c.id.in_(chunk)))
    told: set[int] = set(moves.values())
    days = _days_of(connection, told)
    for chunk in chunks(ids):
        told |= set(connection.execute(select(a.story_id).where(a.id.in_(chunk))).scalars())
    return days | _count(connection, told)


def _days_of(connection: Connection, stories: Iterable[int]) -> set[date]:
    days: set[date] = set()
    for chunk in chunks(stories):
        query = select(s.article.c.published_on).where(s.article.c.story_id.in_(chunk)).distinct()
        days |= set(connection.execute(query).scalars())
    return days


def _count(connection: Connection, stories: Iterable[int]) -> set[date]:
    days: set[date] = set()
    for chunk in chunks(stories):
        before = dict(connection.execute(select(s.story.c.id, s.story.c.weight).where(s.story.c.id.in_(chunk))).all())
        rows = _counts(connection, chunk)
        connection.execute(s.story.delete().where(s.story.c.id.in_(chunk)))
        if rows:
            connection.execute(s.story.insert(), rows)
        now = {row["id"]: row["weight"] for row in rows}
        days |= _days_of(connection, (story for story in chunk if now.get(story, 1.0) != before.get(story, 1.0)))
    return days


def _counts(connection: Connection, stories: Sequence[int]) -> list[dict[str, float]]:
    """Articles and independent publishers of stories, where there is more than one of either; the rest weigh 1.

    Archives are no witnesses beside the live feeds, nor are feeds on trial: one that joins changes nobody's copies.
    """
    a, f = s.article.c, s.feed.c
    joined = s.article.outerjoin(s.sighting, s.sighting.c.article_id == a.id).outerjoin(
        s.feed, and_(f.id == s.sighting.c.feed_id, f.archive.is_(False))
    )
    since = _witness_since(connection)
    articles: dict[int, set[int]] = {}
    families: dict[int, set[str]] = {}
    query = select(a.story_id, a.id, a.published_at, f.id, f.publisher).select_from(joined)
    for story, article, at, feed_id, publisher in connection.execute(query.where(a.story_id.in_(stories))):
        articles.setdefault(story, set()).add(article)
        if feed_id in since and at >= since[feed_id]:
            families.setdefault(story, set()).add(publisher)
    counted = [(story, len(told), max(len(families.get(story, ())), 1)) for story, told in articles.items()]
    return [
        {"id": story, "n_articles": n, "n_families": k, "weight": weight(k)}
        for story, n, k in counted
        if n > 1 or k > 1
    ]


def _witness_since(connection: Connection) -> dict[int, datetime]:
    """From when on a live feed's copies count: always for those of the first two days, else after the days of trial."""
    f = s.feed.c
    rows = connection.execute(select(f.id, f.first_polled_at).where(~f.archive, f.first_polled_at.is_not(None))).all()
    founded = min((row.first_polled_at for row in rows), default=_ALWAYS) + FOUNDING
    return {row.id: _ALWAYS if row.first_polled_at <= founded else row.first_polled_at + TRIAL for row in rows}
