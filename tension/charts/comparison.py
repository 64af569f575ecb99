"""Several courses of the index in one chart, and the index beside another measure."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from html import escape
from itertools import cycle, islice
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from tension.charts.compact import at, lone_days
from tension.charts.index import ACTS, EASING, INDEX, REFERENCE, THREATS, begins
from tension.charts.signals import thinned
from tension.index.comparison import at_frequency
from tension.tongue import _, number

_COLOURS = (INDEX, THREATS, ACTS, EASING, "#CC79A7", "#56B4E9", REFERENCE)
_SWATCHES = {"solid": "━", "dash": "╍", "dot": "┉", "dashdot": "━·"}
_LABEL_WIDTH, _LETTER, _LINE = 14, 7, 15  # letters; pixels
_TOP, _BOTTOM = 22, 28  # pixels around the plot, and what the source line takes
_STEPS = [step * 10.0**power for power in range(-4, 5) for step in (1, 2, 5)]


class _End(NamedTuple):
    """Where a line's label wants to stand: ``height`` is 0 at the bottom of the plot and 1 at its top."""

    name: str
    colour: str
    dash: str
    height: float


def lines_figure(lines: pd.DataFrame, span_days: int | None = None, height: int = 360) -> go.Figure:
    """Several courses of the index, each named where it ends.

    Parameters
    ----------
    lines
        Index points by day, a column a line, by the name that the reader sees.
    span_days
        How many of the last days to show; all if None.
    height
        In pixels.
    """
    shown = recent(lines, span_days)
    drawn = thinned(shown)
    top = 1.08 * float(np.nanmax(drawn.to_numpy(float), initial=1.0))
    figure, ends = go.Figure(), list[_End]()
    for name, (colour, dash) in zip(drawn.columns, _looks(len(drawn.columns)), strict=True):
        line = drawn[name].astype(float)
        if line.notna().any():
            ends.append(_End(str(name), colour, dash, float(line.dropna().iloc[-1]) / top))
            _add_line(figure, line.round(1), ends[-1], hovertemplate="%{y:.1f}")
    figure.update_xaxes(range=[shown.index[0], shown.index[-1]] if len(shown) > 1 else None, fixedrange=True)
    figure.update_yaxes(title=_("index points"), range=[0, top], fixedrange=True)
    return _named_at_the_ends(figure, ends, height)


def recent(lines: pd.DataFrame, span_days: int | None) -> pd.DataFrame:
    """The last days of some courses, up to the last on which one of them has a value."""
    known = lines.dropna(how="all").index
    if not len(known):
        return lines.iloc[:0]
    whole = begins(lines.mean(axis=1).dropna()) or known[0]
    first = whole if span_days is None else max(known[0], known[-1] - pd.Timedelta(days=span_days))
    return lines.loc[first : known[-1]]


def comparison_figure(index: pd.Series[float], other: pd.Series[float], name: str) -> go.Figure:
    """Two measures on one logarithmic scale, each as so many times its median: as far up is as much more.

    Parameters
    ----------
    index
        Index points by day.
    other
        By month or day.
    name
        The other's.
    """
    both = beside(index, other)
    common = both.dropna()
    typical = (common if len(common) else both).where(lambda values: values > 0).median()  # many days may have none
    times = both.div(typical).where(both > 0)
    low, high = np.log10(np.nanmin(times, initial=0.5)) - 0.05, np.log10(np.nanmax(times, initial=2.0)) + 0.05
    names = {"index": _("this index"), "other": name}
    figure, ends = go.Figure(), list[_End]()
    for column, colour, dash in (("index", INDEX, "solid"), ("other", ACTS, "dot")):
        known = times[column].dropna()
        if len(known):
            ends.append(_End(names[column], colour, dash, float((np.log10(known.iloc[-1]) - low) / (high - low))))
            values = both.loc[known.index, column].round(2)
            hover = "%{customdata:.4~g} (%{y:.2~f}×)"
            _add_line(figure, known.round(3), ends[-1], customdata=values, hovertemplate=hover)
    figure.update_xaxes(range=[both.index[0], both.index[-1]] if len(both) > 1 else None, fixedrange=True)
    figure.update_yaxes(
        type="log", title=_("times its own median"), range=[low, high], tickvals=_STEPS, fixedrange=True
    )
    return _named_at_the_ends(figure, ends, height=400)


def beside(index: pd.Series[float], other: pd.Series[float]) -> pd.DataFrame:
    """The index and another measure as they are drawn, from where both have begun.

    Columns ``index, other``, by the other's days or months; means of weeks where the days are many.
    """
    both = pd.DataFrame({"index": at_frequency(index, other).dropna(), "other": other})
    begun = [known[0] for column in both if len(known := pd.DatetimeIndex(both[column].dropna().index))]
    return thinned(both.loc[max(begun) :]) if begun else both


def lags_figure(lags: pd.Series[float], name: str, monthly: bool) -> go.Figure:
    """How closely two measures agree if the other is taken so many steps earlier or later.

    Parameters
    ----------
    lags
        As `tension.index.comparison.lagged` gives.
    name
        The other measure's.
    monthly
        Whether a step is a month, not a day.
    """
    steps = _("months by which {measure} is taken later") if monthly else _("days by which {measure} is taken later")
    figure = go.Figure(
        go.Bar(
            x=lags.index,
            y=lags.round(3),
            text=[number(value, 2) for value in lags],
            textposition="outside",
            cliponaxis=False,
            marker={"color": [INDEX if lag == 0 else "#56B4E9" for lag in lags.index]},
            hovertemplate="%{y:.2f}<extra>%{x:+d}</extra>",
        )
    )
    figure.update_xaxes(
        title=steps.format(measure=name),
        tickvals=list(lags.index),
        ticktext=[number(lag, signed=True) if lag else "0" for lag in lags.index],
        fixedrange=True,
    )
    figure.update_yaxes(title=_("rank correlation"), range=[min(0.0, float(lags.min()) - 0.15), 1.1], fixedrange=True)
    return figure.update_layout(height=260, margin={"l": 8, "r": 8, "t": 8, "b": 8}, bargap=0.35)


def _looks(n: int) -> list[tuple[str, str]]:
    """Colours and dashes for so many lines."""
    return list(islice(zip(cycle(_COLOURS), cycle(_SWATCHES), strict=False), n))


def _add_line(figure: go.Figure, line: pd.Series[float], end: _End, **more: Any) -> None:
    figure.add_scatter(
        **at(pd.DatetimeIndex(line.index)),
        y=line.to_numpy(np.float32),
        name=end.name,
        line={"color": end.colour, "dash": end.dash, "width": 2},
        **lone_days(line, 6, end.colour),
        connectgaps=False,
        cliponaxis=False,
        **more,
    )


def _named_at_the_ends(figure: go.Figure, ends: Sequence[_End], height: int) -> go.Figure:
    """Lay the chart out with each line's name at the right, as near to its end as the others' names let it stand."""
    room = height - _TOP - _BOTTOM - _LINE
    ordered = sorted(ends, key=lambda end: -end.height)
    texts = [textwrap.wrap(f"{_SWATCHES[end.dash]} {end.name}", _LABEL_WIDTH) for end in ordered]
    centres = spread([room * (1 - end.height) for end in ordered], [_LINE * len(text) for text in texts], room)
    for end, text, centre in zip(ordered, texts, centres, strict=True):
        swatch, first = text[0].split(" ", 1) if " " in text[0] else (text[0], "")
        said = "<br>".join(
            [f'<span style="color:{end.colour}"><b>{swatch}</b></span> {escape(first)}', *map(escape, text[1:])]
        )
        figure.add_annotation(
            text=said,
            x=1,
            xref="paper",
            xanchor="left",
            xshift=4,
            y=1 - centre / room,
            yref="paper",
            yanchor="middle",
            align="left",
            showarrow=False,
        )
    longest = max((len(line) for text in texts for line in text), default=0)
    return figure.update_layout(
        height=height,
        hovermode="x unified",
        showlegend=False,
        dragmode=False,
        margin={"l": 8, "r": 12 + _LETTER * longest, "t": 8, "b": 8},
    )


def spread(wanted: Sequence[float], heights: Sequence[float], room: float) -> list[float]:
    """Centres of labels from top to bottom, as near as can be to where they are wanted, so that none covers another."""
    centres, edge = [], 0.0
    for centre, height in zip(wanted, heights, strict=True):
        centres.append(max(centre, edge + height / 2))
        edge = centres[-1] + height / 2
    edge = room
    for i in reversed(range(len(centres))):
        centres[i] = min(centres[i], edge - heights[i] / 2)
        edge = centres[i] - heights[i] / 2
    return centres
