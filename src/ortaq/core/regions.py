# SPDX-License-Identifier: Apache-2.0
"""Regions of an image: what was drawn, how large it is on the image, and how large in the world if the image was calibrated.

Points are pixels of the whole image as it is shown, from its upper left corner; they are written as SVG writes them, "12,40 80,44 76,120".
A calibration is the distance between two points that somebody measured. It holds for what lies in one plane, parallel to the image.
"""

import itertools
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from ortaq.core.errors import N_, OrtaqError

Spot = tuple[float, float]
MOST_POINTS: Final = 2_000
MOST_PIXELS: Final = 2**31
_NUMBER = r"\d{1,10}(?:\.\d{1,3})?"
POINTS: Final = rf"^{_NUMBER},{_NUMBER}(?: {_NUMBER},{_NUMBER})*$"
_POINTS = re.compile(POINTS.removesuffix("$") + r"\Z")
_SVG = re.compile(r'<(polygon|polyline)\b[^>]*?\bpoints="([^"]{1,100000})"')


class RegionUnreadable(OrtaqError):
    code, status = "region.unreadable", 422
    say = N_("'%(given)s' is no region: %(reason)s. Draw it anew.")


class CalibrationWrong(OrtaqError):
    code, status = "region.calibration-wrong", 422
    say = N_(
        "An image is calibrated by two different points and the distance between them in metres; given: %(given)s. Choose two points far from each other."
    )


@dataclass(frozen=True, slots=True)
class Region:
    """One point is a spot, two or more are a line, closed they are an area of three or more."""

    points: tuple[Spot, ...]
    is_area: bool

    @property
    def area_px(self) -> float:
        """In square pixels; 0 for what is no area."""
        return abs(_doubled(self.points)) / 2 if self.is_area else 0.0

    @property
    def length_px(self) -> float:
        """Of the line, or of the outline of the area, in pixels."""
        around = (*self.points, self.points[0]) if self.is_area else self.points
        return sum(math.dist(one, other) for one, other in itertools.pairwise(around))

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, width and height of the smallest rectangle around it."""
        xs, ys = [x for x, _y in self.points], [y for _x, y in self.points]
        return min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)

    def __str__(self) -> str:
        return " ".join(f"{_short(x)},{_short(y)}" for x, y in self.points)


@dataclass(frozen=True, slots=True)
class Calibration:
    """metres: between the points first and second of an image."""

    first: Spot
    second: Spot
    metres: float

    def __post_init__(self) -> None:
        far = math.dist(self.first, self.second)
        if not (far > 0 and math.isfinite(far) and 0 < self.metres < 1e6):
            raise CalibrationWrong(given=f"{self.first}, {self.second}, {self.metres}")

    @property
    def metres_a_pixel(self) -> float:
        return self.metres / math.dist(self.first, self.second)


@dataclass(frozen=True, slots=True)
class Size:
    """What regions come to together. area_m2, length_m: of areas and of lines; spots: how many; unmeasured: on images without calibration."""

    area_m2: float = 0.0
    length_m: float = 0.0
    spots: int = 0
    unmeasured: int = 0

    def __add__(self, other: "Size") -> "Size":
        return Size(
            self.area_m2 + other.area_m2,
            self.length_m + other.length_m,
            self.spots + other.spots,
            self.unmeasured + other.unmeasured,
        )


def region(points: str, *, is_area: bool) -> Region:
    """Return the region that *points* are; raises RegionUnreadable."""
    if len(points) > 50_000 or not _POINTS.match(points):
        raise RegionUnreadable(given=points[:60], reason="it is not pairs of numbers, x,y, with a space between them")
    pairs = [pair.split(",") for pair in points.split(" ")]
    found = tuple((float(x), float(y)) for x, y in pairs)
    if fault := _fault(found, is_area):
        raise RegionUnreadable(given=points[:60], reason=fault)
    return Region(found, is_area)


def size_of(one: Region, calibration: Calibration | None) -> Size:
    """Return how large a region is in the world."""
    if len(one.points) == 1:
        return Size(spots=1)
    if calibration is None:
        return Size(unmeasured=1)
    scale = calibration.metres_a_pixel
    return Size(area_m2=one.area_px * scale**2) if one.is_area else Size(length_m=one.length_px * scale)


def together(sizes: Iterable[Size]) -> Size:
    return sum(sizes, Size())


def svg_of(one: Region) -> str:
    """Return the region as the value of a W3C SvgSelector."""
    name = "polygon" if one.is_area else "polyline"
    return f'<svg xmlns="http://www.w3.org/2000/svg"><{name} points="{one}"/></svg>'


def from_svg(text: str) -> Region:
    """Return the region of an SvgSelector that has one polygon or polyline; raises RegionUnreadable. Nothing else of the SVG is read."""
    found = _SVG.findall(text[:200_000])
    if len(found) != 1:
        raise RegionUnreadable(given=text[:60], reason="it has not one polygon or polyline")
    name, points = found[0]
    points = re.sub(r"\s*,\s*", ",", points.strip())
    return region(re.sub(r"\s+", " ", points), is_area=name == "polygon")


def _fault(points: Sequence[Spot], is_area: bool) -> str:
    if len(points) > MOST_POINTS:
        return f"it has more than {MOST_POINTS} points"
    if any(side > MOST_PIXELS for point in points for side in point):
        return "a point lies outside of every image"
    if any(one == other for one, other in itertools.pairwise(points)):
        return "a point stands in it twice in a row"
    if is_area and len(points) < 3:
        return "an area has three points at least"
    if is_area and points[0] == points[-1]:
        return "it ends where it begins; an area closes by itself"
    return "its outline crosses itself" if is_area and _crosses_itself(points) else ""


def _doubled(points: Sequence[Spot]) -> float:
    """Twice the area with the sign of its direction; from the first point on, so that far from the corner nothing is lost."""
    ox, oy = points[0]
    moved = [(x - ox, y - oy) for x, y in points]
    return math.fsum(x * v - u * y for (x, y), (u, v) in itertools.pairwise([*moved, moved[0]]))


def _crosses_itself(points: Sequence[Spot]) -> bool:
    """Tell whether two sides have a point in common that is not the corner between them."""
    sides = list(itertools.pairwise([*points, points[0]]))
    count = len(sides)
    order = sorted(range(count), key=lambda at: min(sides[at][0][0], sides[at][1][0]))
    for place, at in enumerate(order):
        right = max(sides[at][0][0], sides[at][1][0])
        for other in order[place + 1 :]:
            if min(sides[other][0][0], sides[other][1][0]) > right:
                break
            if _meet(sides[at], sides[other], are_next=(at - other) % count in (1, count - 1)):
                return True
    return False


def _meet(one: tuple[Spot, Spot], other: tuple[Spot, Spot], *, are_next: bool) -> bool:
    (a, b), (c, d) = one, other
    if are_next:
        shared = b if b in (c, d) else a
        ends = [point for point in (a, b, c, d) if point != shared]
        return len(ends) < 2 or (_turn(ends[0], shared, ends[1]) == 0 and _is_between(ends[0], ends[1], shared))
    first, second = _turn(a, b, c), _turn(a, b, d)
    third, fourth = _turn(c, d, a), _turn(c, d, b)
    if first * second < 0 and third * fourth < 0:
        return True
    touching = ((first, a, b, c), (second, a, b, d), (third, c, d, a), (fourth, c, d, b))
    return any(turn == 0 and _lies_on(start, end, point) for turn, start, end, point in touching)


def _is_between(one: Spot, other: Spot, shared: Spot) -> bool:
    """Tell whether two sides that share a corner lie on each other: both go the same way from it."""
    (x, y), (u, v) = (one[0] - shared[0], one[1] - shared[1]), (other[0] - shared[0], other[1] - shared[1])
    return x * u + y * v > 0


def _turn(a: Spot, b: Spot, c: Spot) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _lies_on(a: Spot, b: Spot, c: Spot) -> bool:
    return min(a[0], b[0]) <= c[0] <= max(a[0], b[0]) and min(a[1], b[1]) <= c[1] <= max(a[1], b[1])


def _short(number: float) -> str:
    return f"{number:.3f}".rstrip("0").rstrip(".")
