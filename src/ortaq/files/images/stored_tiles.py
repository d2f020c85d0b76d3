# SPDX-License-Identifier: Apache-2.0
"""Tiles of a pyramid as they lie in its file: JPEG streams that need neither to be unpacked nor to be packed again.

A tile is taken as it is only if it is nothing but a plain picture: baseline or progressive, of the size of the tile, in YCbCr or grey, no
segments but those that decoding needs. Everything else is drawn (drawing.py). Only ever done in a confined process.
"""

import os
import struct
import weakref
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from ortaq.files.images.asked import Drawing

_CLASSIC, _BIG = 42, 43
_TYPES: Final = {1: "B", 3: "H", 4: "I", 7: "B", 13: "I", 16: "Q", 18: "Q"}
_MOST_DIRECTORIES: Final = 32
_MOST_ENTRIES: Final = 200
_MOST_BYTES: Final = 2 * 1024**2  # of one tile, and of the tables that its tiles share
_WIDTH, _HEIGHT, _COMPRESSION, _PHOTOMETRIC, _SUBIFDS, _TILE_WIDTH, _TILE_HEIGHT, _OFFSETS, _COUNTS, _TABLES, _PROFILE = (
    256, 257, 259, 262, 330, 322, 323, 324, 325, 347, 34675
)  # fmt: skip
_JPEG: Final = 7
_GREY, _YCBCR = 1, 6
_START, _END = b"\xff\xd8", b"\xff\xd9"
_FRAMES: Final = (0xC0, 0xC1, 0xC2)  # 8 bits, Huffman
_NEEDED: Final = (*_FRAMES, 0xC4, 0xDB, 0xDD)  # frame, Huffman tables, quantization, restart interval
_SCAN: Final = 0xDA


@dataclass(frozen=True, slots=True)
class _Entry:
    """An entry of a directory: how its values are packed, how many there are, where they lie."""

    letter: str
    count: int
    at: int


class _Wrong(Exception):
    """The file is not what it should be; what is wanted of it is then drawn, which tells what is wrong."""


class StoredTiles:
    """The tiles of one file, by the size of their level."""

    def __init__(self, path: str) -> None:
        self._file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        self.close = weakref.finalize(self, os.close, self._file)
        self._levels: dict[tuple[int, int], dict[int, _Entry]] = {}
        try:
            self._read()
        except (struct.error, _Wrong, OverflowError, OSError, ValueError):
            self._levels = {}

    def tile(self, drawing: Drawing, levels: list[Any]) -> bytes | None:
        """Return the tile that is just what is to be drawn; None if there is none. levels: of the pyramid, as drawing.py has them."""
        if drawing.format != "jpg" or drawing.quality != "default" or drawing.degrees or drawing.is_mirrored:
            return None
        try:
            return self._tile(drawing, levels)
        except (struct.error, _Wrong, OverflowError, OSError, ValueError, IndexError):
            return None

    def _tile(self, drawing: Drawing, levels: list[Any]) -> bytes | None:
        region, side = drawing.region, drawing.width
        factor = region.width // side
        depth = factor.bit_length() - 1
        if factor != 1 << depth or depth >= len(levels) or (region.width, region.height, drawing.height) != (
            side * factor, side * factor, side,
        ):  # fmt: skip
            return None
        width, height = levels[depth].width, levels[depth].height
        entries = self._levels.get((width, height))
        (column, beside), (row, below) = (divmod(one, side * factor) for one in (region.left, region.top))
        is_whole = (column + 1) * side <= width and (row + 1) * side <= height
        if entries is None or beside or below or not is_whole or self._one(entries, _TILE_WIDTH) != side:
            return None
        number = row * -(-width // side) + column
        return self._picture(entries, number, side)

    def _picture(self, entries: dict[int, _Entry], number: int, side: int) -> bytes | None:
        offset, count = self._one(entries, _OFFSETS, number), self._one(entries, _COUNTS, number)
        stream = self._at(offset, count)
        tables = self._bytes(entries[_TABLES]) if _TABLES in entries else _START + _END
        if not (stream.startswith(_START) and tables.startswith(_START) and tables.endswith(_END)):
            return None
        picture = tables[: -len(_END)] + stream[len(_START) :]
        bands = 1 if self._one(entries, _PHOTOMETRIC) == _GREY else 3
        return picture if _is_plain(picture, side, bands) else None

    def _read(self) -> None:
        head = self._at(0, 16)
        self._order = {b"II": "<", b"MM": ">"}[head[:2]] if head[:2] in (b"II", b"MM") else "<"
        (kind,) = self._unpacked("H", head[2:4])
        if kind not in (_CLASSIC, _BIG):
            raise _Wrong
        self._is_big = kind == _BIG
        (first,) = self._unpacked("Q", head[8:16]) if self._is_big else self._unpacked("I", head[4:8])
        for entries in self._directories(first):
            if self._has_jpeg_tiles(entries):
                self._levels.setdefault((self._one(entries, _WIDTH), self._one(entries, _HEIGHT)), entries)

    def _directories(self, first: int) -> Iterator[dict[int, _Entry]]:
        """Those in a row, and those that stand below the first."""
        at, seen, below = first, 0, []
        while at and seen < _MOST_DIRECTORIES:
            entries, at = self._directory(at)
            if not seen and _SUBIFDS in entries:
                sub = entries[_SUBIFDS]
                below = [self._one(entries, _SUBIFDS, n) for n in range(min(sub.count, _MOST_DIRECTORIES))]
            seen += 1
            yield entries
        yield from (self._directory(one)[0] for one in below)

    def _directory(self, at: int) -> tuple[dict[int, _Entry], int]:
        """Return its entries, and where the next one is."""
        number, row, inline = ("Q", "HHQ", 8) if self._is_big else ("H", "HHI", 4)
        (count,) = self._unpacked(number, self._at(at, struct.calcsize(f"<{number}")))
        if count > _MOST_ENTRIES:
            raise _Wrong
        start, length = at + struct.calcsize(f"<{number}"), struct.calcsize(f"<{row}") + inline
        rows = self._at(start, count * length + inline)
        found = {}
        for n in range(count):
            line = rows[n * length : (n + 1) * length]
            tag, type_, many = self._unpacked(row, line[:-inline])
            if type_ in _TYPES:
                place = start + (n + 1) * length - inline
                fits = many * struct.calcsize(f"<{_TYPES[type_]}") <= inline
                where = place if fits else self._unpacked("Q" if self._is_big else "I", line[-inline:])[0]
                found[tag] = _Entry(_TYPES[type_], many, where)
        return found, self._unpacked("Q" if self._is_big else "I", rows[count * length :])[0]

    def _has_jpeg_tiles(self, entries: dict[int, _Entry]) -> bool:
        wanted = (_WIDTH, _HEIGHT, _COMPRESSION, _PHOTOMETRIC, _TILE_WIDTH, _TILE_HEIGHT, _OFFSETS, _COUNTS)
        return (
            all(tag in entries for tag in wanted)
            and _PROFILE not in entries
            and self._one(entries, _COMPRESSION) == _JPEG
            and self._one(entries, _PHOTOMETRIC) in (_GREY, _YCBCR)
            and self._one(entries, _TILE_WIDTH) == self._one(entries, _TILE_HEIGHT)
        )

    def _one(self, entries: dict[int, _Entry], tag: int, number: int = 0) -> int:
        entry = entries[tag]
        if not 0 <= number < entry.count:
            raise _Wrong
        size = struct.calcsize(f"<{entry.letter}")
        return int(self._unpacked(entry.letter, self._at(entry.at + number * size, size))[0])

    def _bytes(self, entry: _Entry) -> bytes:
        return self._at(entry.at, entry.count)

    def _at(self, offset: int, count: int) -> bytes:
        if not 0 < count <= _MOST_BYTES:
            raise _Wrong
        found = os.pread(self._file, count, offset)
        if len(found) != count:
            raise _Wrong
        return found

    def _unpacked(self, letters: str, data: bytes) -> tuple[Any, ...]:
        return struct.unpack(f"{self._order}{letters}", data)


def _is_plain(picture: bytes, side: int, bands: int) -> bool:
    """Walk the segments up to the first scan: none but the needed ones, one frame of the right size, and an end at the end."""
    at, has_frame = len(_START), False
    while True:
        marker, kind, length = struct.unpack(">BBH", picture[at : at + 4])
        if marker != 0xFF or (kind != _SCAN and kind not in _NEEDED):
            return False
        if kind == _SCAN:
            return has_frame and picture.endswith(_END)
        if kind in _FRAMES:
            has_frame = struct.unpack(">BHHB", picture[at + 4 : at + 10]) == (8, side, side, bands)
            if not has_frame:
                return False
        at += 2 + length
