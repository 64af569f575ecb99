"""The index held against what happened: dated events are looked for as days that stand out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from tension.index.baseline import BASE_LEVEL
from tension.index.levels import BASELINE_DAYS, robust_spread

_AROUND = (-1, 2)
_N_RANDOM = 2000


@dataclass(frozen=True, slots=True)
class EventStudy:
    """How often days around events, and around random days, stand out; ``ratio`` of the two shares.

    ``least`` is the floor of the spread that they were judged by, in index points.
    """

    least: float
    n_events: int
    events_share: float
    random_share: float

    @property
    def ratio(self) -> float:
        return self.events_share / self.random_share if self.random_share else float("inf")

    def __str__(self) -> str:
        return (
            f"{self.n_events} events, spread of at least {self.least:.0f} points: {self.events_share:.0%} stand out, "
            f"random days {self.random_share:.0%}, ratio {self.ratio:.1f}"
        )


def event_study(
    index: pd.Series[float], events: Sequence[pd.Timestamp], least: float = BASE_LEVEL, seed: int = 0
) -> EventStudy:
    """Whether the index stands out around events.

    The mean of the days from one before to two after an event is compared with the median of the 28 days before them;
    it stands out from one robust spread on. The same is done for random days of the same span.

    Parameters
    ----------
    index
        Daily values.
    events
        Days; those without enough values around and before them are left out.
    least
        Floor of the spread, index points. In quiet months most days are alike and the spread all but vanishes; by
        default days stand out only if they are higher by the level of the whole base period.
    seed
        Of the random days.
    """
    days = pd.DatetimeIndex(index.index)
    seen = [found for day in events if (found := _stands_out(index, day, least)) is not None]
    inside = [day for day in events if days[0] <= day <= days[-1]]
    span = pd.date_range(min(inside), max(inside)) if inside else days
    random = np.random.default_rng(seed).choice(len(span), _N_RANDOM)
    drawn = [found for i in random if (found := _stands_out(index, span[i], least)) is not None]
    return EventStudy(least, len(seen), float(np.mean(seen or [False])), float(np.mean(drawn or [False])))


def read_events(path: Path) -> list[pd.Timestamp]:
    """The escalating events of a chronology: CSV with ``date`` and, if it tells, ``direction`` or ``kind``."""
    table = pd.read_csv(path, parse_dates=["date"])
    if "direction" in table:
        table = table[table["direction"] == "escalation"]
    elif "kind" in table:
        table = table[table["kind"] != "easing"]
    return list(table["date"])


def _stands_out(index: pd.Series[float], day: pd.Timestamp, least: float) -> bool | None:
    around = index[day + pd.Timedelta(days=_AROUND[0]) : day + pd.Timedelta(days=_AROUND[1])].dropna()
    last = day + pd.Timedelta(days=_AROUND[0] - 1)
    before = index[last - pd.Timedelta(days=BASELINE_DAYS - 1) : last].dropna()
    if around.empty or len(before) < BASELINE_DAYS // 2:
        return None
    return bool(around.mean() >= before.median() + robust_spread(before, least))
