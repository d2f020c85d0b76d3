# SPDX-License-Identifier: Apache-2.0
"""The bytes of unfinished uploads, on disk under HOME/uploads, and whose turn it is to write them.

One file for each upload, as long as what has arrived: its size is where the sender goes on, whatever was killed in between.
Beside it `KEY.turn` is held with a file lock by the connection that writes. The lock falls with its process. A connection
that is silent for STALE_SECONDS (the train went into a tunnel) loses its turn to the next one, and notices before it writes.
"""

import contextlib
import fcntl
import hashlib
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings

from ortaq.files.errors import TooManyAtOnce, UploadBusy

STALE_SECONDS = 10
MOST_AT_ONCE = 6  # connections of one actor that send at the same time; each holds a thread of the server
_PIECE = 256 * 1024
_SYNC_EVERY = 64 * 1024 * 1024


class Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


def folder() -> Path:
    return Path(settings.HOME) / "uploads"


def part(key: str) -> Path:
    return folder() / key


def size_of(key: str) -> int:
    """Return how many bytes of the upload have arrived; 0 before the first."""
    try:
        return part(key).stat().st_size
    except FileNotFoundError:
        return 0


def remove(key: str) -> None:
    for path in (part(key), _turn_file(key)):
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)


def _turn_file(key: str) -> Path:
    return folder() / f"{key}.turn"


class Turn:
    """The right to write one upload. `is_mine` turns false when another connection took it over."""

    def __init__(self, key: str, lock: int) -> None:
        self.key, self._lock = key, lock

    def is_mine(self) -> bool:
        try:
            return _turn_file(self.key).stat().st_ino == os.fstat(self._lock).st_ino
        except FileNotFoundError:
            return False

    def say_alive(self) -> None:
        os.utime(self._lock)


@contextlib.contextmanager
def turn(key: str) -> Iterator[Turn]:
    """Hold the turn of *key*; raises UploadBusy while a connection that is alive has it."""
    folder().mkdir(parents=True, exist_ok=True)
    lock = _taken(_turn_file(key)) or _taken_over(key)
    held = Turn(key, lock)
    try:
        yield held
    finally:
        if held.is_mine():
            _turn_file(key).unlink(missing_ok=True)
        os.close(lock)


def _taken(path: Path) -> int | None:
    lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        # Whoever had it may have removed it between our two steps.
        if path.stat().st_ino == os.fstat(lock).st_ino:
            os.utime(lock)
            return lock
    except (BlockingIOError, FileNotFoundError):
        pass
    os.close(lock)
    return None


def _taken_over(key: str) -> int:
    path = _turn_file(key)
    try:
        is_stale = time.time() - path.stat().st_mtime > STALE_SECONDS
        if is_stale:
            path.unlink()
    except FileNotFoundError:
        is_stale = True
    lock = _taken(path) if is_stale else None
    if lock is None:
        raise UploadBusy(key=key)
    with _opened(key) as file:  # whoever had the turn may be in the middle of a piece
        fcntl.flock(file, fcntl.LOCK_EX)
    return lock


@contextlib.contextmanager
def place(actor: str) -> Iterator[None]:
    """Hold one of the places that an actor has for sending at once; raises TooManyAtOnce."""
    name = hashlib.sha256(actor.encode()).hexdigest()[:32]
    places = folder() / "senders"
    places.mkdir(parents=True, exist_ok=True)
    for number in range(MOST_AT_ONCE):
        lock = _taken(places / f"{name}.{number}")
        if lock is not None:
            break
    else:
        raise TooManyAtOnce(count=MOST_AT_ONCE)
    try:
        yield
    finally:
        (places / f"{name}.{number}").unlink(missing_ok=True)
        os.close(lock)


def forget_old_places() -> None:
    """Remove what killed processes left of their places."""
    for path in folder().glob("senders/*"):
        lock = _taken(path)
        if lock is not None:
            path.unlink(missing_ok=True)
            os.close(lock)


@contextlib.contextmanager
def locked() -> Iterator[None]:
    """Nobody else begins an upload."""
    folder().mkdir(parents=True, exist_ok=True)
    with (folder() / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def append(
    held: Turn,
    stream: Readable,
    limit: int,
    *,
    hashed: Any = None,
    before_piece: Callable[[int], None] = lambda _: None,
) -> bool:
    """Write what *stream* brings behind what is there, at most up to *limit* bytes in all; False if it brings more.

    A stream that ends early ends quietly: what arrived is kept.
    hashed        a hashlib object that is fed with what is written
    before_piece  called with the length of each piece before it is written; may raise
    raises        UploadBusy if another connection took the turn over
    """
    with _opened(held.key) as file:
        size = synced = os.fstat(file).st_size
        while piece := stream.read(_PIECE):
            if size + len(piece) > limit:
                return False
            before_piece(len(piece))
            _write(held, file, piece, size)
            if hashed is not None:
                hashed.update(piece)
            size += len(piece)
            if size - synced >= _SYNC_EVERY:
                os.fdatasync(file)
                synced = size
        os.fdatasync(file)
    return True


def cut(key: str, size: int) -> None:
    """Forget what arrived behind *size*."""
    os.truncate(part(key), size)


def _write(held: Turn, file: int, piece: bytes, at: int) -> None:
    """Write *piece* if it is still our turn; whoever took it over waits for this."""
    fcntl.flock(file, fcntl.LOCK_EX)
    try:
        if not held.is_mine():
            raise UploadBusy(key=held.key)
        view = memoryview(piece)
        while view:
            written = os.pwrite(file, view, at)
            view, at = view[written:], at + written
        held.say_alive()
    finally:
        fcntl.flock(file, fcntl.LOCK_UN)


@contextlib.contextmanager
def _opened(key: str) -> Iterator[int]:
    file = os.open(part(key), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        yield file
    finally:
        os.close(file)
