# SPDX-License-Identifier: Apache-2.0
"""A place told to the cell: where a site lies for those who may not know where it lies exactly.

A cell is three minutes of latitude high, 5.6 km: less than two centimetres on a map of 1:320,000. Towards the poles it spans more
degrees of longitude, so that it is never narrower than half of that. Every point of a cell gives the same answer, and so tells no more.
"""

import math
from typing import Any, Final

_A_DEGREE: Final = 20  # cells
_DEGREE_M: Final = 111_320
_NARROWEST: Final = 0.5  # of its height
_WIDEST: Final = 32  # columns: the world has 7200, which 64 does not divide


def cell_of(lat: float, lon: float) -> dict[str, Any]:
    """Return the centre of the cell in which a point lies, in the line format; precision_m reaches its corners."""
    row = _index(lat, 90)
    middle = (2 * row + 1) / (2 * _A_DEGREE)
    wide = _width(middle)
    column = _index(lon, 180) // wide * wide
    return {
        "lat": round(middle, 3),
        "lon": round((2 * column + wide) / (2 * _A_DEGREE), 3),
        "precision_m": _reach(middle, wide),
    }


def is_cell(lat: float, lon: float, precision_m: int | None) -> bool:
    """Tell whether a point says no more than the cell in which it lies."""
    cell = cell_of(lat, lon)
    return (lat, lon) == (cell["lat"], cell["lon"]) and precision_m is not None and precision_m >= cell["precision_m"]


def _index(degrees: float, most: int) -> int:
    """Count cells of the smallest width from zero; the edge of the world belongs to the last one."""
    return min(math.floor(degrees * _A_DEGREE), most * _A_DEGREE - 1)


def _width(lat: float) -> int:
    wide = 1
    while wide < _WIDEST and math.cos(math.radians(lat)) * wide < _NARROWEST:
        wide *= 2
    return wide


def _reach(lat: float, wide: int) -> int:
    """Half the diagonal of a cell in metres, in whole hundreds."""
    height, width = _DEGREE_M / _A_DEGREE, math.cos(math.radians(lat)) * wide * _DEGREE_M / _A_DEGREE
    return math.ceil(math.hypot(height, width) / 2 / 100) * 100
