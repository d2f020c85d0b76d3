# SPDX-License-Identifier: Apache-2.0
"""The land outlines of the region as GeoJSON, decoded from the TopoJSON of the npm package world-atlas.

Only land and sea: Natural Earth's borders take one side where two countries disagree, so none are drawn
(docs/decisions/0007-no-borders-on-the-map.md). The Caspian Sea is a hole in the land of this file.
"""

import json
from collections.abc import Callable
from itertools import pairwise
from operator import ge, le
from pathlib import Path
from typing import Any

Point = tuple[float, float]
Ring = list[Point]

# Wider than the region itself, so that a map of it never shows where the land of this file ends.
WEST, SOUTH, EAST, NORTH = 0.0, 5.0, 110.0, 70.0
DECIMALS = 3  # 0.001 degree is about 100 m; the source is drawn for 1:50 million


def write_land(topojson: Path, geojson: Path) -> None:
    """Write the land of *topojson* that lies in the region as one GeoJSON MultiPolygon."""
    polygons = region(land_polygons(json.loads(topojson.read_text(encoding="utf-8"))))
    feature = {
        "type": "Feature",
        "properties": {"source": "Natural Earth 1:50m land, public domain"},
        "bbox": [WEST, SOUTH, EAST, NORTH],
        "geometry": {"type": "MultiPolygon", "coordinates": polygons},
    }
    geojson.write_text(json.dumps(feature, separators=(",", ":")) + "\n", encoding="utf-8")


def land_polygons(topology: dict[str, Any]) -> list[list[Ring]]:
    """Every polygon of the object `land`: its outer ring, then its holes."""
    arcs = [decoded_arc(arc, topology["transform"]) for arc in topology["arcs"]]
    geometries = topology["objects"]["land"]["geometries"]
    return [[stitched(ring, arcs) for ring in polygon] for geometry in geometries for polygon in geometry["arcs"]]


def decoded_arc(arc: list[list[int]], transform: dict[str, list[float]]) -> Ring:
    """The points of *arc* in degrees: TopoJSON stores whole-number steps from point to point."""
    (scale_x, scale_y), (shift_x, shift_y) = transform["scale"], transform["translate"]
    x = y = 0
    points = []
    for step_x, step_y in arc:
        x, y = x + step_x, y + step_y
        points.append((x * scale_x + shift_x, y * scale_y + shift_y))
    return points


def stitched(numbers: list[int], arcs: list[Ring]) -> Ring:
    """One ring from arc *numbers*; ~n means arc n walked backwards, and neighbours share their end points."""
    ring: Ring = []
    for number in numbers:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        ring.extend(arc[1:] if ring else arc)
    return ring


def region(polygons: list[list[Ring]]) -> list[list[Ring]]:
    """*polygons* cut at the edges of the region, rounded; those outside are left out."""
    cut = [[closed(clipped(unwrapped(ring))) for ring in polygon] for polygon in polygons]
    return [[ring for ring in polygon if ring] for polygon in cut if polygon[0]]


def unwrapped(ring: Ring) -> Ring:
    """*ring* without the jump where it crosses the 180th meridian: Chukotka goes on beyond 180 degrees."""
    points, turn = ring[:1], 0.0
    for (before, _), (x, y) in pairwise(ring):
        turn += 360.0 if before - x > 180 else -360.0 if x - before > 180 else 0.0
        points.append((x + turn, y))
    middle = (min(x for x, _ in points) + max(x for x, _ in points)) / 2
    return [(x - 360.0 * round(middle / 360), y) for x, y in points]


def clipped(ring: Ring) -> Ring:
    """The part of *ring* inside the region (Sutherland and Hodgman, one edge of the rectangle after the other)."""
    for axis, limit, is_inside in ((0, WEST, ge), (0, EAST, le), (1, SOUTH, ge), (1, NORTH, le)):
        ring = cut_at(ring, axis, limit, is_inside)
    return ring


def cut_at(ring: Ring, axis: int, limit: float, is_inside: Callable[[float, float], bool]) -> Ring:
    """*ring* without what lies beyond *limit* on *axis*; crossings get a point of their own."""
    kept: Ring = []
    for before, point in zip([*ring[-1:], *ring[:-1]], ring, strict=True):
        if is_inside(before[axis], limit) != is_inside(point[axis], limit):
            kept.append(crossing(before, point, axis, limit))
        if is_inside(point[axis], limit):
            kept.append(point)
    return kept


def crossing(start: Point, end: Point, axis: int, limit: float) -> Point:
    """Where the line from *start* to *end* meets *limit* on *axis*."""
    share = (limit - start[axis]) / (end[axis] - start[axis])
    other = 1 - axis
    across = start[other] + share * (end[other] - start[other])
    return (limit, across) if axis == 0 else (across, limit)


def closed(ring: Ring) -> Ring:
    """*ring* rounded, without repeated points, ending where it starts; empty when nothing of an area is left."""
    points: Ring = []
    for x, y in ring:
        point = (round(x, DECIMALS), round(y, DECIMALS))
        if not points or point != points[-1]:
            points.append(point)
    if len(set(points)) < 3:
        return []
    return points if points[0] == points[-1] else [*points, points[0]]
