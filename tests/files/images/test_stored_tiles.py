# SPDX-License-Identifier: Apache-2.0
"""Tiles given as they lie in a pyramid are those that would be drawn, and only what is plain is given."""

import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import pyvips
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ortaq.files.images.drawing import Easel, Source
from ortaq.files.images.stored_tiles import StoredTiles
from tests.files.images.test_drawing import drawing, opened, steps

WIDTH, HEIGHT = 1800, 1300
OPTIONS = {"tile": True, "pyramid": True, "tile_width": 256, "tile_height": 256, "compression": "jpeg", "Q": 85}


@pytest.fixture
def pyramid(tmp_path: Path) -> Callable[..., Path]:
    def make(image: Any = None, **more: Any) -> Path:
        path = tmp_path / "a.tif"
        (image or steps(WIDTH, HEIGHT)).tiffsave(str(path), **{**OPTIONS, **more})
        return path

    return make


def stored(path: Path, address: str) -> bytes | None:
    easel = Easel(pyvips)
    levels, tiles = easel._opened(Source(str(path), "image/tiff", 10**9))
    assert tiles is not None
    return tiles.tile(drawing(address, levels[0].width, levels[0].height), levels)


@pytest.mark.parametrize("more", [{}, {"bigtiff": True}, {"subifd": True}, {"keep": "none"}], ids=str)
@pytest.mark.parametrize(
    "address",
    ["256,512,256,256/max/0/default.jpg", "512,0,512,512/256,/0/color.jpg", "0,0,1024,1024/256,256/0/default.jpg"],
)
def test_stored_tile_is_the_drawn_one(pyramid: Callable[..., Path], address: str, more: dict[str, Any]) -> None:
    path = pyramid(**more)
    tile = stored(path, address)
    assert tile is not None
    found, drawn = opened(tile), opened(Easel(pyvips).draw(Source(str(path), "image/tiff", 10**9), drawing(address.replace("jpg", "png"), WIDTH, HEIGHT)))  # fmt: skip
    assert (found.width, found.height, found.bands) == (256, 256, 3)
    assert (found - drawn).abs().max() <= 4  # two decoders, or one with other rounding
    assert Easel(pyvips).draw(Source(str(path), "image/tiff", 10**9), drawing(address, WIDTH, HEIGHT)) == tile


def test_grey_tiles_too(pyramid: Callable[..., Path]) -> None:
    tile = stored(pyramid(steps(WIDTH, HEIGHT).colourspace("b-w")), "256,256,256,256/max/0/default.jpg")
    assert tile is not None and opened(tile).bands == 1


@pytest.mark.parametrize(
    "address",
    ["1,0,256,256/max/0/default.jpg", "0,0,256,256/max/90/default.jpg", "0,0,256,256/max/!0/default.jpg", "0,0,256,256/max/0/gray.jpg",
     "0,0,256,256/max/0/default.png", "1536,0,264,256/max/0/default.jpg", "1792,0,8,256/max/0/default.jpg", "0,1280,256,20/max/0/default.jpg",
     "0,0,256,256/200,/0/default.jpg", "0,0,300,300/max/0/default.jpg", "0,0,768,768/256,/0/default.jpg", "0,0,512,256/256,128/0/default.jpg",
     "1536,0,256,256/^512,512/0/default.jpg"],
)  # fmt: skip
def test_all_else_is_drawn(pyramid: Callable[..., Path], address: str) -> None:
    assert stored(pyramid(), address) is None


@pytest.mark.parametrize("more", [{"Q": 95}, {"compression": "deflate"}, {"compression": "webp"}], ids=str)
def test_tiles_in_another_packing_are_drawn(pyramid: Callable[..., Path], more: dict[str, Any]) -> None:
    """From a quality of 90 on libvips stores RGB, which a JPEG file by itself would not tell."""
    path = pyramid(**more)
    address = "256,512,256,256/max/0/default.jpg"
    assert stored(path, address) is None
    assert (
        opened(Easel(pyvips).draw(Source(str(path), "image/tiff", 10**9), drawing(address, WIDTH, HEIGHT))).width == 256
    )


def test_image_with_a_profile_is_drawn_in_srgb(pyramid: Callable[..., Path]) -> None:
    image = steps(WIDTH, HEIGHT).icc_export(output_profile="p3")
    assert image.get_typeof("icc-profile-data")
    assert stored(pyramid(image), "256,512,256,256/max/0/default.jpg") is None


def test_tile_that_is_more_than_a_picture_is_drawn(pyramid: Callable[..., Path]) -> None:
    """Whatever stands in front of the picture, such as a comment with a page in it, is not given on."""
    path, address = pyramid(), "256,512,256,256/max/0/default.jpg"
    tile = stored(path, address)
    assert tile is not None
    scan = tile.index(b"\xff\xda")
    head = tile[tile.index(b"\xff\xc0") : scan]  # the frame, as it lies in the file
    data = path.read_bytes()
    at = data.index(tile[scan : scan + 200])
    path.write_bytes(data[: at - len(head)] + b"\xff\xfe" + head[2:] + data[at:])  # the frame becomes a comment
    assert stored(path, address) is None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 2_000), st.integers(0, 255)), min_size=1, max_size=20))
def test_damaged_file_gives_no_tile_or_a_picture(pyramid: Callable[..., Path], changes: list[tuple[int, int]]) -> None:
    path = pyramid()
    data = bytearray(path.read_bytes())
    (first,) = struct.unpack("<I", data[4:8])
    for at, value in changes:
        data[(first + at) % len(data)] = value
    path.write_bytes(data)
    tiles = StoredTiles(str(path))
    levels = [steps(WIDTH, HEIGHT), steps(WIDTH // 2, HEIGHT // 2)]
    for address in ("256,512,256,256/max/0/default.jpg", "512,0,512,512/256,/0/default.jpg"):
        tile = tiles.tile(drawing(address, WIDTH, HEIGHT), levels)
        assert tile is None or (tile.startswith(b"\xff\xd8") and tile.endswith(b"\xff\xd9") and len(tile) < 4 * 1024**2)
    tiles.close()
