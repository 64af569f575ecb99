"""From sums per feed and day to the daily index. Pure: values in, values out.

In short (in full in ``docs/method.md``): a feed's value of a day is the expected intensity of its stories divided by
all its stories, relevant or not, drawn toward its own mean where they are few, and brought to the panel's level; a day
is the weighted mean of its feeds' values, chain-linked where feeds enter or leave; 100 is the mean of the reference
series over 2014-03-01…2021-12-31. A day that too few feeds observed has counts and no value.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from tension.index.bands import bands
from tension.index.baseline import level
from tension.index.chain import links, mean_value
from tension.index.panel import PARTS, Flags, Floats, Observations, Panel, make_panel
from tension.records import PointStatus

METHOD_VERSION = "1.2"
_BAND = ["band_low", "band_high"]
VALUES = ["index", "net", *_BAND, *PARTS, "smoothed"]
COUNTS = ["n_articles", "n_stories", "n_feeds"]

HALF_LIFE_DAYS = 4
FOUNDING_DAYS = 28
_ORDER = [PointStatus.FINAL.value, PointStatus.PROVISIONAL.value, PointStatus.INSUFFICIENT.value]
_WEEKS, _FEWEST_WEEKS = 26, 8


@dataclass(frozen=True, slots=True)
class Measured:
    """One panel, measured. Days × … as in `Panel`; ``factor`` turns its unit into index points before linking."""

    panel: Panel
    factor: float
    link: Floats
    days: pd.DataFrame


def measure(
    seen: Observations,
    reference: pd.Series[float],
    pooled: Mapping[str, float],
    today: date,
    coverage_floor: float,
    shrink: bool = True,
) -> pd.DataFrame:
    """The index of every day that has articles or polls.

    Parameters
    ----------
    seen
        What is known of the feeds.
    reference
        The reference series, index points by day; empty to leave the level at "mean of all days is 100".
    pooled
        As for `tension.index.panel.make_panel`.
    today
        The running day: provisional, and later ones are left out.
    coverage_floor
        Share of a panel that must have observed a day for it to have a value.
    shrink
        As for `tension.index.panel.make_panel`.

    Returns
    -------
    DataFrame
        Index ``day``, ascending; columns `VALUES` (index points, NaN where insufficient), `COUNTS`,
        ``coverage_share`` (0–1) and ``status``.
    """
    end = pd.Timestamp(today)
    days = joined(measure_panels(seen, reference, pooled, today, coverage_floor, shrink, with_bands=True))
    counts = seen.counts.reindex(days.index, fill_value=0)
    days["n_articles"], days["n_stories"] = counts["n_articles"].astype(int), counts["n_stories"].astype(int)
    days["index"] = days["threats"] + days["acts"]
    days["net"] = days["index"] - days["easing"]
    days["smoothed"] = smooth(days["index"])
    valued = days["index"].notna()
    days.loc[~valued, "status"] = PointStatus.INSUFFICIENT.value
    days.loc[valued & (days.index == end), "status"] = PointStatus.PROVISIONAL.value
    return days[[*VALUES, *COUNTS, "coverage_share", "status"]]


def measure_panels(
    seen: Observations,
    reference: pd.Series[float],
    pooled: Mapping[str, float],
    today: date,
    coverage_floor: float,
    shrink: bool = True,
    with_bands: bool = False,
) -> list[Measured]:
    """The panels that make up the index: the live feeds, and each archive by itself.

    Parameters as for `measure`; bands take most of the time, and are made where ``with_bands`` says so.
    """
    live = seen.feeds.index[~seen.feeds["archive"] & seen.feeds["first_polled_on"].notna()]
    archives = [pd.Index([feed_id]) for feed_id in seen.feeds.index[seen.feeds["archive"]]]
    return [
        _measure_panel(seen.only(ids), reference, pooled, pd.Timestamp(today), coverage_floor, shrink, with_bands)
        for ids in (live, *archives)
        if len(ids)
    ]


def heard_from(one: Measured, chosen: Flags) -> Measured:
    """The panel measured anew from some of its feeds, shape (feeds,); its level, ratios and links stay as they are."""
    mean = mean_value(one.panel, chosen) * (one.link * one.factor)[:, None]
    weight = one.panel.weights @ chosen.astype(float)
    days = one.days.drop(columns=_BAND, errors="ignore")
    valued = days["threats"].notna().to_numpy() & (weight > 0)
    days[PARTS] = np.where(valued[:, None], mean, np.nan)
    days["weight"] = np.where(valued, weight, 0.0)
    return replace(one, days=days)


def smooth(values: pd.Series[float], half_life_days: float = HALF_LIFE_DAYS) -> pd.Series[float]:
    """Trailing exponentially weighted mean, by default with a half-life of four days; weekdays are evened out, and
    gaps stay gaps."""
    known = (values / weekday_factors(values)).dropna()
    if known.empty:
        return values.astype(float)
    half_life: Any = pd.Timedelta(days=half_life_days)  # pandas takes it; its stubs know numbers only
    mean = known.ewm(halflife=half_life, times=known.index.to_numpy()).mean()
    return mean.reindex(values.index)


def weekday_factors(values: pd.Series[float]) -> pd.Series[float]:
    """How a day of the week compares with its week, as known from the weeks before; 1 until eight of them are known.

    Parameters
    ----------
    values
        By day, NaN where insufficient.

    Returns
    -------
    Series
        On the same days: the median ratio of the last 26 such weekdays to the mean of their trailing week, where the
        seven medians average 1; within 0.5–2.
    """
    if values.empty:
        return values
    days = values.asfreq("D")
    week = days.rolling(7, min_periods=7).mean()
    ratio = (days / week.where(week > 0)).dropna()
    weekday = pd.DatetimeIndex(ratio.index).dayofweek
    usual = ratio.groupby(weekday).transform(
        lambda own: own.shift(1).rolling(_WEEKS, min_periods=_FEWEST_WEEKS).median()
    )
    usual = usual.reindex(days.index)
    usual = usual.groupby(pd.DatetimeIndex(usual.index).dayofweek).ffill()  # a missed day keeps what was known
    factor = usual / usual.rolling(7, min_periods=7).mean()
    return factor.clip(0.5, 2).reindex(values.index).fillna(1.0)


def _measure_panel(
    seen: Observations,
    reference: pd.Series[float],
    pooled: Mapping[str, float],
    end: pd.Timestamp,
    floor: float,
    shrink: bool,
    with_bands: bool,
) -> Measured:
    panel, trial = make_panel(seen, pooled, end, shrink)
    mean, link = mean_value(panel), links(panel, trial)
    total = panel.weights.sum(axis=1)
    valued = (panel.coverage >= floor) & (total > 0)
    linked = np.where(valued[:, None], mean, np.nan) * link[:, None]
    shares = pd.Series(linked[:, :2].sum(axis=1), panel.days)
    complete = bool(seen.feeds["archive"].all())
    since = pd.Timestamp.min if complete else seen.feeds["first_polled_on"].min()
    anchor = level(shares[shares.index >= since], reference, complete, FOUNDING_DAYS)
    days = pd.DataFrame(linked * anchor.factor, panel.days, PARTS)
    if with_bands:
        days[_BAND] = bands(panel, valued) * (link * anchor.factor)[:, None]
    days["n_feeds"] = panel.observed.sum(axis=1)
    days["coverage_share"] = panel.coverage
    provisional = panel.days <= anchor.provisional_until
    days["status"] = np.where(provisional, PointStatus.PROVISIONAL.value, PointStatus.FINAL.value)
    days["weight"] = np.where(valued, total, 0.0)
    return Measured(panel, anchor.factor, link, days)


def joined(panels: Sequence[Measured]) -> pd.DataFrame:
    """One line from several panels: on each day the mean of those with a value, by weight of their feeds.

    Returns
    -------
    DataFrame
        By day, the columns of ``Measured.days`` but the weight.
    """
    if not panels:
        columns = [*PARTS, *_BAND, "n_feeds", "coverage_share", "status"]
        return pd.DataFrame(columns=columns, index=pd.DatetimeIndex([], name="day"), dtype=float)
    every = pd.concat([one.days for one in panels]).sort_index()
    if len(panels) == 1:
        return every.drop(columns="weight")
    values = [name for name in (*PARTS, *_BAND) if name in every]
    weight = every["weight"]
    days = every[values].mul(weight, axis=0).groupby(level=0).sum()
    total = weight.groupby(level=0).sum()
    days = days.div(total.where(total > 0), axis=0)
    used = every[(weight > 0) | ~every.index.isin(total.index[total > 0])]
    days["n_feeds"] = used["n_feeds"].groupby(level=0).sum()
    days["coverage_share"] = used["coverage_share"].groupby(level=0).min()
    worst = used["status"].map(_ORDER.index).groupby(level=0).max()
    days["status"] = worst.map(_ORDER.__getitem__)
    return days
