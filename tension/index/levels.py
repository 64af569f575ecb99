"""Levels in words, and days that stand out. Both by rules that the page shows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tension.tongue import N_

# the percentile of the history from which a level begins
LEVELS: dict[str, float] = {
    N_("calm"): 0,
    N_("guarded"): 40,
    N_("elevated"): 70,
    N_("high"): 90,
    N_("crisis"): 98,
}
OWN_HISTORY_DAYS = 365
BASELINE_DAYS = 28
STANDS_OUT = 3.0
_LEAST_SPREAD_SHARE = 0.1  # of the median: a flat month does not make every ripple stand out


@dataclass(frozen=True, slots=True)
class Level:
    """A level in a word; ``percentile`` (0–100) of the history that it was read from."""

    word: str
    percentile: float
    own_history: bool


def level_of(value: float, own: pd.Series[float], reference: pd.Series[float]) -> Level | None:
    """The level of a smoothed value.

    Parameters
    ----------
    value
        Index points, smoothed.
    own
        The panel's smoothed values so far; they count once there are 365 of them.
    reference
        Those of the reference series.

    Returns
    -------
    Level or None
        None without a value or without any history.
    """
    own, reference = own.dropna(), reference.dropna()
    has_own = len(own) >= OWN_HISTORY_DAYS
    history = own if has_own else reference
    if not np.isfinite(value) or history.empty:
        return None
    percentile = 100 * float((history <= value).mean())
    word = [word for word, start in LEVELS.items() if percentile >= start][-1]
    return Level(word, percentile, has_own)


def robust_spread(values: pd.Series[float] | NDArray[np.float64], least: float = 1e-9) -> float:
    """1.4826 × the median absolute deviation, at least a tenth of the median, and at least ``least``."""
    median = float(np.median(values))
    return max(1.4826 * float(np.median(np.abs(values - median))), _LEAST_SPREAD_SHARE * median, least)


def standing_out(index: pd.Series[float]) -> pd.Series[float]:
    """By how many robust spreads each day lies above the median of the 28 observed days before it.

    Parameters
    ----------
    index
        Daily values, NaN where insufficient.

    Returns
    -------
    Series
        NaN on days without a value or with fewer than 28 observed days before; from `STANDS_OUT` on, a day stands out.
    """
    known = index.dropna()
    before = known.shift(1).rolling(BASELINE_DAYS, min_periods=BASELINE_DAYS)
    return ((known - before.median()) / before.apply(robust_spread, raw=True)).reindex(index.index)
