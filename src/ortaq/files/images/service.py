# SPDX-License-Identifier: Apache-2.0
"""Images as the IIIF Image API gives them: how one measures, and parts of it drawn. Who may see it, the door has asked before."""

import contextlib
import threading
import time
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.conf import settings

from ortaq.files.dimensions import is_image
from ortaq.files.errors import FileAbsent, PictureAbsent, PictureBusy
from ortaq.files.images.asked import Asked, Drawing
from ortaq.files.images.drawing import Look, Source
from ortaq.files.images.painters import PAINTERS, CannotPaint
from ortaq.files.images.pyramid import TILE
from ortaq.files.images.pyramids import begin_pyramid, pyramid_of
from ortaq.files.images.tiles import Kept
from ortaq.files.queries import whole_file
from ortaq.files.store import path_of

VERSION: Final = 2  # part of every ETag: raise it when the same address is drawn differently
_MOST_KNOWN: Final = 4_096  # images whose measures are kept
_FAILED_SECONDS: Final = 3_600
_LARGE_AREA: Final = 2_048 * 2_048
_LARGE: Final = threading.BoundedSemaphore(1)  # large drawings take a second or two: tiles must get past them
_LARGE_WAIT_SECONDS: Final = 5
_DRAWN: Final = Kept(lambda: settings.TILE_CACHE_BYTES)


@dataclass(frozen=True, slots=True)
class Image:
    """A file that was looked at; look None: at that instant it could not be drawn."""

    media_type: str
    look: Look | None
    tried_at: float

    @property
    def is_worth_another_try(self) -> bool:
        return self.look is None and time.monotonic() - self.tried_at > _FAILED_SECONDS


_known: Final[OrderedDict[str, Image]] = OrderedDict()
_lock: Final = threading.Lock()


def look_at(digest: str) -> Look:
    """Return how the image measures; raises FileAbsent, PictureAbsent for what is none or is damaged, PictureBusy."""
    return _image(digest)[1]


def tile_side(look: Look) -> int:
    """Return the side of tiles that are quick to draw."""
    return look.tile or TILE


def resolved(digest: str, asked: Asked) -> Drawing:
    """Return what is asked for of this image; raises as `look_at`, and what does not fit it."""
    look = look_at(digest)
    return asked.on(look.width, look.height)


def drawn(digest: str, drawing: Drawing) -> bytes:
    """Return the drawing as a file of its format; raises as `look_at`, and ImageInPreparation."""
    key = (digest, drawing.canonical)
    data = _DRAWN.get(key)
    if data is None:
        data = _draw(digest, drawing)
        _DRAWN.keep(key, data)
    return data


def begin(digest: str) -> None:
    """Have what is needed to draw the image made, without waiting: somebody looks at its measures, and will soon ask for parts."""
    source, look = _image(digest)
    if not look.tile and not look.is_small:
        begin_pyramid(digest, source, look)


def _draw(digest: str, drawing: Drawing) -> bytes:
    surface = _surface(digest)
    try:
        with _lane(drawing):
            return PAINTERS.draw(surface, drawing)
    except CannotPaint as error:
        if not Path(surface.path).is_file():  # deleted meanwhile: that says nothing of the image
            raise PictureBusy from error
        _remember(digest, Image("", None, time.monotonic()))
        raise PictureAbsent(digest=digest) from error


@contextlib.contextmanager
def _lane(drawing: Drawing) -> Iterator[None]:
    is_large = drawing.width * drawing.height > _LARGE_AREA
    if is_large and not _LARGE.acquire(timeout=_LARGE_WAIT_SECONDS):
        raise PictureBusy
    try:
        yield
    finally:
        if is_large:
            _LARGE.release()


def _surface(digest: str) -> Source:
    """Return what the image is drawn from: itself, or its pyramid."""
    source, look = _image(digest)
    return source if look.tile or look.is_small else pyramid_of(digest, source, look)


def _image(digest: str) -> tuple[Source, Look]:
    with _lock:
        image = _known.get(digest)
        if image is not None:
            _known.move_to_end(digest)
    if image is None or image.is_worth_another_try:
        image = _found(digest)
        _remember(digest, image)
    if image.look is None:
        raise PictureAbsent(digest=digest)
    return _source(digest, image.media_type), image.look


def _found(digest: str) -> Image:
    media_type = whole_file(digest).media_type
    if not is_image(media_type):
        raise PictureAbsent(digest=digest)
    source = _source(digest, media_type)
    if not Path(source.path).is_file():
        raise FileAbsent(digest=digest)
    try:
        return Image(media_type, PAINTERS.look(source), time.monotonic())
    except CannotPaint:
        return Image(media_type, None, time.monotonic())


def _source(digest: str, media_type: str) -> Source:
    return Source(str(path_of(digest)), media_type, settings.MAX_IMAGE_PIXELS)


def _remember(digest: str, image: Image) -> None:
    with _lock:
        _known[digest] = image
        _known.move_to_end(digest)
        while len(_known) > _MOST_KNOWN:
            _known.popitem(last=False)
