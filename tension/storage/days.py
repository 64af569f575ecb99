"""Sums per feed and day, kept beside the articles so that measuring never reads them all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import ColumnElement, Connection, CursorResult, Select, and_, case, func, select

from tension.records import Involvement
from tension.signals.codebook import KEYS
from tension.signals.intensity import Floats, by_kind, expected_parts
from tension.storage import schema as s
from tension.storage.rows import chunks

_PARTS = [f"part_{key}" for key in KEYS]
_GROUP = ["feed_id", "day"]


def coded_among(connection: Connection, ids: Sequence[int]) -> dict[int, str]:
    """Those of the articles that are coded already, and by which model."""
    coded: dict[int, str] = {}
    for chunk in chunks(ids):
        query = select(s.article.c.id, s.article.c.coded_by)
        rows = connection.execute(query.where(s.article.c.id.in_(chunk), s.article.c.coded_by.is_not(None)))
        coded |= {row.id: row.coded_by for row in rows}
    return coded


def add_up(connection: Connection, days: Iterable[date], model_version: str) -> None:
    """Add up anew what the feeds carried on these days, as this model coded it."""
    total = s.feed_day.c
    for chunk in chunks(sorted(days)):
        connection.execute(s.feed_day.delete().where(total.day.in_(chunk), total.model_version == model_version))
        found = frame_of(connection.execute(carried(chunk, model_version)))
        if len(found):
            rows: list[dict[Any, Any]] = sums(found).assign(model_version=model_version).to_dict("records")
            connection.execute(s.feed_day.insert(), rows)
        _count(connection, chunk)


def sums(rows: pd.DataFrame) -> pd.DataFrame:
    """What feeds' stories of a day add up to.

    A feed's articles on one story are one: their mean counts, times the weight of a copy. ``n_effective`` is the sum
    of the weights: the feed's deduplicated news.

    Parameters
    ----------
    rows
        As `carried` gives them.

    Returns
    -------
    DataFrame
        Columns of ``feed_day`` but the model.
    """
    stories = _stories(rows, parts_of(rows), ["variance"])
    values = stories[_PARTS].mul(stories["weight"], axis=0)
    values["squares"] = by_kind(values.to_numpy())[:, :2].sum(axis=1) ** 2
    values["variance"] = stories["weight"] ** 2 * stories["variance"]
    values["n_effective"] = stories["weight"]
    days = values.groupby(_GROUP).sum()
    found = days[["squares", "variance", "n_effective"]].copy()
    found["parts"] = days[_PARTS].to_numpy().tolist()
    found[["threats", "acts", "easing"]] = by_kind(days[_PARTS].to_numpy())
    found["n_articles"] = rows.groupby(_GROUP).size()
    found["n_stories"] = values.groupby(_GROUP).size()
    return found.reset_index()


def told_parts(rows: pd.DataFrame, parts: Floats) -> pd.DataFrame:
    """The same sums by signal only, of rows whose expected intensity by signal is given, rows × 18.

    Returns
    -------
    DataFrame
        Index ``feed_id, day``, a column a signal.
    """
    stories = _stories(rows, parts, [])
    found = stories[_PARTS].mul(stories["weight"], axis=0).groupby(_GROUP).sum()
    return found.set_axis(list(KEYS), axis=1)


def _stories(rows: pd.DataFrame, parts: Floats, more: list[str]) -> pd.DataFrame:
    """Means over a feed's articles on one story of one day."""
    told = rows[[*_GROUP, "story_id", "weight", *more]].astype(dict.fromkeys(["weight", *more], float))
    return told.join(pd.DataFrame(parts, rows.index, _PARTS)).groupby([*_GROUP, "story_id"]).mean()


def _count(connection: Connection, days: Sequence[date]) -> None:
    a, c = s.article.c, s.coding.c
    story, involved = func.coalesce(a.story_id, a.id), c.involvement != Involvement.NONE.value

    def stories(which: ColumnElement[bool]) -> ColumnElement[int]:
        return func.count(case((which, story)).distinct())

    conflict = case((func.count(a.conflict) == func.count(), stories(a.conflict.is_(True))))
    counts = select(a.published_on, func.count(), func.count(story.distinct()), stories(involved), conflict)
    counts = counts.select_from(s.article.join(s.coding, and_(c.article_id == a.id, c.model_version == a.coded_by)))
    counts = counts.where(a.published_on.in_(days)).group_by(a.published_on)
    columns = ["day", "n_articles", "n_stories", "n_involved", "n_conflict"]
    connection.execute(s.article_day.delete().where(s.article_day.c.day.in_(days)))
    connection.execute(s.article_day.insert().from_select(columns, counts))


def carried(days: Sequence[date], model_version: str, *more: Any) -> Select[Any]:
    """What feeds carried on these days as a model coded it, a row an article and feed, with ``more`` columns."""
    return every(model_version, *more).where(s.article.c.published_on.in_(days))


def every(model_version: str, *more: Any) -> Select[Any]:
    """The same of all days."""
    a, c = s.article.c, s.coding.c
    joined = (
        s.article.join(s.sighting, s.sighting.c.article_id == a.id)
        .join(s.coding, and_(c.article_id == a.id, c.model_version == model_version))
        .join(s.feed, s.feed.c.id == s.sighting.c.feed_id)
        .outerjoin(s.story, s.story.c.id == a.story_id)
    )
    columns = (
        s.sighting.c.feed_id,
        a.published_on.label("day"),
        func.coalesce(a.story_id, a.id).label("story_id"),
        case((s.feed.c.archive, 1.0), else_=func.coalesce(s.story.c.weight, 1.0)).label("weight"),
        c.p_direct,
        c.p_partner,
        c.probabilities,
        c.variance,
        *more,
    )
    return select(*columns).select_from(joined)


def frame_of(result: CursorResult[Any]) -> pd.DataFrame:
    """The rows of a query; as plain tuples, for pandas takes SQLAlchemy's own rows apart slowly."""
    return pd.DataFrame([tuple(row) for row in result], columns=list(result.keys()))


def parts_of(rows: pd.DataFrame) -> Floats:
    """Expected intensity by signal of rows of `carried`, rows × 18."""
    probabilities = np.array(rows["probabilities"].tolist(), dtype=float).reshape(len(rows), len(KEYS))
    return expected_parts(rows["p_direct"].to_numpy(float), rows["p_partner"].to_numpy(float), probabilities)
