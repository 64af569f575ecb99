"""The map: countries by their part in the index.

Drawn as outlines on plain axes, for a geographic subplot of Plotly asks another host for its outlines.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from math import floor, log10

import pandas as pd
import plotly.graph_objects as go

from tension import tongue
from tension.charts.shapes import Line, Shapes, together
from tension.tongue import N_, _, number

N_CLASSES = 6
_LABELLED_KM = 240  # of its lesser side, for a country to be named on the map
_LETTER_KM = 200  # the same for each letter, for it to be named on a phone, too
_SIZE, SMALL = 10, 9  # of letters, in pixels; the page hides the small ones where the map is narrow
_ON_THE_GLOBE = {"US", "CA"}
_ASLANT = {"MD"}  # whose letters would lie on its neighbours
_RUSSIAN = {"RU": "Russia", "BY": "Belarus"}
_SCALE = (
    -4600,
    1930,
    420,
    150,
)  # kilometres, in the sea left of Iceland: left, lower edge, width and height of a class
_SIGNS = (
    N_("in no story"),
    N_("Russia and Belarus"),
    # Says: of countries, on the map: neither member of NATO nor its partner
    N_("neither member nor partner"),
)


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
    none="#d6d2c8", russian="#8794a8", other="#eceef1", border="#ffffff", ink=("#3a2a12", "#ffffff"), chosen="#0072B2",
)  # fmt: skip
DARK = Palette(
    ("#4b2d16", "#7d4214", "#b15c14", "#de8226", "#f7b455", "#ffe9ab"),
    none="#45413a", russian="#566275", other="#1e232a", border="#0e1117", ink=("#ffe9c9", "#2a1a06"), chosen="#6fb1f2",
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
    for step, colour in enumerate((palette.none, *palette.classes), start=-1):
        codes = coloured.index[coloured == step]
        _fill(figure, together([shapes.countries[code].outline for code in codes]), colour, palette)
    if chosen in shown.index:
        _mark(figure, shapes.countries[str(chosen)].outline, palette)
    _names(figure, shapes, coloured, palette)
    _point_at(figure, shapes, shown["about"])
    _lay_out(figure, shapes, palette)
    if (coloured >= 0).any():
        _scale(figure, steps, palette)
    _signs(figure, shapes, palette)
    return figure


def _fill(figure: go.Figure, outline: Line, colour: str, palette: Palette) -> None:
    """One trace for all that is of one colour; what no story names is hatched, to be no shade of the scale."""
    x, y = outline
    line = {"color": palette.border, "width": 0.7}
    hatch = {"shape": "/", "bgcolor": colour, "fgcolor": palette.border, "size": 5, "solidity": 0.3}
    look = {"fillcolor": colour, "fillpattern": hatch if colour == palette.none else None, "line": line}
    figure.add_scatter(x=x, y=y, mode="lines", fill="toself", hoverinfo="skip", **look)


def _mark(figure: go.Figure, outline: Line, palette: Palette) -> None:
    x, y = outline
    figure.add_scatter(x=x, y=y, mode="lines", line={"color": palette.chosen, "width": 2.5}, hoverinfo="skip")


def _names(figure: go.Figure, shapes: Shapes, coloured: pd.Series[int], palette: Palette) -> None:
    """Codes of the larger countries that are named in stories, and Russia's side, in ink that stands out."""
    named = coloured.index[coloured >= 0].difference([*_ASLANT], sort=False)
    large = [code for code in named if shapes.countries[code].size >= _LABELLED_KM or code in _ON_THE_GLOBE]
    inks = {code: palette.ink[int(coloured[code] >= N_CLASSES // 2)] for code in large}
    inks |= dict.fromkeys(_RUSSIAN, palette.ink[1] if palette is LIGHT else palette.ink[0])
    said = [tongue.country(code, _RUSSIAN[code]) if code in _RUSSIAN else code for code in inks]
    countries = [shapes.countries[code] for code in inks]
    sizes = [_SIZE if one.size >= _LETTER_KM * len(text) else SMALL for one, text in zip(countries, said, strict=True)]
    figure.add_scatter(
        x=[one.inside[0][0] for one in countries],
        y=[one.inside[1][0] for one in countries],
        text=said,
        mode="text",
        textfont={"size": sizes, "color": list(inks.values())},
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


def _scale(figure: go.Figure, steps: list[float], palette: Palette) -> None:
    """Which colour means how many points, as a ruler."""
    left, low, wide, high = _SCALE
    for i, colour in enumerate(palette.classes):
        _fill(figure, _box(left + i * wide, low), colour, palette)
    _say(figure, left, low + high + 130, "<b>" + _("Index points") + "</b>", palette)
    for i, step in enumerate(steps, start=1):
        _say(figure, left + i * wide, low - 120, _said(step), palette, anchor="center")


def _signs(figure: go.Figure, shapes: Shapes, palette: Palette) -> None:
    """What the colours beside the scale mean, and what the globe shows."""
    left, low, wide, high = _SCALE
    for i, (said, colour) in enumerate(zip(_SIGNS, (palette.none, palette.russian, palette.other), strict=True)):
        y = low - 510 - 270 * i
        _fill(figure, _box(left, y), colour, palette)
        _say(figure, left + wide, y + high / 2, _(said), palette, xshift=6)
    middle, at, radius = shapes.globe
    _say(figure, middle, at + radius + 130, _("From above the pole"), palette, anchor="center")


def _box(x: int, y: int) -> Line:
    _left, _low, wide, high = _SCALE
    return [x, x + wide, x + wide, x, x], [y, y, y + high, y + high, y]


def _say(figure: go.Figure, x: float, y: float, said: str, palette: Palette, anchor: str = "left", **more: int) -> None:
    look = {"font": {"size": _SIZE, "color": palette.ink[0]}, "borderpad": 0, "showarrow": False}
    figure.add_annotation(x=x, y=y, text=said, xanchor=anchor, yanchor="middle", **look, **more)


def _lay_out(figure: go.Figure, shapes: Shapes, palette: Palette) -> None:
    x0, x1, y0, y1 = shapes.frame
    x, y, radius = shapes.globe
    edge = {"color": palette.russian, "width": 1}
    box = {"x0": x - radius, "x1": x + radius, "y0": y - radius, "y1": y + radius}
    figure.add_shape(type="circle", line=edge, layer="below", **box)
    axis = {"visible": False, "fixedrange": True}
    figure.update_xaxes(range=[x0, x1], constrain="domain", **axis)
    figure.update_yaxes(range=[y0, y1], constrain="domain", scaleanchor="x", scaleratio=1, **axis)
    figure.update_layout(
        showlegend=False,
        hovermode="closest",
        hoverdistance=8,
        dragmode=False,
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
    )


def _said(step: float) -> str:
    return number(step, max(0, -floor(log10(step))))


def _rounded(value: float) -> float:
    """Free of what floating-point leaves behind."""
    return round(value, -floor(log10(value)))
