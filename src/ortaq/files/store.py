# SPDX-License-Identifier: Apache-2.0
"""Bytes by their digest: kept once, never changed, read in ranges, checked against their names."""

import datetime
import fcntl
import hashlib
import os
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from ortaq.core import digest as digests
from ortaq.files.damage import BROUGHT, aside_of, note_healed
from ortaq.files.dimensions import Size, size_of_image
from ortaq.files.errors import FileAbsent, FileDamaged, FileTooLarge, TooManyPixels
from ortaq.files.models import StoredFile
from ortaq.files.sniffing import HEAD_BYTES, media_type_of

_PIECE = 1024 * 1024
UNDER_WAY_SECONDS = 3600


def path_of(digest: str) -> Path:
    """Return where the bytes of *digest* lie; raises FileAbsent for what is no digest of ours."""
    try:
        name = digests.raw(digest).hex()
    except ValueError as error:
        raise FileAbsent(digest=digest) from error
    return _files() / name[:2] / name[2:]


def keep(
    stream: IO[bytes], name: str, *, institution: str = "", loose_until: datetime.datetime | None = None
) -> StoredFile:
    """Keep the bytes of *stream* for good and return their row; name: for messages only.

    institution, loose_until  as in `adopt`
    raises                    FileTooLarge, TooManyPixels
    """
    partial = _files() / "incoming" / secrets.token_hex(8)
    partial.parent.mkdir(parents=True, exist_ok=True)
    try:
        _copy(stream, partial, name)
        return adopt(partial, name, institution=institution, loose_until=loose_until)
    except BaseException:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
        raise


def adopt(
    partial: Path,
    name: str,
    *,
    institution: str = "",
    loose_until: datetime.datetime | None = None,
    noted: Callable[[StoredFile], None] = lambda _: None,
    alive: Callable[[], None] = lambda: None,
) -> StoredFile:
    """Move the whole file *partial* into the store and return its row.

    institution  whose it is if nobody brought the same bytes before
    loose_until  when it goes again unless a record names it; None: it stays
    alive        called again and again while the bytes are read, which takes minutes for a long film
    noted        called with the row inside the transaction; what it raises leaves all as it was
    raises       TooManyPixels; the file is then still where it was
    """
    with partial.open("rb") as file:
        sha256, size = _hashed(file, alive)
        file.seek(0)
        media_type = media_type_of(file.read(HEAD_BYTES))
        pixels = checked_pixels(file, media_type, name)
    width, height = pixels or (None, None)
    digest = digests.multibase(sha256)
    found = {"bytes": size, "media_type": media_type, "width": width, "height": height, "checked_at": timezone.now()}
    with locked(), transaction.atomic():
        row, is_new = StoredFile.objects.get_or_create(
            digest=digest, defaults={**found, "institution": institution, "loose_until": loose_until}
        )
        if not is_new and row.loose_until is not None and (loose_until is None or loose_until > row.loose_until):
            row.loose_until = loose_until
            row.save(update_fields=["loose_until"])
        was_damaged = row.fault != ""
        if was_damaged:
            note_healed(row, BROUGHT)
        noted(row)
        put_in_place(partial, digest)
    if was_damaged:
        aside_of(digest).unlink(missing_ok=True)
    return row


def _hashed(file: IO[bytes], alive: Callable[[], None]) -> tuple[bytes, int]:
    """Return SHA-256 and size of an open file."""
    sha256, size = hashlib.sha256(), 0
    while piece := file.read(_PIECE):
        sha256.update(piece)
        size += len(piece)
        alive()
    return sha256.digest(), size


def checked_pixels(file: IO[bytes], media_type: str, name: str) -> Size | None:
    """Return the size that an image's header claims; raises TooManyPixels before anything is decoded."""
    pixels = size_of_image(file, media_type)
    if pixels is None or not all(0 < side < 2**31 for side in pixels):
        return None
    if pixels[0] * pixels[1] > settings.MAX_IMAGE_PIXELS:
        raise TooManyPixels(name=name, width=pixels[0], height=pixels[1], limit=settings.MAX_IMAGE_PIXELS)
    return pixels


def drop(digest: str, *, unless: Callable[[], bool] = lambda: False) -> bool:
    """Take a file out that no record names; True if it was such a one. unless: somebody else needs it, asked under the lock."""
    with locked(), transaction.atomic():
        if unless():
            return False
        is_loose, _ = StoredFile.objects.filter(digest=digest, loose_until__isnull=False).delete()
        if is_loose:
            path_of(digest).unlink(missing_ok=True)
            aside_of(digest).unlink(missing_ok=True)
    return bool(is_loose)


@contextmanager
def locked() -> Iterator[None]:
    """Nobody else puts bytes and their row in, or takes them out."""
    _files().mkdir(parents=True, exist_ok=True)
    with _files().with_name("files.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _files() -> Path:
    return Path(settings.HOME) / "files"


def _copy(stream: IO[bytes], target: Path, name: str) -> None:
    """Write the bytes to disk for good."""
    size = 0
    with target.open("xb") as file:
        while piece := stream.read(_PIECE):
            size += len(piece)
            if size > settings.MAX_FILE_BYTES:
                raise FileTooLarge(name=name, limit=settings.MAX_FILE_BYTES)
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())


def put_in_place(partial: Path, digest: str) -> None:
    """Let *partial*, whose bytes are known to be those of *digest*, be the kept file at once and for good; under the lock."""
    target = path_of(digest)
    target.parent.mkdir(parents=True, exist_ok=True)
    partial.replace(target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def open_file(digest: str, first: int = 0, last: int | None = None) -> "Pieces":
    """Yield the bytes of the kept file from *first* to *last*, both included, as HTTP counts them.

    raises FileAbsent, or FileDamaged for one that should be here, at once
    """
    try:
        file = path_of(digest).open("rb")
    except OSError as error:
        if StoredFile.objects.filter(pk=digest).exists():
            raise FileDamaged(digest=digest) from error
        raise FileAbsent(digest=digest) from error
    return Pieces(file, first, last)


class Pieces:
    """The bytes of an open file from *first* to *last*; closed at the end, or when nobody wants the rest."""

    def __init__(self, file: IO[bytes], first: int, last: int | None) -> None:
        file.seek(first)
        self._file = file
        self._left = None if last is None else max(0, last + 1 - first)
        self.close = file.close

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        piece = b"" if self._file.closed else self._file.read(_PIECE if self._left is None else min(_PIECE, self._left))
        if not piece:
            self.close()
            raise StopIteration
        self._left = None if self._left is None else self._left - len(piece)
        return piece


def is_away() -> bool:
    """Tell whether there is nothing where the files should be, as when their disk is not mounted."""
    return next(_files().glob("??"), None) is None


def unnamed_files() -> Iterator[Path]:
    """Yield the files in the store that no row names; what is younger than an hour may be under way."""
    for folder in sorted(_files().glob("??")):
        lying = {digests.multibase(raw): path for path in folder.iterdir() if (raw := _raw(path)) and is_old(path)}
        known = set(StoredFile.objects.filter(digest__in=list(lying)).values_list("digest", flat=True))
        yield from (path for digest, path in sorted(lying.items()) if digest not in known)
    yield from (path for path in sorted(_files().glob("incoming/*")) if is_old(path))


def is_old(path: Path) -> bool:
    """Tell whether *path* was written more than an hour ago; False if it has gone."""
    try:
        return time.time() - path.stat().st_mtime > UNDER_WAY_SECONDS
    except FileNotFoundError:
        return False


def _raw(path: Path) -> bytes | None:
    try:
        raw = bytes.fromhex(path.parent.name + path.name)
    except ValueError:
        return None
    return raw if len(raw) == 32 else None
