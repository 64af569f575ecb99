"""Revisions: how published values changed from one vintage to the next, and why."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from tension.records import PointStatus
from tension.tongue import N_

UTC = ZoneInfo("UTC")
FLAG_POINTS = 5.0
FLAG_SHARE = 0.1
REVISION_COLUMNS = ["day", "vintage_at", "before", "after", "change", "reason", "flagged"]

# what may have changed beside the value, the weightiest first
_REASONS = [
    ("method_version", N_("another method")),
    ("model_version", N_("another model")),
    ("n_feeds", N_("other feeds observed it")),
    ("n_articles", N_("late articles")),
    ("n_stories", N_("stories came together")),
]
_SETTLED, _OTHERWISE = N_("the level settled"), N_("earlier days, copies of its stories, or settings")


def day_over(days: pd.Series[pd.Timestamp], zone: ZoneInfo) -> pd.Series[pd.Timestamp]:
    """When days are over, UTC."""
    return (days + pd.Timedelta(days=1)).dt.tz_localize(zone).dt.tz_convert("UTC")


def revisions(points: pd.DataFrame, zone: ZoneInfo = UTC) -> pd.DataFrame:
    """Every change of a published value.

    Parameters
    ----------
    points
        Index points of all vintages, columns of ``index_point``; in any order.
    zone
        The one that days are counted in.

    Returns
    -------
    DataFrame
        Columns `REVISION_COLUMNS`, newest first. ``change`` in index points, NaN where a value appeared or vanished.
        ``flagged``: the day was over, and the value moved by more than five points and a tenth of itself, appeared
        or vanished. The last value that is known when a day ends is what it is revised from.
    """
    ordered = points.sort_values(["day", "vintage_at"]).reset_index(drop=True)
    previous = ordered.groupby("day").shift(1)
    has = ordered.groupby("day").cumcount() > 0
    before, after = previous["index"].astype(float), ordered["index"].astype(float)
    moved = has & ~((before.round(6) == after.round(6)) | (before.isna() & after.isna()))
    table = pd.DataFrame({"day": ordered["day"], "vintage_at": ordered["vintage_at"], "before": before, "after": after})
    table["change"] = after - before
    provisional = previous["status"] == PointStatus.PROVISIONAL.value
    table["reason"] = np.where(provisional, _SETTLED, _OTHERWISE)
    for column, reason in reversed(_REASONS):
        differs = (ordered[column] != previous[column]) & (ordered[column].notna() | previous[column].notna())
        table["reason"] = table["reason"].mask(differs, reason)
    large = table["change"].abs() > (FLAG_SHARE * before.abs()).clip(lower=FLAG_POINTS)
    over = pd.to_datetime(ordered["vintage_at"], utc=True) >= day_over(ordered["day"], zone)
    table["flagged"] = (large | (before.isna() != after.isna())) & over
    return table.loc[moved, REVISION_COLUMNS].sort_values(["vintage_at", "day"], ascending=False, ignore_index=True)
