"""The level now: the last day with a value, the week before it, and how it stands in the history. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from tension.index.levels import BASELINE_DAYS, Level, level_of, standing_out

_A_WEEK = (7, 10.5)  # days before: at least, at most


@dataclass(frozen=True, slots=True)
class Now:
    """The last day with a value.

    Attributes
    ----------
    latest
        Its row of the index by day.
    week
        That of the day a week before; None without one near it.
    level
        In a word, by the smoothed value; None without any history.
    stands_out
        Robust spreads above the median of the 28 days before; NaN without enough of them.
    """

    latest: pd.Series[Any]
    week: pd.Series[Any] | None
    level: Level | None
    stands_out: float

    def moved(self, column: str) -> float | None:
        """How far a column has moved in a week, index points."""
        return None if self.week is None else float(self.latest[column] - self.week[column])


def now_of(days: pd.DataFrame, reference: pd.Series[float], founded_on: pd.Timestamp | None) -> Now:
    """Where the index stands.

    Parameters
    ----------
    days
        The index by day, with a value on some day; columns ``date, index, smoothed`` among others.
    reference
        The reference series, smoothed.
    founded_on
        The day of the panel's first poll, with which its own history begins; None without one.
    """
    valued = days[days["index"].notna()].set_index("date", drop=False)
    smoothed = valued["smoothed"].astype(float)
    own = smoothed.loc[founded_on:] if founded_on is not None else smoothed.iloc[:0]
    recent = valued.tail(BASELINE_DAYS + 1)  # all that the last day is judged by
    out = standing_out(recent["index"].astype(float)).iloc[-1]
    level = level_of(float(smoothed.iloc[-1]), own, reference)
    week = day_before(pd.DatetimeIndex(valued.index), pd.Timestamp(valued.index[-1]), *_A_WEEK)
    return Now(valued.iloc[-1], None if week is None else valued.loc[[week]].iloc[0], level, float(out))


def day_before(days: pd.DatetimeIndex, day: pd.Timestamp, about: float, most: float) -> pd.Timestamp | None:
    """The last of some days, in order, that lies at least ``about`` and at most ``most`` days before another."""
    position = int(days.searchsorted(day - pd.Timedelta(days=about), side="right")) - 1
    before = days[position] if position >= 0 else None
    return before if before is not None and before >= day - pd.Timedelta(days=most) else None


def members(row: pd.Series[Any]) -> int:
    """How many feeds the panel had on a day: those that were heard, by their share."""
    n, share = int(row["n_feeds"]), float(row["coverage_share"])
    return max(round(n / share), n) if share else n
