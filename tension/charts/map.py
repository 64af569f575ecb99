"""The map: countries by their part in the index.

Drawn as outlines on plain axes, for a geographic subplot of Plotly asks another host for its outlines.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise
from math import floor, log10

import pandas as pd
import plotly.graph_objects as go

from tension.charts.shapes import Line, Shapes, together

N_CLASSES = 6
_LABELLED_KM = 240  # of its lesser side, for a country to be named on the map
_ON_THE_GLOBE = {"US", "CA"}
_RUSSIAN = {"RU": "Russia", "BY": "Belarus"}


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours of the map. ``classes`` go from least to most, evenly in lightness, so that the colour-blind see them
    in order."""

    classes: tuple[str, ...]
    none: str
    russian: str
    other: str
    border: str
    ink: tuple[str, str]  # of words on the fainter and on the stronger half of the classes
    chosen: str


LIGHT = Palette(
    ("#fdebbd", "#fccb6b", "#f79a3e", "#df6620", "#ac3a0c", "#6b2006"),
    none="#ece6d8", russian="#8794a8", other="#e3e6ea", border="#ffffff", ink=("#3a2a12", "#ffffff"), chosen="#0072B2",
)  # fmt: skip
DARK = Palette(
    ("#4b2d16", "#7d4214", "#b15c14", "#de8226", "#f7b455", "#ffe9ab"),
    none="#35312b", russian="#566275", other="#23282f", border="#0e1117", ink=("#ffe9c9", "#2a1a06"), chosen="#6fb1f2",
)  # fmt: skip


def breaks(most: float) -> list[float]:
    """Where one class ends and the next begins: five of 1, 3, 10, 30, 100 … whose last is no more than ``most``.

    Each is about three times the one before, since few countries have most of the points.
    """
    series = [m * 10.0**e for e in range(-6, 7) for m in (1, 3)]
    top = max(bisect_right(series, max(most, 1.0)), N_CLASSES - 1)
    return [_rounded(value) for value in series[top - (N_CLASSES - 1) : top]]


def class_of(points: float, steps: list[float]) -> int:
    """The class that some points fall in, from 0."""
    return bisect_right(steps, points)


def class_names(steps: list[float]) -> list[str]:
    """What the classes are called, in index points."""
    said = [f"{step:g}" for step in steps]
    between = [f"{low}–{high}" for low, high in pairwise(said)]
    return [f"under {said[0]}", *between, f"{said[-1]} and more"]


def map_figure(parts: pd.DataFrame, shapes: Shapes, palette: Palette, chosen: str | None = None) -> go.Figure:
    """Members and partners, each in the colour of its class.

    Parameters
    ----------
    parts
        Index ``code``; columns ``points`` (index points; 0 for a country that no story names) and ``about`` (HTML,
        what is said of it when pointed at). A country that is not in it is drawn as other land.
    shapes, palette
        What to draw, and in which colours.
    chosen
        Code of a country to be marked.

    Returns
    -------
    Figure
        The lines on which a country can be clicked have its code as ``legendgroup``.
    """
    shown = parts[parts.index.isin(list(shapes.countries))]
    steps = breaks(float(parts["points"].max()) if len(parts) else 0.0)
    figure = go.Figure()
    unnamed = [one.outline for code, one in shapes.countries.items() if code not in shown.index.union([*_RUSSIAN])]
    _fill(figure, together([shapes.other, *unnamed]), palette.other, palette)
    _fill(figure, together([shapes.countries[code].outline for code in _RUSSIAN]), palette.russian, palette)
    coloured = shown["points"].map(lambda points: class_of(points, steps)).where(shown["points"] > 0, -1)
    for number, colour in enumerate((palette.none, *palette.classes), start=-1):
        codes = coloured.index[coloured == number]
        _fill(figure, together([shapes.countries[code].outline for code in codes]), colour, palette)
    if chosen in shown.index:
        _mark(figure, shapes.countries[str(chosen)].outline, palette)
    _names(figure, shapes, coloured, palette)
    _point_at(figure, shapes, shown["about"])
    _lay_out(figure, shapes, palette)
    return figure


def _fill(figure: go.Figure, outline: Line, colour: str, palette: Palette) -> None:
    x, y = outline
    line = {"color": palette.border, "width": 0.7}
    figure.add_scatter(x=x, y=y, mode="lines", fill="toself", fillcolor=colour, line=line, hoverinfo="skip")


def _mark(figure: go.Figure, outline: Line, palette: Palette) -> None:
    x, y = outline
    figure.add_scatter(x=x, y=y, mode="lines", line={"color": palette.chosen, "width": 2.5}, hoverinfo="skip")


def _names(figure: go.Figure, shapes: Shapes, coloured: pd.Series[int], palette: Palette) -> None:
    """Codes of the larger countries that are named in stories, in ink that stands out from their colour."""
    named = coloured.index[coloured >= 0]
    large = [code for code in named if shapes.countries[code].size >= _LABELLED_KM or code in _ON_THE_GLOBE]
    inks = {code: palette.ink[int(coloured[code] >= N_CLASSES // 2)] for code in large}
    inks |= dict.fromkeys(_RUSSIAN, palette.ink[1] if palette is LIGHT else palette.ink[0])
    figure.add_scatter(
        x=[shapes.countries[code].inside[0][0] for code in inks],
        y=[shapes.countries[code].inside[1][0] for code in inks],
        text=[_RUSSIAN.get(code, code) for code in inks],
        mode="text",
        textfont={"size": 10, "color": list(inks.values())},
        hoverinfo="skip",
    )


def _point_at(figure: go.Figure, shapes: Shapes, about: pd.Series[str]) -> None:
    """Unseen points all over each country: wherever it is pointed at or clicked, one of them is near."""
    for code, said in about.items():
        x, y = shapes.countries[str(code)].inside
        figure.add_scatter(
            x=x,
            y=y,
            mode="markers",
            marker={"size": 8, "opacity": 0},
            selected={"marker": {"opacity": 0}},
            unselected={"marker": {"opacity": 0}},
            hovertemplate=f"{said}<extra></extra>",
            legendgroup=str(code),
        )


def _lay_out(figure: go.Figure, shapes: Shapes, palette: Palette) -> None:
    x0, x1, y0, y1 = shapes.frame
    x, y, radius = shapes.globe
    edge = {"color": palette.russian, "width": 1}
    box = {"x0": x - radius, "x1": x + radius, "y0": y - radius, "y1": y + radius}
    figure.add_shape(type="circle", line=edge, layer="below", **box)
    axis = {"visible": False, "fixedrange": True}
    figure.update_xaxes(range=[x0, x1], constrain="domain", **axis)
    figure.update_yaxes(range=[y0, y1], constrain="domain", scaleanchor="x", scaleratio=1, **axis)
    clear = "rgba(0,0,0,0)"
    figure.update_layout(
        showlegend=False,
        hovermode="closest",
        hoverdistance=8,
        dragmode=False,
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
        paper_bgcolor=clear,
        plot_bgcolor=clear,
    )


def _rounded(value: float) -> float:
    """Free of what floating-point leaves behind."""
    return round(value, -floor(log10(value)))
