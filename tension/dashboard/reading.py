"""What the pages read, kept until the index is published again, or for a few seconds: many readers cost one query."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from datetime import date, datetime
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar
from urllib.parse import urlsplit

import pandas as pd
import streamlit as st

from tension import exports, measured, server
from tension.explain import Change, Explanation, explain, explain_change
from tension.exports import Frequency
from tension.feeds.ask import download
from tension.geography import Parts, parts
from tension.health import Health, read_health
from tension.index.by_signal import every_day, smoothed, standing
from tension.index.comparison import read_series
from tension.index.groups import GROUPINGS
from tension.index.measure import Measured
from tension.index.now import Now, now_of
from tension.index.reference import read_chronology, read_reference
from tension.index.vintages import revisions as find_revisions
from tension.pipeline import utc_now
from tension.storage import countries, frames, signal_days
from tension.whatif import Basis
from tension.whatif import basis as read_basis

P = ParamSpec("P")
R = TypeVar("R")
OLDEST = date(1900, 1, 1)  # else days more than ten years ago cannot be chosen, and an address loses them
_FRESH = "10s"
_shown: ContextVar[tuple[pd.Timestamp | None] | None] = ContextVar("shown", default=None)
_MOST = 100  # readings of a kind that are kept


@st.cache_data(ttl=_FRESH, show_spinner=False)
def _last_known() -> pd.Timestamp | None:
    return last_vintage()


def begin(anew: bool = False) -> None:
    """Take the last publication for all that this run of a page shows; ``anew`` where a newer one is asked for."""
    if anew:
        _last_known.clear()
    _shown.set((_last_known(),))


def published_at() -> pd.Timestamp | None:
    """When what the page shows was published; None before the first publication."""
    known = _shown.get()
    return known[0] if known else _last_known()


def until_published(read: Callable[P, R]) -> Callable[P, R]:
    """Keep what is read until the index is published again: what is measured is as old as that.

    All readers are given the same object: it is not to be changed. Names of feeds may be as old as ten minutes.
    """

    @st.cache_resource(ttl="10min", show_spinner=False, max_entries=_MOST)
    @wraps(read)
    def kept(published: pd.Timestamp | None, *args: P.args, **kwargs: P.kwargs) -> R:
        return read(*args, **kwargs)

    @wraps(read)
    def known(*args: P.args, **kwargs: P.kwargs) -> R:
        return kept(published_at(), *args, **kwargs)

    return known


@until_published
def index_table(
    start: date | None = None, end: date | None = None, frequency: Frequency = "D", as_of: datetime | None = None
) -> pd.DataFrame:
    return exports.index_table(server.store().engine, start, end, frequency, as_of)


@until_published
def values() -> pd.Series[float]:
    """The index by day, of days with a value."""
    return index_table().set_index("date")["index"].astype(float).dropna()


@until_published
def now() -> Now | None:
    """The level now; None before the first day has a value."""
    days = index_table()
    return now_of(days, reference()["smoothed"], founded_on()) if days["index"].notna().any() else None


@st.cache_resource(show_spinner=False)
def reference() -> pd.DataFrame:
    return read_reference()


@st.cache_resource(show_spinner=False)
def chronology() -> pd.DataFrame:
    return read_chronology()


@until_published
def explanation(day: date) -> Explanation:
    return explain(server.store().engine, day, server.settings().coverage_floor, panels_of)


@until_published
def causes(before: date, after: date) -> Change:
    return explain_change(server.store().engine, before, after, server.settings().coverage_floor, panels_of)


@until_published
def revisions() -> pd.DataFrame:
    return find_revisions(frames.vintages(server.store().engine), server.store().zone)


@until_published
def by_group(grouping: str) -> pd.DataFrame:
    return measured.by_group(server.store().engine, server.settings().coverage_floor, GROUPINGS[grouping])


def panels() -> list[Measured]:
    """The panels up to the last published day; none before the first."""
    return _panels(published_at())


@st.cache_resource(ttl="10min", show_spinner=False, max_entries=2)
def _panels(published: pd.Timestamp | None) -> list[Measured]:
    model = newest_model()
    return measured.panels(server.store().engine, model, server.settings().coverage_floor) if model else []


@until_published
def country_parts(first: date, last: date) -> Parts:
    """What part each country has in the index of a span."""
    return parts(server.store().engine, first, last, panels_of)


def panels_of(model_version: str) -> list[Measured]:
    """The panels as a model codes; those of the newest are kept."""
    if model_version == newest_model():
        return panels()
    return measured.panels(server.store().engine, model_version, server.settings().coverage_floor)


def newest_model() -> str | None:
    """The version of the model that the last published day was coded by; None before the first."""
    points = frames.index_points(server.store().engine)
    return None if points.empty else str(points["model_version"].iloc[-1])


@until_published
def headlines_of(article_ids: tuple[int, ...]) -> pd.DataFrame:
    return countries.headlines(server.store().engine, article_ids)


@until_published
def by_signal() -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Index points by signal on every day, the same smoothed, and where each signal stands today."""
    points = every_day(measured.by_signal(server.store().engine, server.settings().coverage_floor))
    lines = smoothed(points)
    return points, lines, standing(points, lines)


@until_published
def signals_seen() -> pd.DataFrame:
    return signal_days.first_and_last(server.store().engine)


@until_published
def headlines(days: dict[str, date]) -> pd.DataFrame:
    return signal_days.headlines(server.store().engine, days)


def basis() -> Basis | None:
    """What assumptions are tried on; None before the first day is measured."""
    return _basis(published_at())


@st.cache_resource(show_spinner=False, max_entries=1)
def _basis(published: pd.Timestamp | None) -> Basis | None:
    model = newest_model()
    return read_basis(server.store().engine, model, server.settings().coverage_floor) if model else None


@st.cache_data(ttl="1h", show_spinner=False)
def comparison() -> pd.DataFrame | None:
    """The other measure that is set, from its file or address; kept for an hour."""
    chosen = server.settings().comparison_file
    if not chosen:
        return None
    if chosen.startswith(("http://", "https://")):
        return read_series(Path(urlsplit(chosen).path), download(chosen, server.settings()))
    return read_series(Path(chosen))


def last_vintage() -> pd.Timestamp | None:
    """When the index was last published."""
    return frames.last_vintage(server.store().engine)


def today() -> date:
    return frames.today(server.store().engine, utc_now())


@st.cache_data(ttl=_FRESH, show_spinner=False)
def news() -> pd.DataFrame:
    return frames.counts(server.store().engine)


@until_published
def leading() -> pd.Series[str]:
    return frames.leading(server.store().engine)


@st.cache_data(ttl="2s", show_spinner=False)
def health() -> Health:
    return read_health(server.store().engine, utc_now(), server.STARTED_AT)


def feeds() -> pd.DataFrame:
    return frames.feeds(server.store().engine)


@st.cache_data(ttl=_FRESH, show_spinner=False)
def failing() -> pd.DataFrame:
    """The feeds that failed when last asked."""
    every = feeds()
    return every[every["enabled"] & every["last_status"].eq("failed")]


@until_published
def founded_on() -> pd.Timestamp | None:
    """The day of the first poll, with which the panel's own history begins."""
    every = feeds()
    polled = every.loc[~every["archive"], "first_polled_on"].dropna()
    return None if polled.empty else pd.Timestamp(polled.min())


def polls(feed_id: int) -> pd.DataFrame:
    return frames.polls(server.store().engine, feed_id)
