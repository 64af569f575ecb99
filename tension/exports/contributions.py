"""What a day's value is made of, row by row: article, feed and signal, and what is no story."""

from __future__ import annotations

from datetime import date

import pandas as pd
from sqlalchemy import Engine

from tension.errors import TensionError
from tension.exports.choice import Choice
from tension.exports.formats import Column, Table
from tension.exports.index import POINTS
from tension.index import contributions as measure
from tension.measured import panels
from tension.signals.codebook import Kind
from tension.storage import frames
from tension.tongue import N_

CONTRIBUTION_COLUMNS: dict[str, Column] = {
    "date": Column("day", N_("the day"), "UTC"),
    "points": Column("number", N_("what this row adds"), POINTS),
    "source": Column(
        "text",
        N_("story; or what is none: shrinkage ({shrinkage}), splice ({splice}), since ({since})"),
        values={key: measure.MEANINGS[key] for key in (measure.SHRINKAGE, measure.SPLICE, measure.SINCE)},
    ),
    "signal": Column("text", N_("key of the signal")),
    "kind": Column("text", N_("threat or act (these rows sum to the index), or easing (they sum to the easing)")),
    "feed": Column("text", N_("name of the feed that carried it")),
    "title": Column("text", N_("headline of the article")),
    "url": Column("text", N_("its address")),
    "publisher": Column("text", N_("the family of publishers it is of")),
    "story_id": Column("count", N_("number of the story that it tells")),
    "article_id": Column("count", N_("number of the article")),
}


class NoValue(TensionError):
    """The day asked for has no value to open."""


def contributions(engine: Engine, chosen: Choice, coverage_floor: float) -> Table:
    """The rows of a day, by default of the last one with a value; the largest first.

    Raises
    ------
    NoValue
        When the day has none.
    """
    day, value, version = _published(engine, chosen.day)
    carried = frames.carried(engine, day, version)
    rows = measure.contributions(panels(engine, version, coverage_floor), pd.Timestamp(day), carried)
    escalating = rows.loc[rows["kind"] != Kind.EASING.value, "value"]
    if abs(rest := value - float(escalating.sum())) > 1e-6:
        rows.loc[len(rows), ["source", "value"]] = measure.SINCE, rest
    articles = carried.drop_duplicates("article_id").set_index("article_id")
    for name in ("title", "url", "publisher"):
        rows[name] = rows["article_id"].map(articles[name])
    rows["feed"] = rows["feed_id"].map(frames.feeds(engine)["name"])
    rows = rows.rename(columns={"value": "points"}).assign(date=day).sort_values("points", ascending=False)
    return Table.of("contributions", CONTRIBUTION_COLUMNS, rows.reset_index(drop=True))


def _published(engine: Engine, day: date | None) -> tuple[date, float, str]:
    """The day, its published value and the model that it is of."""
    points = frames.index_points(engine).dropna(subset="index")
    if day is not None:
        points = points[points.index == pd.Timestamp(day)]
    if points.empty:
        raise NoValue("day: no day has a value yet" if day is None else f"day: {day} has no value")
    last = points.iloc[-1]
    return pd.DatetimeIndex(points.index)[-1].date(), float(last["index"]), str(last["model_version"])
