# SPDX-License-Identifier: Apache-2.0
"""What a restorer draws on a photograph comes out in square metres and metres, and what cannot be measured is refused."""

import itertools
import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ortaq.core.regions import (
    Calibration,
    CalibrationWrong,
    RegionUnreadable,
    Size,
    from_svg,
    region,
    size_of,
    svg_of,
    together,
)

# 2 m of a measuring rod are 400 pixels: a pixel is half a centimetre
ROD = Calibration((100, 900), (500, 900), 2.0)
SIDES = st.integers(1, 5_000)
PLACES = st.integers(0, 20_000)


def square(x: int, y: int, wide: int, high: int) -> str:
    return f"{x},{y} {x + wide},{y} {x + wide},{y + high} {x},{y + high}"


@given(PLACES, PLACES, SIDES, SIDES)
def test_a_rectangle_has_the_area_of_its_sides(x: int, y: int, wide: int, high: int) -> None:
    found = region(square(x, y, wide, high), is_area=True)
    assert found.area_px == wide * high
    assert found.length_px == 2 * (wide + high)
    assert found.box == (x, y, wide, high)
    assert math.isclose(size_of(found, ROD).area_m2, wide * high * 0.005**2)


@given(PLACES, PLACES, st.integers(20, 2_000), st.integers(8, 200))
def test_a_round_stain_comes_out_right_to_a_percent(x: int, y: int, radius: int, corners: int) -> None:
    assume(corners >= 26)  # with fewer the polygon itself is more than a percent smaller than the circle
    turns = [2 * math.pi * one / corners for one in range(corners)]
    points = " ".join(f"{x + 3000 + radius * math.cos(a):.3f},{y + 3000 + radius * math.sin(a):.3f}" for a in turns)
    area = size_of(region(points, is_area=True), ROD).area_m2
    assert math.isclose(area, math.pi * (radius * 0.005) ** 2, rel_tol=0.01)


@given(st.lists(st.tuples(PLACES, PLACES), min_size=2, max_size=30, unique=True))
def test_a_crack_is_as_long_as_its_pieces(points: list[tuple[int, int]]) -> None:
    text = " ".join(f"{x},{y}" for x, y in points)
    found = region(text, is_area=False)
    length = sum(math.dist(*pair) for pair in itertools.pairwise(points))
    assert math.isclose(size_of(found, ROD).length_m, length * 0.005)
    assert str(found) == text and from_svg(svg_of(found)) == found


def test_sizes_are_summed_and_what_was_not_measured_is_counted() -> None:
    area, crack, spot = (
        region(square(0, 0, 200, 200), is_area=True),
        region("0,0 0,200", is_area=False),
        region("5,5", is_area=False),
    )
    found = together(
        [size_of(area, ROD), size_of(area, ROD), size_of(crack, ROD), size_of(spot, ROD), size_of(area, None)]
    )
    assert found == Size(area_m2=2.0, length_m=1.0, spots=1, unmeasured=1)


def test_the_same_area_either_way_around() -> None:
    there = region("10,10 90,20 80,95 15,70", is_area=True)
    back = region("15,70 80,95 90,20 10,10", is_area=True)
    assert there.area_px == back.area_px > 0


@pytest.mark.parametrize(
    ("points", "is_area"),
    [
        ("", False),
        ("10", False),
        ("10;20", False),
        ("-1,5 2,2", False),
        ("1,1 1,1", False),
        ("1,1 5,5", True),
        ("1,1 5,5 1,1", True),
        ("0,0 10,10 10,0 0,10", True),  # a bow tie: half of it would be taken from the other half
        ("0,0 10,0 5,0 5,5", True),  # back on itself
        ("0,0 10,0 10,10 5,0 0,10", True),  # touches its own side
        ("0,0 9999999999,0 0,5", True),
        ("1e3,5 2,2", False),
        ("1,1\n2,2", False),
        ("1,1 " * 3000 + "2,2", False),
    ],
)
def test_what_cannot_be_measured_is_refused(points: str, is_area: bool) -> None:
    with pytest.raises(RegionUnreadable):
        region(points, is_area=is_area)


@pytest.mark.parametrize(
    "given_",
    [
        ((1, 1), (1, 1), 2.0),
        ((0, 0), (5, 0), 0.0),
        ((0, 0), (5, 0), -1.0),
        ((0, 0), (math.inf, 0), 1.0),
        ((0, 0), (5, 0), math.nan),
    ],
)
def test_a_calibration_needs_two_points_and_a_distance(
    given_: tuple[tuple[float, float], tuple[float, float], float],
) -> None:
    with pytest.raises(CalibrationWrong):
        Calibration(*given_)


def test_selectors_of_others_are_read() -> None:
    """Points as other programs write them; what else stands in the SVG is not looked at."""
    found = from_svg('<svg width="9" onload="x()"><g><polygon fill="red" points=" 1, 2  30,2\n30, 40 "/></g></svg>')
    assert (str(found), found.is_area) == ("1,2 30,2 30,40", True)
    for text in (
        "",
        "<svg/>",
        '<svg><circle r="5"/></svg>',
        '<polygon points="1,1 2,2 3,1"/><polygon points="1,1 2,2 3,1"/>',
    ):
        with pytest.raises(RegionUnreadable):
            from_svg(text)


def test_an_outline_of_most_points_is_looked_at_in_no_time() -> None:
    turns = [2 * math.pi * one / 2_000 for one in range(2_000)]
    points = " ".join(f"{5000 + 4000 * math.cos(a):.3f},{5000 + 4000 * math.sin(a):.3f}" for a in turns)
    assert len(region(points, is_area=True).points) == 2_000
