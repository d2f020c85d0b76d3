# SPDX-License-Identifier: Apache-2.0
"""The map of the exchange: where each node stands and which way its line goes, wide and narrow. Plain numbers; the template draws."""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ortaq.doors.feed.status import Status

_WIDE, _ROW, _EDGE = 800, 92, 240  # width of the wide picture, height of a row, distance of the partners from its sides
_NARROW, _NARROW_ROW, _STEM, _INDENT = 340, 84, 30, 96
_LINE: Final = 27  # letters that fit beside a node
_HEAD = 96


@dataclass(frozen=True, slots=True)
class Spoke:
    """A partner at (x, y); line: path from our node to it; (middle_x, middle_y): where its sign stands; anchor: side of its name."""

    status: Status
    name: Sequence[str]
    x: int
    y: int
    text_x: int
    anchor: str
    line: str
    middle_x: int
    middle_y: int

    @property
    def first_y(self) -> int:
        """Where the first line of the name begins: name and state together stand beside the middle of the node."""
        return self.y - 9 * len(self.name) + 4

    @property
    def said_y(self) -> int:
        return self.first_y + 18 * len(self.name)


@dataclass(frozen=True, slots=True)
class Picture:
    width: int
    height: int
    x: int
    y: int
    name: Sequence[str]
    spokes: Sequence[Spoke]

    @property
    def stem(self) -> int:
        """How far down the stem of the narrow picture goes."""
        return max((spoke.y for spoke in self.spokes), default=0) - 16


def lines_of(name: str, width: int = _LINE) -> list[str]:
    """Return *name* in at most two lines."""
    return textwrap.wrap(name, width, max_lines=2, placeholder="…") or [""]


def wide(own: str, named: Sequence[tuple[Status, str]]) -> Picture:
    """Our node in the middle, the others in a column on either side."""
    rows = -(-len(named) // 2)
    height = max(rows * _ROW, 190) + 30
    x, y = _WIDE // 2, height // 2 - 8
    sides = [named[0::2], named[1::2]]
    spokes = []
    for side, ones in enumerate(sides):
        at = _EDGE if side else _WIDE - _EDGE
        top = y - (len(ones) - 1) * _ROW // 2
        spokes += [_across(one, name, x, y, at, top + row * _ROW) for row, (one, name) in enumerate(ones)]
    return Picture(_WIDE, height, x, y, lines_of(own), spokes)


def _across(status: Status, name: str, x: int, y: int, to_x: int, to_y: int) -> Spoke:
    bend = (to_x - x) // 2
    line = f"M{x} {y}C{x + bend} {y} {to_x - bend} {to_y} {to_x} {to_y}"
    is_right = to_x > x
    text_x, anchor = (to_x + 24, "start") if is_right else (to_x - 24, "end")
    return Spoke(status, lines_of(name), to_x, to_y, text_x, anchor, line, (x + to_x) // 2, (y + to_y) // 2)


def narrow(own: str, named: Sequence[tuple[Status, str]]) -> Picture:
    """Our node on top, the others below it on branches of one stem."""
    spokes = []
    for row, (one, name) in enumerate(named):
        y = _HEAD + row * _NARROW_ROW + 20
        line = f"M{_STEM} {y - 16}Q{_STEM} {y} {_STEM + 16} {y}H{_INDENT}"
        spokes.append(
            Spoke(one, lines_of(name, 26), _INDENT, y, _INDENT + 22, "start", line, (_STEM + 16 + _INDENT) // 2 - 6, y)
        )
    return Picture(_NARROW, _HEAD + len(named) * _NARROW_ROW, _STEM, 34, lines_of(own, 30), spokes)
