"""The reference series: this project's own index over fourteen years of Wikipedia's Current Events portal.

It gives the page its background line and the index its level. `tension.archive.reference` makes it;
``data/reference/SOURCE.md`` records source, licence, dates and the versions that made it.
"""

from __future__ import annotations

from functools import cache

import pandas as pd

from tension.resources import resource

POOLED_FILE = "data/reference/pooled.csv"
REFERENCE_FILE = "data/reference/wikipedia_daily.csv"
CHRONOLOGY_FILE = "data/chronology.csv"


@cache
def read_reference() -> pd.DataFrame:
    """The series by day (datetime64 index ``day``): ``index, threats, acts, easing, smoothed`` in index points and
    ``n_articles``. Empty where the file is not there yet."""
    path = resource(REFERENCE_FILE)
    if not path.exists():
        columns = ["index", "threats", "acts", "easing", "smoothed", "n_articles"]
        return pd.DataFrame(columns=columns, index=pd.DatetimeIndex([], name="day"), dtype=float)
    return pd.read_csv(path, parse_dates=["date"]).rename(columns={"date": "day"}).set_index("day")


@cache
def read_chronology() -> pd.DataFrame:
    """Marked events: ``date`` (datetime64), ``title``, ``signal``, ``kind`` (codebook keys), ascending."""
    return pd.read_csv(resource(CHRONOLOGY_FILE), parse_dates=["date"])


@cache
def read_pooled() -> dict[str, float]:
    """Mean intensity a story over the archives that were measured: ``threats, acts, easing``; and ``squares``, the mean
    square of its escalation."""
    table = pd.read_csv(resource(POOLED_FILE))
    weights = table["n_articles"]
    return {
        part: float((table[part] * weights).sum() / weights.sum()) for part in ("threats", "acts", "easing", "squares")
    }
