"""The index beside another measure."""

from __future__ import annotations

from itertools import cycle

import pandas as pd
import plotly.graph_objects as go

from tension.charts.index import ACTS, EASING, INDEX, REFERENCE, THREATS
from tension.index.comparison import at_frequency, is_monthly

_COLOURS = (INDEX, THREATS, ACTS, EASING, "#CC79A7", "#56B4E9", REFERENCE)
_DASHES = ("solid", "dash", "dot", "dashdot")


def comparison_figure(index: pd.Series[float], other: pd.Series[float], name: str) -> go.Figure:
    """Two series on logarithmic axes of their own.

    Parameters
    ----------
    index
        Index points by day.
    other
        By month or day.
    name
        The other's.
    """
    own = at_frequency(index, other).dropna()
    shown = other.loc[own.index.min() :] if len(own) else other
    figure = go.Figure()
    figure.add_scatter(x=own.index, y=own.round(2), name="this index", line={"color": INDEX, "width": 2})
    figure.add_scatter(
        x=shown.index, y=shown.round(3), name=name, yaxis="y2", line={"color": REFERENCE, "width": 1.5, "dash": "dot"}
    )
    figure.update_layout(
        title=f"The index and {name}, {'means of months' if is_monthly(other) else 'daily'}",
        height=460,
        hovermode="x unified",
        yaxis={"type": "log", "title": "index points"},
        yaxis2={"type": "log", "title": name, "overlaying": "y", "side": "right", "showgrid": False},
        legend={"orientation": "h", "y": -0.12},
    )
    return figure


def lines_figure(lines: pd.DataFrame, span_days: int | None = None) -> go.Figure:
    """Several courses of the index, one line a column, told apart by dash too; at first only the last days of them."""
    figure = go.Figure()
    for name, colour, dash in zip(lines.columns, cycle(_COLOURS), cycle(_DASHES), strict=False):
        figure.add_scatter(
            x=lines.index, y=lines[name].round(1), name=str(name), line={"color": colour, "dash": dash, "width": 2}
        )
    figure.update_layout(
        height=380,
        hovermode="x unified",
        yaxis={"title": "index points", "rangemode": "tozero"},
        legend={"orientation": "h", "y": -0.15},
        margin={"t": 16},
    )
    known = lines.dropna(how="all").index
    if span_days is not None and len(known):
        figure.update_xaxes(range=[known[-1] - pd.Timedelta(days=span_days), known[-1]])
    return figure
