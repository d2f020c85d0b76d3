# SPDX-License-Identifier: Apache-2.0
"""Smaller pictures: right in size, upright, without metadata, and a bad image ends only the process that reads it."""

import io
import struct
import time
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings

from ortaq.files import pictures
from ortaq.files.errors import PictureAbsent
from ortaq.files.models import StoredFile
from ortaq.files.pictures import picture_of, trim
from ortaq.files.store import keep
from tests.files.conftest import png_header, turned

pytestmark = pytest.mark.django_db


def kept(data: bytes) -> StoredFile:
    return keep(io.BytesIO(data), "image")


@pytest.mark.parametrize("ending", [".png", ".jpg", ".gif", ".webp", ".tif", ".avif"])
def test_picture_has_its_longer_side_in_the_size(picture: Callable[..., bytes], ending: str) -> None:
    import pyvips

    made = pyvips.Image.new_from_file(str(picture_of(kept(picture(ending, 1600, 800)), 320)))
    assert (made.width, made.height) == (320, 160)
    assert made.get("vips-loader") == "webpload"


def test_small_image_is_not_made_larger(picture: Callable[..., bytes]) -> None:
    import pyvips

    made = pyvips.Image.new_from_file(str(picture_of(kept(picture(".png", 90, 60)), 960)))
    assert (made.width, made.height) == (90, 60)


def test_picture_is_upright_and_says_nothing_of_where_it_was_taken(picture: Callable[..., bytes]) -> None:
    import pyvips

    secret = b"GPS 41.2042 N 47.1979 E"
    row = kept(turned(picture(".jpg", 1600, 800), 6, secret))
    assert (row.width, row.height) == (800, 1600)
    path = picture_of(row, 320)
    made = pyvips.Image.new_from_file(str(path))
    assert (made.width, made.height) == (160, 320)
    assert secret not in path.read_bytes()
    assert "exif-data" not in made.get_fields()


@pytest.mark.parametrize(
    "data",
    [
        png_header(20_000, 20_000),
        b"\x89PNG\r\n\x1a\n" + b"\xff" * 5000,
        b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01" + b"\0" * 100,
        b"GIF89a\xff\0\xff\0" + b"\x80" * 50,
        b"II*\0\x08\0\0\0\xff\xff" + b"\xff" * 500,
    ],
)
def test_broken_image_has_no_picture(data: bytes, home: Path) -> None:
    row = kept(data)
    for _ in range(2):
        with pytest.raises(PictureAbsent):
            picture_of(row, 320)
    assert [path.suffix for path in (home / "derived").rglob("*") if path.is_file()] == [".failed"]


def test_image_that_unpacks_to_more_than_memory_has_none() -> None:
    """An interlaced PNG must be held whole: 20,000 × 20,000 pixels of four times two bytes are 3.2 GB."""
    row = kept(_interlaced(20_000, 20_000))
    start = time.monotonic()
    with pytest.raises(PictureAbsent):
        picture_of(row, 320)
    assert time.monotonic() - start < 45


def _interlaced(width: int, height: int) -> bytes:
    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    body = zlib.compress(b"\0" * (width * 8 + 1) * 100, 9)
    head = struct.pack(">IIBBBBB", width, height, 16, 6, 0, 0, 1)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@pytest.mark.parametrize("data", [b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"%PDF-1.7", b"text"])
def test_what_is_no_image_has_no_picture(data: bytes) -> None:
    with pytest.raises(PictureAbsent):
        picture_of(kept(data), 320)


def test_only_some_sizes_are_made(picture: Callable[..., bytes]) -> None:
    row = kept(picture(".png", 90, 60))
    with pytest.raises(PictureAbsent):
        picture_of(row, 321)


def test_picture_is_made_once(picture: Callable[..., bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    row = kept(picture(".png", 90, 60))
    first = picture_of(row, 320)
    monkeypatch.setattr(pictures, "draw", None)
    assert picture_of(row, 320) == first


def test_pictures_take_no_more_than_their_share(
    picture: Callable[..., bytes], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [picture_of(kept(picture(".png", 100 + n, 60)), 320) for n in range(3)]
    monkeypatch.setattr(settings, "DERIVED_BYTES", made[2].stat().st_size + 1)
    assert trim() == 2
    assert [path for path in (home / "derived").rglob("*") if path.is_file()] == [made[2]]
