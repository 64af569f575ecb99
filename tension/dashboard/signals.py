"""Signals: what the tension is made of, each signal beside its own past; every one of them leads to its articles."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from tension.charts.index import SPANS, default_span
from tension.charts.signals import (
    COLOURS,
    REST_COLOUR,
    WHOLE_COLOUR,
    SmallMultiple,
    calendar_figure,
    multiples_figure,
    thinned,
)
from tension.charts.taking import camera
from tension.dashboard import reading
from tension.index.by_signal import index_of
from tension.index.contributions import MEANINGS, SHRINKAGE
from tension.signals.codebook import BY_KEY, KEYS, SIGNALS, Kind

ARTICLES, OVERVIEW = (Path(__file__).parent / name for name in ("articles.py", "overview.py"))
ACTS, THREATS, EASING = ([one for one in SIGNALS if one.kind is kind] for kind in (Kind.ACT, Kind.THREAT, Kind.EASING))
HALF = (len(ACTS) + 1) // 2
COLUMNS = {"Acts": ACTS[:HALF], "More acts": ACTS[HALF:], "Threats": THREATS, "Easing": EASING}
WHOLE = "whole index"
YEARS_AT_FIRST = 3
UNUSUAL = 95.0

STANDING_COLUMNS = {
    "signal": st.column_config.TextColumn("signal", pinned=True),
    "articles": st.column_config.LinkColumn("articles", display_text="list", width=60),
    "now": st.column_config.NumberColumn("now", format="%.1f", width=60, help="Index points, smoothed."),
    "percentile": st.column_config.ProgressColumn(
        "percentile of its past",
        width=140,
        min_value=0,
        max_value=100,
        format="%.0f %%",
        help="Share of the days before, on which the smoothed value was lower; empty until there are four weeks.",
    ),
    "record": st.column_config.NumberColumn("record", format="%.1f", width=68, help="Highest value of a day."),
    "record_on": st.column_config.DateColumn("record day", format="YYYY-MM-DD", width=92),
    "record_is_new": st.column_config.CheckboxColumn(
        "new", width=48, help="The record fell within the last seven days."
    ),
    "title": st.column_config.TextColumn("what was told on the record day", width=250),
    "url": st.column_config.LinkColumn("read", display_text="open", width=52),
    "first_on": st.column_config.DateColumn("first coded", format="YYYY-MM-DD", width=92),
    "last_on": st.column_config.DateColumn("latest coded", format="YYYY-MM-DD", width=92),
    "kind": st.column_config.TextColumn("kind", width="small"),
}


def filters(signal: str | None, first: date, last: date) -> dict[str, str]:
    """What the Articles page is asked for, as it names it."""
    chosen = {"since": f"{first}", "until": f"{last}"}
    return {"signal": BY_KEY[signal].label} | chosen if signal else chosen


def reaching(signal: str, first: date, last: date) -> dict[str, str]:
    """The same from a day early enough for there to be an article."""
    latest = reading.signals_seen()["last_on"][signal]
    return filters(signal, first if pd.isna(latest) else min(first, latest.date()), last)


def address(signal: str, first: date, last: date) -> str:
    return f"articles?{urlencode(reaching(signal, first, last))}"


def names(signals: list[str]) -> str:
    """Signals by their labels, joined as in speech."""
    labels = [BY_KEY[key].label.lower() for key in signals]
    return " and ".join(part for part in (", ".join(labels[:-1]), labels[-1]) if part)


def in_a_sentence(now: pd.DataFrame, last: pd.Timestamp) -> str:
    """What weighs most, what is unusual for itself, and what has just set a record."""
    escalating = now[[BY_KEY[key].kind is not Kind.EASING for key in now.index]]
    largest = escalating["now"].nlargest(3)
    heaviest = ", ".join(f"{BY_KEY[str(key)].label.lower()} ({points:.0f})" for key, points in largest.items())
    said = [f"On {last:%d %b %Y} most points, smoothed, come from {heaviest}."]
    unusual = now[now["percentile"] >= UNUSUAL].sort_values("percentile", ascending=False).index.tolist()
    new = now.index[now["record_is_new"]].tolist()
    if unusual:
        said.append(f"Higher than on {UNUSUAL:.0f} % of their own past: **{names(unusual)}**.")
    elif now["percentile"].notna().any():
        said.append(f"No signal is higher than on {UNUSUAL:.0f} % of its own past.")
    if new:
        said.append(f"A record fell in the last seven days: **{names(new)}**.")
    return " ".join(said)


def multiples(points: pd.DataFrame, lines: pd.DataFrame) -> tuple[date, date]:
    """The small charts; gives the days that they show."""
    row = st.container(horizontal=True, vertical_alignment="center")
    span = row.segmented_control(
        "Show",
        list(SPANS),
        default=default_span(reading.index_table()),
        required=True,
        key="span",
        bind="query-params",
        label_visibility="collapsed",
    )
    common = row.toggle("one scale for all", key="common", bind="query-params")
    length, last = SPANS[span or "all"], lines.index[-1]
    first = lines.index[0] if length is None else max(lines.index[0], last - pd.Timedelta(days=length))
    days = (first.date(), last.date())
    shown = lines.loc[first:].assign(**{WHOLE: index_of(lines.loc[first:])})
    drawn, latest = thinned(shown), shown.iloc[-1].astype(float)
    top = float(drawn[list(KEYS)].to_numpy(float)[drawn[list(KEYS)].notna()].max()) if common else None
    for (title, signals), column in zip(COLUMNS.items(), st.columns(len(COLUMNS)), strict=True):
        column.markdown(f"**{title}**")
        some = [
            SmallMultiple(one.key, one.label, address(one.key, *days), COLOURS[one.kind], latest[one.key])
            for one in signals
        ]
        labels = ", ".join(one.label for one in signals)
        draw(column, multiples_figure(drawn, some, top), title, f"Index points over time of {labels}; table below.")
    with column:
        st.markdown("**For context**")
        rest = SmallMultiple(SHRINKAGE, "No story: drawn to the mean", "", REST_COLOUR, latest[SHRINKAGE])
        whole = [SmallMultiple(WHOLE, "Whole index", "", WHOLE_COLOUR, latest[WHOLE], own_scale=True), rest]
        draw(column, multiples_figure(drawn, whole, top), "context", "The whole index over time, and what is no story.")
    means = "means of weeks of it" if len(drawn) < len(shown) else "weekdays evened out"
    st.caption(
        f"Index points of each signal, smoothed as the index is ({means}); the figure at the right is the latest. "
        f"Acts and threats with what is {MEANINGS[SHRINKAGE]} sum to the index exactly; easing is no part of it. "
        "Lines break where too few feeds observed a day. A title leads to the articles behind it; what each signal "
        "means stands on the Method page."
    )
    return days


def draw(place: DeltaGenerator, figure: Any, key: str, alt: str) -> None:
    place.plotly_chart(figure, key=key, config=camera(key), alt=alt)


def table(days: pd.DataFrame, title: str) -> None:
    """Days as a table, newest first."""
    columns = {key: st.column_config.NumberColumn(BY_KEY[key].label, format="%.1f") for key in KEYS}
    columns[SHRINKAGE] = st.column_config.NumberColumn(MEANINGS[SHRINKAGE], format="%.1f")
    columns[WHOLE] = st.column_config.NumberColumn(WHOLE, format="%.1f")
    shown = days.iloc[::-1].assign(day=pd.DatetimeIndex(days.index[::-1]).date).set_index("day")
    with st.expander(title):
        st.dataframe(shown, column_config=columns)


def records(points: pd.DataFrame, now: pd.DataFrame, days: tuple[date, date]) -> None:
    """First sightings, records and today's standing, a row a signal."""
    st.subheader("Records and first sightings")
    on = {str(key): day.date() for key, day in now["record_on"].dropna().items()}
    shown = now.join(reading.signals_seen()).join(reading.headlines(on)[["title", "url"]])
    shown["kind"] = [BY_KEY[str(key)].kind.value for key in shown.index]
    shown["articles"] = [address(str(key), *days) for key in shown.index]
    shown = shown.sort_values("percentile", ascending=False, kind="stable")
    shown["signal"] = [BY_KEY[str(key)].label for key in shown.index]
    st.dataframe(
        shown, hide_index=True, column_config=STANDING_COLUMNS, column_order=list(STANDING_COLUMNS), height="content"
    )
    valued = points.dropna()
    st.caption(
        f"Over {len(valued):,} days with a value, {valued.index[0]:%d %b %Y} to {valued.index[-1]:%d %b %Y}. A record "
        "is the highest value of a single day; the article named is the one most surely about the signal and about "
        "Russia and NATO. New: it fell in the last seven days. Few feeds make high records: one story is "
        "then a large share of a day."
    )


def label_of(key: str) -> str:
    return BY_KEY[key].label if key in BY_KEY else "Whole index"


def calendar(points: pd.DataFrame) -> None:
    """Each day of a signal, or of the whole index, in its week and year; a day that is clicked opens."""
    st.subheader("Calendar")
    every = points.assign(**{WHOLE: index_of(points)})
    row = st.container(horizontal=True, vertical_alignment="bottom")
    options = [WHOLE, *KEYS]
    chosen = row.selectbox("Signal", options, format_func=label_of, key="calendar", bind="query-params", width=260)
    days, years = every[chosen], pd.DatetimeIndex(every.index).year
    if years.nunique() > YEARS_AT_FIRST and not row.toggle("all years", key="years", bind="query-params"):
        days = days[years > years.max() - YEARS_AT_FIRST]
    leads = st.container(horizontal=True, vertical_alignment="center")
    clicked = st.plotly_chart(
        calendar_figure(days),
        key="days",
        on_select="rerun",
        selection_mode="points",
        config=camera("calendar"),
        alt=f"{label_of(chosen)}: index points of each day, a row a year; the table below has them.",
    )
    with leads:
        lead(clicked["selection"]["points"], chosen, days)
    st.caption(
        f"{BY_KEY[chosen].meaning.capitalize() if chosen in BY_KEY else 'Threats and acts together'}. Index points of "
        f"single days, not smoothed; the highest hundredth shares one colour. Crossed out: {days.isna().sum():,} days "
        "that too few feeds observed; they have no value, which is not the same as calm."
    )
    table(days.to_frame(), f"{label_of(chosen)}, day by day, as a table")


def lead(clicked: Any, chosen: str, days: pd.Series[float]) -> None:
    """Where the chosen signal leads: to its articles, of a day that was clicked or of all that are shown."""
    day = clicked[0]["customdata"][0] if clicked else None
    day = day if day and pd.Timestamp(day) in days.index else None  # of a year that is no longer shown
    signal = chosen if chosen in BY_KEY else None
    first, last = (date.fromisoformat(day),) * 2 if day else (days.index[0].date(), days.index[-1].date())
    if day and pd.notna(days[day]):
        st.markdown(f"**{first:%d %b %Y}: {days[day]:.1f} points**", width="content")
        st.page_link(OVERVIEW, label="Why this value", icon=":material/show_chart:", query_params={"day": day})
    asked = reaching(signal, first, last) if signal and not day else filters(signal, first, last)
    said = f"Articles on {label_of(chosen).lower()}" if signal else "Articles"
    when = f" of {first:%d %b %Y}" if day else f", {first:%d %b %Y} to {last:%d %b %Y}"
    st.page_link(ARTICLES, label=said + when, icon=":material/article:", query_params=asked)
    if not day:
        st.caption("Click a day to open it.", width="content")


st.title("Signals")
points, lines, now = reading.by_signal()
if now.empty:
    st.info(
        "No day has a value yet. Once the first feeds are polled, or an archive is loaded with `tension load`, the 18 "
        "signals are drawn here beside their own past. The Method page says what each of them means."
    )
    st.stop()
st.markdown(in_a_sentence(now, points.index[-1]))
days = multiples(points, lines)
table(lines.loc[str(days[0]) :, [*KEYS, SHRINKAGE]], "The days shown as a table")
records(points, now, days)
calendar(points)
st.download_button(
    "All days by signal as CSV",
    lambda: points.round(4).to_csv(date_format="%Y-%m-%d"),
    "tension-signals.csv",
    "text/csv",
    icon=":material/download:",
    on_click="ignore",
)
