# SPDX-License-Identifier: Apache-2.0
"""How many pixels an image says that it has, read from its header alone: nothing is decoded, nothing is believed further."""

import struct
from collections.abc import Callable
from typing import IO

Size = tuple[int, int]
_MOST_STEPS = 200  # segments, boxes or entries that one header may have before we give up
_TIFF, _BIG_TIFF = 42, 43
_WHOLE_NUMBERS = {3: "H", 4: "I", 16: "Q"}  # types of entries
_TURNED = (5, 6, 7, 8)  # EXIF orientations in which width and height change places


def size_of_image(file: IO[bytes], media_type: str) -> Size | None:
    """Return (width, height) as the image is shown, turned as its EXIF says; None if it is no image, or says nothing."""
    read = _READERS.get(media_type)
    if read is None:
        return None
    file.seek(0)
    try:
        return read(file)
    except (struct.error, IndexError, OverflowError, ValueError):
        return None


def is_image(media_type: str) -> bool:
    """Tell whether smaller pictures can be made of files of this type."""
    return media_type in _READERS


def _png(file: IO[bytes]) -> Size | None:
    return struct.unpack(">II", file.read(24)[16:24])


def _gif(file: IO[bytes]) -> Size | None:
    return struct.unpack("<HH", file.read(10)[6:10])


def _webp(file: IO[bytes]) -> Size | None:
    head = file.read(30)
    match head[12:16]:
        case b"VP8 ":
            width, height = struct.unpack("<HH", head[26:30])
            return width & 0x3FFF, height & 0x3FFF
        case b"VP8L":
            (bits,) = struct.unpack("<I", head[21:25])
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case b"VP8X":
            return int.from_bytes(head[24:27], "little") + 1, int.from_bytes(head[27:30], "little") + 1
    return None


def _jpeg(file: IO[bytes]) -> Size | None:
    """Walk the segments up to the first frame header; the EXIF segment before it may turn the picture."""
    file.seek(2)
    is_turned = False
    for _ in range(_MOST_STEPS):
        marker = file.read(2)[1]
        while marker == 0xFF:  # fill bytes
            marker = file.read(1)[0]
        if marker == 0x01 or 0xD0 <= marker <= 0xD8:
            continue
        (length,) = struct.unpack(">H", file.read(2))
        start = file.tell()
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">xHH", file.read(5))
            return (height, width) if is_turned else (width, height)
        if marker == 0xE1 and file.read(6) == b"Exif\0\0":
            is_turned = is_turned or _orientation(file, start + 6) in _TURNED
        file.seek(start + length - 2)
    return None


def _orientation(file: IO[bytes], start: int) -> int:
    try:
        return _tags(file, start).get(274, 1)
    except (struct.error, IndexError, ValueError):
        return 1


def _tiff(file: IO[bytes]) -> Size | None:
    tags = _tags(file, 0)
    if 256 not in tags or 257 not in tags:  # width and height
        return None
    size = tags[256], tags[257]
    return (size[1], size[0]) if tags.get(274) in _TURNED else size


def _tags(file: IO[bytes], start: int) -> dict[int, int]:
    """Return the whole numbers of the first directory of the TIFF structure that begins at *start*; BigTIFF counts in eight bytes."""
    file.seek(start)
    order = {b"II": "<", b"MM": ">"}.get(file.read(2))
    if order is None:
        return {}
    (kind,) = struct.unpack(f"{order}H", file.read(2))
    if kind == _BIG_TIFF:
        _bytes_of_offsets, _zero, first = struct.unpack(f"{order}HHQ", file.read(12))
        number, entry, value_bytes = f"{order}Q", f"{order}HHQ8s", 8
    elif kind == _TIFF:
        (first,) = struct.unpack(f"{order}I", file.read(4))
        number, entry, value_bytes = f"{order}H", f"{order}HHI4s", 4
    else:
        return {}
    file.seek(start + first)
    (count,) = struct.unpack(number, file.read(struct.calcsize(number)))
    found = {}
    for _ in range(min(count, _MOST_STEPS)):
        tag, type_, _number, value = struct.unpack(entry, file.read(struct.calcsize(entry)))
        letter = _WHOLE_NUMBERS.get(type_, "")
        if letter and struct.calcsize(letter) <= value_bytes:
            found[tag] = struct.unpack(f"{order}{letter}", value[: struct.calcsize(f"{order}{letter}")])[0]
    return found


def _avif(file: IO[bytes]) -> Size | None:
    """The largest `ispe` property of the item properties: tiles and alpha planes have smaller ones of their own."""
    head = file.read(65536)
    found: list[Size] = []
    at = head.find(b"ispe")
    while at != -1 and len(found) < _MOST_STEPS:
        found.append(struct.unpack(">II", head[at + 8 : at + 16]))
        at = head.find(b"ispe", at + 4)
    return max(found, key=lambda one: one[0] * one[1]) if found else None


_READERS: dict[str, Callable[[IO[bytes]], Size | None]] = {
    "image/png": _png,
    "image/jpeg": _jpeg,
    "image/gif": _gif,
    "image/webp": _webp,
    "image/tiff": _tiff,
    "image/avif": _avif,
}
