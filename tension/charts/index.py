"""The index over time, with its parts, what is missing, coverage and events."""

from __future__ import annotations

import textwrap
from html import escape
from typing import NamedTuple

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from tension.charts.compact import at, rounded
from tension.signals.codebook import BY_KEY, Kind
from tension.tongue import N_, _

# Okabe & Ito's palette: told apart by the colour-blind, and by dash where lines cross
INDEX, ACTS, THREATS, EASING, REFERENCE = "#0072B2", "#D55E00", "#E69F00", "#009E73", "#8a8f98"
_BAND = "rgba(0,114,178,0.18)"
_VOLUME = "#56B4E9"
_MISSING = "rgba(138,143,152,0.12)"
_HALF_DAY = pd.Timedelta(hours=12)
_HEADROOM = 1.12
_FEW_DAYS = 28
_HOVER_WIDTH = 90
_ALL_NAMED = 366  # days, of which all leading stories are named in the hover; earlier days name the first
_MOST_OF_A_FORTNIGHT = 8  # days

_ROWS = [0.04, 0.66, 0.08, 0.08, 0.12]
_EVENTS, _INDEX, _COVERAGE, _ARTICLES, _CONFLICT = range(1, len(_ROWS) + 1)

SPANS: dict[str, int | None] = {  # days
    N_("month"): 31,
    N_("quarter"): 92,
    N_("year"): 366,
    N_("5 years"): 1827,
    N_("all"): None,
}


def index_figure(
    days: pd.DataFrame,
    reference: pd.DataFrame,
    events: pd.DataFrame,
    news: pd.DataFrame,
    leading: pd.Series[str],
    *,
    span: str = "all",
    log: bool = False,
) -> go.Figure:
    """The index over time with its parts, the reference series behind it, coverage and the news as a whole below.

    Parameters
    ----------
    days
        As `tension.exports.index_table` gives; may be empty.
    reference
        As `tension.index.reference.read_reference` gives.
    events
        As `tension.index.reference.read_chronology` gives.
    news
        As `tension.storage.frames.counts` gives.
    leading
        As `tension.storage.frames.leading` gives: what a day's hover names.
    span
        A key of `SPANS`: how much of the past to show at first; as much before it is one drag away.
    log
        Whether the values' axis is logarithmic.
    """
    seen = view(days, reference, SPANS[span])
    days, reference, events, news = _near(seen, span, days, reference, events, news)
    figure = make_subplots(rows=len(_ROWS), cols=1, shared_xaxes=True, row_heights=_ROWS, vertical_spacing=0.045)
    _add_reference(figure, reference)
    _add_band(figure, days)
    _add_values(figure, days, leading)
    _add_gaps(figure, days)
    _add_coverage(figure, days)
    _add_volume(figure, days)
    _add_conflict(figure, news)
    _add_events(figure, events)
    _lay_out(figure, log, measured=bool(days["index"].notna().any()))
    if seen:
        figure.update_xaxes(range=[seen.first, seen.last])
        if earliest := min([*days["date"].head(1), *reference.index[:1]], default=None):
            figure.update_xaxes(minallowed=min(earliest, seen.first))
        if not log:
            figure.update_yaxes(range=[0, seen.top], row=_INDEX, col=1)
    figure.update_layout(uirevision=f"{span} {log}")
    return figure


def default_span(days: pd.DataFrame) -> str:
    """The span to begin with: the shortest from a quarter up with four weeks of values in it.

    A young index has none: a year then, in which it has the reference series beside it.
    """
    valued = days.loc[days["index"].notna(), "date"]
    for span in ("quarter", "year", "5 years"):
        if (valued > valued.max() - pd.Timedelta(days=SPANS[span] or 0)).sum() >= _FEW_DAYS:
            return span
    return "year"


def _near(
    seen: View | None,
    span: str,
    days: pd.DataFrame,
    reference: pd.DataFrame,
    events: pd.DataFrame,
    news: pd.DataFrame,
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """What is shown and as much before it, one drag away: a short span of a long history is drawn quickly.

    Days come without gaps.
    """
    days = days.set_index("date").asfreq("D").reset_index() if len(days) else days
    length = SPANS[span]
    if seen is None or length is None:
        return days, reference, events, news
    first = seen.first - pd.Timedelta(days=length)
    return (
        days[days["date"] >= first],
        reference.loc[first:] if len(reference) else reference,
        events[pd.to_datetime(events["date"]) >= first],
        news.loc[first:] if len(news) else news,
    )


class View(NamedTuple):
    """The part of the chart that is shown: first and last time, highest value."""

    first: pd.Timestamp
    last: pd.Timestamp
    top: float


def view(days: pd.DataFrame, reference: pd.DataFrame, span_days: int | None) -> View | None:
    """What to show of the index and of the reference series; None where there is neither."""
    daily = days.set_index("date")["index"].astype(float).dropna()
    line = pd.concat([daily.loc[begins(daily) :] if span_days is None else daily, reference["smoothed"]])
    if line.empty:
        return None
    last = daily.index[-1] if len(daily) else reference.index[-1]
    first = line.index.min() if span_days is None else last - pd.Timedelta(days=span_days)
    margin = max((last - first) * 0.02, _HALF_DAY)
    shown = line[(line.index >= first - margin) & (line.index <= last)]
    return View(first - margin, last + margin, _HEADROOM * float(shown.max()))


def begins(daily: pd.Series[float]) -> pd.Timestamp | None:
    """The first day from which most days of a fortnight have values: stray old items do not make decades of nothing."""
    coming = daily[::-1].rolling("14D").count()[::-1] if len(daily) else daily
    dense = coming[coming >= _MOST_OF_A_FORTNIGHT]
    return pd.Timestamp(dense.index[0]) if len(dense) else None


def _add_reference(figure: go.Figure, reference: pd.DataFrame) -> None:
    if reference.empty:
        return
    daily = reference["smoothed"].asfreq("D")  # days that it lacks are gaps
    hover = "%{y:.0f}<extra>" + _("reference series, smoothed") + "</extra>"
    line = {"color": REFERENCE, "width": 1, "dash": "dot"}
    figure.add_scatter(
        **at(pd.DatetimeIndex(daily.index)),
        y=rounded(daily, 1),
        name=_("reference (Wikipedia)"),
        line=line,
        hovertemplate=hover,
        row=_INDEX,
        col=1,
    )


def _add_band(figure: go.Figure, days: pd.DataFrame) -> None:
    """An outline for each stretch of days with a band: an area between two lines would be drawn over the gaps."""
    known = days[days["band_low"].notna()]
    stretch = (known["date"].diff() != pd.Timedelta(days=1)).cumsum()
    x, y = [], []
    for _number, run in known.groupby(stretch):
        low, high = (run[name].astype(float).round(1).tolist() for name in ("band_low", "band_high"))
        dates = run["date"].dt.strftime("%Y-%m-%d").tolist()
        x += [*dates, *reversed(dates), dates[0], None]
        y += [*high, *reversed(low), high[0], None]
    figure.add_scatter(
        x=x,
        y=y,
        name=_("90 % band"),
        mode="lines",
        line={"width": 0},
        fill="toself",
        fillcolor=_BAND,
        hoverinfo="skip",
        row=_INDEX,
        col=1,
    )


def _add_values(figure: go.Figure, days: pd.DataFrame, leading: pd.Series[str]) -> None:
    if days.empty:
        return
    named = leading.reindex(pd.DatetimeIndex(days["date"])).fillna("")
    long_ago = pd.DatetimeIndex(named.index) < pd.DatetimeIndex(named.index).max() - pd.Timedelta(days=_ALL_NAMED)
    hovers = named.where(~long_ago, named.str.partition("\n")[0]).map(_in_hover).to_numpy()
    when = at(pd.DatetimeIndex(days["date"]))
    lines = [
        ("threats", _("threats"), THREATS, 1.2, "dash"),
        ("acts", _("acts"), ACTS, 1.2, "dashdot"),
        ("easing", _("easing"), EASING, 1.2, "dot"),
        ("smoothed", _("index, smoothed"), INDEX, 2.8, "solid"),
        # the last is on top: a click takes its points, and only this line has any
        ("index", _("index, daily"), INDEX, 1.2, "solid"),
    ]
    for column, name, colour, width, dash in lines:
        figure.add_scatter(
            **when,
            y=rounded(days[column], 2),
            name=name,
            mode="lines+markers" if column == "index" else "lines",  # a day between gaps makes no line
            connectgaps=False,
            opacity=0.55 if column == "index" else 1,
            line={"color": colour, "width": width, "dash": dash},
            marker={"size": 4},
            customdata=hovers if column == "index" else None,
            hovertemplate="%{y:.1f}" + ("%{customdata}" if column == "index" else "") + "<extra>" + name + "</extra>",
            row=_INDEX,
            col=1,
        )


def _in_hover(headlines: str) -> str:
    """Headlines below a value, as text: a title may hold what a chart takes for markup."""
    lines = (textwrap.shorten(line, _HOVER_WIDTH, placeholder=" …") for line in headlines.split("\n") if line)
    return "".join(f"<br>  {escape(line)}" for line in lines)


def _add_gaps(figure: go.Figure, days: pd.DataFrame) -> None:
    """Shade the stretches without a value, so that missing is never taken for calm."""
    for first, last in missing_stretches(days):
        figure.add_vrect(
            x0=first - _HALF_DAY,
            x1=last + _HALF_DAY,
            fillcolor=_MISSING,
            line_width=0,
            layer="below",
            row=_INDEX,
            col=1,
        )


def missing_stretches(days: pd.DataFrame, most: int = 200) -> list[tuple[pd.Timestamp, pd.Timestamp]]:
    """First and last day of each run of days without a value, the latest ``most`` runs."""
    missing = days[days["index"].isna()]
    if missing.empty:
        return []
    runs = (missing["date"].diff() != pd.Timedelta(days=1)).cumsum()
    spans = missing.groupby(runs)["date"].agg(["min", "max"]).tail(most)
    return list(spans.itertuples(index=False, name=None))


def _add_coverage(figure: go.Figure, days: pd.DataFrame) -> None:
    share = days["coverage_share"].astype(float) * 100
    hover = _("%{y:.0f} % of feeds (%{customdata[0]}), %{customdata[1]} articles")
    _add_steps(figure, days, share, _("coverage"), REFERENCE, hover, _COVERAGE, days[["n_feeds", "n_articles"]])


def _add_volume(figure: go.Figure, days: pd.DataFrame) -> None:
    """All stored articles: other great news dilutes a share, so its volume stands beside it."""
    hover = _("%{y} articles stored, relevant or not")
    _add_steps(figure, days, days["n_articles"], _("articles"), _VOLUME, hover, _ARTICLES)


def _add_steps(
    figure: go.Figure,
    days: pd.DataFrame,
    values: pd.Series[float],
    name: str,
    colour: str,
    hover: str,
    row: int,
    more: pd.DataFrame | None = None,
) -> None:
    """Values of days as one stepped area: thousands of bars are thousands of elements, and slow."""
    figure.add_scatter(
        **at(pd.DatetimeIndex(days["date"])),
        y=rounded(values.fillna(0), 0),
        name=name,
        mode="lines",
        line={"shape": "hvh", "width": 0, "color": colour},
        fill="tozeroy",
        fillcolor=colour,
        customdata=more,
        hovertemplate=f"{hover}<extra>{name}</extra>",
        showlegend=False,
        row=row,
        col=1,
    )


def _add_conflict(figure: go.Figure, news: pd.DataFrame) -> None:
    """How much of the news tells of armed conflict anywhere, and how much of Russia and NATO."""
    news = news.asfreq("D") if len(news) else news  # a day without news is a gap
    shares = news[["n_conflict", "n_involved"]].div(news["n_stories"].where(news["n_stories"] > 0), axis=0) * 100
    told = {"n_conflict": (_("armed conflict anywhere"), REFERENCE), "n_involved": (_("Russia and NATO"), INDEX)}
    for column, (name, colour) in told.items():
        week = shares[column].astype(float).rolling(7, min_periods=1).mean().where(shares[column].notna())
        figure.add_scatter(
            **at(pd.DatetimeIndex(news.index)),
            y=rounded(week, 1),
            name=name,
            line={"color": colour, "width": 1.2},
            hovertemplate=_("%{y:.0f} % of stories, mean of a week") + f"<extra>{name}</extra>",
            showlegend=False,
            row=_CONFLICT,
            col=1,
        )


def _add_events(figure: go.Figure, events: pd.DataFrame) -> None:
    """Dated events in a lane of their own: they have no value."""
    easing = events["signal"].map(lambda key: BY_KEY[key].kind is Kind.EASING).astype(bool)
    escalation = {"symbol": "diamond", "size": 8, "color": "#CC79A7"}
    other = {"symbol": "circle-open", "size": 8, "color": EASING, "line": {"width": 2}}
    for name, which, marker in ((_("events"), ~easing, escalation), (_("events of easing"), easing, other)):
        some = events[which]
        if len(some):
            figure.add_scatter(
                x=pd.to_datetime(some["date"]),
                y=[0] * len(some),
                mode="markers",
                name=name,
                marker=marker,
                text=some["title"],
                hovertemplate="%{text}<extra>%{x|%d %b %Y}</extra>",
                row=_EVENTS,
                col=1,
            )


def _lay_out(figure: go.Figure, log: bool, measured: bool) -> None:
    figure.update_layout(
        height=660 if measured else 420,
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        hovermode="x unified",
        legend={"orientation": "h", "y": -0.08, "x": 0, "font": {"size": 12}},
        dragmode="pan",
    )
    figure.update_xaxes(type="date")
    figure.update_yaxes(visible=False, fixedrange=True, range=[-1, 1], row=_EVENTS, col=1)
    figure.update_yaxes(type="log" if log else "linear", row=_INDEX, col=1)
    figure.update_yaxes(range=[0, 100], ticksuffix=" %", nticks=3, row=_COVERAGE, col=1)
    figure.update_yaxes(nticks=3, row=_ARTICLES, col=1)
    figure.update_yaxes(ticksuffix=" %", rangemode="tozero", nticks=3, row=_CONFLICT, col=1)
    titles = {
        _INDEX: _("Index points; 100 is the mean of 2014-03 to 2021-12"),
        _COVERAGE: _("Coverage, share of feeds"),
        _ARTICLES: _("Articles stored"),
        _CONFLICT: _("Stories on armed conflict anywhere (grey), on Russia and NATO (blue)"),
    }
    place = {"showarrow": False, "xref": "x domain", "x": 0, "xanchor": "left", "y": 1.0, "yanchor": "bottom"}
    for row, title in titles.items():
        figure.add_annotation(text=title, font={"size": 11}, yref="y domain", **place, row=row, col=1)
    if not measured:
        _hide_what_is_not_measured(figure)


def _hide_what_is_not_measured(figure: go.Figure) -> None:
    """Leave the index's own panel, with the reference series, and the events above it."""
    figure.update_layout(annotations=[one for one in figure.layout.annotations if one.yref == "y2 domain"])
    for row in (_COVERAGE, _ARTICLES, _CONFLICT):
        figure.update_yaxes(visible=False, row=row, col=1)
        figure.update_xaxes(visible=False, row=row, col=1)
    figure.update_xaxes(showticklabels=True, row=_INDEX, col=1)
    figure.update_layout(yaxis2={"domain": [0.0, 0.94]})
