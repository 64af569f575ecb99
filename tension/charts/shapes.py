"""The outlines of countries that the map draws: ``data/shapes/map.json``."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from tension.resources import resource

SHAPES = "data/shapes/map.json"
Line = tuple[list[int | None], list[int | None]]  # x and y, None between one outline and the next


@dataclass(frozen=True, slots=True)
class Country:
    """One country. Coordinates are kilometres in the picture's plane.

    Attributes
    ----------
    outline
        Its land, in Europe and on the globe alike.
    inside
        Points evenly spread over it, the first in its middle.
    size
        The lesser of its main land's width and height.
    """

    outline: Line
    inside: Line
    size: int


@dataclass(frozen=True, slots=True)
class Shapes:
    """Europe, and beside it the globe from above the pole, in one plane.

    Attributes
    ----------
    frame
        x from, x to, y from, y to.
    globe
        Of its edge: x and y of the middle, radius.
    countries
        By code.
    other
        All other land.
    """

    frame: tuple[float, float, float, float]
    globe: tuple[float, float, float]
    countries: dict[str, Country]
    other: Line


@cache
def read_shapes() -> Shapes:
    """The shipped outlines."""
    found = json.loads(resource(SHAPES).read_text(encoding="utf-8"))
    countries = {
        code: Country(line(one["rings"]), line([one["inside"]]), _size(one["rings"][0]))
        for code, one in found["countries"].items()
    }
    return Shapes(tuple(found["frame"]), tuple(found["globe"]), countries, line(found["other"]))


def line(rings: Sequence[Sequence[int]]) -> Line:
    """Rings of x, y, x, y … as one line with gaps."""
    x: list[int | None] = []
    y: list[int | None] = []
    for ring in rings:
        gap = [None] if x else []
        x += [*gap, *ring[::2]]
        y += [*gap, *ring[1::2]]
    return x, y


def together(lines: Sequence[Line]) -> Line:
    """Several lines as one with gaps."""
    x: list[int | None] = []
    y: list[int | None] = []
    for xs, ys in lines:
        gap = [None] if x else []
        x += [*gap, *xs]
        y += [*gap, *ys]
    return x, y


def _size(ring: Sequence[int]) -> int:
    return min(max(side) - min(side) for side in (ring[::2], ring[1::2]))
