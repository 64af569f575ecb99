"""Signals: what the tension is made of, each signal beside its own past; every one of them leads to its articles."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pandas as pd
import streamlit as st
from plotly.graph_objects import Figure

from tension import tongue
from tension.charts.calendar import calendar_figure
from tension.charts.index import SPANS, begins
from tension.charts.multiples import multiples_figure
from tension.charts.signals import COLOURS, DAYS_DRAWN, NEW, WHOLE_COLOUR, Group, Shown, bars_figure, thinned
from tension.charts.signals import UNUSUAL as MARK
from tension.dashboard import reading, signal_words, spans, width
from tension.dashboard.folds import folded
from tension.dashboard.reader import LANGUAGE
from tension.dashboard.signal_words import GROUP_LABELS, KIND_LABELS, WHOLE, label_of
from tension.dashboard.taking import draw, ready
from tension.index.by_signal import UNUSUAL, index_of
from tension.index.contributions import SHRINKAGE
from tension.signals.codebook import BY_KEY, KEYS, Kind
from tension.tongue import _, number

ARTICLES, OVERVIEW = (Path(__file__).parent / name for name in ("articles.py", "overview.py"))
YEARS_AT_FIRST = 3
FEWEST_DAYS = 3  # with a value, to draw lines


def filters(signal: str | None, first: date, last: date) -> dict[str, str]:
    """What the Stories page is asked for, as it names it."""
    chosen = {"since": f"{first}", "until": f"{last}"}
    return {"signal": label_of(signal)} | chosen if signal else chosen


def reaching(signal: str, first: date, last: date) -> dict[str, str]:
    """The same from a day early enough for there to be an article."""
    latest = reading.signals_seen()["last_on"][signal]
    return filters(signal, first if pd.isna(latest) else min(first, latest.date()), last)


def address(signal: str, first: date, last: date) -> str:
    """Where a plain link leads: to a new session, which is told the reader's language."""
    return f"articles?{urlencode(reaching(signal, first, last) | {LANGUAGE: tongue.language()})}"


def in_order(now: pd.DataFrame) -> pd.DataFrame:
    """Acts, threats, easing; of each the largest first. So they stand everywhere on the page."""
    kinds = pd.Series([list(GROUP_LABELS).index(BY_KEY[str(key)].kind) for key in now.index], now.index)
    return now.assign(kind=kinds).sort_values(["kind", "now"], ascending=[True, False], kind="stable")


def groups(now: pd.DataFrame, days: tuple[date, date]) -> list[Group]:
    """The signals as the charts show them, each leading to its articles of those days."""
    shown: dict[Kind, list[Shown]] = {kind: [] for kind in GROUP_LABELS}
    for key, one in now.iterrows():
        kind = BY_KEY[str(key)].kind
        on = None if pd.isna(one["record_on"]) else one["record_on"]
        shown[kind].append(
            Shown(
                str(key),
                label_of(str(key)),
                address(str(key), *days),
                COLOURS[kind],
                one["now"],
                one["usual"],
                one["unusual_from"],
                bool(one["percentile"] >= UNUSUAL),
                one["record"],
                on,
                bool(one["record_is_new"]),
            )
        )
    return [Group(_(GROUP_LABELS[kind]), some) for kind, some in shown.items()]


def today(now: pd.DataFrame, last: pd.Timestamp) -> None:
    """All signals at a glance."""
    st.subheader(_("Now, beside what is usual"))
    alt = _("A bar of index points for each signal on the latest day, beside its median; the table below has them.")
    figure = ready(lambda: bars_figure(groups(now, (last.date(), last.date()))), "signals now")
    draw(figure, "signals now", alt)
    st.caption(signal_words.about_now(compared=bool(now["usual"].notna().any())))
    folded(_("These bars as a table"), "now-table", lambda: now_table(now))


def now_table(now: pd.DataFrame) -> None:
    columns = signal_words.now_columns()
    st.dataframe(named(now), hide_index=True, column_config=columns, column_order=list(columns))


def named(now: pd.DataFrame) -> pd.DataFrame:
    """With each signal's name, behind its marks, and its kind."""
    signals = [BY_KEY[str(key)] for key in now.index]
    marks = (now["percentile"] >= UNUSUAL).map({True: MARK, False: ""}) + now["record_is_new"].map(
        {True: NEW, False: ""}
    )
    names = [f"{mark} {_(one.label)}".lstrip() for mark, one in zip(marks, signals, strict=True)]
    return now.assign(signal=names, kind=[_(KIND_LABELS[one.kind]) for one in signals])


def over_time(points: pd.DataFrame, lines: pd.DataFrame, now: pd.DataFrame, columns: int) -> tuple[date, date]:
    """The small charts; gives the days that they show."""
    st.subheader(_("Over time"))
    row = st.container(horizontal=True, vertical_alignment="center")
    span = spans.choose(row, "signals")
    common = row.toggle(_("one scale for all"), key="common", bind="query-params")
    length, last = SPANS[span], lines.index[-1]
    whole = begins(index_of(lines).dropna()) or lines.index[0]
    first = whole if length is None else max(lines.index[0], last - pd.Timedelta(days=length))
    days = (first.date(), last.date())
    n_valued = index_of(lines.loc[first:]).count()
    if n_valued < FEWEST_DAYS:
        st.info(_("Too few of these days have a value to draw lines; choose a longer time, or see the bars above."))
    else:
        figure = ready(
            lambda: small_charts(lines.loc[first:], now, days, columns, common), "signals", span, common, columns
        )
        draw(figure, "signals", _("Index points over time, a small chart for each signal; the table below has them."))
        st.caption(signal_words.about_lines(weeks=len(lines.loc[first:]) > DAYS_DRAWN, common=common))
    folded(_("The days shown as a table"), "lines-table", lambda: table(whole_beside(lines.loc[first:], now)))
    return days


def whole_beside(lines: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
    """The signals in the page's order, what is no story, and the whole index."""
    return lines.assign(**{WHOLE: index_of(lines)})[[*now.index, SHRINKAGE, WHOLE]]


def small_charts(lines: pd.DataFrame, now: pd.DataFrame, days: tuple[date, date], columns: int, common: bool) -> Figure:
    """A small chart for each signal and for the whole index, on one scale if ``common``."""
    shown = lines.assign(**{WHOLE: index_of(lines)})
    drawn, latest = thinned(shown), shown.iloc[-1].astype(float)
    top = float(drawn[list(KEYS)].to_numpy(float)[drawn[list(KEYS)].notna()].max()) if common else None
    context = Shown(WHOLE, label_of(WHOLE), "", WHOLE_COLOUR, latest[WHOLE], own_scale=True)
    return multiples_figure(drawn, [*groups(now, days), Group(_("For context"), [context])], top, columns)


def table(days: pd.DataFrame) -> None:
    """Days as a table, newest first."""
    columns = signal_words.points_columns()
    shown = days.iloc[::-1].assign(day=pd.DatetimeIndex(days.index[::-1]).date)
    order = ["day", *days.columns]
    st.dataframe(shown, hide_index=True, column_config=columns, column_order=order)


def records(points: pd.DataFrame, now: pd.DataFrame, days: tuple[date, date], below: bool) -> None:
    """First sightings, records and today's standing, a row a signal."""
    title = _("Records and first sightings")
    if not below:
        st.subheader(title)
    with st.expander(title) if below else st.container():
        on = {str(key): day.date() for key, day in now["record_on"].dropna().items()}
        shown = named(now).join(reading.signals_seen()).join(reading.headlines(on)[["title", "url"]])
        shown["articles"] = [address(str(key), *days) for key in shown.index]
        columns = signal_words.record_columns()
        st.dataframe(shown, hide_index=True, column_config=columns, column_order=list(columns), height="content")
        st.caption(signal_words.about_records(points))


def calendar(points: pd.DataFrame, down: bool) -> None:
    """Each day of a signal, or of the whole index, in its week and year; a day that is clicked opens."""
    st.subheader(_("Calendar"))
    every = points.assign(**{WHOLE: index_of(points)})
    row = st.container(horizontal=True, vertical_alignment="bottom")
    options = [WHOLE, *sorted(KEYS, key=label_of)]
    chosen = row.selectbox(_("Signal"), options, format_func=label_of, key="calendar", bind="query-params", width=260)
    days = every[chosen]
    years = pd.DatetimeIndex(days.index).year
    valued = years[days.notna()].unique()  # only these are drawn
    if len(valued) > YEARS_AT_FIRST and not row.toggle(_("all years"), key="years", bind="query-params"):
        valued = valued[-YEARS_AT_FIRST:]
    days = days[years.isin(valued)]
    leads = st.container(horizontal=True, vertical_alignment="center")
    record_on = pd.Timestamp(str(every[chosen].idxmax())) if every[chosen].max() > 0 else None
    alt = _("{signal}: index points of each day, year by year; the table below has them.")
    figure = ready(lambda: calendar_figure(days, record_on, down), "calendar", chosen, down, len(valued))
    clicked = draw(
        figure,
        "calendar",
        alt.format(signal=label_of(chosen)),
        key="days",
        on_select="rerun",
        selection_mode="points",
    )
    with leads:
        lead(clicked["selection"]["points"], chosen, days)
    framed = record_on is not None and record_on in days.index
    st.caption(signal_words.about_days(chosen, missing=int(days.isna().sum()), framed=framed))
    title = _("{signal}, day by day, as a table").format(signal=label_of(chosen))
    folded(title, "calendar-table", lambda: table(days.to_frame()))


def lead(clicked: Any, chosen: str, days: pd.Series[float]) -> None:
    """Where the chosen signal leads: to its articles, of a day that was clicked or of all that are shown."""
    day = clicked[0]["customdata"][0] if clicked else None
    day = day if day and pd.Timestamp(day) in days.index else None  # of a year that is no longer shown
    signal = chosen if chosen in BY_KEY else None
    first, last = (date.fromisoformat(day),) * 2 if day else (days.index[0].date(), days.index[-1].date())
    if day and pd.notna(days[day]):
        said = _("{day}: {points} points").format(day=tongue.day(first), points=number(days[day], 1))
        st.markdown(f"**{said}**", width="content")
        st.page_link(OVERVIEW, label=_("Why this value"), icon=":material/show_chart:", query_params={"day": day})
    asked = reaching(signal, first, last) if signal and not day else filters(signal, first, last)
    st.page_link(ARTICLES, label=_lead(signal, first, last), icon=":material/article:", query_params=asked)
    if not day:
        st.caption(_("Click a day to open it."), width="content")


def _lead(signal: str | None, first: date, last: date) -> str:
    said = {
        (True, True): _("Articles on {signal} of {first}"),
        (True, False): _("Articles on {signal}, {first} to {last}"),
        (False, True): _("Articles of {first}"),
        (False, False): _("Articles, {first} to {last}"),
    }[bool(signal), first == last]
    called = label_of(signal).lower() if signal else ""
    return said.format(signal=called, first=tongue.day(first), last=tongue.day(last))


st.title(_("Signals"))
points, lines, now = reading.by_signal()
if now.empty:
    st.info(
        _(
            "No day has a value yet. Once the first feeds are polled, or an archive is loaded with `tension load`, the "
            "18 signals are drawn here beside their own past. The Method page says what each of them means."
        )
    )
    st.stop()
now = in_order(now)
columns = width.columns()
st.markdown(signal_words.in_a_sentence(now, pd.DatetimeIndex(points.dropna().index)))
today(now, points.index[-1])
days = over_time(points, lines, now, columns)
records(points, now, days, below=columns == width.NARROW)
calendar(points, down=columns == width.NARROW)
st.download_button(
    _("All days by signal as CSV"),
    lambda: points.round(4).to_csv(date_format="%Y-%m-%d"),
    "tension-signals.csv",
    "text/csv",
    icon=":material/download:",
    on_click="ignore",
)
