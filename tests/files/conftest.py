# SPDX-License-Identifier: Apache-2.0
"""Somebody who may upload, and images as small as can be."""

import struct
import zlib
from collections.abc import Callable
from typing import Any

import pytest

from tests.factories import join, viewer


@pytest.fixture
def contributor(node: Any) -> Any:
    return viewer(join("leyla"))


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims a size and has no pixels."""
    body = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + body + struct.pack(">I", zlib.crc32(body))


def turned(jpeg: bytes, orientation: int, more: bytes = b"") -> bytes:
    """A JPEG with an EXIF segment that says how the camera was held; more: what else stands in it."""
    exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0" + bytes([orientation]) + b"\0\0\0\0\0\0" + more
    return jpeg[:2] + b"\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif + jpeg[2:]


@pytest.fixture
def picture() -> Callable[..., bytes]:
    """An image of one colour in a format: `picture(".jpg", 300, 200)`."""

    def make(ending: str, width: int, height: int) -> bytes:
        import pyvips

        image = pyvips.Image.black(width, height, bands=3).linear(1, [200, 80, 40])
        image = image.cast("uchar").copy(interpretation="srgb")
        return bytes(image.write_to_buffer(ending))

    return make
