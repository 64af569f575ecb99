"""The index beside other measures: reading them, and how closely they move together."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import stats

from tension.errors import ArchiveError

PERIODS: dict[str, tuple[str | None, str | None]] = {"all": (None, None), "2014–2021": ("2014-01-01", "2021-12-31")}
_LEAST = 5
_DATES = ("date", "month", "day")


def read_series(path: Path, body: bytes | None = None) -> pd.DataFrame:
    """A reference series from CSV, or from an Excel file as the authors of GPR publish theirs.

    Parameters
    ----------
    path
        The file; what its name ends in says what it is.
    body
        What it holds, where it has been fetched from an address.

    Returns
    -------
    DataFrame
        Index: first days of months, or days; numeric columns only.

    Raises
    ------
    ArchiveError
        When the file cannot be read, or has no column of dates or one with what is none.
    """
    try:
        source = path if body is None else BytesIO(body)
        table = pd.read_csv(source) if path.suffix == ".csv" else pd.read_excel(source)
    except (OSError, ValueError, ImportError) as error:
        raise ArchiveError(f"{path} cannot be read as a reference series: {error}") from error
    by_name = {str(name).lower(): name for name in table.columns}
    chosen = next((by_name[name] for name in _DATES if name in by_name), None)
    if chosen is None:
        found = ", ".join(map(str, table.columns))
        raise ArchiveError(f"{path} has no column named {', '.join(_DATES)}; it has {found}")
    whole = pd.api.types.is_integer_dtype(table[chosen])  # 20220224
    try:
        dates = pd.to_datetime(table[chosen], format="%Y%m%d" if whole else None)
    except ValueError as error:
        raise ArchiveError(f"{path}: what stands in its column {chosen} are not dates: {error}") from error
    table.index = pd.DatetimeIndex(dates, name="date")
    return table.drop(columns=chosen).select_dtypes("number")


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
    own = at_frequency(index, reference)
    rows = []
    for name in reference.columns:
        pairs = pd.DataFrame({"own": own, "other": reference[name]}).dropna()
        for period, (start, end) in PERIODS.items():
            both = pairs.loc[start:end]
            if len(both) >= _LEAST and both.nunique().min() > 1:
                rows.append((name, period, len(both), _pearson_of_logs(both), _spearman(both)))
    return pd.DataFrame(rows, columns=["series", "period", "n", "pearson_of_logs", "spearman"])


def is_monthly(series: pd.Series[float] | pd.DataFrame) -> bool:
    """Whether all dates are first days of months."""
    return bool((pd.DatetimeIndex(series.index).day == 1).all())


def at_frequency(index: pd.Series[float], other: pd.Series[float] | pd.DataFrame) -> pd.Series[float]:
    """The daily index as another series has it: means of months beside a monthly one."""
    return index.resample("MS").mean() if is_monthly(other) else index


def as_published(series: pd.Series[float]) -> pd.Series[float]:
    """A series dated to when its values were known: a month's on the first day of the next, a day's on the next Monday.

    The daily file of GPR is renewed on Mondays; a week's days are then one value, their mean.
    """
    later = pd.offsets.MonthBegin(1) if is_monthly(series) else pd.offsets.Week(weekday=0)
    dated = series.set_axis(pd.DatetimeIndex(series.index) + later)
    return dated.groupby(level=0).mean()


def lagged(index: pd.Series[float], other: pd.Series[float], most: int = 3) -> pd.Series[float]:
    """Spearman correlations with the other series so many of its steps later.

    Returns
    -------
    Series
        Index ``lag``: months (or days) by which the other series is taken later; negative: earlier.
    """
    own, other = at_frequency(index, other), other.asfreq("MS" if is_monthly(other) else "D")
    found = {
        lag: _spearman(pairs)
        for lag in range(-most, most + 1)
        if len(pairs := pd.DataFrame({"own": own, "other": other.shift(-lag)}).dropna()) >= _LEAST
    }
    return pd.Series(found, dtype=float).rename_axis("lag")


def _pearson_of_logs(pairs: pd.DataFrame) -> float:
    positive = pairs[(pairs > 0).all(axis=1)]
    if len(positive) < _LEAST:
        return float("nan")
    return float(stats.pearsonr(np.log(positive["own"]), np.log(positive["other"]))[0])


def _spearman(pairs: pd.DataFrame) -> float:
    return float(stats.spearmanr(pairs["own"], pairs["other"])[0])
