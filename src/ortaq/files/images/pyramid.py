# SPDX-License-Identifier: Apache-2.0
"""One image made into a tiled pyramid, in a process of its own: `python -m ortaq.files.images.pyramid SOURCE MEDIA-TYPE PIXELS TARGET`.

Confined as shrink.py is, with more room: half a gigapixel passes through it in strips. It ends when its input does, so that it does not
outlive who started it.
"""

import os
import sys
import threading
from typing import Any, Final

from ortaq.files.confined import LOADERS, confine, libvips
from ortaq.files.images.drawing import CannotDraw, Source, in_srgb

MEMORY_BYTES: Final = 3 * 1024**3
CPU_SECONDS: Final = 600
TILE: Final = 512
BYTES_A_PIXEL: Final = 6  # what it may write at most: an unpacked copy of what has to be turned, and the pyramid
_QUALITY: Final = 88  # from 90 on libvips stores tiles in RGB, which cannot be given out as they are
_TURNED: Final = 2  # from this EXIF orientation on an image cannot be read from top to bottom


def build(pyvips: Any, source: Source, target: str) -> None:
    """Write *source* as a pyramid of JPEG tiles, without loss where it has an opacity: upright, in sRGB or grey, without its metadata."""
    load = getattr(pyvips.Image, LOADERS[source.media_type][1])
    image = load(source.path, access="sequential")
    if image.width * image.height > source.most_pixels:
        raise CannotDraw(f"{image.width} × {image.height} pixels")
    if image.get_typeof("orientation") and image.get("orientation") >= _TURNED:
        image = load(source.path).autorot()
    image = in_srgb(image)
    packed = {"compression": "deflate", "predictor": "horizontal"} if image.hasalpha() else {"compression": "jpeg", "Q": _QUALITY}  # fmt: skip
    image.tiffsave(
        target, tile=True, tile_width=TILE, tile_height=TILE, pyramid=True, bigtiff=True, keep="none", **packed
    )


def _end_with_input() -> None:
    os.read(0, 1)
    os._exit(1)


if __name__ == "__main__":
    asked = Source(sys.argv[1], sys.argv[2], int(sys.argv[3]))
    confine(memory=MEMORY_BYTES, cpu_seconds=CPU_SECONDS, file_bytes=asked.most_pixels * BYTES_A_PIXEL + 2**24, nice=10)
    threading.Thread(target=_end_with_input, daemon=True).start()
    build(libvips(asked.media_type), asked, sys.argv[4])
