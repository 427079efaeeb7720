"""Where countries lie, and curves between them; shapes and centroids from Natural Earth (public domain)."""

import csv
import json
from functools import cache
from importlib.resources import files
from math import hypot
from typing import Any

Point = tuple[float, float]
#: Where curves stay within, and how far they leave the straight line at most, in degrees.
_EAST, _SOUTH, _NORTH, _AWAY = 179.0, -58.0, 82.0, 24.0

_DATA = files("scholarflow.report") / "data"


@cache
def centroids() -> dict[str, Point]:
    """Longitude and latitude, in degrees, of the middle of each country's largest part."""
    with (_DATA / "centroids.csv").open(encoding="utf-8") as lines:
        return {row["country_code"]: (float(row["longitude"]), float(row["latitude"])) for row in csv.DictReader(lines)}


@cache
def shapes() -> dict[str, Any]:
    """Land, as TopoJSON with the object `countries`; without names and Antarctica."""
    loaded: dict[str, Any] = json.loads((_DATA / "world-110m.json").read_text(encoding="utf-8"))
    return loaded


def curve(start: Point, end: Point, *, bend: float = 0.16, steps: int = 24) -> list[Point]:
    """Points from one place to another, to the right of the straight line on the map: there and back are two curves.

    `bend` is the largest distance from that line, in parts of its length, but never more than `_AWAY`. No line crosses
    the edge of the map.
    """
    (x0, y0), (x1, y1) = start, end
    length = hypot(x1 - x0, y1 - y0) or 1.0
    # A quadratic curve comes half as far from the line as its middle point.
    away = 2 * min(bend, _AWAY / length)
    middle = (x0 + x1) / 2 + away * (y1 - y0), (y0 + y1) / 2 - away * (x1 - x0)
    points = []
    for step in range(steps + 1):
        t = step / steps
        u, v, w = (1 - t) ** 2, 2 * t * (1 - t), t**2
        x, y = (u * a + v * b + w * c for a, b, c in zip(start, middle, end, strict=True))
        points.append((round(max(-_EAST, min(_EAST, x)), 2), round(max(_SOUTH, min(_NORTH, y)), 2)))
    return points
