"""The stories of some days: who told them, what they are about, what they add to the index."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

import pandas as pd
from sqlalchemy import Engine

from tension.exports.choice import BadChoice, Choice
from tension.exports.formats import Column, Table
from tension.exports.index import POINTS
from tension.exports.spans import spans
from tension.index.by_story import points_by_story
from tension.index.measure import Measured
from tension.measured import panels
from tension.storage import countries, frames, told
from tension.tongue import N_

MOST_DAYS, USUAL_DAYS = 366, 31
_SPAN = 20_000  # articles read at once

STORY_COLUMNS: dict[str, Column] = {
    "story_id": Column("count", N_("number of the story: the smallest of its articles'")),
    "points": Column("number", N_("what it adds to the index, summed over these days"), POINTS),
    "title": Column("text", N_("headline of the article that is strongest")),
    "url": Column("text", N_("its address")),
    "publishers": Column("text", N_("families of publishers that told it, joined by semicolons")),
    "languages": Column("text", N_("languages that it was told in, joined by spaces"), "ISO 639-1"),
    "n_articles": Column("count", N_("its articles in these days"), N_("articles")),
    "signals": Column("text", N_("keys of the signals found in it, the most frequent first, joined by spaces")),
    "first_published_at": Column("time", N_("when its first article of these days was published"), "UTC"),
    "last_published_at": Column("time", N_("when its last article of these days was published"), "UTC"),
    "first_seen_at": Column("time", N_("when one of them was first seen in a feed"), "UTC"),
    "last_seen_at": Column("time", N_("when one of them was last seen in a feed"), "UTC"),
}
_NONE = pd.DataFrame(columns=list(STORY_COLUMNS))


def stories(engine: Engine, chosen: Choice, coverage_floor: float) -> Table:
    """Stories with an article found to be of Russia and NATO or its partners, those that add most first.

    By default those of the last 31 days with a value.

    Raises
    ------
    BadChoice
        When the range is longer than a year.
    """
    points = frames.index_points(engine).dropna(subset="index")
    if points.empty:
        return Table.of("stories", STORY_COLUMNS, _NONE)
    first, last = _range(chosen, pd.DatetimeIndex(points.index)[-1].date())
    inside = points.loc[pd.Timestamp(first) : pd.Timestamp(last)]
    version = str(points["model_version"].iloc[-1])
    table = _read(
        engine, (first, last), pd.DatetimeIndex(inside.index), version, panels(engine, version, coverage_floor)
    )
    if chosen.signals:
        table = table[[not set(chosen.signals).isdisjoint(found.split()) for found in table["signals"]]]
    return Table.of("stories", STORY_COLUMNS, table.reset_index(drop=True))


def _range(chosen: Choice, latest: date) -> tuple[date, date]:
    last = chosen.end or max(latest, chosen.start or latest)
    first = chosen.start or last - timedelta(days=USUAL_DAYS - 1)
    if (last - first).days >= MOST_DAYS:
        raise BadChoice(f"start: stories are given for at most {MOST_DAYS} days at a time; choose a later start")
    return first, last


def _read(
    engine: Engine, among: tuple[date, date], valued: pd.DatetimeIndex, version: str, measured: Sequence[Measured]
) -> pd.DataFrame:
    """The stories of a range, read some days at a time."""
    worth: list[pd.Series[float]] = []
    articles: list[pd.DataFrame] = []
    n_articles = frames.counts(engine)["n_articles"].loc[pd.Timestamp(among[0]) : pd.Timestamp(among[1])]
    for first, last in spans(n_articles, _SPAN):
        days = valued[(valued >= pd.Timestamp(first)) & (valued <= pd.Timestamp(last))]
        worth.append(points_by_story(measured, days, countries.named(engine, first, last, version)))
        articles.append(told.articles(engine, first, last, among))
    if not any(map(len, articles)):
        return _NONE
    points = pd.concat([some for some in worth if len(some)] or worth).groupby(level=0).sum()
    return by_story(pd.concat([some for some in articles if len(some)]), points)


def by_story(articles: pd.DataFrame, points: pd.Series[float]) -> pd.DataFrame:
    """A row a story, those that add most first.

    Parameters
    ----------
    articles
        As `tension.storage.told.articles` gives.
    points
        Index points by story.

    Returns
    -------
    DataFrame
        Columns `STORY_COLUMNS`.
    """
    grouped = articles.groupby("story_id", sort=False)
    strongest = articles.sort_values("strength", ascending=False, kind="stable").drop_duplicates("story_id")
    table = strongest.set_index("story_id")[["title", "url"]]
    table["publishers"] = grouped["publisher"].agg(lambda names: "; ".join(sorted(set(names))))
    table["languages"] = grouped["language"].agg(lambda codes: " ".join(sorted(set(codes))))
    table["n_articles"] = grouped.size()
    table["signals"] = grouped["signals"].agg(_most_frequent)
    table["points"] = points.reindex(table.index).fillna(0.0)
    table["first_published_at"] = grouped["published_at"].min()
    table["last_published_at"] = grouped["published_at"].max()
    table["first_seen_at"] = grouped["first_seen_at"].min()
    table["last_seen_at"] = grouped["last_seen_at"].max()
    table = table.sort_values("points", ascending=False, kind="stable")
    return table.rename_axis("story_id").reset_index()[list(STORY_COLUMNS)]


def _most_frequent(lists: Iterable[list[str]]) -> str:
    counted = Counter(key for keys in lists for key in keys)
    return " ".join(key for key, _ in counted.most_common())
