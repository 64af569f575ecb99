"""The last 24 hours, rolling: the daily measure with another window."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from tension.index.measure import Measured
from tension.index.panel import PARTS, feed_weights

WINDOW = pd.Timedelta(hours=24)
COLUMNS = ["index", "net", *PARTS, "n_stories", "n_feeds"]


def rolling(panels: Sequence[Measured], hours: pd.DatetimeIndex, told: pd.DataFrame) -> pd.DataFrame:
    """The index over the 24 hours up to each of some moments.

    Each feed's window is measured like its day: with the mean, ratio, weight, link and level that the day of the
    window's end has. A feed's stories count where their first article falls.

    Parameters
    ----------
    panels
        From `tension.index.measure.measure_panels`; the live one is used, or the only one.
    hours
        Ends of windows, UTC without a zone.
    told
        A row a feed's story: ``feed_id, at`` (when its first article was published), ``threats, acts, easing``
        (intensity times the weight of a copy).

    Returns
    -------
    DataFrame
        Index ``hour``, columns `COLUMNS`; NaN where no feed of the panel has a story in the window or the day has no
        value.
    """
    one = panels[0]
    ids = one.panel.feeds.index
    mine = told[told["feed_id"].isin(ids)].sort_values("at")
    feed = ids.get_indexer(pd.Index(mine["feed_id"]))
    at, sums = mine["at"].to_numpy("datetime64[ns]"), mine[PARTS].to_numpy(float)
    rows = []
    for hour in hours:
        position = int(one.panel.days.get_indexer(pd.DatetimeIndex([hour.normalize()]))[0])
        first, last = np.searchsorted(at, [np.datetime64(hour - WINDOW), np.datetime64(hour)], side="right")
        n = np.bincount(feed[first:last], minlength=len(ids)).astype(float)
        total = np.zeros((len(ids), 3))
        np.add.at(total, feed[first:last], sums[first:last])
        rows.append(_value(one, position, n, total))
    table = pd.DataFrame(rows, columns=[*PARTS, "n_stories", "n_feeds"], index=hours.rename("hour"))
    table["index"] = table["threats"] + table["acts"]
    table["net"] = table["index"] - table["easing"]
    return table[COLUMNS]


def _value(one: Measured, position: int, n: np.ndarray, total: np.ndarray) -> tuple[float, ...]:
    panel = one.panel
    weights = feed_weights(panel.feeds, (panel.member[position] & (n > 0))[None, :])[0]
    if position < 0 or not weights.sum() or np.isnan(one.days["threats"].iloc[position]):
        return (np.nan, np.nan, np.nan, n.sum(), (n > 0).sum())
    shares = (total + panel.kappa * panel.mean[position]) / np.maximum(n + panel.kappa, 1e-9)[:, None]
    values = shares / panel.ratio[position][:, None]
    mean = (weights @ values) / weights.sum() * one.factor * one.link[position]
    return (*mean, n.sum(), (weights > 0).sum())
