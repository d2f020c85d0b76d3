# SPDX-License-Identifier: Apache-2.0
"""Smaller pictures of image files: made when first asked for, by a process of their own that may not take much, and kept
under HOME/derived. All of them may be deleted at any time.
"""

import contextlib
import os
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

from django.conf import settings

from ortaq.core import digest as digests
from ortaq.files.confined import environment
from ortaq.files.dimensions import is_image
from ortaq.files.errors import FileAbsent, PictureAbsent, PictureBusy
from ortaq.files.models import StoredFile
from ortaq.files.store import path_of

SIZES = (320, 960, 1920)  # the longer side in pixels: lists, record pages, large screens
MEDIA_TYPE = "image/webp"
_AT_ONCE = threading.BoundedSemaphore(2)  # for each worker process
_WAIT_SECONDS = 8
_MAKE_SECONDS = 60
_FAILED_SECONDS = 3600  # a picture that could not be made is not tried again for so long
_TOUCH_SECONDS = 24 * 3600


def picture_of(row: StoredFile, size: int) -> Path:
    """Return the file of the picture of *row* whose longer side is *size*; made if need be.

    raises PictureAbsent for what is no image or cannot be made into one, PictureBusy, FileAbsent
    """
    if size not in SIZES or not is_image(row.media_type) or _is_too_large(row):
        raise PictureAbsent(digest=row.digest)
    kept = _path(row.digest, size)
    if is_kept(kept):
        return kept
    if has_failed(kept):
        raise PictureAbsent(digest=row.digest)
    if not _AT_ONCE.acquire(timeout=_WAIT_SECONDS):
        raise PictureBusy
    try:
        return kept if is_kept(kept) else _made(row, size, kept)
    finally:
        _AT_ONCE.release()


def _is_too_large(row: StoredFile) -> bool:
    return (row.width or 0) * (row.height or 0) > settings.MAX_IMAGE_PIXELS


def _path(digest: str, size: int) -> Path:
    return path_of_derived(digest, f"{size}.webp")


def path_of_derived(digest: str, what: str) -> Path:
    """Return where that is kept which was made of the file *digest*."""
    name = digests.raw(digest).hex()
    return folder() / name[:2] / f"{name[2:]}-{what}"


def folder() -> Path:
    return Path(settings.HOME) / "derived"


def is_kept(kept: Path) -> bool:
    """True if it is there; it then counts as used today."""
    try:
        if time.time() - kept.stat().st_mtime > _TOUCH_SECONDS:
            os.utime(kept)
    except FileNotFoundError:
        return False
    return True


def has_failed(kept: Path) -> bool:
    """True if it was tried within the hour, and cannot be made."""
    try:
        return time.time() - kept.with_suffix(".failed").stat().st_mtime < _FAILED_SECONDS
    except FileNotFoundError:
        return False


def _made(row: StoredFile, size: int, kept: Path) -> Path:
    source = path_of(row.digest)
    if not source.is_file():
        raise FileAbsent(digest=row.digest)
    kept.parent.mkdir(parents=True, exist_ok=True)
    partial = kept.with_name(f"{kept.name}.{os.getpid()}-{threading.get_ident()}.partial")
    try:
        if not draw(source, row.media_type, size, partial):
            kept.with_suffix(".failed").touch()
            raise PictureAbsent(digest=row.digest)
        partial.replace(kept)
    finally:
        partial.unlink(missing_ok=True)
    return kept


def draw(source: Path, media_type: str, size: int, target: Path) -> bool:
    """Write *source* smaller to *target*, in another process, whose limits it sets itself; whatever is in the file can end only that one."""
    command = [sys.executable, "-m", "ortaq.files.shrink", str(source), media_type, str(size), str(target)]
    with contextlib.suppress(subprocess.TimeoutExpired):
        done = subprocess.run(
            command, env=environment(target.parent), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            timeout=_MAKE_SECONDS, start_new_session=True,
        )  # fmt: skip
        return done.returncode == 0 and target.is_file()
    return False


def trim(*, but: Path | None = None) -> int:
    """Delete the pictures and pyramids that were not asked for longest, until they take no more than ORTAQ_DERIVED_BYTES; how many went.

    but: one that was made just now
    """
    found = []
    for path in folder().glob("??/*"):
        with contextlib.suppress(FileNotFoundError):
            state = path.stat()
            if not stat.S_ISREG(state.st_mode) or path == but:  # a folder: in it one is being made
                continue
            found.append((state.st_mtime, state.st_size, path))
    excess, gone = sum(size for _, size, _ in found) - settings.DERIVED_BYTES, 0
    for _, size, path in sorted(found):
        if excess <= 0:
            break
        path.unlink(missing_ok=True)
        excess, gone = excess - size, gone + 1
    return gone


def forget(digest: str) -> None:
    """Delete the pictures of a file that has gone."""
    first = path_of_derived(digest, "")
    for path in first.parent.glob(f"{first.name}*"):
        if path.is_file():
            path.unlink(missing_ok=True)
