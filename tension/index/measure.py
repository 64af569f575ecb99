"""From sums per feed and day to the daily index. Pure: values in, values out.

In short (in full in the README, *Method in brief*): a feed's share of a day is the expected intensity of its
articles divided by all its articles, relevant or not, drawn toward its own mean where they are few; a day is the
weighted mean of its feeds' shares; the level is anchored so that 100 is the mean of the reference series over
2014-03-01…2021-12-31. A day that too few feeds observed has counts and no value.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from tension.index.baseline import level
from tension.records import PointStatus

METHOD_VERSION = "0.1"
PARTS = ["threats", "acts", "easing"]
VALUES = ["index", "net", "band_low", "band_high", *PARTS, "smoothed"]

PRIOR_ARTICLES = 2  # a day weighs against the feed's own mean as if the mean had been seen in two articles
HALF_LIFE_DAYS = 4
FOUNDING_DAYS = 28


@dataclass(frozen=True, slots=True)
class Observations:
    """What is known of the feeds, day by day.

    Parameters
    ----------
    feed_days
        Columns ``feed_id, day, n_articles, threats, acts, easing``; ``day`` datetime64; the last three are sums of
        expected intensities (0–10 an article).
    feeds
        Index ``feed_id``; columns ``weight, archive, enabled, first_polled_on, last_polled_on`` (the two days
        NaT where never polled).
    polled
        Columns ``feed_id, day``: the days on which a feed answered, with news or with "not modified".
    articles
        Index ``day``: how many articles are stored that were published then.
    """

    feed_days: pd.DataFrame
    feeds: pd.DataFrame
    polled: pd.DataFrame
    articles: pd.Series[int]


def measure(seen: Observations, reference: pd.Series[float], today: date, coverage_floor: float) -> pd.DataFrame:
    """The index of every day that has articles or polls.

    Parameters
    ----------
    seen
        What is known of the feeds.
    reference
        The reference series, index points by day; empty to leave the level at "mean of all days is 100".
    today
        The running day: provisional, and later ones are left out.
    coverage_floor
        Share of a panel that must have observed a day for it to have a value.

    Returns
    -------
    DataFrame
        Index ``day``, ascending; columns `VALUES` (index points, NaN where insufficient), ``n_articles``,
        ``n_feeds``, ``coverage_share`` (0–1) and ``status``.
    """
    end = pd.Timestamp(today)
    panels = [_measure_panel(panel, reference, end, coverage_floor) for panel in _panels(seen)]
    days = _join(panels)
    days["n_articles"] = seen.articles.reindex(days.index, fill_value=0).astype(int)
    days = days[days.index <= end]
    days["index"] = days["threats"] + days["acts"]
    days["net"] = days["index"] - days["easing"]
    days["band_low"] = days["band_high"] = np.nan
    days["smoothed"] = smooth(days["index"])
    valued = days["index"].notna()
    days.loc[~valued, "status"] = PointStatus.INSUFFICIENT.value
    days.loc[valued & (days.index == end), "status"] = PointStatus.PROVISIONAL.value
    return days[[*VALUES, "n_articles", "n_feeds", "coverage_share", "status"]]


def smooth(values: pd.Series[float]) -> pd.Series[float]:
    """Trailing exponentially weighted mean with a half-life of four days; gaps stay gaps."""
    known = values.dropna()
    if known.empty:
        return values.astype(float)
    half_life: Any = pd.Timedelta(days=HALF_LIFE_DAYS)  # pandas takes it; its stubs know numbers only
    mean = known.ewm(halflife=half_life, times=known.index.to_numpy()).mean()
    return mean.reindex(values.index)


def _panels(seen: Observations) -> list[Observations]:
    """The live feeds as one panel, and each archive as a panel of its own."""
    live = seen.feeds.index[~seen.feeds["archive"] & seen.feeds["first_polled_on"].notna()]
    archives = [pd.Index([feed_id]) for feed_id in seen.feeds.index[seen.feeds["archive"]]]
    return [_only(seen, ids) for ids in (live, *archives) if len(ids)]


def _only(seen: Observations, ids: pd.Index) -> Observations:
    return Observations(
        seen.feed_days[seen.feed_days["feed_id"].isin(ids)],
        seen.feeds.loc[ids],
        seen.polled[seen.polled["feed_id"].isin(ids)],
        seen.articles,
    )


def _measure_panel(panel: Observations, reference: pd.Series[float], end: pd.Timestamp, floor: float) -> pd.DataFrame:
    """One panel's values (threats, acts, easing), coverage and weight by day."""
    counts = _grid(panel, "n_articles").fillna(0)
    counts = counts[counts.index <= end]
    member = membership(panel.feeds, counts.index)
    polled = panel.polled.assign(yes=True).pivot_table(index="day", columns="feed_id", values="yes", aggfunc="any")
    polled = polled.reindex(index=counts.index, columns=counts.columns).eq(True)
    observed = member & (polled | (counts > 0))
    coverage = observed.sum(axis=1) / member.sum(axis=1).clip(lower=1)
    weights = observed.mul(panel.feeds["weight"], axis=1).where(counts > 0, 0.0)
    total = weights.sum(axis=1)
    valued = (coverage >= floor) & (total > 0)
    days = pd.DataFrame({part: _mean_share(panel, part, counts, weights, total) for part in PARTS})
    days = days.where(valued)
    anchor = level(days["threats"] + days["acts"], reference, bool(panel.feeds["archive"].all()), FOUNDING_DAYS)
    days = days * anchor.factor
    days["n_feeds"] = observed.sum(axis=1)
    days["coverage_share"] = coverage
    days["status"] = np.where(days.index <= anchor.provisional_until, PointStatus.PROVISIONAL, PointStatus.FINAL)
    days["weight"] = total.where(valued, 0.0)
    return days


def membership(feeds: pd.DataFrame, days: pd.Index) -> pd.DataFrame:
    """Which feeds make up the panel on which day.

    A live feed belongs to it from its first poll on, until its last once it is switched off. For the days before
    the panel's very first poll, which feeds still carried then, the founding feeds (those of the first two days)
    stand for it. An archive belongs to the days that it holds.
    """
    start, stop = feeds["first_polled_on"], feeds["last_polled_on"]
    founded = start.min()
    first = start.where(start > founded + pd.Timedelta(days=1), pd.Timestamp.min)
    last = stop.where(~feeds["enabled"] & ~feeds["archive"], pd.Timestamp.max)
    grid = np.asarray(days)[:, None]
    inside = (grid >= first.to_numpy()[None, :]) & (grid <= last.to_numpy()[None, :])
    return pd.DataFrame(inside | feeds["archive"].to_numpy()[None, :], index=days, columns=feeds.index)


def _mean_share(
    panel: Observations, part: str, counts: pd.DataFrame, weights: pd.DataFrame, total: pd.Series[float]
) -> pd.Series[float]:
    """The weighted mean over feeds of a day's share, each drawn toward the feed's mean up to that day."""
    sums = _grid(panel, part).reindex_like(counts).fillna(0.0)
    so_far = sums.cumsum() / counts.cumsum().where(lambda n: n > 0)
    shares = (sums + PRIOR_ARTICLES * so_far) / (counts + PRIOR_ARTICLES)
    return (shares.fillna(0.0) * weights).sum(axis=1) / total.where(total > 0)


def _grid(panel: Observations, column: str) -> pd.DataFrame:
    """Days × feeds; every day that has articles or polls, ascending."""
    days = pd.DatetimeIndex(np.union1d(panel.feed_days["day"].unique(), panel.polled["day"].unique()), name="day")
    return panel.feed_days.pivot(index="day", columns="feed_id", values=column).reindex(
        index=days, columns=panel.feeds.index
    )


def _join(panels: list[pd.DataFrame]) -> pd.DataFrame:
    """One line from several panels: on each day the mean of those with a value, by weight of their feeds."""
    if not panels:
        columns = [*PARTS, "n_feeds", "coverage_share", "status"]
        return pd.DataFrame(columns=columns, index=pd.DatetimeIndex([], name="day"), dtype=float)
    if len(panels) == 1:
        return panels[0].drop(columns="weight")
    every = pd.concat(panels).sort_index()
    weight = every["weight"]
    days = every[PARTS].mul(weight, axis=0).groupby(level=0).sum()
    total = weight.groupby(level=0).sum()
    days = days.div(total.where(total > 0), axis=0)
    used = every[(weight > 0) | ~every.index.isin(total.index[total > 0])]
    days["n_feeds"] = used["n_feeds"].groupby(level=0).sum()
    days["coverage_share"] = used["coverage_share"].groupby(level=0).min()
    days["status"] = used["status"].groupby(level=0).max()
    return days
