"""What is read in bulk, as data frames: for measuring, for the pages and for exports.

Days are ``datetime64`` without a zone, counted in that of the database; times are aware UTC.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from sqlalchemy import Engine, Select, func, select

from tension.signals.codebook import KEYS
from tension.storage import days
from tension.storage import schema as s
from tension.storage.articles import ArticleFilter as ArticleFilter  # by their old names
from tension.storage.articles import article_pages as article_pages
from tension.storage.articles import articles as articles
from tension.storage.articles import count_articles as count_articles
from tension.storage.listing import article_at
from tension.storage.rows import day_of
from tension.storage.zones import day_zone


def feed_days(engine: Engine, model_version: str) -> pd.DataFrame:
    """Sums per feed and day: ``feed_id, day, n_articles, n_stories, n_effective, threats, acts, easing, squares,
    variance``; the last two are of the escalation, see `tension.storage.days.sums`."""
    t = s.feed_day.c
    counts, sums = (t.n_articles, t.n_stories, t.n_effective), (t.threats, t.acts, t.easing, t.squares, t.variance)
    return _read(
        engine, select(t.feed_id, t.day, *counts, *sums).where(t.model_version == model_version), dates=["day"]
    )


def feeds(engine: Engine) -> pd.DataFrame:
    """Every feed ever watched or loaded, index ``feed_id``; all columns of the table, and the days of its first and
    last poll as ``first_polled_on`` and ``last_polled_on`` (NaT where never polled)."""
    frame = _read(engine, select(s.feed).order_by(s.feed.c.id)).rename(columns={"id": "feed_id"}).set_index("feed_id")
    for column in [c for c in frame if str(c).endswith("_at")]:
        frame[column] = pd.to_datetime(frame[column], utc=True)
    t = s.poll_day.c
    first, last = func.min(t.day).label("first_polled_on"), func.max(t.day).label("last_polled_on")
    dates = ["first_polled_on", "last_polled_on"]
    polled = _read(engine, select(t.feed_id, first, last).group_by(t.feed_id), dates).set_index("feed_id")
    return frame.join(polled)


def list_fault(engine: Engine) -> str:
    """What is wrong with feeds.yaml, a fault a line, where the list in force is an older one; else ""."""
    with engine.connect() as connection:
        return connection.execute(select(s.feed_list.c.fault)).scalar() or ""


def zone(engine: Engine) -> ZoneInfo:
    """The zone that days are counted in."""
    with engine.connect() as connection:
        return day_zone(connection)


def today(engine: Engine, now: datetime) -> date:
    """The running day."""
    return day_of(now, zone(engine))


def polled_days(engine: Engine) -> pd.DataFrame:
    """The days on which a feed was asked: ``feed_id, day, answered`` (with news or "not modified", at least once)."""
    t = s.poll_day.c
    return _read(engine, select(t.feed_id, t.day, (t.ok + t.not_modified > 0).label("answered")), dates=["day"])


def counts(engine: Engine) -> pd.DataFrame:
    """Coded articles and stories by day of publication.

    Index ``day``; columns ``n_articles, n_stories``, and among the stories ``n_involved``, those of Russia and NATO or
    its partners, and ``n_conflict``, those of armed conflict anywhere; NaN where not known.
    """
    return _read(engine, select(s.article_day), dates=["day"]).set_index("day").sort_index()


def index_points(engine: Engine, as_of: datetime | None = None) -> pd.DataFrame:
    """The newest value of every day, or the newest known at ``as_of``; index ``day``, columns as `IndexPoint`."""
    t = s.index_point.c
    newest = select(func.max(t.id)).group_by(t.day)
    if as_of is not None:
        newest = newest.where(t.vintage_at <= as_of)
    columns = [column for column in t if column.name != "id"]
    frame = _read(engine, select(*columns).where(t.id.in_(newest)).order_by(t.day), dates=["day"]).set_index("day")
    frame["vintage_at"] = pd.to_datetime(frame["vintage_at"], utc=True)
    numbers = ["index", "net", "band_low", "band_high", "threats", "acts", "easing", "smoothed", "n_stories"]
    return frame.astype(dict.fromkeys(numbers, float))


def last_vintage(engine: Engine) -> pd.Timestamp | None:
    """When index points were last published; None before the first."""
    with engine.connect() as connection:
        found = connection.execute(select(s.index_point.c.vintage_at).order_by(s.index_point.c.id.desc()).limit(1))
        moment = found.scalar()
    return None if moment is None else pd.Timestamp(moment)


def vintages(engine: Engine) -> pd.DataFrame:
    """Every published index point of days that were published more than once, all columns of ``index_point``."""
    t = s.index_point.c
    often = select(t.day).group_by(t.day).having(func.count() > 1)
    return _read(engine, select(s.index_point).where(t.day.in_(often)), dates=["day"])


def carried(engine: Engine, day: date, model_version: str) -> pd.DataFrame:
    """What the feeds carried on a day, a row an article and feed.

    Columns ``feed_id, article_id, story_id, weight, title, url, publisher, language, published_at, countries`` and
    ``parts``: expected intensity by signal, in codebook order.
    """
    a = s.article.c
    columns = (a.id.label("article_id"), a.title, a.url, a.publisher, a.language, a.published_at, s.coding.c.countries)
    frame = _read(engine, days.carried([day], model_version, *columns))
    frame["parts"] = days.parts_of(frame).tolist()
    return frame.drop(columns=["p_direct", "p_partner", "probabilities", "variance", "day"])


def parts(engine: Engine, day: date, model_version: str) -> pd.DataFrame:
    """Expected intensity by signal, summed by feed: index ``feed_id``, a column a signal."""
    t = s.feed_day.c
    frame = _read(engine, select(t.feed_id, t.parts).where(t.day == day, t.model_version == model_version))
    table = np.array(frame["parts"].tolist(), dtype=float).reshape(len(frame), len(KEYS))
    return pd.DataFrame(table, index=pd.Index(frame["feed_id"], name="feed_id"), columns=list(KEYS))


def all_parts(engine: Engine, model_version: str) -> pd.DataFrame:
    """Expected intensity by signal of every feed and day: ``feed_id, day, parts``, the latter in codebook order."""
    t = s.feed_day.c
    return _read(engine, select(t.feed_id, t.day, t.parts).where(t.model_version == model_version), dates=["day"])


def strong(engine: Engine, model_version: str, least: float) -> pd.DataFrame:
    """Articles whose expected intensity, escalation and easing together, is at least so much, a row an article and
    feed: ``feed_id, day, story_id, weight, p_direct, p_partner, probabilities`` (18, in codebook order)."""
    c = s.coding.c
    query = days.every(model_version).where(c.threats + c.acts + c.easing >= least)
    return _read(engine, query, dates=["day"]).drop(columns="variance")


def polls(engine: Engine, feed_id: int, limit: int = 20) -> pd.DataFrame:
    """A feed's latest polls, newest first."""
    query = select(s.poll).where(s.poll.c.feed_id == feed_id).order_by(s.poll.c.polled_at.desc()).limit(limit)
    return _read(engine, query)


def articles_per_feed_day(engine: Engine, since: date) -> pd.DataFrame:
    """Articles a feed and day since a day: ``feed_id, day, n_articles``, whichever model coded them."""
    t = s.feed_day.c
    n = func.max(t.n_articles).label("n_articles")
    query = select(t.feed_id, t.day, n).where(t.day >= since).group_by(t.feed_id, t.day)
    return _read(engine, query, dates=["day"])


def _read(engine: Engine, query: Select[Any], dates: Sequence[str] = ()) -> pd.DataFrame:
    with engine.connect() as connection:
        frame = days.frame_of(connection.execute(query))
    for column in dates:
        frame[column] = pd.to_datetime(frame[column]).astype("datetime64[ns]")
    return frame


def leading(engine: Engine, each: int = 2, least: float = 1.5, most: int = 50_000) -> pd.Series[str]:
    """The headlines of each day's strongest stories, a line each, where they have some intensity: index ``day``."""
    a, strength = s.article.c, s.listed.c.strength
    story = func.coalesce(a.story_id, a.id).label("story")
    joined = s.listed.join(s.article, a.id == s.listed.c.place % (article_at(-1) + 1))
    query = select(a.published_on.label("day"), story, a.title).select_from(joined).where(strength >= least)
    found = _read(engine, query.order_by(strength.desc()).limit(most), dates=["day"])
    first = found.drop_duplicates(["day", "story"]).groupby("day").head(each)
    return first.groupby("day")["title"].agg("\n".join)
