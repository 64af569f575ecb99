"""The last 24 hours, rolling: the daily measure with another window."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from tension.index.measure import Measured
from tension.index.panel import PARTS, Floats, feed_weights

WINDOW = pd.Timedelta(hours=24)
COLUMNS = ["index", "net", *PARTS, "n_stories", "n_feeds"]


def rolling(panels: Sequence[Measured], hours: pd.DatetimeIndex, told: pd.DataFrame) -> pd.DataFrame:
    """The index over the 24 hours up to each of some moments.

    Each feed's window is measured like its day: its articles on one story are one, and the mean, ratio, weight, link
    and level are those of the day on which the window ends.

    Parameters
    ----------
    panels
        From `tension.index.measure.measure_panels`; the first is used, which is the live one where there is one.
    hours
        Ends of windows, UTC without a zone.
    told
        A row an article and feed: ``feed_id, story_id, weight, at`` (published), ``threats, acts, easing``.

    Returns
    -------
    DataFrame
        Index ``hour``, columns `COLUMNS`; NaN where no feed of the panel has a story in the window or the day has no
        value.
    """
    one = panels[0]
    mine = told[told["feed_id"].isin(one.panel.feeds.index)].sort_values("at")
    rows = []
    for hour in hours:
        inside = mine[(mine["at"] > hour - WINDOW) & (mine["at"] <= hour)]
        stories = inside.groupby(["feed_id", "story_id"])[["weight", *PARTS]].mean()
        stories[PARTS] = stories[PARTS].mul(stories["weight"], axis=0)
        sums = stories.groupby("feed_id").sum().reindex(one.panel.feeds.index, fill_value=0.0)
        position = int(one.panel.days.get_indexer(pd.DatetimeIndex([hour.normalize()]))[0])
        parts = _value(one, position, sums["weight"].to_numpy(float), sums[PARTS].to_numpy(float))
        rows.append((*parts, len(stories), int((sums["weight"] > 0).sum())))
    table = pd.DataFrame(rows, columns=[*PARTS, "n_stories", "n_feeds"], index=hours.rename("hour"))
    table["index"] = table["threats"] + table["acts"]
    table["net"] = table["index"] - table["easing"]
    return table[COLUMNS]


def _value(one: Measured, position: int, n: Floats, sums: Floats) -> Floats:
    nothing = np.full(len(PARTS), np.nan)
    if position < 0 or np.isnan(one.days["threats"].iloc[position]):
        return nothing
    panel = one.panel
    weights = feed_weights(panel.feeds, (panel.member[position] & (n > 0))[None, :])[0]
    if not weights.sum():
        return nothing
    window = replace(panel, stories=n[None, :], mean=panel.mean[[position]], ratio=panel.ratio[[position]])
    mean = weights @ (sums * window.scale[0][:, None] + window.prior[0]) / weights.sum()
    return np.asarray(mean * one.factor * one.link[position])
