"""The signals over time, as small multiples."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from tension import tongue
from tension.charts.compact import at, lone_days, rounded
from tension.charts.index import REFERENCE
from tension.charts.signals import NEW, UNUSUAL, Group, Shown, faint
from tension.tongue import _, number

_HEADING, _TITLE, _PANEL, _DATES, _APART = 26, 38, 62, 24, 6  # pixels
_BETWEEN = {5: 0.035, 3: 0.06, 2: 0.12}  # room for a scale, as a share of the width, by columns


def multiples_figure(lines: pd.DataFrame, groups: Sequence[Group], top: float | None, columns: int) -> go.Figure:
    """Small charts over the same days, each group of them from its heading on.

    Parameters
    ----------
    lines
        Index points by day, NaN where there are none; a column for each of what is shown.
    groups
        What to draw, in order.
    top
        Where every scale ends; None to give each its own.
    columns
        How many stand side by side: 5, 3 or 2.
    """
    figure = go.Figure()
    places = _places([len(group.shown) for group in groups], columns)
    begins, ends = ({cells[i][0] for cells in places if cells} for i in (0, -1))
    tops, y = {}, 0
    for row in range(max(ends, default=-1) + 1):
        tops[row] = y + _TITLE + _HEADING * (row in begins)
        y = tops[row] + _PANEL + (_DATES if row in ends else _APART)
    figure.update_layout(
        height=y + _APART,
        margin={"l": 34, "r": 8, "t": 0, "b": _APART},
        hovermode="x",
        showlegend=False,
        dragmode=False,
    )
    width = (1 - _BETWEEN[columns] * (columns - 1)) / columns
    shown = 0
    for group, cells in zip(groups, places, strict=True):
        for one, (row, column) in zip(group.shown, cells, strict=True):
            shown += 1
            axis = "" if shown == 1 else str(shown)  # as Plotly counts
            left = column * (width + _BETWEEN[columns])
            end = _room(lines[one.column].max() if top is None or one.own_scale else top)
            span = {"range": [lines.index[0], lines.index[-1]]} if len(lines) else {}
            dated = (row + 1, column) not in cells
            across = {"domain": [left, left + width], "anchor": f"y{axis}", "showticklabels": dated, **span}
            up = {"domain": [1 - (tops[row] + _PANEL) / y, 1 - tops[row] / y], "anchor": f"x{axis}"}
            figure.update_layout({f"xaxis{axis}": across, f"yaxis{axis}": up | _scale(end)})
            _add(figure, axis, lines[one.column], one, end)
            if (row, column) == cells[0]:
                _say(figure, axis, f"<b>{group.title}</b>", _TITLE, size=14)
    figure.update_xaxes(fixedrange=True, nticks=3 if columns > 2 else 2, tickangle=0, showgrid=False)
    figure.update_yaxes(fixedrange=True, automargin=False, tickformat="~g", zeroline=True)
    return figure


def _places(sizes: Sequence[int], columns: int) -> list[list[tuple[int, int]]]:
    """Rows and columns of each group's charts; a group begins a row, or goes on in one where the last group began."""
    places: list[list[tuple[int, int]]] = []
    at = began = 0
    for size in sizes:
        row, taken = divmod(at, columns)
        if taken and (began < row or size > columns - taken):
            at += columns - taken
        began = at // columns
        places.append([divmod(at + i, columns) for i in range(size)])
        at += size
    return places


def _scale(end: float) -> dict[str, object]:
    return {"range": [0, end], "tickvals": [_round(end / 1.08)]}


def _add(figure: go.Figure, axis: str, line: pd.Series[float], one: Shown, end: float) -> None:
    """One small chart: its line and area, what stands above it, where it becomes unusual, and its record."""
    on = {"xaxis": f"x{axis}", "yaxis": f"y{axis}"}
    when = at(pd.DatetimeIndex(line.index))
    filled = {"fill": "tozeroy", "fillcolor": faint(one.colour, 0.18)}
    if line.isna().any():  # Plotly fills gaps over: the area is drawn by itself, at nothing where there is no value
        under = {"mode": "lines", "line": {"width": 0}, "hoverinfo": "skip", **filled}
        figure.add_scatter(**when, y=rounded(line.fillna(0.0), 2), **under, **on)
    figure.add_scatter(
        **when,
        y=rounded(line, 2),
        name=one.title,
        line={"color": one.colour, "width": 1.6},
        **lone_days(line, 5, one.colour),
        connectgaps=False,
        cliponaxis=False,
        hovertemplate="%{y:.1f}<extra></extra>",
        **({} if line.isna().any() else filled),
        **on,
    )
    _say(figure, axis, f"<b>{one.linked}</b>", 17)
    _say(figure, axis, _latest(one))
    if one.unusual_from <= end:
        dotted = {"color": REFERENCE, "width": 1, "dash": "dot"}
        across = {"xref": f"x{axis} domain", "yref": f"y{axis}", "x0": 0, "x1": 1}
        figure.add_shape(type="line", line=dotted, y0=one.unusual_from, y1=one.unusual_from, **across)
    if one.record_on is not None and len(line) and line.index[0] <= one.record_on:
        said = _("record of a day: {points} on {day}")
        said = said.format(points=number(one.record, 1), day=tongue.day(one.record_on))
        mark = {"symbol": "diamond", "size": 8, "color": one.colour, "line": {"width": 1, "color": "white"}}
        there = line.loc[: one.record_on].iloc[-1:].round(2)
        figure.add_scatter(
            x=there.index,
            y=there,
            mode="markers",
            marker=mark,
            hovertemplate=f"{said}<extra></extra>",
            cliponaxis=False,
            **on,
        )


def _latest(one: Shown) -> str:
    """The latest value, and what is remarkable about it."""
    said = [number(one.latest, 1)]
    unusual, record = _("unusual"), _("new record")
    said += [f"<b>{UNUSUAL} {unusual}</b>"] * one.unusual
    said += [f"<b>{NEW} {record}</b>"] * one.record_is_new
    return "  ".join(said)


def _say(figure: go.Figure, axis: str, text: str, above: int = 0, size: int = 12) -> None:
    """A line of text so many pixels above a small chart."""
    place = {"xref": f"x{axis} domain", "yref": f"y{axis} domain", "xanchor": "left", "yanchor": "bottom"}
    figure.add_annotation(text=text, x=0, y=1, yshift=above, showarrow=False, font={"size": size}, **place)


def _round(value: float) -> float:
    """The largest of 1, 2, 5 × a power of ten that is not above a value; 1 where there is none."""
    if not np.isfinite(value) or value <= 0:
        return 1.0
    power = 10.0 ** np.floor(np.log10(value))
    return float(max(step for step in (1, 2, 5) if step * power <= value) * power)


def _room(value: float) -> float:
    return 1.08 * value if np.isfinite(value) and value > 0 else 1.0
