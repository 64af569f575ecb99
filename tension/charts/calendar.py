"""The days of a signal, or of the index, as a calendar of fields."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from babel import Locale
from plotly.subplots import make_subplots

from tension import tongue
from tension.charts.index import ACTS, REFERENCE
from tension.tongue import _

CHOSEN = RECORD = ACTS
YEAR_HEIGHT = 130  # with the room above it, pixels
_HEAD, _YEARS_APART, _SCALE = 26, 14, 56
_YEAR_DOWN, _DOWN_APART, _ABREAST = 700, 60, 3  # where weeks go down; years side by side
_SHOWN_SHARE = 0.99  # the highest hundredth of the days share the darkest colour


def calendar_figure(days: pd.Series[float], record_on: pd.Timestamp | None = None, down: bool = False) -> go.Figure:
    """A field for each day, in its week and year; one without a value is crossed out, and not coloured as zero.

    Parameters
    ----------
    days
        Index points by day, from the first to the last; days that are missing have no value. Years without any are
        left out.
    record_on
        The day to frame, where its year is shown.
    down
        Whether weeks go down and years stand side by side, for a narrow window; else a row a year, a column a week.
    """
    every = days.asfreq("D")
    by_year = {year: own for year, own in every.groupby(pd.DatetimeIndex(every.index).year) if own.notna().any()}
    years = sorted(by_year, reverse=True)
    columns = min(max(len(years), 1), _ABREAST) if down else 1
    rows = -(-max(len(years), 1) // columns)
    height, apart = (_YEAR_DOWN, _DOWN_APART) if down else (YEAR_HEIGHT, _YEARS_APART)
    drawn = height * rows - apart
    figure = make_subplots(rows=rows, cols=columns, vertical_spacing=apart / drawn, horizontal_spacing=0.04)
    for i, year in enumerate(years):
        row, column = i // columns + 1, i % columns + 1
        _add_year(figure, by_year[year], down, row=row, col=column)
        _lay_out_year(figure, int(year), down, row=row, col=column)
        if record_on is not None and record_on.year == year:
            _frame(figure, record_on, down, row=row, col=column)
    figure.update_layout(
        height=drawn + _HEAD + down * _HEAD + _SCALE,
        margin={"l": 8, "r": 8, "t": _HEAD + down * _HEAD, "b": _SCALE},
        coloraxis=_colours(every.dropna()),
        showlegend=False,
        dragmode=False,
    )
    weeks, week = [-0.6, 53.6], [-0.6, 6.6]
    plain = {"fixedrange": True, "showgrid": False, "zeroline": False, "tickfont": {"size": 11}}
    figure.update_xaxes(range=week if down else weeks, **plain)
    figure.update_yaxes(range=weeks[::-1] if down else week[::-1], **plain)
    return figure


def week_of(dates: pd.DatetimeIndex) -> pd.Index[int]:
    """The column of a day in its year's row: weeks from Monday, the first of them the one with 1 January."""
    january = pd.DatetimeIndex(pd.to_datetime({"year": dates.year, "month": 1, "day": 1}))
    return (dates.dayofyear - 1 + january.dayofweek) // 7


def weekdays() -> list[str]:
    """From Monday, short."""
    names = Locale(tongue.language()).days["stand-alone"]["abbreviated"]
    return [names[day] for day in range(7)]


def months(within_a_date: bool = False) -> list[str]:
    """From January, short; in the case that they have within a date, or standing alone."""
    names = Locale(tongue.language()).months["format" if within_a_date else "stand-alone"]["abbreviated"]
    return [names[month] for month in range(1, 13)]


def said_of(dates: pd.DatetimeIndex) -> list[str]:
    """Each day with its weekday, such as Fri 25 Feb 2022."""
    week, year = weekdays(), months(within_a_date=True)
    return [f"{week[one.dayofweek]} {one.day} {year[one.month - 1]} {one.year}" for one in dates]


def _colours(known: pd.Series[float]) -> dict[str, object]:
    """From zero up, in the theme's own shades of one colour."""
    top = max(float(known.quantile(_SHOWN_SHARE)) if len(known) else 0.0, 1e-9)
    below = {"orientation": "h", "x": 1, "xanchor": "right", "y": 0, "yref": "paper", "yanchor": "top", "ypad": 8}
    bar = below | {"lenmode": "pixels", "len": 220, "thickness": 8, "outlinewidth": 0, "nticks": 4}
    bar["title"] = {"text": _("index points"), "side": "bottom"}
    return {"cmin": 0, "cmax": top, "colorbar": bar}


def _add_year(figure: go.Figure, days: pd.Series[float], down: bool, **place: int) -> None:
    dates = pd.DatetimeIndex(days.index)
    grid = pd.DataFrame({"week": week_of(dates), "weekday": dates.dayofweek, "value": days.to_numpy()})
    grid["date"], grid["said"] = dates.strftime("%Y-%m-%d"), said_of(dates)
    grid["x"], grid["y"] = (grid["weekday"], grid["week"]) if down else (grid["week"], grid["weekday"])
    table = grid.pivot(index="y", columns="x", values="value").round(2)
    fields = {"coloraxis": "coloraxis", "xgap": 1.5, "ygap": 1.5, "hoverinfo": "skip"}
    figure.add_heatmap(x=table.columns, y=table.index, z=table, **fields, **place)
    cross = {"symbol": "x-thin", "size": 5, "opacity": 0.7, "line": {"width": 1, "color": REFERENCE}}
    _add_days(figure, grid[grid["value"].isna()], cross, "%{text}: " + _("no value"), 0.7, place)
    dot = {"size": 8, "opacity": 0, "color": CHOSEN, "line": {"width": 1.5, "color": "white"}}
    _add_days(figure, grid[grid["value"].notna()], dot, "%{text}: %{customdata[1]:.1f}", 0, place)


def _add_days(
    figure: go.Figure, grid: pd.DataFrame, marker: object, hover: str, opacity: float, place: dict[str, int]
) -> None:
    """Points over the fields, to hover over and to choose: a heat map's own fields cannot be chosen."""
    figure.add_scatter(
        x=grid["x"],
        y=grid["y"],
        mode="markers",
        marker=marker,
        selected={"marker": {"opacity": 1}},
        unselected={"marker": {"opacity": opacity}},
        text=grid["said"],
        customdata=grid[["date", "value"]],
        hovertemplate=hover + "<extra></extra>",
        **place,
    )


def _frame(figure: go.Figure, day: pd.Timestamp, down: bool, **place: int) -> None:
    week = int(week_of(pd.DatetimeIndex([day]))[0])
    x, y = (day.dayofweek, week) if down else (week, day.dayofweek)
    sides = {"x0": x - 0.5, "x1": x + 0.5, "y0": y - 0.5, "y1": y + 0.5}
    figure.add_shape(type="rect", line={"color": RECORD, "width": 2}, **sides, **place)


def _lay_out_year(figure: go.Figure, year: int, down: bool, **place: int) -> None:
    """Months along one side of all years, where they lie alike; the year itself along the other."""
    middles = pd.DatetimeIndex([pd.Timestamp(year, month, 15) for month in range(1, 13)])
    names = months() if place["col" if down else "row"] == 1 else [""] * 12
    by_month = {"tickvals": week_of(middles), "ticktext": names, "ticks": "", "tickangle": 0}
    every_other = np.where(np.arange(7) % 2, "", weekdays()).tolist()
    by_weekday = {"tickvals": list(range(7)), "ticktext": every_other, "title_text": str(year), "ticks": ""}
    figure.update_xaxes(side="top", **(by_weekday | {"tickangle": 0} if down else by_month), **place)
    figure.update_yaxes(**(by_month if down else by_weekday), **place)
