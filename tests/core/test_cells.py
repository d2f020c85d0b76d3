# SPDX-License-Identifier: Apache-2.0
"""A cell tells where something lies to some kilometres, and to nobody more than that."""

import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ortaq.core.cells import cell_of, is_cell

LAT, LON = st.floats(-90, 90), st.floats(-180, 180)


@given(LAT, LON)
@example(90.0, 180.0)
@example(-90.0, -180.0)
@example(0.0, 0.0)
@example(-1e-300, -1e-300)
def test_a_cell_is_the_cell_of_its_middle(lat: float, lon: float) -> None:
    cell = cell_of(lat, lon)
    assert -90 <= cell["lat"] <= 90 and -180 <= cell["lon"] <= 180
    assert cell_of(cell["lat"], cell["lon"]) == cell
    assert is_cell(**cell)


@given(LAT, LON)
def test_a_point_lies_within_the_precision_of_its_cell(lat: float, lon: float) -> None:
    cell = cell_of(lat, lon)
    assert _metres(lat, lon, cell["lat"], cell["lon"]) <= cell["precision_m"] * 1.01


@given(st.floats(35, 56), st.floats(26, 88))
def test_a_cell_is_some_kilometres_wide_where_we_work(lat: float, lon: float) -> None:
    assert 3_000 <= cell_of(lat, lon)["precision_m"] <= 4_000


@given(st.floats(40.1001, 40.1499), st.floats(49.3501, 49.3999))
def test_all_points_of_a_cell_give_one_answer(lat: float, lon: float) -> None:
    assert cell_of(lat, lon) == {"lat": 40.125, "lon": 49.375, "precision_m": 3600}


@pytest.mark.parametrize("point", [(40.125, 49.3751, 3600), (40.125, 49.375, 100), (40.125, 49.375, None)])
def test_what_says_more_is_no_cell(point: tuple[float, float, int | None]) -> None:
    assert not is_cell(*point)


def _metres(lat: float, lon: float, lat2: float, lon2: float) -> float:
    a, b, turn = math.radians(lat), math.radians(lat2), math.radians(lon2 - lon)
    half = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(turn / 2) ** 2
    return 2 * 6_378_137 * math.asin(min(1.0, math.sqrt(half)))
