"""Panels measured anew from what is stored: for publishing, for explaining a value, by source and by the hour."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pandas as pd
from sqlalchemy import Engine

from tension.index.by_signal import points_by_signal
from tension.index.groups import Grouping
from tension.index.measure import Measured, joined, measure_panels, smooth
from tension.index.panel import PARTS, Observations
from tension.index.reference import read_pooled, read_reference
from tension.index.rolling import COLUMNS as ROLLING_COLUMNS
from tension.index.rolling import WINDOW, rolling
from tension.signals.codebook import KEYS
from tension.signals.intensity import by_kind
from tension.storage import frames
from tension.storage.rows import day_of


def observations(engine: Engine, model_version: str) -> Observations:
    """What is known of the feeds, as a model codes."""
    return Observations(
        feed_days=frames.feed_days(engine, model_version),
        feeds=frames.feeds(engine),
        polled=frames.polled_days(engine),
        counts=frames.counts(engine),
    )


def panels(engine: Engine, model_version: str, coverage_floor: float) -> list[Measured]:
    """The panels, up to the last published day."""
    seen, last = observations(engine, model_version), frames.index_points(engine).index.max()
    return measure_panels(seen, read_reference()["index"], read_pooled(), last.date(), coverage_floor)


def by_signal(engine: Engine, coverage_floor: float) -> pd.DataFrame:
    """Index points by signal and day, as `tension.index.by_signal.points_by_signal` gives; may be empty."""
    points = frames.index_points(engine)
    if points.empty:
        return points_by_signal([], pd.DataFrame())
    version = str(points["model_version"].iloc[-1])
    return points_by_signal(panels(engine, version, coverage_floor), frames.all_parts(engine, version))


def hourly_table(engine: Engine, start: datetime, end: datetime, coverage_floor: float) -> pd.DataFrame:
    """The index over the last 24 hours at every full hour, as `tension.index.rolling.rolling` gives; may be empty."""
    hours = pd.date_range(pd.Timestamp(start).ceil("h"), pd.Timestamp(end).floor("h"), freq="h", name="hour")
    points, zone = frames.index_points(engine), frames.zone(engine)
    if points.empty or hours.empty:
        return pd.DataFrame(columns=ROLLING_COLUMNS, index=hours[:0])
    version = str(points["model_version"].iloc[-1])
    first, last = (day_of(moment, zone) for moment in (hours[0] - WINDOW, hours[-1]))
    days = pd.date_range(first, last)
    carried = pd.concat([frames.carried(engine, day.date(), version) for day in days], ignore_index=True)
    told = carried[["feed_id", "story_id", "weight"]].assign(at=pd.to_datetime(carried["published_at"], utc=True))
    told[PARTS] = by_kind(np.array(carried["parts"].tolist(), dtype=float).reshape(len(carried), len(KEYS)))
    return rolling(panels(engine, version, coverage_floor), hours, told, zone)


def by_group(engine: Engine, coverage_floor: float, grouping: Grouping) -> pd.DataFrame:
    """The smoothed index by groups of live feeds, each measured as a panel of its own, up to the last published day.

    Returns
    -------
    DataFrame
        Index ``day``; a column a group of ``grouping`` (of `tension.index.groups`); groups without feeds are left out.
    """
    points = frames.index_points(engine)
    feeds = frames.feeds(engine)
    live = feeds[~feeds["archive"] & feeds["first_polled_on"].notna()]
    if points.empty or live.empty:
        return pd.DataFrame(index=pd.DatetimeIndex([], name="day"))
    seen = observations(engine, str(points["model_version"].iloc[-1]))
    level, pooled, today = read_reference()["index"], read_pooled(), points.index.max().date()
    lines = {}
    for name, chosen in grouping(live).items():
        if chosen.any():
            days = joined(measure_panels(seen.only(live.index[chosen]), level, pooled, today, coverage_floor))
            lines[name] = smooth(days["threats"] + days["acts"])
    return pd.DataFrame(lines).rename_axis("day")
