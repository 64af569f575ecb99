"""What made the index change between two days."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from tension.charts.index import ACTS, EASING, INDEX, REFERENCE
from tension.index.contributions import MEANINGS
from tension.signals.codebook import BY_KEY
from tension.tongue import N_, _, number

_MOST = 9
_FAINT = 0.005  # of the larger value; what is less goes into "all else"


def change_figure(
    causes: pd.DataFrame, before: float, after: float, first: str = N_("before"), last: str = N_("after")
) -> go.Figure:
    """A waterfall from one day's value to another's.

    Parameters
    ----------
    causes
        As `tension.explain.explain_change` gives: ``cause, feed, value``.
    before, after
        The two values, index points.
    first, last
        What the two are called.
    """
    values = causes.groupby("cause")["value"].sum().sort_values(key=lambda v: -v.abs()).head(_MOST)
    values = values[values.abs() >= _FAINT * max(abs(before), abs(after))]
    rest = after - before - float(values.sum())
    names = [called(str(cause)) for cause in values.index]
    steps = [before, *values, *([rest] if abs(rest) >= 0.05 else []), after]
    labels = [_(first), *names, *([_("all else")] if abs(rest) >= 0.05 else []), _(last)]
    figure = go.Figure(
        go.Waterfall(
            x=steps,
            y=labels,
            measure=["absolute", *["relative"] * (len(steps) - 2), "total"],
            orientation="h",
            text=[number(step, 1, signed=0 < i < len(steps) - 1) for i, step in enumerate(steps)],
            increasing={"marker": {"color": ACTS}},
            decreasing={"marker": {"color": EASING}},
            totals={"marker": {"color": INDEX}},
            connector={"line": {"color": REFERENCE, "width": 1}},
            hovertemplate="%{y}: %{text}<extra></extra>",
        )
    )
    figure.update_layout(height=120 + 28 * len(steps), margin={"l": 8, "r": 8, "t": 8, "b": 8})
    figure.update_yaxes(autorange="reversed")
    figure.update_xaxes(title_text=_("index points"))
    return figure


def called(cause: str) -> str:
    """A cause of a change by its name."""
    return _(BY_KEY[cause].label if cause in BY_KEY else MEANINGS.get(cause, cause))
