"""Make ``map.json``, the outlines that the Map page draws, from Natural Earth: ``python data/shapes/make.py TOPOLOGY``.

TOPOLOGY is ``countries-50m.json`` of the npm package ``world-atlas`` 2.0.2 (see ``SOURCE.md``).

Two views stand in one plane, projected here so that the page only draws: Europe, and beside it, smaller, the globe seen
from above the pole, for the members across the Atlantic. Both are Lambert's azimuthal equal-area, so that no country
looks larger than it is beside another of its view. Coordinates are kilometres of the view of Europe.
"""

from __future__ import annotations

import csv
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

HERE = Path(__file__).parent
EARTH_KM = 6371.0
FAR = 100.0  # degrees from the middle of a view beyond which nothing is drawn
STEP = 1.0  # degrees: the longest stretch of a border that may become a straight line
# Drawn as the codebook counts them (head of data/countries.yaml): Crimea is Ukraine's. Natural Earth draws who holds
# a place, so its Crimea is a polygon of Russia; the north of Cyprus goes back to Cyprus likewise.
CRIMEA = (32.0, 37.0, 44.0, 46.5)
CYPRUS = "196"
TERRITORIES = {"304": "208", "234": "208"}  # Greenland and the Faroes are the kingdom of Denmark's

Points = NDArray[np.float64]
Ring = list[int]  # numbers of arcs as in TopoJSON: ~i is arc i backwards


@dataclass(frozen=True)
class View:
    """One picture.

    Attributes
    ----------
    middle
        Longitude and latitude of the projection's centre.
    outline
        A convex polygon in km from the middle, counter-clockwise, beyond which nothing is kept.
    scale, place
        By what it is shrunk, and where its middle then lies in the picture.
    tolerance
        How far a simplified outline may lie from the true one, km.
    smallest
        Area of the smallest island kept, km².
    """

    middle: tuple[float, float]
    outline: Points
    scale: float
    place: tuple[float, float]
    tolerance: float
    smallest: float

    def project(self, degrees: Points) -> Points:
        """Longitudes and latitudes to x and y."""
        lon, lat = np.radians(degrees[:, 0] - self.middle[0]), np.radians(degrees[:, 1])
        lat0 = np.radians(self.middle[1])
        towards = np.sin(lat0) * np.sin(lat) + np.cos(lat0) * np.cos(lat) * np.cos(lon)
        k = EARTH_KM * np.sqrt(2 / np.maximum(1 + towards, 1e-9))
        x = k * np.cos(lat) * np.sin(lon)
        y = k * (np.cos(lat0) * np.sin(lat) - np.sin(lat0) * np.cos(lat) * np.cos(lon))
        return np.column_stack([x, y])

    def reaches(self, degrees: Points) -> bool:
        """Whether all of it is near enough to be projected soundly."""
        lon, lat = np.radians(degrees[:, 0] - self.middle[0]), np.radians(degrees[:, 1])
        lat0 = np.radians(self.middle[1])
        towards = np.sin(lat0) * np.sin(lat) + np.cos(lat0) * np.cos(lat) * np.cos(lon)
        return bool(towards.min() > np.cos(np.radians(FAR)))


def rectangle(x0: float, x1: float, y0: float, y1: float) -> Points:
    return np.array([(x0, y0), (x1, y0), (x1, y1), (x0, y1)])


def circle(radius: float, n: int = 90) -> Points:
    angle = np.arange(n) * 2 * np.pi / n
    return radius * np.column_stack([np.cos(angle), np.sin(angle)])


FRAME = (-4650.0, 3150.0, -1980.0, 2290.0)  # of the picture: x from, x to, y from, y to
GLOBE = (-3420.0, -740.0, 1200.0)  # x, y, radius
RADIUS = 7000.0  # of what the globe shows: down to 23° north
EUROPE = rectangle(-2450, FRAME[1] + 60, FRAME[2] - 60, FRAME[3] + 60)
VIEWS = [
    View((15.0, 52.0), EUROPE, 1.0, (0.0, 0.0), tolerance=2.0, smallest=250.0),
    View((15.0, 90.0), circle(RADIUS), GLOBE[2] / RADIUS, GLOBE[:2], tolerance=12.0, smallest=9000.0),
]
SPACING = 85.0  # km of the picture between the points by which a country can be pointed at


class Topology:
    """The arcs of a TopoJSON file, and which of them go around each country."""

    def __init__(self, file: Path) -> None:
        read: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        scale, origin = (np.array(read["transform"][key]) for key in ("scale", "translate"))
        self.arcs = [dense(np.cumsum(np.array(arc), axis=0) * scale + origin) for arc in read["arcs"]]
        self.rings: dict[str, list[Ring]] = defaultdict(list)
        for country in read["objects"]["countries"]["geometries"]:
            polygons = country["arcs"] if country["type"] == "MultiPolygon" else [country["arcs"]]
            # outer rings only: what lies within another country is too small for these maps
            self.rings[country.get("id") or country["properties"]["name"]] += [polygon[0] for polygon in polygons]
        self._as_counted()
        self.territories: dict[str, list[Ring]] = {owner: [] for owner in TERRITORIES.values()}
        for number, owner in TERRITORIES.items():
            self.territories[owner] += self.rings.pop(number)

    def _as_counted(self) -> None:
        west, east, south, north = CRIMEA
        for ring in list(self.rings["643"]):
            (x0, y0), (x1, y1) = self.degrees(ring).min(axis=0), self.degrees(ring).max(axis=0)
            if west < x0 and x1 < east and south < y0 and y1 < north:
                self.rings["643"].remove(ring)
                self.rings["804"] = joined([*self.rings["804"], ring])
        self.rings[CYPRUS] = joined([*self.rings[CYPRUS], *self.rings.pop("N. Cyprus")])

    def degrees(self, ring: Ring) -> Points:
        """A ring's longitudes and latitudes."""
        return stitched([self.arcs[i] if i >= 0 else self.arcs[~i][::-1] for i in ring])


def dense(arc: Points) -> Points:
    """The same arc with points at most `STEP` apart, so that parallels stay round."""
    pieces = []
    for start, end in pairwise(arc):
        way = end - start
        way[0] = (way[0] + 180) % 360 - 180  # across the 180th meridian, not around the world
        n = max(int(np.ceil(np.abs(way).max() / STEP)), 1)
        pieces.append(start + way * np.arange(n)[:, None] / n)
    return np.concatenate([*pieces, arc[-1:]])


def joined(rings: Sequence[Ring]) -> list[Ring]:
    """Rings made one where they share arcs."""
    every = [arc for ring in rings for arc in ring]
    shared = {arc for arc in every if ~arc in every}
    if not shared:
        return list(rings)
    touched = [ring for ring in rings if shared & set(ring)]
    chains = []
    for ring in touched:
        cut = next(i for i, arc in enumerate(ring) if arc in shared)
        chains.append([arc for arc in ring[cut + 1 :] + ring[:cut] if arc not in shared])
    return [[arc for chain in chains for arc in chain], *(ring for ring in rings if ring not in touched)]


def stitched(lines: Sequence[Points]) -> Points:
    return np.concatenate([line[:-1] for line in lines])


def simplified(line: Points, tolerance: float) -> Points:
    """Douglas and Peucker's: drop points that lie nearer than so to the line between those kept."""
    keep = np.zeros(len(line), dtype=bool)
    keep[[0, -1]] = True
    open_ = [(0, len(line) - 1)]
    while open_:
        a, b = open_.pop()
        if b - a < 2:
            continue
        along, off = line[b] - line[a], line[a + 1 : b] - line[a]
        length = np.hypot(*along)
        across = along[0] * off[:, 1] - along[1] * off[:, 0]
        away = np.abs(across) / length if length > 0 else np.hypot(off[:, 0], off[:, 1])
        far = int(away.argmax())
        if away[far] > tolerance:
            keep[a + 1 + far] = True
            open_ += [(a, a + 1 + far), (a + 1 + far, b)]
    return line[keep]


def clipped(ring: Points, outline: Points) -> Points:
    """Sutherland and Hodgman's: the part of a ring within a convex outline."""
    for start, end in zip(outline, np.roll(outline, -1, axis=0), strict=True):
        if not len(ring):
            break
        side = (end[0] - start[0]) * (ring[:, 1] - start[1]) - (end[1] - start[1]) * (ring[:, 0] - start[0])
        if (side >= 0).all():
            continue
        kept: list[Points] = []
        for i in range(len(ring)):
            here, there, a, b = ring[i - 1], ring[i], side[i - 1], side[i]
            if (a >= 0) != (b >= 0):
                kept.append(here + (there - here) * a / (a - b))
            if b >= 0:
                kept.append(there)
        ring = np.array(kept).reshape(-1, 2)
    return ring


def area(ring: Points) -> float:
    x, y = ring[:, 0], ring[:, 1]
    return abs(float(x @ np.roll(y, -1) - y @ np.roll(x, -1))) / 2


def contains(ring: Points, points: Points) -> NDArray[np.bool_]:
    """Which points lie within a ring: a ray from each crosses it an odd number of times."""
    found = np.zeros(len(points), dtype=bool)
    for (x0, y0), (x1, y1) in zip(ring, np.roll(ring, -1, axis=0), strict=True):
        crosses = (y0 > points[:, 1]) != (y1 > points[:, 1])
        if crosses.any():
            found ^= crosses & (points[:, 0] < x0 + (points[:, 1] - y0) * (x1 - x0) / ((y1 - y0) or 1.0))
    return found


def inside(rings: Sequence[Points]) -> Points:
    """Points evenly spread over a country; the one farthest from the borders of its first ring leads."""
    low, high = FRAME[::2], FRAME[1::2]
    first = rings[0]
    near, far = np.maximum(first.min(axis=0), low), np.minimum(first.max(axis=0), high)
    fine = spread(near, far, max(float((far - near).max()) / 40, 3.0))
    fine = fine[contains(first, fine)]
    middle = fine[[np.argmax(distance(fine, first))]] if len(fine) else np.mean([near, far], axis=0)[None]
    every = spread(np.array(low), np.array(high), SPACING)
    return np.concatenate([middle, *(every[contains(ring, every)] for ring in rings)])


def spread(low: Points, high: Points, spacing: float) -> Points:
    """A lattice of triangles."""
    rows = np.arange(np.ceil(low[1] / spacing), high[1] / spacing + 1)
    xs = np.arange(np.ceil(low[0] / spacing), high[0] / spacing + 1)
    found = np.array([(x + (row % 2) / 2, row) for row in rows for x in xs]).reshape(-1, 2) * spacing
    return found[((found >= low) & (found <= high)).all(axis=1)]


def distance(points: Points, ring: Points) -> Points:
    """How far points are from a ring's nearest corner."""
    away = points[:, None, :] - ring[None, :, :]
    return np.asarray(np.hypot(away[:, :, 0], away[:, :, 1]).min(axis=1))


def drawn(topology: Topology, view: View, rings: Iterable[Ring]) -> list[Points]:
    """A country's rings as a view shows them, the largest first; may be none."""
    found = []
    for ring in rings:
        if not view.reaches(topology.degrees(ring)):
            continue
        lines = [simplified(view.project(topology.arcs[i if i >= 0 else ~i]), view.tolerance) for i in ring]
        whole = stitched([line if i >= 0 else line[::-1] for line, i in zip(lines, ring, strict=True)])
        kept = clipped(whole, view.outline)
        if len(kept) >= 3 and area(kept) >= view.smallest:
            found.append(kept * view.scale + view.place)
    return sorted(found, key=area, reverse=True)


def picture(topology: Topology, known: Sequence[dict[str, str]]) -> dict[str, Any]:
    """What ``map.json`` holds; see `tension.charts.shapes.Shapes`."""
    numbers = {row["numeric"] or row["name"]: row for row in known if row["standing"] != "other"}
    countries: dict[str, dict[str, Any]] = {}
    other: list[Points] = []
    for number, rings in topology.rings.items():
        found = [ring for view in VIEWS for ring in drawn(topology, view, rings)]
        if number not in numbers:
            other += found
        elif found:
            found += [ring for view in VIEWS for ring in drawn(topology, view, topology.territories.get(number, []))]
            code = numbers[number]["code"]
            countries[code] = {"rings": [flat(ring) for ring in found], "inside": flat(inside(found))}
    rest = [flat(ring) for ring in sorted(other, key=area, reverse=True)]
    return {"frame": FRAME, "globe": GLOBE, "countries": dict(sorted(countries.items())), "other": rest}


def flat(points: Points) -> list[int]:
    """x, y, x, y … in whole kilometres."""
    return [int(value) for value in points.round().ravel()]


if __name__ == "__main__":
    topology = Topology(Path(sys.argv[1]))
    with (HERE / "countries.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    text = json.dumps(picture(topology, rows), separators=(",", ":"))
    (HERE / "map.json").write_text(text.replace("},", "},\n") + "\n", encoding="utf-8")
