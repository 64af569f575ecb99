"""Sums per feed and day, kept beside the articles so that measuring never reads them all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, Select, and_, func, literal, select

from tension.storage import schema as s
from tension.storage.rows import chunks


def coded_days(connection: Connection, ids: Sequence[int]) -> dict[str, set[date]]:
    """Days of those among the articles that are coded already, by model."""
    days: dict[str, set[date]] = {}
    for chunk in chunks(ids):
        coded = (s.article.c.id.in_(chunk), s.article.c.coded_by.is_not(None))
        for row in connection.execute(select(s.article.c.coded_by, s.article.c.published_on).where(*coded).distinct()):
            days.setdefault(row.coded_by, set()).add(row.published_on)
    return days


def add_up(connection: Connection, days: Iterable[date], model_version: str) -> None:
    total = s.feed_day.c
    for chunk in chunks(sorted(days)):
        stale = (total.day.in_(chunk), total.model_version == model_version)
        connection.execute(s.feed_day.delete().where(*stale))
        columns = ["feed_id", "day", "model_version", "n_articles", "threats", "acts", "easing"]
        connection.execute(s.feed_day.insert().from_select(columns, _sums(chunk, model_version)))


def _sums(days: Sequence[date], model_version: str) -> Select[Any]:
    a, c = s.article.c, s.coding.c
    joined = s.article.join(s.sighting, s.sighting.c.article_id == a.id).join(
        s.coding, and_(c.article_id == a.id, c.model_version == model_version)
    )
    sums = (func.count(), func.sum(c.threats), func.sum(c.acts), func.sum(c.easing))
    return (
        select(s.sighting.c.feed_id, a.published_on, literal(model_version), *sums)
        .select_from(joined)
        .where(a.published_on.in_(days))
        .group_by(s.sighting.c.feed_id, a.published_on)
    )
