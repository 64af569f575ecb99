"""The signals side by side as small multiples, and the days of one of them as a calendar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from tension.charts.index import ACTS, EASING, INDEX, REFERENCE, THREATS
from tension.signals.codebook import Kind

COLOURS = {Kind.ACT: ACTS, Kind.THREAT: THREATS, Kind.EASING: EASING}
WHOLE_COLOUR, REST_COLOUR = INDEX, REFERENCE
CHOSEN = ACTS
PANEL_HEIGHT, YEAR_HEIGHT = 104, 130  # with the room above each, pixels
DAYS_DRAWN = 1100  # more are drawn as means of weeks
_HEAD, _FOOT, _LEFT, _YEARS_APART, _SCALE = 26, 24, 36, 14, 56
_WEEKDAYS = ["Mon", "", "Wed", "", "Fri", "", "Sun"]
_SHOWN_SHARE = 0.99  # the highest hundredth of the days share the darkest colour


@dataclass(frozen=True, slots=True)
class SmallMultiple:
    """One of the small charts: its column in the frame, its title, where the title leads ("" nowhere), its colour, its
    latest value, and whether it keeps a scale of its own where the others share one."""

    column: str
    title: str
    link: str
    colour: str
    latest: float
    own_scale: bool = False


def multiples_figure(lines: pd.DataFrame, shown: Sequence[SmallMultiple], top: float | None) -> go.Figure:
    """Small charts one below the other, over the same days.

    Parameters
    ----------
    lines
        Index points by day, NaN where there are none; a column for each of ``shown``.
    shown
        What to draw, from above.
    top
        Where every scale ends; None to give each its own.
    """
    drawn = PANEL_HEIGHT * len(shown) - _HEAD  # between the margins; a title stands in the room above its panel
    spacing = _HEAD / drawn
    figure = make_subplots(rows=len(shown), cols=1, shared_xaxes=True, vertical_spacing=spacing)
    for row, one in enumerate(shown, 1):
        _add_line(figure, row, lines[one.column], one)
        highest = lines[one.column].max()
        end = highest if top is None or one.own_scale else top
        _add_title(figure, row, one)
        figure.update_yaxes(range=[0, _room(end)], tickvals=[0, _round(end)], row=row, col=1)
    figure.update_layout(
        height=drawn + _HEAD + _FOOT,
        margin={"l": _LEFT, "r": 8, "t": _HEAD, "b": _FOOT},
        hovermode="x",
        showlegend=False,
        dragmode=False,
    )
    if len(lines):
        figure.update_xaxes(range=[lines.index[0], lines.index[-1]])
    figure.update_xaxes(fixedrange=True, nticks=4, showgrid=False)
    figure.update_yaxes(fixedrange=True, automargin=False, tickformat="~g", zeroline=True)
    return figure


def thinned(lines: pd.DataFrame) -> pd.DataFrame:
    """Means of weeks where there are more than `DAYS_DRAWN` days; a week without a value stays a gap."""
    return lines if len(lines) <= DAYS_DRAWN else lines.resample("W-MON", label="left", closed="left").mean()


def _add_line(figure: go.Figure, row: int, line: pd.Series[float], one: SmallMultiple) -> None:
    alone = line.notna() & line.shift(1).isna() & line.shift(-1).isna()  # a day between gaps makes no line
    filled = {"fill": "tozeroy", "fillcolor": _faint(one.colour)}
    if line.isna().any():  # Plotly fills gaps over: the area is drawn by itself, at nothing where there is no value
        under = {"mode": "lines", "line": {"width": 0}, "hoverinfo": "skip", **filled}
        figure.add_scatter(x=line.index, y=line.fillna(0.0).round(2), **under, row=row, col=1)
    figure.add_scatter(
        x=line.index,
        y=line.round(2),
        name=one.title,
        mode="lines+markers",
        line={"color": one.colour, "width": 1.6},
        marker={"size": np.where(alone, 5, 0), "color": one.colour, "line": {"width": 0}},
        connectgaps=False,
        hovertemplate="%{y:.1f}<extra></extra>",
        **({} if line.isna().any() else filled),
        row=row,
        col=1,
    )


def _add_title(figure: go.Figure, row: int, one: SmallMultiple) -> None:
    """The title, a link where it leads somewhere, and the latest value at the other end."""
    title = f'<a href="{one.link}" target="_self">{one.title}</a>' if one.link else one.title
    place = {"showarrow": False, "yref": "y domain", "y": 1.0, "yanchor": "bottom", "xref": "x domain"}
    figure.add_annotation(text=f"<b>{title}</b>", x=0, xanchor="left", **place, row=row, col=1)
    figure.add_annotation(text=f"{one.latest:.1f}", x=1, xanchor="right", **place, row=row, col=1)


def calendar_figure(days: pd.Series[float]) -> go.Figure:
    """A row a year, a column a week, a field a day; a day without a value is crossed out, and not coloured as zero.

    Parameters
    ----------
    days
        Index points by day, from the first to the last; days that are missing have no value. Years without any are
        left out.
    """
    every = days.asfreq("D")
    by_year = {year: own for year, own in every.groupby(pd.DatetimeIndex(every.index).year) if own.notna().any()}
    years = sorted(by_year, reverse=True)
    rows = max(len(years), 1)
    drawn = YEAR_HEIGHT * rows - _YEARS_APART
    figure = make_subplots(rows=rows, cols=1, vertical_spacing=_YEARS_APART / drawn)
    for row, year in enumerate(years, 1):
        _add_year(figure, row, by_year[year])
        _lay_out_year(figure, row, int(year))
    figure.update_layout(
        height=drawn + _HEAD + _SCALE,
        margin={"l": 8, "r": 8, "t": _HEAD, "b": _SCALE},
        coloraxis=_colours(every.dropna()),
        showlegend=False,
        dragmode=False,
    )
    small = {"size": 11}  # for a phone's width
    figure.update_xaxes(fixedrange=True, showgrid=False, zeroline=False, tickfont=small, range=[-0.6, 53.6])
    figure.update_yaxes(fixedrange=True, showgrid=False, zeroline=False, range=[6.6, -0.6])
    return figure


def week_of(dates: pd.DatetimeIndex) -> pd.Index[int]:
    """The column of a day in its year's row: weeks from Monday, the first of them the one with 1 January."""
    january = pd.DatetimeIndex(pd.to_datetime({"year": dates.year, "month": 1, "day": 1}))
    return (dates.dayofyear - 1 + january.dayofweek) // 7


def _colours(known: pd.Series[float]) -> dict[str, object]:
    """From zero up, in the theme's own shades of one colour."""
    top = max(float(known.quantile(_SHOWN_SHARE)) if len(known) else 0.0, 1e-9)
    below = {"orientation": "h", "x": 1, "xanchor": "right", "y": 0, "yref": "paper", "yanchor": "top", "ypad": 8}
    bar = below | {"lenmode": "pixels", "len": 220, "thickness": 8, "outlinewidth": 0, "nticks": 4}
    bar["title"] = {"text": "index points", "side": "bottom"}
    return {"cmin": 0, "cmax": top, "colorbar": bar}


def _add_year(figure: go.Figure, row: int, days: pd.Series[float]) -> None:
    dates = pd.DatetimeIndex(days.index)
    grid = pd.DataFrame({"week": week_of(dates), "weekday": dates.dayofweek, "value": days.to_numpy()})
    grid["date"], grid["said"] = dates.strftime("%Y-%m-%d"), dates.strftime("%a %d %b %Y")
    table = grid.pivot(index="weekday", columns="week", values="value").round(2)
    fields = {"coloraxis": "coloraxis", "xgap": 1.5, "ygap": 1.5, "hoverinfo": "skip"}
    figure.add_heatmap(x=table.columns, y=table.index, z=table, **fields, row=row, col=1)
    cross = {"symbol": "x-thin", "size": 4, "opacity": 0.6, "line": {"width": 1, "color": REFERENCE}}
    _add_days(figure, row, grid[grid["value"].isna()], cross, "%{text}: no value", 0.6)
    dot = {"size": 8, "opacity": 0, "color": CHOSEN, "line": {"width": 1.5, "color": "white"}}
    _add_days(figure, row, grid[grid["value"].notna()], dot, "%{text}: %{customdata[1]:.1f}", 0)


def _add_days(figure: go.Figure, row: int, grid: pd.DataFrame, marker: object, hover: str, opacity: float) -> None:
    """Points over the fields, to hover over and to choose: a heat map's own fields cannot be chosen."""
    figure.add_scatter(
        x=grid["week"],
        y=grid["weekday"],
        mode="markers",
        marker=marker,
        selected={"marker": {"opacity": 1}},
        unselected={"marker": {"opacity": opacity}},
        text=grid["said"],
        customdata=grid[["date", "value"]],
        hovertemplate=hover + "<extra></extra>",
        row=row,
        col=1,
    )


def _lay_out_year(figure: go.Figure, row: int, year: int) -> None:
    """Months along the top of the first row only; they lie alike in all."""
    months = pd.DatetimeIndex([pd.Timestamp(year, month, 15) for month in range(1, 13)])
    names = months.strftime("%b") if row == 1 else [""] * 12
    figure.update_xaxes(tickvals=week_of(months), ticktext=names, side="top", ticks="", tickangle=0, row=row, col=1)
    figure.update_yaxes(tickvals=list(range(7)), ticktext=_WEEKDAYS, title_text=str(year), ticks="", row=row, col=1)


def _faint(colour: str) -> str:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.18)"


def _round(value: float) -> float:
    """The largest of 1, 2, 5 × a power of ten that is not above a value; 1 where there is none."""
    if not np.isfinite(value) or value <= 0:
        return 1.0
    power = 10.0 ** np.floor(np.log10(value))
    return float(max(step for step in (1, 2, 5) if step * power <= value) * power)


def _room(value: float) -> float:
    return 1.08 * value if np.isfinite(value) and value > 0 else 1.0
