"""The level now: the last day with a value, the week before it, and how it stands in the history. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from tension.index.levels import BASELINE_DAYS, Level, level_of, standing_out


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
    valued = days[days["index"].notna()]
    smoothed = valued.set_index("date")["smoothed"].astype(float)
    own = smoothed.loc[founded_on:] if founded_on is not None else smoothed.iloc[:0]
    recent = valued.tail(BASELINE_DAYS + 1)  # all that the last day is judged by
    out = standing_out(recent.set_index("date")["index"].astype(float)).iloc[-1]
    level = level_of(float(smoothed.iloc[-1]), own, reference)
    return Now(valued.iloc[-1], day_before(valued, 7), level, float(out))


def day_before(valued: pd.DataFrame, n_days: int) -> pd.Series[Any] | None:
    """The row that many days before the last one, or the nearest before that within half as many; None without."""
    target = valued["date"].iloc[-1] - pd.Timedelta(days=n_days)
    position = int(valued["date"].searchsorted(target, side="right")) - 1
    if position < 0 or valued["date"].iloc[position] < target - pd.Timedelta(days=n_days / 2):
        return None
    return valued.iloc[position]
