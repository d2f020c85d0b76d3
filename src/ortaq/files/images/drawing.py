# SPDX-License-Identifier: Apache-2.0
"""Drawing part of an image with libvips: only ever done in a confined process (painter.py, pyramid.py).

What is drawn from is cheap to open anywhere: a tiled pyramid, whose levels are read in pieces, or an image so small that it is held
unpacked. Everything else gets a pyramid first.
"""

import math
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any, Final

from ortaq.files.confined import LOADERS
from ortaq.files.images.asked import Drawing
from ortaq.files.images.stored_tiles import StoredTiles

SMALL_PIXELS: Final = 4_000_000  # unpacked at once in some tens of milliseconds
_UPRIGHT: Final = 1
_LYING: Final = (5, 6, 7, 8)  # EXIF orientations in which width and height change places
_LEVELS: Final = 24
_TOP_TILES: Final = 4  # across the smallest level of a pyramid that goes far enough
_WHITE: Final = 255
_KEPT: Final = 8
_MIDDLE: Final = 127
_SAVERS: Final[dict[str, dict[str, Any]]] = {
    "jpg": {"Q": 82},
    "png": {"compression": 4},
    "webp": {"Q": 80, "effort": 2},
}


class CannotDraw(Exception):
    """The bytes are no image, or not one that may be drawn."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file with an image, by its type; most_pixels: that its header may claim."""

    path: str
    media_type: str
    most_pixels: int


@dataclass(frozen=True, slots=True)
class Look:
    """How an image is shown: upright; tile: side of its own tiles, if it is a pyramid; 0 otherwise."""

    width: int
    height: int
    tile: int

    @property
    def is_small(self) -> bool:
        return self.width * self.height <= SMALL_PIXELS


class Easel:
    """Draws, and keeps the images open that it used last."""

    def __init__(self, pyvips: Any) -> None:
        self._image = pyvips.Image
        self._kept: OrderedDict[Source, tuple[list[Any], StoredTiles | None]] = OrderedDict()

    def look(self, source: Source) -> Look:
        """Read the header of *source*; raises CannotDraw, or an error of libvips."""
        head = self._head(source)
        levels = self._pyramid(source, head)
        turned = _orientation(head) in _LYING
        width, height = (head.height, head.width) if turned else (head.width, head.height)
        return Look(width, height, head.get("tile-width") if levels else 0)

    def draw(self, source: Source, drawing: Drawing) -> bytes:
        """Return the drawing as a file of its format."""
        levels, stored = self._opened(source)
        if stored and (tile := stored.tile(drawing, levels)):
            return tile
        scaled = _scaled(levels, drawing)
        turned = _turned(scaled, drawing)
        return _saved(_in_quality(turned, drawing.quality), drawing)

    def _opened(self, source: Source) -> tuple[list[Any], StoredTiles | None]:
        """Return the levels of the image, and its tiles as they are stored if it has some."""
        if source in self._kept:
            self._kept.move_to_end(source)
            return self._kept[source]
        head = self._head(source)
        levels = self._pyramid(source, head)
        found = (levels, StoredTiles(source.path)) if levels else ([self._unpacked(head)], None)
        self._kept[source] = found
        while len(self._kept) > _KEPT:
            _levels, stored = self._kept.popitem(last=False)[1]
            if stored:
                stored.close()
        return found

    def _head(self, source: Source, **options: Any) -> Any:
        head = getattr(self._image, LOADERS[source.media_type][1])(source.path, **options)
        if head.width * head.height > source.most_pixels:
            raise CannotDraw(f"{head.width} × {head.height} pixels")
        return head

    def _unpacked(self, head: Any) -> Any:
        if head.width * head.height > SMALL_PIXELS:
            raise CannotDraw("an image of this size has to be a pyramid")
        return in_srgb(head.autorot()).copy_memory()

    def _pyramid(self, source: Source, head: Any) -> list[Any]:
        """Return the levels of a tiled pyramid that can be shown as it is, each half of the one before; none if it is no such thing."""
        if not head.get_typeof("tile-width") or not _is_plain(head):
            return []
        by_page = int(head.get("n-pages")) if head.get_typeof("n-pages") else 1
        below = int(head.get("n-subifds")) if head.get_typeof("n-subifds") else 0
        levels = [head]
        options = [{"subifd": n} for n in range(below)] or [{"page": n} for n in range(1, by_page)]
        for option in options[:_LEVELS]:
            level = self._head(source, **option)
            if not _is_half(level, levels[-1]) or not level.get_typeof("tile-width") or not _is_plain(level):
                break
            levels.append(level)
        top = max(levels[-1].width, levels[-1].height)
        return [in_srgb(level) for level in levels] if top <= _TOP_TILES * head.get("tile-width") else []


def in_srgb(image: Any) -> Any:
    """Return *image* in sRGB or in grey, eight bits a band, perhaps with an opacity."""
    if image.get_typeof("icc-profile-data") or image.interpretation == "cmyk":
        instead = "cmyk" if image.interpretation == "cmyk" else "srgb"  # of one that is none
        image = image.icc_transform("srgb", embedded=True, input_profile=instead, depth=8)
    is_grey = image.interpretation in ("b-w", "grey16")
    image = image.colourspace("b-w" if is_grey else "srgb")
    most = (2 if image.hasalpha() else 1) if is_grey else (4 if image.hasalpha() else 3)
    return (image if image.bands <= most else image.extract_band(0, n=most)).cast("uchar")


def _orientation(image: Any) -> int:
    return int(image.get("orientation")) if image.get_typeof("orientation") else _UPRIGHT


def _is_plain(image: Any) -> bool:
    """Tell whether its pixels are those that are shown, but for a profile."""
    return (
        _orientation(image) == _UPRIGHT
        and image.format == "uchar"
        and image.interpretation in ("srgb", "b-w")
        and 64 <= image.get("tile-width") == image.get("tile-height") <= 1024
    )


def _is_half(level: Any, above: Any) -> bool:
    return all(abs(2 * one - other) <= 2 for one, other in ((level.width, above.width), (level.height, above.height)))


def _scaled(levels: list[Any], drawing: Drawing) -> Any:
    """Cut the region out of the smallest level that has enough pixels, and bring it to its size."""
    region = drawing.region
    shrunk = min(region.width / drawing.width, region.height / drawing.height)
    level = levels[min(len(levels) - 1, max(0, int(math.log2(max(1.0, shrunk)))))]
    x, y = level.width / levels[0].width, level.height / levels[0].height
    left = min(int(region.left * x), level.width - 1)
    top = min(int(region.top * y), level.height - 1)
    right = min(level.width, max(left + 1, math.ceil((region.left + region.width) * x - 1e-9)))
    bottom = min(level.height, max(top + 1, math.ceil((region.top + region.height) * y - 1e-9)))
    part = level.crop(left, top, right - left, bottom - top)
    if (part.width, part.height) == (drawing.width, drawing.height):
        return part
    return part.thumbnail_image(drawing.width, height=drawing.height, size="force", no_rotate=True)


def _turned(image: Any, drawing: Drawing) -> Any:
    if drawing.is_mirrored:
        image = image.fliphor()
    if drawing.degrees % 90 == 0:
        return image.rot(f"d{int(drawing.degrees)}") if drawing.degrees else image
    if not image.hasalpha():
        image = image.addalpha() if drawing.format != "jpg" else image
    corner = [0] * image.bands if image.hasalpha() else [_WHITE] * image.bands
    return image.copy_memory().rotate(drawing.degrees, background=corner).cast("uchar")


def _in_quality(image: Any, quality: str) -> Any:
    if quality == "gray":
        return image.colourspace("b-w")
    if quality == "bitonal":
        return _flat(image).colourspace("b-w") > _MIDDLE
    return image


def _flat(image: Any) -> Any:
    return image.flatten(background=_WHITE) if image.hasalpha() else image


def _saved(image: Any, drawing: Drawing) -> bytes:
    options = {"keep": "none", **_SAVERS[drawing.format]}
    if drawing.format == "jpg":
        return bytes(_flat(image).jpegsave_buffer(**options))
    if drawing.format == "webp":
        return bytes(image.webpsave_buffer(**options))
    depth = {"bitdepth": 1} if drawing.quality == "bitonal" else {}
    return bytes(image.pngsave_buffer(**options, **depth))
