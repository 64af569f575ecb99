"""Observations of made-up panels, for tests of the measure."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from tension.index.measure import measure
from tension.index.panel import Observations

NO_REFERENCE = pd.Series(dtype=float)
POOLED = {"threats": 0.05, "acts": 0.2, "easing": 0.02, "squares": 1.5}
TODAY = date(2022, 3, 1)


def observations(rows, polled=(), feeds=None, archive=False) -> Observations:
    """rows: (feed, day, n, threats, acts, easing); polled: (feed, day) or (feed, day, answered).

    Each feed is a family of its own.
    """
    feed_days = pd.DataFrame(rows, columns=["feed_id", "day", "n_effective", "threats", "acts", "easing"])
    feed_days["day"] = pd.to_datetime(feed_days["day"])
    escalation = (feed_days["threats"] + feed_days["acts"]).astype(float)
    feed_days["squares"] = escalation**2 / feed_days["n_effective"].clip(lower=1)
    feed_days["variance"] = 0.0
    asked = [(*poll, True)[:3] for poll in polled]
    polled_days = pd.DataFrame(asked, columns=["feed_id", "day", "answered"])
    polled_days["day"] = pd.to_datetime(polled_days["day"])
    ids = pd.Index(sorted({row[0] for row in rows} | {row[0] for row in polled}), name="feed_id")
    table = pd.DataFrame({"weight": 1.0, "archive": archive, "enabled": True, "interval_minutes": np.nan}, index=ids)
    table["publisher"] = [f"family {feed_id}" for feed_id in ids]
    first = polled_days.groupby("feed_id")["day"]
    table["first_polled_on"] = first.min().reindex(ids).astype("datetime64[ns]")
    table["last_polled_on"] = first.max().reindex(ids).astype("datetime64[ns]")
    if feeds:
        table = table.assign(**feeds)
    counts = feed_days.groupby("day")["n_effective"].sum()
    return Observations(feed_days, table, polled_days, pd.DataFrame({"n_articles": counts, "n_stories": counts}))


def measured(seen: Observations, floor: float = 0.5, reference=NO_REFERENCE, today=TODAY, **more) -> pd.DataFrame:
    return measure(seen, reference, POOLED, today, floor, **more)


def simulated(n_feeds=40, n_days=90, seed=0, level=None, means=None) -> Observations:
    """A live panel: each feed has its own level and volume; a common course; chance in its stories.

    Days end on TODAY. ``level`` is the course of tension by day, 1 on average.
    """
    random = np.random.default_rng(seed)
    days = pd.date_range(end=pd.Timestamp(TODAY), periods=n_days)
    level = np.exp(0.4 * np.sin(np.arange(n_days) / 9)) if level is None else level
    means = random.uniform(0.5, 2, n_feeds) if means is None else means
    rows, squares = [], []
    for feed in range(n_feeds):
        volume = random.integers(15, 60)
        for i, day in enumerate(days):
            n = int(random.poisson(volume)) + 1
            hot = random.random(n) < 0.06 * means[feed] * level[i]
            told = np.where(hot, random.uniform(2, 9, n), 0.0)
            rows.append((feed, day, n, 0.3 * told.sum(), 0.7 * told.sum(), 0.1 * told.sum()))
            squares.append((told**2).sum())
    seen = observations(rows, [(row[0], row[1]) for row in rows])
    seen.feed_days["squares"] = squares
    return seen
