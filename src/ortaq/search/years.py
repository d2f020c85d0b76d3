# SPDX-License-Identifier: Apache-2.0
"""Spans of years as index terms, so that "shares a year with" is a lookup, exact for any number of spans a record.

Years are the leaves of a binary tree; a span is covered by few nodes of it. Two spans share a year exactly if a node
that covers one is a node that covers the other, or lies above or below one.
"""

from functools import lru_cache
from typing import Final

_LEVELS: Final = 17
_FIRST, _LAST = -(2**16), 2**16 - 1  # beyond them lies what nobody dates to the year
_MOST_CENTURIES: Final = 30


@lru_cache(maxsize=20_000)
def terms_of_span(first: int | None, last: int | None) -> tuple[str, ...]:
    """Return what a record with the span is indexed by."""
    covers = _cover(first, last)
    above = {_parent(node, up) for node in covers for up in range(1, _LEVELS + 1 - node[0])}
    return (
        *(f"={level}.{place}" for level, place in covers),
        *(f"^{level}.{place}" for level, place in sorted(above | set(covers))),
    )


def terms_of_question(first: int | None, last: int | None) -> list[str]:
    """Return the terms of which a record has one if a span of it shares a year with first…last."""
    covers = _cover(first, last)
    above = {_parent(node, up) for node in covers for up in range(1, _LEVELS + 1 - node[0])}
    return [*(f"^{level}.{place}" for level, place in covers), *(f"={level}.{place}" for level, place in sorted(above))]


def _cover(first: int | None, last: int | None) -> list[tuple[int, int]]:
    """Return the nodes (level, place) that cover exactly the years; level 0 is one year."""
    low = _clamped(_FIRST if first is None else first) - _FIRST
    high = _clamped(_LAST if last is None else last) - _FIRST + 1
    nodes, level = [], 0
    while low < high:
        if low & 1:
            nodes.append((level, low))
            low += 1
        if high & 1:
            high -= 1
            nodes.append((level, high))
        low, high, level = low >> 1, high >> 1, level + 1
    return nodes


def _parent(node: tuple[int, int], up: int) -> tuple[int, int]:
    return node[0] + up, node[1] >> up


def _clamped(year: int) -> int:
    return max(_FIRST, min(_LAST, year))


@lru_cache(maxsize=20_000)
def periods(first: int | None, last: int | None) -> tuple[str, ...]:
    """Return the centuries of a span as EDTF: "14XX" for 1400 to 1499; of an open span the century of its known end."""
    if first is None and last is None:
        return ()
    start, end = first if first is not None else last, last if last is not None else first
    assert start is not None and end is not None
    centuries = dict.fromkeys(century(year) for year in range(start, end + 1, 100))
    found = [*centuries, century(end)]
    return tuple(dict.fromkeys(found))[:_MOST_CENTURIES]


def century(year: int) -> str:
    return f"{'-' if year < 0 else ''}{abs(year) // 100:02d}XX"
