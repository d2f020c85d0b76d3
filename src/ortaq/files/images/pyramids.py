# SPDX-License-Identifier: Apache-2.0
"""Tiled pyramids of large images: made once, when first asked for, by a process of their own, kept under HOME/derived with the smaller
pictures. All of them may be deleted at any time.
"""

import contextlib
import fcntl
import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Final

from ortaq.files import pictures
from ortaq.files.confined import environment
from ortaq.files.errors import FileAbsent, PictureAbsent, PictureBusy
from ortaq.files.images.drawing import Look, Source
from ortaq.files.images.errors import ImageInPreparation
from ortaq.files.room import free_bytes
from ortaq.files.store import path_of

MEDIA_TYPE: Final = "image/tiff"
_MOST_MAKING: Final = 16  # images for each worker process
_WAIT_SECONDS: Final = 8
_MAKE_SECONDS: Final = 900
_AGAIN_SECONDS: Final = 5  # what who asked too early is told
_BYTES_A_PIXEL: Final = 2  # of a pyramid that is not out of the ordinary
_WAITING: Final = threading.BoundedSemaphore(2)
_making: Final[dict[str, threading.Event]] = {}
_lock: Final = threading.Lock()


def pyramid_of(digest: str, source: Source, look: Look) -> Source:
    """Return the pyramid of an image; begun if need be, and waited for a little.

    raises PictureAbsent, PictureBusy, FileAbsent, ImageInPreparation while it is not ready
    """
    kept = _path(digest)
    if not _is_ready(digest, kept):
        _wait(_begun(digest, source, look, kept))
        if not _is_ready(digest, kept):
            raise ImageInPreparation(seconds=_AGAIN_SECONDS)
    return Source(str(kept), MEDIA_TYPE, source.most_pixels)


def _wait(done: threading.Event) -> None:
    """A few may wait: whoever else asks must not hold the threads that answer for other pages."""
    if _WAITING.acquire(blocking=False):
        try:
            done.wait(_WAIT_SECONDS)
        finally:
            _WAITING.release()


def begin_pyramid(digest: str, source: Source, look: Look) -> None:
    """Have it made if it is not there; what hinders that is told to who needs it."""
    kept = _path(digest)
    with contextlib.suppress(PictureAbsent, PictureBusy, FileAbsent):
        if not _is_ready(digest, kept):
            _begun(digest, source, look, kept)


def _path(digest: str) -> Path:
    return pictures.path_of_derived(digest, "pyramid.tif")


def _is_ready(digest: str, kept: Path) -> bool:
    if pictures.is_kept(kept):
        return True
    if pictures.has_failed(kept):
        raise PictureAbsent(digest=digest)
    return False


def _begun(digest: str, source: Source, look: Look, kept: Path) -> threading.Event:
    """Return an event that is set when the making, which now goes on, has ended."""
    with _lock:
        if digest in _making:
            return _making[digest]
        if len(_making) >= _MOST_MAKING or free_bytes() < look.width * look.height * _BYTES_A_PIXEL:
            raise PictureBusy
        if not path_of(digest).is_file():
            raise FileAbsent(digest=digest)
        done = _making[digest] = threading.Event()
    threading.Thread(target=_make, args=(digest, source, kept, done), name="pyramid", daemon=True).start()
    return done


def _make(digest: str, source: Source, kept: Path, done: threading.Event) -> None:
    """Body of a thread: one pyramid at a time in the whole node."""
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        with (pictures.folder() / "pyramids.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not pictures.is_kept(kept) and not pictures.has_failed(kept) and not _made(source, kept):
                kept.with_suffix(".failed").touch()
    except OSError:  # the disk is full or the folder is gone: asked again, it is tried again
        pass
    finally:
        with _lock:
            del _making[digest]
        done.set()


def _made(source: Source, kept: Path) -> bool:
    """Make it in a folder that goes with whatever the process has left in it."""
    beside = kept.with_name(f"{kept.name}.{os.getpid()}.partial")
    beside.mkdir(exist_ok=True)
    try:
        partial = beside / kept.name
        if not _built(source, partial):
            return False
        partial.replace(kept)
        pictures.trim(but=kept)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return True


def _built(source: Source, target: Path) -> bool:
    command = [sys.executable, "-m", "ortaq.files.images.pyramid", source.path, source.media_type, str(source.most_pixels), str(target)]  # fmt: skip
    # Its input ends when this process does, and then it ends too.
    with subprocess.Popen(
        command, env=environment(target.parent), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, start_new_session=True,
    ) as process:  # fmt: skip
        try:
            return process.wait(_MAKE_SECONDS) == 0 and target.is_file()
        except subprocess.TimeoutExpired:
            process.kill()
            return False


def sweep() -> None:
    """Take away what a process that was killed has left half made."""
    for path in pictures.folder().glob("??/*.partial"):
        with contextlib.suppress(OSError):
            if path.is_dir() and time.time() - path.stat().st_mtime > _MAKE_SECONDS * 2:
                shutil.rmtree(path, ignore_errors=True)
