"""What is read in bulk, as data frames: for measuring, for the pages and for exports.

Days are ``datetime64`` without a zone, counted in that of the database; times are aware UTC.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Engine, Select, and_, exists, func, or_, select

from tension.signals.codebook import KEYS
from tension.storage import days
from tension.storage import schema as s
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


def today(engine: Engine, now: datetime) -> date:
    """The running day, in the zone that days are counted in."""
    with engine.connect() as connection:
        return day_of(now, day_zone(connection))


def polled_days(engine: Engine) -> pd.DataFrame:
    """The days on which a feed was asked: ``feed_id, day, answered`` (with news or "not modified", at least once)."""
    t = s.poll_day.c
    return _read(engine, select(t.feed_id, t.day, (t.ok + t.not_modified > 0).label("answered")), dates=["day"])


def counts(engine: Engine) -> pd.DataFrame:
    """Coded articles and stories by day of publication.

    Index ``day``; columns ``n_articles, n_stories``, and among the stories ``n_involved``, those of Russia and NATO or
    its partners, and ``n_conflict``, those of armed conflict anywhere, the former among them; NaN where not known.
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


@dataclass(frozen=True, slots=True)
class ArticleFilter:
    """Which articles to list. Empty sequences do not restrict; ``until`` is inclusive."""

    since: date | None = None
    until: date | None = None
    signals: Sequence[str] = ()
    countries: Sequence[str] = ()
    languages: Sequence[str] = ()
    feed_ids: Sequence[int] = ()
    involved_only: bool = False
    words: str = ""


_LISTED = [
    s.article.c.id,
    s.article.c.published_at,
    s.article.c.dated_by,
    s.article.c.title,
    s.article.c.summary,
    s.article.c.url,
    s.article.c.language,
    s.article.c.publisher,
    s.article.c.first_seen_at,
    s.coding.c.model_version,
    s.coding.c.involvement,
    s.coding.c.p_direct,
    s.coding.c.p_partner,
    s.coding.c.threats,
    s.coding.c.acts,
    s.coding.c.easing,
    s.coding.c.low_confidence,
    s.coding.c.probabilities,
    s.coding.c.evidence,
    s.coding.c.read_text,
]


def articles(
    engine: Engine, chosen: ArticleFilter, *, limit: int, offset: int = 0, strongest_first: bool = False
) -> pd.DataFrame:
    """One page of coded articles: the article's and the coding's columns, ``signals`` (list of keys) and ``feeds``
    (list of names of the feeds that carried it)."""
    strength = (s.coding.c.threats + s.coding.c.acts + s.coding.c.easing).desc()
    newest = (s.article.c.published_on.desc(), s.article.c.published_at.desc(), s.article.c.id.desc())
    order = (strength, *newest) if strongest_first else newest
    query = _filtered(select(*_LISTED), chosen).order_by(*order).limit(limit).offset(offset)
    frame = _read(engine, query)
    ids = frame["id"].tolist()
    frame["signals"] = _gather(engine, _signals_of(ids), ids)
    frame["feeds"] = _gather(engine, _feeds_of(ids), ids)
    return frame


def count_articles(engine: Engine, chosen: ArticleFilter) -> int:
    """How many articles the filter lets through."""
    with engine.connect() as connection:
        return int(connection.execute(_filtered(select(func.count()), chosen)).scalar_one())


def article_pages(engine: Engine, chosen: ArticleFilter, size: int = 2000) -> Iterator[pd.DataFrame]:
    """All articles that the filter lets through, page by page, so that an export never holds them all."""
    for offset in range(0, count_articles(engine, chosen), size):
        yield articles(engine, chosen, limit=size, offset=offset)


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


def _filtered(query: Select[Any], chosen: ArticleFilter) -> Select[Any]:
    a, c = s.article.c, s.coding.c
    query = query.select_from(s.article.join(s.coding, and_(c.article_id == a.id, c.model_version == a.coded_by)))
    if chosen.since:
        query = query.where(a.published_on >= chosen.since)
    if chosen.until:
        query = query.where(a.published_on <= chosen.until)
    if chosen.languages:
        query = query.where(a.language.in_(chosen.languages))
    if chosen.involved_only:
        query = query.where(c.involvement != "none")
    if chosen.words:
        pattern = "%" + chosen.words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        query = query.where(or_(a.title.ilike(pattern, escape="\\"), a.summary.ilike(pattern, escape="\\")))
    if chosen.signals:
        t = s.coded_signal.c
        query = query.where(
            exists().where(t.article_id == a.id, t.model_version == a.coded_by, t.signal.in_(chosen.signals))
        )
    if chosen.feed_ids or chosen.countries:
        query = query.where(_seen_in(chosen))
    return query


def _seen_in(chosen: ArticleFilter) -> Any:
    carried = select(s.sighting.c.article_id).join(s.feed, s.feed.c.id == s.sighting.c.feed_id)
    carried = carried.where(s.sighting.c.article_id == s.article.c.id)
    if chosen.feed_ids:
        carried = carried.where(s.feed.c.id.in_(chosen.feed_ids))
    if chosen.countries:
        carried = carried.where(s.feed.c.country.in_(chosen.countries))
    return carried.exists()


def _signals_of(ids: Sequence[int]) -> Select[Any]:
    t = s.coded_signal.c
    joined = s.coded_signal.join(
        s.article, and_(s.article.c.id == t.article_id, s.article.c.coded_by == t.model_version)
    )
    return (
        select(t.article_id, t.signal).select_from(joined).where(t.article_id.in_(ids)).order_by(t.probability.desc())
    )


def _feeds_of(ids: Sequence[int]) -> Select[Any]:
    t = s.sighting.c
    joined = s.sighting.join(s.feed, s.feed.c.id == t.feed_id)
    return (
        select(t.article_id, s.feed.c.name).select_from(joined).where(t.article_id.in_(ids)).order_by(t.first_seen_at)
    )


def _gather(engine: Engine, query: Select[Any], ids: Sequence[int]) -> list[list[str]]:
    found: dict[int, list[str]] = {i: [] for i in ids}
    with engine.connect() as connection:
        for article_id, value in connection.execute(query):
            found[article_id].append(value)
    return [found[i] for i in ids]


def _read(engine: Engine, query: Select[Any], dates: Sequence[str] = ()) -> pd.DataFrame:
    with engine.connect() as connection:
        frame = days.frame_of(connection.execute(query))
    for column in dates:
        frame[column] = pd.to_datetime(frame[column]).astype("datetime64[ns]")
    return frame
