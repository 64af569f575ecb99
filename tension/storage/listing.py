"""The list of coded articles, in the order of their days, with an index of their words and marks.

``listed`` holds a row a coded article. Its ``place`` orders the articles: the day of publication, then the order in
which they were stored. The index ``search`` has the same places, so that whatever is asked for, the newest are found
first, without sorting: an FTS5 table on SQLite, a table of ``tsvector`` on PostgreSQL. It is kept in the transaction
that stores a coding or a sighting.
"""

from __future__ import annotations

import json
import logging
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from enum import Enum
from typing import Any, NamedTuple

from sqlalchemy import Connection, and_, select, text
from sqlalchemy.exc import DBAPIError

from tension.storage import schema as s
from tension.storage.rows import chunks
from tension.storage.search import SIGN, as_tsvector

STRENGTHS = (0.1, 0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0)  # where the classes of strength begin
_ID_BITS = 40
_EPOCH = date(1970, 1, 1).toordinal()
_FTS5 = """CREATE VIRTUAL TABLE search USING fts5(
    title, summary, marks, content='', tokenize="unicode61 remove_diacritics 2")"""
_TSVECTOR = "CREATE TABLE search (place BIGINT PRIMARY KEY, words TSVECTOR NOT NULL)"
_log = logging.getLogger(__name__)


class Index(Enum):
    """What a database finds words by."""

    FTS5 = "fts5"
    TSVECTOR = "tsvector"
    NONE = "none"


class Listed(NamedTuple):
    """An article as it is listed."""

    place: int
    strength: float
    marks: str
    title: str
    summary: str


def place(day: date, article_id: int) -> int:
    """Where an article stands: the later, the higher."""
    return ((day.toordinal() - _EPOCH) << _ID_BITS) | article_id


def article_at(place: int) -> int:
    """The id of the article at a place."""
    return place & ((1 << _ID_BITS) - 1)


def mark(kind: str, value: object) -> str:
    """A word of letters and digits that stands for a property: ``signal``, ``country`` (named), ``language``,
    ``feed`` (id), ``involvement`` or ``strength`` (class)."""
    return SIGN + kind + str(value).replace("_", "").lower()


def strength_class(strength: float) -> int:
    """0 to ``len(STRENGTHS)``."""
    return bisect_right(STRENGTHS, strength)


def index_of(connection: Connection) -> Index:
    """What this database finds words by."""
    if connection.dialect.name == "postgresql":
        return Index.TSVECTOR
    try:
        connection.execute(text("SELECT 1 FROM search LIMIT 0"))
    except DBAPIError:  # no such table, or a SQLite without the module
        return Index.NONE
    return Index.FTS5


def make_index(connection: Connection) -> None:
    """Make the empty index; without FTS5 there is none, and words are looked for in each text."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(_TSVECTOR))
        connection.execute(text("CREATE INDEX ix_search_words ON search USING gin (words)"))
        return
    try:
        connection.execute(text(_FTS5))
    except DBAPIError as error:
        _log.warning("this SQLite has no full-text index, searching articles will be slow: %s", error.orig)


def list_all(connection: Connection) -> None:
    """List every coded article anew."""
    index = index_of(connection)
    connection.execute(s.listed.delete())
    if index is Index.FTS5:
        connection.execute(text("INSERT INTO search (search) VALUES ('delete-all')"))
    elif index is Index.TSVECTOR:
        connection.execute(text("TRUNCATE search"))
    a, after = s.article.c, (date.min, -1)
    while True:  # in the order of their places, which the index is quickest to fill in
        query = select(a.published_on, a.id).where(a.coded_by.is_not(None), a.published_on >= after[0])
        query = query.where((a.published_on > after[0]) | (a.id > after[1])).order_by(a.published_on, a.id)
        rows = connection.execute(query.limit(5000)).all()
        if not rows:
            break
        for chunk in chunks(row.id for row in rows):
            _write(connection, index, _read(connection, chunk))
        after = (rows[-1].published_on, rows[-1].id)
    if index is Index.FTS5:
        connection.execute(text("INSERT INTO search (search) VALUES ('optimize')"))


def list_articles(connection: Connection, ids: Iterable[int]) -> None:
    """List articles whose coding is new, or that another feed carries; those without a coding are passed over."""
    index = index_of(connection)
    for chunk in chunks(ids):
        rows = _read(connection, chunk)
        before = _marks(connection, rows)
        changed = [row for row in rows if before.get(row.place) != (row.strength, row.marks)]
        known = [row._replace(marks=before[row.place][1]) for row in changed if row.place in before]
        _take_off(connection, index, known)
        _write(connection, index, changed)


def _marks(connection: Connection, rows: Sequence[Listed]) -> dict[int, tuple[float, str]]:
    t = s.listed.c
    query = select(t.place, t.strength, t.marks).where(t.place.in_([row.place for row in rows]))
    return {row.place: (row.strength, row.marks) for row in connection.execute(query)}


def _take_off(connection: Connection, index: Index, rows: Sequence[Listed]) -> None:
    if not rows:
        return
    places = [row.place for row in rows]
    connection.execute(s.listed.delete().where(s.listed.c.place.in_(places)))
    if index is Index.FTS5:
        # an index without the texts must be told what it held
        gone = text("INSERT INTO search (search, rowid, title, summary, marks) VALUES ('delete', :p, :t, :s, :m)")
        connection.execute(gone, [_bound(row) for row in rows])
    elif index is Index.TSVECTOR:
        connection.execute(text("DELETE FROM search WHERE place = ANY(:places)"), {"places": places})


def _write(connection: Connection, index: Index, rows: Sequence[Listed]) -> None:
    if not rows:
        return
    listed = [{"place": row.place, "strength": row.strength, "marks": row.marks} for row in rows]
    connection.execute(s.listed.insert(), listed)
    if index is Index.FTS5:
        new = text("INSERT INTO search (rowid, title, summary, marks) VALUES (:p, :t, :s, :m)")
        connection.execute(new, [_bound(row) for row in rows])
    elif index is Index.TSVECTOR:
        vectors = [{"p": row.place, "w": as_tsvector([row.title, row.summary], row.marks.split())} for row in rows]
        connection.execute(text("INSERT INTO search (place, words) VALUES (:p, CAST(:w AS tsvector))"), vectors)


def _bound(row: Listed) -> dict[str, Any]:
    return {"p": row.place, "t": row.title, "s": row.summary, "m": row.marks}


def _read(connection: Connection, ids: Sequence[int]) -> list[Listed]:
    a, c = s.article.c, s.coding.c
    joined = s.article.join(s.coding, and_(c.article_id == a.id, c.model_version == a.coded_by))
    strength = (c.threats + c.acts + c.easing).label("strength")
    columns = (a.id, a.published_on, a.title, a.summary, a.language, c.involvement, strength, c.countries)
    rows = connection.execute(select(*columns).select_from(joined).where(a.id.in_(ids)).order_by(a.published_on, a.id))
    told, feeds = _told(connection, ids), _feeds(connection, ids)
    return [_listed(row, told[row.id], feeds[row.id]) for row in rows]


def _listed(row: Any, told: Sequence[str], feeds: Sequence[int]) -> Listed:
    countries = json.loads(row.countries) if isinstance(row.countries, str) else row.countries
    marks = [
        mark("language", row.language),
        mark("involvement", row.involvement),
        mark("strength", strength_class(row.strength)),
        *(mark("signal", key) for key in sorted(told)),
        *(mark("country", country) for country in sorted(countries)),
        *(mark("feed", feed_id) for feed_id in sorted(feeds)),
    ]
    return Listed(place(row.published_on, row.id), row.strength, f" {' '.join(marks)} ", row.title, row.summary)


def _told(connection: Connection, ids: Sequence[int]) -> dict[int, list[str]]:
    t, a = s.coded_signal.c, s.article.c
    joined = s.coded_signal.join(s.article, and_(a.id == t.article_id, a.coded_by == t.model_version))
    found: dict[int, list[str]] = defaultdict(list)
    for article_id, signal in connection.execute(
        select(t.article_id, t.signal).select_from(joined).where(t.article_id.in_(ids))
    ):
        found[article_id].append(signal)
    return found


def _feeds(connection: Connection, ids: Sequence[int]) -> dict[int, list[int]]:
    t = s.sighting.c
    found: dict[int, list[int]] = defaultdict(list)
    for article_id, feed_id in connection.execute(select(t.article_id, t.feed_id).where(t.article_id.in_(ids))):
        found[article_id].append(feed_id)
    return found
