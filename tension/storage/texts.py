"""Texts of articles' pages, for coding only: which are to be read, which to be coded, and the codings by them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Engine, FromClause, Select, and_, select, update

from tension.feeds.fulltext import PageStatus, PageText
from tension.records import Coding, Involvement, ReadText
from tension.storage import schema as s
from tension.storage.days import add_up
from tension.storage.rows import chunks, coding_row, signal_rows


@dataclass(frozen=True, slots=True)
class Texted:
    """An involved article whose text is here and not coded yet."""

    id: int
    title: str
    text: str
    language: str
    published_on: date


def to_read(engine: Engine, model_version: str, since: date, until: date, limit: int) -> dict[int, str]:
    """Addresses of involved articles that a live feed carried and whose page was never read, the newest first.

    Parameters
    ----------
    engine, model_version
        The database, and the model that finds who is involved.
    since, until
        Days of publication, both inclusive.
    limit
        At most so many.
    """
    a, t = s.article.c, s.article_text.c
    carried = select(s.sighting.c.article_id).join(s.feed, s.feed.c.id == s.sighting.c.feed_id)
    carried = carried.where(s.sighting.c.article_id == a.id, ~s.feed.c.archive)
    query = _by_summary(select(a.id, a.url), s.article, model_version).where(a.published_on.between(since, until))
    query = query.where(a.url.like("http%"), ~select(t.article_id).where(t.article_id == a.id).exists())
    with engine.connect() as connection:
        rows = connection.execute(query.where(carried.exists()).order_by(a.id.desc()).limit(limit))
        return {row.id: row.url for row in rows}


def add_pages(engine: Engine, pages: Mapping[int, PageText], now: datetime) -> None:
    """Keep what reading pages came to, by article: each is read once."""
    rows = [
        {"article_id": i, "fetched_at": now, "status": page.status.value, "reason": page.reason, "text": page.text}
        for i, page in pages.items()
    ]
    if rows:
        with engine.begin() as connection:
            connection.execute(s.article_text.insert(), rows)


def to_code(engine: Engine, model_version: str, limit: int) -> list[Texted]:
    """Articles whose text is here and which this model has coded by their summary only."""
    a, t = s.article.c, s.article_text.c
    columns = (a.id, a.title, t.text, a.language, a.published_on)
    joined = s.article_text.join(s.article, a.id == t.article_id)
    query = _by_summary(select(*columns), joined, model_version).where(t.status == PageStatus.READ.value)
    with engine.connect() as connection:  # in the order of the texts, for they are few beside the articles
        return [Texted(*row) for row in connection.execute(query.order_by(t.article_id.desc()).limit(limit))]


def recode(engine: Engine, codings: Sequence[tuple[Texted, Coding]], now: datetime) -> None:
    """Put codings by the text in the place of those by the summary, and add up their days anew."""
    if not codings:
        return
    version = codings[0][1].model_version
    with engine.begin() as connection:
        for chunk in chunks(article.id for article, _ in codings):
            own = (s.coded_signal.c.article_id.in_(chunk), s.coded_signal.c.model_version == version)
            connection.execute(s.coded_signal.delete().where(*own))
        for article, coding in codings:
            mine = (s.coding.c.article_id == article.id, s.coding.c.model_version == version)
            connection.execute(update(s.coding).where(*mine).values(**coding_row(article.id, coding, now)))
        if rows := [
            row for article, coding in codings for row in signal_rows(article.id, coding, article.published_on)
        ]:
            connection.execute(s.coded_signal.insert(), rows)
        add_up(connection, {article.published_on for article, _ in codings}, version)


def _by_summary(query: Select[Any], of: FromClause, model_version: str) -> Select[Any]:
    """Articles that this model has coded by their summary, and found involved."""
    c = s.coding.c
    joined = of.join(s.coding, and_(c.article_id == s.article.c.id, c.model_version == model_version))
    query = query.select_from(joined).where(c.involvement != Involvement.NONE.value)
    return query.where(c.read_text == ReadText.SUMMARY.value)
