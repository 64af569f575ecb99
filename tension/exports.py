"""What leaves: the index and the codings as tables for people and programs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Literal

import pandas as pd
from sqlalchemy import Engine

from tension.index.measure import COUNTS, VALUES
from tension.records import PointStatus
from tension.signals.codebook import KEYS
from tension.storage import frames
from tension.storage.frames import ArticleFilter

Frequency = Literal["D", "W", "M"]
FREQUENCIES: tuple[Frequency, ...] = ("D", "W", "M")

INDEX_COLUMNS: dict[str, str] = {
    "date": "day, or first day of the week (Monday) or month; ISO 8601, UTC",
    "index": "gross tension in index points, = threats + acts; 100 is the mean of the reference series 2014-03…2021-12",
    "net": "index points, = index − easing",
    "band_low": "lower end of the 90 % band, index points",
    "band_high": "upper end of the 90 % band, index points",
    "threats": "part of the index that threats make up, index points",
    "acts": "part of the index that acts make up, index points",
    "easing": "signs of easing in the same points, ≥ 0",
    "smoothed": "trailing exponentially weighted mean of index, half-life 4 days",
    "n_articles": "all stored articles published then, relevant or not",
    "n_stories": "stories among them: articles on one event count once",
    "n_feeds": "feeds that observed the day",
    "coverage_share": "share of the panel's feeds that observed the day, 0–1",
    "status": "final, provisional (may still change) or insufficient (no value: too few feeds observed it)",
    "method_version": "version of the measure",
    "model_version": "version of the classifier",
    "vintage_at": "when this value was published, UTC",
}
_RISKY_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # some spreadsheets read wide signs too


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


def parse_moment(text: str) -> datetime:
    """A moment as users write it: a day means its end; a time without a zone is UTC.

    Raises
    ------
    ValueError
        Saying how to write it.
    """
    try:
        moment = datetime.fromisoformat(text.replace(" ", "+") if "T" in text else text)
    except ValueError as error:
        raise ValueError(f"{text!r} is no time; write it as 2021-10-18 or 2021-10-18T13:05Z") from error
    if len(text) == len("2021-10-18"):
        moment += timedelta(days=1, microseconds=-1)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def index_csv(table: pd.DataFrame) -> str:
    """The table as CSV: UTF-8, LF, six decimals, ISO dates, nothing where there is no value."""
    shown = table.copy()
    shown["date"] = _format_times(shown["date"], "%Y-%m-%d")
    shown["vintage_at"] = _format_times(shown["vintage_at"], "%Y-%m-%dT%H:%M:%SZ")
    return str(shown.to_csv(index=False, float_format="%.6f", lineterminator="\n"))


def index_records(table: pd.DataFrame) -> list[dict[str, object]]:
    """The table as JSON objects, null where there is no value."""
    shown = table.copy()
    shown["date"] = _format_times(shown["date"], "%Y-%m-%d")
    shown["vintage_at"] = _format_times(shown["vintage_at"], "%Y-%m-%dT%H:%M:%SZ")
    return list(json.loads(shown.to_json(orient="records", double_precision=6)))


def _format_times(times: pd.Series[pd.Timestamp], pattern: str) -> pd.Series[str]:
    return pd.to_datetime(times).dt.strftime(pattern).fillna("")


def codings_csv(engine: Engine, chosen: ArticleFilter) -> Iterator[str]:
    """The chosen articles with their codings as CSV, piece by piece.

    Columns: date, published_at, title, url, language, publisher, feeds, involvement, p_direct, p_partner, signals,
    threats, acts, easing, evidence, one ``p_<signal>`` each, model_version, read_text (``summary`` or ``article``).
    """
    heading = True
    for page in frames.article_pages(engine, chosen):
        yield _codings_table(page).to_csv(index=False, header=heading, float_format="%.4f", lineterminator="\n")
        heading = False
    if heading:
        yield ",".join(_codings_table(frames.articles(engine, chosen, limit=0)).columns) + "\n"


def _codings_table(page: pd.DataFrame) -> pd.DataFrame:
    table = pd.DataFrame({"date": page["published_at"].map(lambda t: t.date().isoformat())})
    table["published_at"] = page["published_at"].map(lambda t: t.strftime("%Y-%m-%dT%H:%M:%SZ"))
    for column in ("title", "url", "language", "publisher"):
        table[column] = page[column].map(without_formula)
    table["feeds"] = page["feeds"].map("; ".join).map(without_formula)
    for column in ("involvement", "p_direct", "p_partner"):
        table[column] = page[column]
    table["signals"] = page["signals"].map(" ".join)
    for column in ("threats", "acts", "easing"):
        table[column] = page[column]
    words = page["evidence"].map(lambda spans: "; ".join(f"{e['signal']}: {e['text']}" for e in spans))
    table["evidence"] = words.map(without_formula)
    for position, key in enumerate(KEYS):
        table[f"p_{key}"] = page["probabilities"].map(lambda p, at=position: p[at])
    table["model_version"] = page["model_version"]
    table["read_text"] = page["read_text"]
    return table


def without_formula(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return "'" + text if text.startswith(_RISKY_STARTS) else text
