"""The index over an archive held against other measures and against what happened.

Monthly or daily means are compared with a reference series (logs by Pearson, ranks by Spearman), and dated events are
looked for as days that stand out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import stats

from tension.errors import ArchiveError
from tension.index.levels import BASELINE_DAYS, robust_spread

PERIODS: dict[str, tuple[str | None, str | None]] = {"all": (None, None), "2014–2021": ("2014-01-01", "2021-12-31")}
_LEAST = 5
_AROUND = (-1, 2)
_N_RANDOM = 2000
_DATES = ("month", "date", "day")


@dataclass(frozen=True, slots=True)
class EventStudy:
    """How often days around events, and around random days, stand out; ``ratio`` of the two shares."""

    n_events: int
    events_share: float
    random_share: float

    @property
    def ratio(self) -> float:
        return self.events_share / self.random_share if self.random_share else float("inf")

    def __str__(self) -> str:
        return (
            f"{self.n_events} events: {self.events_share:.0%} stand out, random days {self.random_share:.0%}, "
            f"ratio {self.ratio:.1f}"
        )


def read_series(path: Path) -> pd.DataFrame:
    """A reference series from CSV, or from an Excel file as the authors of GPR publish theirs.

    Returns
    -------
    DataFrame
        Index: first days of months, or days; numeric columns only.

    Raises
    ------
    ArchiveError
        When the file cannot be read or has no column of dates.
    """
    try:
        table = pd.read_csv(path) if path.suffix == ".csv" else pd.read_excel(path)
    except (OSError, ValueError, ImportError) as error:
        raise ArchiveError(f"{path} cannot be read as a reference series: {error}") from error
    names = [name for name in table.columns if str(name).lower() in _DATES]
    if not names:
        raise ArchiveError(
            f"{path} has no column named {', '.join(_DATES)}; it has {', '.join(map(str, table.columns))}"
        )
    table.index = pd.DatetimeIndex(pd.to_datetime(table[names[0]]), name="date")
    return table.drop(columns=names[0]).select_dtypes("number")


def compare(index: pd.Series[float], reference: pd.DataFrame) -> pd.DataFrame:
    """Correlations with each column of a reference series, by period.

    Parameters
    ----------
    index
        Daily values, NaN where insufficient.
    reference
        From `read_series`: monthly where its dates are first days of months, else daily.

    Returns
    -------
    DataFrame
        Columns ``series, period, n, pearson_of_logs, spearman``; periods with fewer than five pairs are left out.
    """
    monthly = bool((pd.DatetimeIndex(reference.index).day == 1).all())
    own = index.resample("MS").mean() if monthly else index
    rows = []
    for name in reference.columns:
        pairs = pd.DataFrame({"own": own, "other": reference[name]}).dropna()
        for period, (start, end) in PERIODS.items():
            both = pairs.loc[start:end]
            if len(both) >= _LEAST and both.nunique().min() > 1:
                rows.append((name, period, len(both), _pearson_of_logs(both), _spearman(both)))
    return pd.DataFrame(rows, columns=["series", "period", "n", "pearson_of_logs", "spearman"])


def event_study(index: pd.Series[float], events: Sequence[pd.Timestamp], seed: int = 0) -> EventStudy:
    """Whether the index stands out around events.

    The mean of the days from one before to two after an event is compared with the median of the 28 days before them;
    it stands out from one robust spread on. The same is done for random days of the same span.

    Parameters
    ----------
    index
        Daily values.
    events
        Days; those without enough values around and before them are left out.
    seed
        Of the random days.
    """
    days = pd.DatetimeIndex(index.index)
    seen = [found for day in events if (found := _stands_out(index, day)) is not None]
    inside = [day for day in events if days[0] <= day <= days[-1]]
    span = pd.date_range(min(inside), max(inside)) if inside else days
    random = np.random.default_rng(seed).choice(len(span), _N_RANDOM)
    drawn = [found for i in random if (found := _stands_out(index, span[i])) is not None]
    return EventStudy(len(seen), float(np.mean(seen or [False])), float(np.mean(drawn or [False])))


def read_events(path: Path) -> list[pd.Timestamp]:
    """The escalating events of a chronology: CSV with ``date`` and, if it tells, ``direction`` or ``kind``."""
    table = pd.read_csv(path, parse_dates=["date"])
    if "direction" in table:
        table = table[table["direction"] == "escalation"]
    elif "kind" in table:
        table = table[table["kind"] != "easing"]
    return list(table["date"])


def _stands_out(index: pd.Series[float], day: pd.Timestamp) -> bool | None:
    around = index[day + pd.Timedelta(days=_AROUND[0]) : day + pd.Timedelta(days=_AROUND[1])].dropna()
    last = day + pd.Timedelta(days=_AROUND[0] - 1)
    before = index[last - pd.Timedelta(days=BASELINE_DAYS - 1) : last].dropna()
    if around.empty or len(before) < BASELINE_DAYS // 2:
        return None
    return bool(around.mean() >= before.median() + robust_spread(before))


def _pearson_of_logs(pairs: pd.DataFrame) -> float:
    positive = pairs[(pairs > 0).all(axis=1)]
    return float(stats.pearsonr(np.log(positive["own"]), np.log(positive["other"]))[0])


def _spearman(pairs: pd.DataFrame) -> float:
    return float(stats.spearmanr(pairs["own"], pairs["other"])[0])
