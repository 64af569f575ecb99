"""The level: what 100 means, and how a new panel of feeds is brought to it."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

BASE_PERIOD = ("2014-03-01", "2021-12-31")
BASE_LEVEL = 100.0
_FAINTEST = 1e-9  # a mean share (0–10) below this is rounding, and cannot carry a level


@dataclass(frozen=True, slots=True)
class Anchor:
    """What turns shares into index points, and the last day on which it may still move."""

    factor: float
    provisional_until: pd.Timestamp


def to_base(series: pd.Series[float]) -> float:
    """The factor that brings a series to a mean of 100 over the base period (or over itself, without such days)."""
    base = series.loc[slice(*BASE_PERIOD)].dropna()
    mean = float((base if len(base) else series.dropna()).mean())
    return _factor(BASE_LEVEL, mean)


def level(shares: pd.Series[float], reference: pd.Series[float], complete: bool, founding_days: int) -> Anchor:
    """Bring a panel's shares to the level of the reference series.

    The panel's anchor days (its first ``founding_days`` with a value, or all of them in a ``complete`` archive)
    get the mean that the reference series has on those very days. Where it has less than half of them, the
    mean of its latest ``founding_days`` stands in.

    Parameters
    ----------
    shares
        By day, NaN where insufficient.
    reference
        Index points by day; empty: the panel makes its own base, see `to_base`.
    complete
        Whether no more days will come.
    founding_days
        How many observed days found a live panel.

    Returns
    -------
    Anchor
        Provisional until the founding days are full; without a single share above zero the factor is 1.
    """
    known = shares.dropna()
    if reference.empty:
        return Anchor(to_base(shares), pd.Timestamp.min)
    anchors = known if complete else known.iloc[:founding_days]
    same = reference.reindex(anchors.index).dropna()
    enough = 2 * len(same) >= len(anchors) > 0
    target = float(same.mean()) if enough else float(reference.iloc[-founding_days:].mean())
    mean = float(anchors[same.index].mean() if enough else anchors.mean()) if len(anchors) else 0.0
    founded = len(known) >= founding_days
    until = pd.Timestamp.min if complete or founded else pd.Timestamp.max
    return Anchor(_factor(target, mean), until)


def _factor(target: float, mean: float) -> float:
    return target / mean if mean > _FAINTEST else 1.0
