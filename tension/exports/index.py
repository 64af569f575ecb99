"""The published index, by day, week or month, and over the last 24 hours at every full hour."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pandas as pd
from sqlalchemy import Engine

from tension.exports.choice import BadChoice, Choice, Frequency
from tension.exports.formats import Column, Table, csv_text
from tension.index.measure import COUNTS, VALUES
from tension.measured import hourly_table
from tension.records import PointStatus
from tension.storage import frames
from tension.tongue import N_

MOST_HOURLY_DAYS = 92
POINTS = N_("index points")

INDEX_COLUMNS: dict[str, Column] = {
    "date": Column("day", N_("day, or first day of the week (Monday) or month"), "UTC"),
    "index": Column(
        "number",
        N_("gross tension, = threats + acts; 100 is the mean of the reference series 2014-03…2021-12"),
        POINTS,
    ),
    "net": Column("number", N_("index − easing"), POINTS),
    "band_low": Column("number", N_("lower end of the 90 % band"), POINTS),
    "band_high": Column("number", N_("upper end of the 90 % band"), POINTS),
    "threats": Column("number", N_("part of the index that threats make up"), POINTS),
    "acts": Column("number", N_("part of the index that acts make up"), POINTS),
    "easing": Column("number", N_("signs of easing in the same points, ≥ 0"), POINTS),
    "smoothed": Column(
        "number",
        N_("trailing exponentially weighted mean of index, half-life 4 days; the figure at the top of the overview"),
        POINTS,
    ),
    "n_articles": Column("count", N_("all stored articles published then, relevant or not"), N_("articles")),
    "n_stories": Column("count", N_("stories among them: articles on one event count once"), N_("stories")),
    "n_feeds": Column("count", N_("feeds that observed the day"), N_("feeds")),
    "coverage_share": Column("number", N_("share of the panel's feeds that observed the day"), "0–1"),
    "status": Column(
        "text", N_("final, provisional (may still change) or insufficient (no value: too few feeds saw it)")
    ),
    "method_version": Column("text", N_("version of the measure")),
    "model_version": Column("text", N_("version of the classifier")),
    "vintage_at": Column("time", N_("when this value was published"), "UTC"),
}

HOURLY_COLUMNS: dict[str, Column] = {
    "hour": Column("hour", N_("full hour at which the 24 hours end"), "UTC"),
    **{name: INDEX_COLUMNS[name] for name in ("index", "net", "threats", "acts", "easing")},
    "n_stories": Column("count", N_("stories in the 24 hours"), N_("stories")),
    "n_feeds": Column("count", N_("feeds that brought them"), N_("feeds")),
}


def index(engine: Engine, chosen: Choice, coverage_floor: float, now: datetime) -> Table:
    """The index as chosen; columns `INDEX_COLUMNS`, or `HOURLY_COLUMNS` by the hour."""
    if chosen.frequency == "H":
        start, end = _hours(chosen, now)
        hours = hourly_table(engine, start, end, coverage_floor).rename_axis("hour").reset_index()
        return Table.of("index", HOURLY_COLUMNS, hours)
    table = index_table(engine, chosen.start, chosen.end, chosen.frequency, chosen.as_of)
    return Table.of("index", INDEX_COLUMNS, table)


def _hours(chosen: Choice, now: datetime) -> tuple[datetime, datetime]:
    """From the first to the last hour; a week up to now by default."""
    end = datetime.combine(chosen.end, time.max, UTC) if chosen.end else now
    start = datetime.combine(chosen.start, time.min, UTC) if chosen.start else end - timedelta(days=7)
    if end - start > timedelta(days=MOST_HOURLY_DAYS):
        raise BadChoice(f"start: hours are given for at most {MOST_HOURLY_DAYS} days at a time; choose a later start")
    return start, end


def index_table(
    engine: Engine,
    start: date | None = None,
    end: date | None = None,
    frequency: Frequency = "D",
    as_of: datetime | None = None,
) -> pd.DataFrame:
    """The published index, without gaps in its dates.

    Parameters
    ----------
    engine
        The database.
    start, end
        First and last day, both included; by default those of the first and the last stored article.
    frequency
        ``D`` days, ``W`` weeks from Monday, ``M`` months: means of the days with a value, sums of articles.
    as_of
        The index as it was known then; now by default.

    Returns
    -------
    DataFrame
        Columns `INDEX_COLUMNS` in order, ``date`` datetime64; empty values are NaN/NaT/"".
    """
    points = frames.index_points(engine, as_of)
    covered = points.index[points["n_articles"] > 0]
    first = pd.Timestamp(start) if start else (covered.min() if len(covered) else None)
    last = pd.Timestamp(end) if end else (covered.max() if len(covered) else None)
    if first is None or last is None or first > last:
        return pd.DataFrame(columns=list(INDEX_COLUMNS))
    days = _every_day(points, first, last)
    if frequency != "D":
        days = _by_period(days, frequency)
    return days.rename_axis("date").reset_index()[list(INDEX_COLUMNS)]


def _every_day(points: pd.DataFrame, first: pd.Timestamp, last: pd.Timestamp) -> pd.DataFrame:
    days = points.reindex(pd.date_range(first, last, name="day"))
    for count in COUNTS:
        days[count] = days[count].fillna(0).astype(int)
    days["coverage_share"] = days["coverage_share"].fillna(0.0)
    days["status"] = days["status"].fillna(PointStatus.INSUFFICIENT.value)
    days[["method_version", "model_version"]] = days[["method_version", "model_version"]].fillna("")
    return days


def _by_period(days: pd.DataFrame, frequency: Frequency) -> pd.DataFrame:
    periods = pd.DatetimeIndex(days.index).to_period("W-SUN" if frequency == "W" else "M").start_time
    grouped = days.groupby(periods)
    table = grouped[VALUES].mean()
    table["n_articles"] = grouped["n_articles"].sum()
    table["n_stories"] = grouped["n_stories"].sum()
    table["n_feeds"] = grouped["n_feeds"].max()
    table["coverage_share"] = grouped["coverage_share"].mean()
    table["status"] = _period_status(days, periods)
    for column in ("method_version", "model_version", "vintage_at"):
        table[column] = grouped[column].max()
    return table


def _period_status(days: pd.DataFrame, periods: pd.DatetimeIndex) -> pd.Series[str]:
    has_value = days["index"].notna().groupby(periods).any()
    provisional = days["status"].eq(PointStatus.PROVISIONAL.value).groupby(periods).any()
    status = pd.Series(PointStatus.FINAL.value, index=has_value.index).mask(provisional, PointStatus.PROVISIONAL.value)
    return status.where(has_value, PointStatus.INSUFFICIENT.value)


def index_csv(table: pd.DataFrame) -> str:
    """What `index_table` gives, as CSV."""
    return csv_text(table, INDEX_COLUMNS, decimals=6)
