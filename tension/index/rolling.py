"""The last 24 hours, rolling: the daily measure with another window."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from tension.index.measure import Measured
from tension.index.panel import PARTS, Floats, feed_weights

WINDOW = pd.Timedelta(hours=24)
COLUMNS = ["index", "net", *PARTS, "n_stories", "n_feeds"]


def rolling(panels: Sequence[Measured], hours: pd.DatetimeIndex, told: pd.DataFrame, zone: ZoneInfo) -> pd.DataFrame:
    """The index over the 24 hours up to each of some moments.

    Each feed's window is measured like its day: its articles on one story are one, and the mean, ratio, weight, link
    and level are those of the day on which the window ends. Panels are joined as for days.

    Parameters
    ----------
    panels
        From `tension.index.measure.measure_panels`.
    hours
        Ends of windows, aware UTC.
    told
        A row an article and feed: ``feed_id, story_id, weight, at`` (published, aware UTC), ``threats, acts, easing``.
    zone
        The one that days are counted in.

    Returns
    -------
    DataFrame
        Index ``hour``, columns `COLUMNS`; NaN where no member has a story in the window or the day has no value.
    """
    days = hours.tz_convert(zone).tz_localize(None).normalize()
    rows = [
        _window(panels, day, told[(told["at"] > hour - WINDOW) & (told["at"] <= hour)])
        for hour, day in zip(hours, days, strict=True)
    ]
    table = pd.DataFrame(rows, columns=[*PARTS, "n_stories", "n_feeds"], index=hours.rename("hour"))
    table["index"] = table["threats"] + table["acts"]
    table["net"] = table["index"] - table["easing"]
    return table[COLUMNS]


def _window(panels: Sequence[Measured], day: pd.Timestamp, inside: pd.DataFrame) -> tuple[float, ...]:
    """Threats, acts and easing of one window, stories and feeds that speak in it."""
    stories = inside.groupby(["feed_id", "story_id"])[["weight", *PARTS]].mean()
    stories[PARTS] = stories[PARTS].mul(stories["weight"], axis=0)
    sums = stories.groupby("feed_id").sum()
    total, weight, speaking = np.zeros(len(PARTS)), 0.0, set[Any]()
    for one in panels:
        position = int(one.panel.days.get_indexer(pd.DatetimeIndex([day]))[0])
        if position >= 0 and not np.isnan(one.days["threats"].iloc[position]):
            own = sums.reindex(one.panel.feeds.index, fill_value=0.0)
            speaks = one.panel.member[position] & (own["weight"].to_numpy() > 0)
            weights = feed_weights(one.panel.feeds, speaks[None, :])[0]
            total = total + _value(one, position, own, weights)
            weight += weights.sum()
            speaking |= set(one.panel.feeds.index[weights > 0])
    told = stories[stories.index.get_level_values("feed_id").isin(speaking)]
    n_stories = told.index.get_level_values("story_id").nunique()
    values = total / weight if weight else np.full(len(PARTS), np.nan)
    return (*values, n_stories, len(speaking))


def _value(one: Measured, position: int, sums: pd.DataFrame, weights: Floats) -> Floats:
    """What a panel's feeds say, each times its weight, in index points."""
    panel, n = one.panel, sums["weight"].to_numpy(float)
    window = replace(panel, stories=n[None, :], mean=panel.mean[[position]], ratio=panel.ratio[[position]])
    said = sums[PARTS].to_numpy(float) * window.scale[0][:, None] + window.prior[0]
    return np.asarray(weights @ said * one.factor * one.link[position])
