"""The signals now, beside what is usual for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from tension.charts.index import ACTS, EASING, INDEX, REFERENCE, THREATS
from tension.signals.codebook import Kind
from tension.tongue import _, number

COLOURS = {Kind.ACT: ACTS, Kind.THREAT: THREATS, Kind.EASING: EASING}
WHOLE_COLOUR = INDEX
UNUSUAL, NEW, RECORD = "▲", "★", "◆"
DAYS_DRAWN = 1100  # more are drawn as means of weeks
_BAR, _SCALE = 23, 24  # pixels
_IN_THE_WAY = 0.12  # of the highest bar: as much as a value takes


@dataclass(frozen=True, slots=True)
class Shown:
    """What is drawn of one signal.

    Its column in the frame, its title, where the title leads ("" nowhere), its colour and its latest value. Then, where
    there is a past to compare with, what is usual, from where on it is unusual, and whether it is so now; its record,
    the day of that, and whether that is new. At last, whether it keeps a scale of its own where the others share one.
    """

    column: str
    title: str
    link: str
    colour: str
    latest: float
    usual: float = np.nan
    unusual_from: float = np.nan
    unusual: bool = False
    record: float = np.nan
    record_on: pd.Timestamp | None = None
    record_is_new: bool = False
    own_scale: bool = False

    @property
    def marks(self) -> str:
        return f"{UNUSUAL * self.unusual}{NEW * self.record_is_new}"

    @property
    def linked(self) -> str:
        return f'<a href="{self.link}" target="_self">{self.title}</a>' if self.link else self.title


@dataclass(frozen=True, slots=True)
class Group:
    """Signals that are drawn together, below a heading."""

    title: str
    shown: Sequence[Shown]


def bars_figure(groups: Sequence[Group]) -> go.Figure:
    """A bar for each signal now, and a mark at what is usual for it; in full colour what is unusual."""
    figure, at, names = go.Figure(), 0, []
    values = [value for group in groups for one in group.shown for value in (one.latest, one.usual)]
    highest = float(np.nanmax(values)) if np.isfinite(values).any() else 0.0
    for group in groups:
        names.append(f"<b>{group.title}</b>")
        rows = [at + i for i, _one in enumerate(group.shown, 1)]
        at += len(group.shown) + 1
        names += [_marked(one) for one in group.shown]
        figure.add_bar(
            x=[round(one.latest, 2) for one in group.shown],
            y=rows,
            orientation="h",
            marker_color=[one.colour if one.unusual else faint(one.colour, 0.5) for one in group.shown],
            hovertext=[_in_words(one) for one in group.shown],
            hovertemplate="%{hovertext}<extra></extra>",
        )
        figure.add_scatter(
            x=[one.usual for one in group.shown],
            y=rows,
            mode="markers",
            marker={"symbol": "line-ns", "size": 15, "line": {"width": 3, "color": REFERENCE}},
            hoverinfo="skip",
        )
        figure.add_scatter(
            x=[_free(one, highest) for one in group.shown],
            y=rows,
            mode="text",
            text=[f"\u00a0{number(one.latest, 1)}" for one in group.shown],
            textposition="middle right",
            cliponaxis=False,
            hoverinfo="skip",
        )
    figure.update_layout(
        height=_BAR * at + 2 * _SCALE,
        margin={"l": 8, "r": 8, "t": 8, "b": _SCALE},
        bargap=0.3,
        showlegend=False,
        dragmode=False,
    )
    figure.update_xaxes(range=[0, 1.14 * highest or 1], fixedrange=True, nticks=6, zeroline=False)
    ticks = {"tickvals": list(range(at)), "ticktext": names, "ticks": "", "showgrid": False, "zeroline": False}
    figure.update_yaxes(range=[at - 0.4, -0.6], fixedrange=True, automargin=True, **ticks)
    return figure


def _free(one: Shown, highest: float) -> float:
    """Where the value can be written: at the end of the bar, or beyond the mark if that is in the way."""
    in_the_way = one.latest <= one.usual + 0.01 * highest and one.usual - one.latest < _IN_THE_WAY * highest
    return max(one.latest, one.usual) if in_the_way else one.latest


def _marked(one: Shown) -> str:
    return f"{one.marks} {one.linked}" if one.marks else one.linked


def _in_words(one: Shown) -> str:
    if np.isnan(one.usual):
        return _("{signal}: {now}").format(signal=one.title, now=number(one.latest, 1))
    said = _("{signal}: {now}; usual is {usual}, unusual from {unusual} on")
    values = {"usual": number(one.usual, 1), "unusual": number(one.unusual_from, 1)}
    return said.format(signal=one.title, now=number(one.latest, 1), **values)


def thinned(lines: pd.DataFrame) -> pd.DataFrame:
    """Means of weeks where there are more than `DAYS_DRAWN` days; a week without a value stays a gap."""
    return lines if len(lines) <= DAYS_DRAWN else lines.resample("W-MON", label="left", closed="left").mean()


def faint(colour: str, opacity: float) -> str:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity})"
