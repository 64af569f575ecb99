"""Coded articles as they are listed, searched and filtered; see `tension.storage.listing` for what makes it quick.

Newest first means by day, and within a day the one that was stored last; strongest first, by expected intensity of
escalation and easing together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import BigInteger, Connection, Engine, Select, and_, func, or_, select, true
from sqlalchemy import column as sql_column
from sqlalchemy import table as sql_table
from sqlalchemy import text as sql_text

from tension.records import Involvement
from tension.storage import schema as s
from tension.storage.days import frame_of
from tension.storage.listing import STRENGTHS, Index, article_at, index_of, mark, place
from tension.storage.search import Query, as_fts5, as_patterns, as_tsquery, folded, parse

INVOLVED = (Involvement.DIRECT.value, Involvement.PARTNER.value)
_FEW = 500  # so many are put in order at once
_MOST_OF_A_CLASS = 10_000


@dataclass(frozen=True, slots=True)
class ArticleFilter:
    """Which articles to list. Empty sequences do not restrict; ``until`` is inclusive.

    ``countries``, ``feed_ids`` and ``publishers`` are of feeds that carried the article, ``named`` those that its
    text names; ``words`` as `tension.storage.search.parse` reads them.
    """

    since: date | None = None
    until: date | None = None
    signals: Sequence[str] = ()
    countries: Sequence[str] = ()
    languages: Sequence[str] = ()
    feed_ids: Sequence[int] = ()
    publishers: Sequence[str] = ()
    named: Sequence[str] = ()
    involvement: Sequence[str] = ()
    words: str = ""


def articles(
    engine: Engine, chosen: ArticleFilter, *, limit: int, offset: int = 0, strongest_first: bool = False
) -> pd.DataFrame:
    """One page of coded articles: the article's and the coding's columns, ``n_articles`` and ``n_families`` of the
    story, ``signals`` (list of keys) and ``feeds`` (list of names of the feeds that carried it)."""
    with engine.connect() as connection:
        ids = find(connection, chosen, limit, offset, strongest_first=strongest_first)
        return read_articles(connection, ids)


def count_articles(engine: Engine, chosen: ArticleFilter, at_most: int | None = None) -> int:
    """How many articles the filter lets through; counting ends at ``at_most``."""
    with engine.connect() as connection:
        source = _source(connection, chosen)
        if source is None:
            return 0
        if not source.query and at_most is None:
            return _count_days(connection, chosen)
        found = source.places().limit(at_most).subquery()
        return int(connection.execute(select(func.count()).select_from(found)).scalar_one())


def article_pages(engine: Engine, chosen: ArticleFilter, size: int = 2000) -> Iterator[pd.DataFrame]:
    """All articles that the filter lets through, newest first, page by page, so that an export never holds them all."""
    before = None
    while True:
        with engine.connect() as connection:
            source = _source(connection, chosen)
            if source is None:
                return
            places = _run(connection, source.places(before).order_by(source.place.desc()).limit(size))
            if not places:
                return
            yield read_articles(connection, [article_at(at) for at in places])
        before = places[-1]


def find(
    connection: Connection, chosen: ArticleFilter, limit: int, offset: int = 0, *, strongest_first: bool = False
) -> list[int]:
    """Ids of the articles that the filter lets through, in order."""
    source = _source(connection, chosen)
    if source is None or limit == 0:
        return []
    if strongest_first:
        places = _strongest(connection, source, limit + offset)[offset:]
    else:
        places = _run(connection, source.places().order_by(source.place.desc()).limit(limit).offset(offset))
    return [article_at(at) for at in places]


def read_articles(connection: Connection, ids: Sequence[int]) -> pd.DataFrame:
    """These articles in this order, columns as `articles` gives them."""
    a, c, t = s.article.c, s.coding.c, s.story.c
    joined = s.article.join(s.coding, and_(c.article_id == a.id, c.model_version == a.coded_by))
    joined = joined.outerjoin(s.story, t.id == a.story_id)
    frame = frame_of(connection.execute(select(*_LISTED).select_from(joined).where(a.id.in_(ids))))
    order = {article_id: position for position, article_id in enumerate(ids)}
    frame = frame.sort_values("id", key=lambda found: found.map(order), ignore_index=True)
    shown = frame["id"].tolist()
    frame["signals"] = _gather(connection, _signals_of(shown), shown)
    frame["feeds"] = _gather(connection, _feeds_of(shown), shown)
    return frame


@dataclass(frozen=True, slots=True)
class _Source:
    """Where the places of the articles that a filter lets through are read from."""

    index: Index
    query: Query
    select: Select[Any]
    place: Any

    def places(self, before: int | None = None) -> Select[Any]:
        return self.select if before is None else self.select.where(self.place < before)


def _source(connection: Connection, chosen: ArticleFilter) -> _Source | None:
    """None where nothing can fit."""
    query = _query(connection, chosen)
    index = index_of(connection)
    if index is Index.NONE:
        connection.connection.driver_connection.create_function("folded", 2, folded)  # type: ignore[union-attr]
    return None if query is None else _source_of(index, query, chosen)


def _query(connection: Connection, chosen: ArticleFilter) -> Query | None:
    terms = parse(chosen.words)
    if chosen.words.strip() and not terms:
        return None
    wanted: dict[str, Sequence[object]] = {
        "signal": chosen.signals,
        "language": chosen.languages,
        "country": chosen.named,
        "involvement": chosen.involvement,
    }
    if chosen.feed_ids or chosen.countries or chosen.publishers:
        wanted["feed"] = _feed_ids(connection, chosen)
        if not wanted["feed"]:
            return None
    groups = [tuple(mark(kind, value) for value in values) for kind, values in wanted.items() if values]
    return Query(terms, tuple(groups))


def _feed_ids(connection: Connection, chosen: ArticleFilter) -> Sequence[int]:
    f = s.feed.c
    conditions = [
        column.in_(values)
        for column, values in ((f.id, chosen.feed_ids), (f.country, chosen.countries), (f.publisher, chosen.publishers))
        if values
    ]
    return connection.execute(select(f.id).where(*conditions).order_by(f.id)).scalars().all()


def _source_of(index: Index, query: Query, chosen: ArticleFilter) -> _Source:
    at: Any = s.listed.c.place
    statement = select(at)
    if query and index is Index.FTS5:
        at = sql_table("search", sql_column("rowid", BigInteger)).c.rowid
        statement = select(at).where(sql_text("search MATCH :query").bindparams(query=as_fts5(query)))
    elif query and index is Index.TSVECTOR:
        at = sql_table("search", sql_column("place", BigInteger)).c.place
        matches = sql_text("search.words @@ CAST(:query AS tsquery)").bindparams(query=as_tsquery(query))
        statement = select(at).where(matches)
    elif query:
        statement = select(at).where(_reads_like(query))
    if chosen.since:
        statement = statement.where(at >= place(chosen.since, 0))
    if chosen.until:
        statement = statement.where(at < place(date.fromordinal(chosen.until.toordinal() + 1), 0))
    return _Source(index, query, statement, at)


def _reads_like(query: Query) -> Any:
    terms, groups = as_patterns(query)
    a, marks = s.article.c, s.listed.c.marks
    own = select(true()).where(a.id == s.listed.c.place.op("&")(article_at(-1)))
    own = own.where(*(func.folded(a.title, a.summary).like(term) for term in terms))
    return and_(own.exists(), *(or_(*(marks.like(pattern) for pattern in group)) for group in groups))


def _strongest(connection: Connection, source: _Source, n: int) -> list[int]:
    """The places of the n strongest."""
    t = s.listed.c
    if source.place is t.place:
        return _run(connection, source.select.order_by(t.strength.desc(), t.place.desc()).limit(n))
    ordered = source.select.add_columns(t.strength).join_from(source.place.table, s.listed, t.place == source.place)
    if source.index is Index.TSVECTOR:
        return _run(connection, ordered.order_by(t.strength.desc(), t.place.desc()).limit(n))
    return _strongest_by_class(connection, ordered, source, n)


def _strongest_by_class(connection: Connection, ordered: Select[Any], source: _Source, n: int) -> list[int]:
    """The same without putting all that match in order: class by class, once they are many."""
    newest = ordered.order_by(source.place.desc())
    rows = connection.execute(newest.limit(_FEW)).all()
    if len(rows) < _FEW:
        return _by_strength(rows)[:n]
    found: list[int] = []
    for number in range(len(STRENGTHS), -1, -1):
        query = Query(source.query.terms, (*source.query.groups, (mark("strength", number),)))
        found += _by_strength(connection.execute(newest.limit(_MOST_OF_A_CLASS), {"query": as_fts5(query)}).all())
        if len(found) >= n:
            break
    return found[:n]


def _by_strength(rows: Sequence[Any]) -> list[int]:
    return [row[0] for row in sorted(rows, key=lambda row: (row[1], row[0]), reverse=True)]


def _count_days(connection: Connection, chosen: ArticleFilter) -> int:
    t = s.article_day.c
    query = select(func.coalesce(func.sum(t.n_articles), 0))
    if chosen.since:
        query = query.where(t.day >= chosen.since)
    if chosen.until:
        query = query.where(t.day <= chosen.until)
    return int(connection.execute(query).scalar_one())


def _run(connection: Connection, query: Select[Any]) -> list[int]:
    return [row[0] for row in connection.execute(query)]


def _signals_of(ids: Sequence[int]) -> Select[Any]:
    t, a = s.coded_signal.c, s.article.c
    joined = s.coded_signal.join(s.article, and_(a.id == t.article_id, a.coded_by == t.model_version))
    query = select(t.article_id, t.signal).select_from(joined)
    return query.where(t.article_id.in_(ids)).order_by(t.probability.desc())


def _feeds_of(ids: Sequence[int]) -> Select[Any]:
    t = s.sighting.c
    query = select(t.article_id, s.feed.c.name).select_from(s.sighting.join(s.feed, s.feed.c.id == t.feed_id))
    return query.where(t.article_id.in_(ids)).order_by(t.first_seen_at)


def _gather(connection: Connection, query: Select[Any], ids: Sequence[int]) -> list[list[str]]:
    found: dict[int, list[str]] = {i: [] for i in ids}
    for article_id, value in connection.execute(query):
        found[article_id].append(value)
    return [found[i] for i in ids]


_LISTED = [
    s.article.c.id,
    s.article.c.published_at,
    s.article.c.published_on,
    s.article.c.dated_by,
    s.article.c.title,
    s.article.c.summary,
    s.article.c.url,
    s.article.c.language,
    s.article.c.publisher,
    s.article.c.first_seen_at,
    func.coalesce(s.article.c.story_id, s.article.c.id).label("story_id"),
    func.coalesce(s.story.c.n_articles, 1).label("n_articles"),
    func.coalesce(s.story.c.n_families, 1).label("n_families"),
    s.coding.c.model_version,
    s.coding.c.involvement,
    s.coding.c.p_direct,
    s.coding.c.p_partner,
    s.coding.c.threats,
    s.coding.c.acts,
    s.coding.c.easing,
    s.coding.c.low_confidence,
    s.coding.c.countries,
    s.coding.c.probabilities,
    s.coding.c.evidence,
    s.coding.c.read_text,
]
