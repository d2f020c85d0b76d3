# SPDX-License-Identifier: Apache-2.0
"""The size of an image is read from its header as libvips reads it, without decoding anything."""

import io
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ortaq.files.dimensions import is_image, size_of_image
from ortaq.files.sniffing import HEAD_BYTES, media_type_of
from tests.files.conftest import png_header, turned

TYPES = {
    ".png": "image/png", ".jpg": "image/jpeg", ".gif": "image/gif", ".webp": "image/webp", ".webp[lossless]": "image/webp",
    ".tif": "image/tiff", ".tif[bigtiff=true]": "image/tiff", ".tif[bigtiff=false,compression=deflate]": "image/tiff", ".avif": "image/avif",
}  # fmt: skip


@pytest.mark.parametrize(("ending", "media_type"), TYPES.items())
def test_size_is_that_of_the_image(picture: Callable[..., bytes], ending: str, media_type: str) -> None:
    data = picture(ending, 300, 200)
    assert media_type_of(data[:HEAD_BYTES]) == media_type
    assert size_of_image(io.BytesIO(data), media_type) == (300, 200)


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_picture_taken_upright_is_measured_upright(picture: Callable[..., bytes], orientation: int) -> None:
    data = turned(picture(".jpg", 300, 200), orientation)
    expected = (200, 300) if orientation in (6, 8) else (300, 200)
    assert size_of_image(io.BytesIO(data), "image/jpeg") == expected


def test_claims_are_read_whatever_they_are() -> None:
    assert size_of_image(io.BytesIO(png_header(200_000, 200_000)), "image/png") == (200_000, 200_000)


@given(st.sampled_from(sorted(set(TYPES.values()))), st.binary(max_size=300))
def test_broken_header_has_no_size(media_type: str, data: bytes) -> None:
    found = size_of_image(io.BytesIO(data), media_type)
    assert found is None or len(found) == 2


def test_what_is_no_image_has_no_size() -> None:
    assert size_of_image(io.BytesIO(b"%PDF-1.7"), "application/pdf") is None
    assert not is_image("image/svg+xml")
