"""The index by signal and day, and where each signal stands against its own past. Pure: values in, values out.

A day's value is linear in what the feeds' stories sum to by signal, so that it splits into them without a remainder;
what is no story, the part that draws few stories toward the feeds' own means, has columns of its own. Points here are
as published, links over changes of the panel included.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from tension.index.contributions import SHRINKAGE
from tension.index.measure import HALF_LIFE_DAYS, Measured, weekday_factors
from tension.index.panel import Floats
from tension.signals.codebook import KEYS, SIGNALS, Kind

SHRINKAGE_OF_EASING = "shrinkage of easing"
COLUMNS = [*KEYS, SHRINKAGE, SHRINKAGE_OF_EASING]
INDEX_COLUMNS = [*(signal.key for signal in SIGNALS if signal.kind is not Kind.EASING), SHRINKAGE]
STANDING_COLUMNS = ["now", "percentile", "usual", "unusual_from", "record", "record_on", "record_is_new"]
PAST_DAYS = 28  # days with a value before a day is compared with its own past
NEW_DAYS = 7
UNUSUAL = 95.0  # percentile of its own past from which a signal is unusual


def points_by_signal(panels: Sequence[Measured], parts: pd.DataFrame) -> pd.DataFrame:
    """Index points by signal and day.

    Parameters
    ----------
    panels
        From `tension.index.measure.measure_panels`.
    parts
        What each feed's stories of a day sum to, by signal: columns ``feed_id, day, parts`` (18, in codebook order),
        as `tension.storage.frames.all_parts` gives.

    Returns
    -------
    DataFrame
        Index ``day``, columns `COLUMNS`; NaN on days without a value. Columns `INDEX_COLUMNS` sum to the index, the
        easing signals and `SHRINKAGE_OF_EASING` to the easing.
    """
    if not panels:
        return pd.DataFrame(columns=COLUMNS, index=pd.DatetimeIndex([], name="day"), dtype=float)
    sums = np.array(parts["parts"].tolist(), dtype=float).reshape(len(parts), len(KEYS))
    every = pd.concat([_of_panel(one, parts, sums) for one in panels])
    weight = np.concatenate([one.days["weight"].to_numpy(float) for one in panels])
    total = pd.Series(weight, every.index).groupby(level=0).sum()
    return every.mul(weight, axis=0).groupby(level=0).sum().div(total.where(total > 0), axis=0)


def _of_panel(one: Measured, parts: pd.DataFrame, sums: Floats) -> pd.DataFrame:
    """Points of one panel, days × columns; nothing on a day that nobody spoke on."""
    panel = one.panel
    total = panel.weights.sum(axis=1)[:, None]
    says = panel.weights / np.where(total > 0, total, 1) * (one.factor * one.link)[:, None]
    row = panel.days.get_indexer(pd.Index(parts["day"]))
    column = panel.feeds.index.get_indexer(pd.Index(parts["feed_id"]))
    inside = (row >= 0) & (column >= 0)
    row, column = row[inside], column[inside]
    told = np.zeros((len(panel.days), len(KEYS)))
    np.add.at(told, row, sums[inside] * (says * panel.scale)[row, column][:, None])
    prior = np.einsum("df,dfk->dk", says, panel.prior)
    values = np.column_stack([told, prior[:, :2].sum(axis=1), prior[:, 2]])
    return pd.DataFrame(values, panel.days, COLUMNS)


def every_day(points: pd.DataFrame) -> pd.DataFrame:
    """All days from the first with a value to the last, those in between that have none as gaps."""
    valued = points.dropna().index
    return points.loc[valued[0] : valued[-1]].asfreq("D") if len(valued) else points.head(0)


def index_of(points: pd.DataFrame) -> pd.Series[float]:
    """The index that the points sum to."""
    return points[INDEX_COLUMNS].sum(axis=1, skipna=False)


def smoothed(points: pd.DataFrame) -> pd.DataFrame:
    """Each column smoothed as the index is, by the index's own weekdays, so that the columns sum to the smoothed index.

    See `tension.index.measure.smooth`; gaps stay gaps.
    """
    known = points.div(weekday_factors(index_of(points)), axis=0).dropna()
    if known.empty:
        return points
    half_life: Any = pd.Timedelta(days=HALF_LIFE_DAYS)  # pandas takes it; its stubs know numbers only
    return known.ewm(halflife=half_life, times=known.index.to_numpy()).mean().reindex(points.index)


def standing(points: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """Where each signal stands on the last day with a value, against its own past.

    Parameters
    ----------
    points, lines
        Index points by day, daily and smoothed: from `points_by_signal` and `smoothed`.

    Returns
    -------
    DataFrame
        Index ``signal`` in codebook order; columns `STANDING_COLUMNS`: ``now`` smoothed, ``percentile`` (0–100) of the
        days before whose smoothed value was lower, ``usual`` their median and ``unusual_from`` their `UNUSUAL`
        percentile, all NaN where they are fewer than `PAST_DAYS`; ``record`` the highest
        daily value and ``record_on`` its first day, NaT where the signal never had any; ``record_is_new`` where it
        fell on the last `NEW_DAYS` days and there was a past to beat.
    """
    daily, line = points[list(KEYS)].dropna(), lines[list(KEYS)].dropna()
    if daily.empty:
        return pd.DataFrame(columns=STANDING_COLUMNS, index=pd.Index([], name="signal"))
    now, past, last = line.iloc[-1], line.iloc[:-1], daily.index[-1]
    since = last - pd.Timedelta(days=NEW_DAYS)
    of_past = {"percentile": 100 * (past < now).mean(), "usual": past.median()}
    of_past["unusual_from"] = past.quantile(UNUSUAL / 100)
    found = pd.DataFrame({"now": now, **of_past})
    if len(past) < PAST_DAYS:
        found[list(of_past)] = np.nan
    found["record"], found["record_on"] = daily.max(), daily.idxmax()
    found.loc[found["record"] <= 0, "record_on"] = pd.NaT
    has_past = int((daily.index <= since).sum()) >= PAST_DAYS
    found["record_is_new"] = has_past & (found["record_on"] > since)
    return found.rename_axis("signal")[STANDING_COLUMNS]
