"""What part each country has in the tension over a span of days."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from sqlalchemy import Engine

from tension.index.by_story import points_by_article
from tension.index.measure import Measured
from tension.signals.codebook import KEYS, SIGNALS, Kind
from tension.signals.standing import Standing, standings
from tension.storage import countries, frames

NOWHERE = "?"  # stories that name no country beside Russia or Belarus
MOST_STORIES = 50  # kept of a country
_NO_ARTICLES = pd.DataFrame(columns=["article_id", "story_id", "involved", "countries", "points"])
_ESCALATES = np.array([signal.kind is not Kind.EASING for signal in SIGNALS])


@dataclass(frozen=True, slots=True)
class Parts:
    """Each country's part in the index over a span.

    Attributes
    ----------
    n_days
        Days of the span that have a value; all else is the mean over them.
    value
        The index.
    countries
        Index ``country`` (code, or `NOWHERE`), the largest first; ``points`` (index points), ``n_stories`` (those of
        Russia and NATO or its partners) and ``signal``, the escalating signal that most of the points are from ("" for
        none). The points sum to ``value`` less what is no story.
    stories
        The largest `MOST_STORIES` of each country: ``country, story_id, points``, and ``article_id`` of the article
        that most of the points are from.
    """

    n_days: int
    value: float
    countries: pd.DataFrame
    stories: pd.DataFrame


def parts(engine: Engine, first: date, last: date, panels: Callable[[str], Sequence[Measured]]) -> Parts:
    """Share the index of some days among the countries that their stories name.

    A story's points go to the countries that its articles name beside Russia and Belarus, in equal shares, as in
    `tension.explain.Explanation.pairs`.

    Parameters
    ----------
    panels
        Gives the panels as a model codes, as `tension.measured.panels` does.
    """
    points = frames.index_points(engine).loc[pd.Timestamp(first) : pd.Timestamp(last)]
    valued = points[points["index"].notna()]
    told, coded = [_NO_ARTICLES], [pd.DataFrame({"parts": []})]
    for version, its in valued.groupby("model_version"):
        named = countries.named(engine, first, last, str(version))
        told.append(valued_articles(panels(str(version)), pd.DatetimeIndex(its.index), named))
        coded.append(countries.strong_parts(engine, first, last, str(version)))
    found = pd.concat([table for table in told if len(table)] or told)
    signals = pd.concat([table for table in coded if len(table)] or coded)["parts"]
    value = float(valued["index"].mean()) if len(valued) else np.nan
    return summed(found, signals[~signals.index.duplicated()], len(valued), value)


def valued_articles(panels: Sequence[Measured], days: pd.DatetimeIndex, named: pd.DataFrame) -> pd.DataFrame:
    """What each article is worth on these days.

    Parameters
    ----------
    panels
        From `tension.index.measure.measure_panels`.
    days
        Days with a value.
    named
        As `tension.storage.countries.named` gives.

    Returns
    -------
    DataFrame
        Columns ``article_id, story_id, involved, countries, points``, a row an article and feed; index points of its
        day.
    """
    table = named.reset_index(drop=True)
    points = points_by_article(panels, days, table)
    if points.empty:
        return _NO_ARTICLES
    return table.loc[points.index].assign(points=points)[list(_NO_ARTICLES)]


def summed(told: pd.DataFrame, signals: pd.Series[float], n_days: int, value: float) -> Parts:
    """Articles' points by country.

    Parameters
    ----------
    told
        As `valued_articles` gives, of all days.
    signals
        By article, those of some escalation: expected intensity by signal, in codebook order.
    n_days, value
        How many days there are, and the mean of their values.
    """
    told = told.assign(points=told["points"] / max(n_days, 1))
    few = shared(told.groupby("countries")["points"].sum().reset_index())  # of many articles
    by = few.groupby("country")["points"].sum().sort_values(ascending=False).to_frame()
    involved = shared(told[told["involved"].astype(bool)])
    by["n_stories"] = involved.groupby("country")["story_id"].nunique().reindex(by.index, fill_value=0)
    coded = shared(told[told["article_id"].isin(signals.index)])
    by["signal"] = leading_signals(coded, signals).reindex(by.index, fill_value="")
    return Parts(n_days, value, by, leading_stories(involved))


def shared(told: pd.DataFrame) -> pd.DataFrame:
    """The same rows once for each country named beside Russia's side, as ``country``, with its share of the points."""
    table = standings()
    russian = set(table.index[table["standing"] == Standing.RUSSIA])
    known = {
        codes: [code for code in codes if code not in russian] or [NOWHERE] for codes in told["countries"].unique()
    }
    others = pd.Series([known[codes] for codes in told["countries"]], told.index, dtype=object)
    shares = told["points"] / others.map(len).astype(float)
    rows = told.drop(columns="countries").assign(country=others, points=shares)
    return rows.explode("country", ignore_index=True)


def leading_signals(rows: pd.DataFrame, signals: pd.Series[float]) -> pd.Series[str]:
    """The escalating signal that most of a country's points are from, by country, where there is one.

    Parameters
    ----------
    rows
        Columns ``country, article_id, points``; of the articles in ``signals``.
    signals
        By article: expected intensity by signal, in codebook order.
    """
    told = np.array(signals.reindex(rows["article_id"]).tolist(), dtype=float).reshape(len(rows), len(KEYS))
    told = told * _ESCALATES
    total = told.sum(axis=1, keepdims=True)
    points = np.divide(told, total, out=np.zeros_like(told), where=total > 0) * rows[["points"]].to_numpy(float)
    by = pd.DataFrame(points, columns=list(KEYS)).groupby(rows["country"].to_numpy()).sum()
    return by[by.max(axis=1) > 0].idxmax(axis=1).astype(str)


def leading_stories(rows: pd.DataFrame) -> pd.DataFrame:
    """The largest stories of each country, as ``Parts.stories``."""
    by = rows.groupby(["country", "story_id", "article_id"])["points"].sum().sort_values(ascending=False)
    grouped = by.reset_index().groupby(["country", "story_id"], sort=False)
    stories = grouped.agg(points=("points", "sum"), article_id=("article_id", "first")).reset_index()
    largest = stories.sort_values("points", ascending=False, kind="stable")
    return pd.DataFrame(largest.groupby("country").head(MOST_STORIES).reset_index(drop=True))
