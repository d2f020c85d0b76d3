# SPDX-License-Identifier: Apache-2.0
"""Bytes by their digest: kept once, never changed, read in ranges, checked against their names."""

import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.conf import settings

from ortaq.core import digest as digests
from ortaq.core.errors import N_, OrtaqError
from ortaq.files.models import StoredFile
from ortaq.files.sniffing import HEAD_BYTES, media_type_of

_PIECE = 1024 * 1024


class FileTooLarge(OrtaqError):
    code, status = "file.too-large", 413
    say = N_("%(name)s is larger than %(limit)s bytes. Make it smaller, or raise ORTAQ_MAX_FILE_BYTES.")


class FileAbsent(OrtaqError):
    code, status = "file.absent", 404
    say = N_("There is no file %(digest)s at this node. Check the address.")


@dataclass(frozen=True, slots=True)
class Fault:
    """A kept file that is not what its row says: a stable code, its digest, and what is off."""

    code: str
    where: str
    what: str


def path_of(digest: str) -> Path:
    """Return where the bytes of *digest* lie; raises FileAbsent for what is no digest of ours."""
    try:
        name = digests.raw(digest).hex()
    except ValueError as error:
        raise FileAbsent(digest=digest) from error
    return Path(settings.HOME) / "files" / name[:2] / name[2:]


def keep(stream: IO[bytes], name: str) -> StoredFile:
    """Keep the bytes of *stream* and return their row; name: for messages only. Raises FileTooLarge."""
    partial = Path(settings.HOME) / "files" / "incoming" / secrets.token_hex(8)
    partial.parent.mkdir(parents=True, exist_ok=True)
    try:
        sha256, size, head = _copy(stream, partial, name)
        digest = digests.multibase(sha256)
        _put_in_place(partial, path_of(digest))
    except BaseException:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
        raise
    row, _ = StoredFile.objects.get_or_create(
        digest=digest, defaults={"bytes": size, "media_type": media_type_of(head)}
    )
    return row


def _copy(stream: IO[bytes], target: Path, name: str) -> tuple[bytes, int, bytes]:
    """Write the bytes to disk for good; return their SHA-256, their number and how they begin."""
    sha256, size, head = hashlib.sha256(), 0, b""
    with target.open("xb") as file:
        while piece := stream.read(_PIECE):
            size += len(piece)
            if size > settings.MAX_FILE_BYTES:
                raise FileTooLarge(name=name, limit=settings.MAX_FILE_BYTES)
            sha256.update(piece)
            head = head if len(head) >= HEAD_BYTES else (head + piece)[:HEAD_BYTES]
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    return sha256.digest(), size, head


def _put_in_place(partial: Path, target: Path) -> None:
    target.parent.mkdir(exist_ok=True)
    partial.replace(target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def open_file(digest: str, first: int = 0, last: int | None = None) -> Iterator[bytes]:
    """Yield the bytes of the kept file from *first* to *last*, both included, as HTTP counts them; raises FileAbsent at once."""
    try:
        file = path_of(digest).open("rb")
    except FileNotFoundError as error:
        raise FileAbsent(digest=digest) from error
    return _pieces(file, first, last)


def _pieces(file: IO[bytes], first: int, last: int | None) -> Iterator[bytes]:
    with file:
        file.seek(first)
        left = None if last is None else max(0, last + 1 - first)
        while piece := file.read(_PIECE if left is None else min(_PIECE, left)):
            left = None if left is None else left - len(piece)
            yield piece


def verify_files() -> Iterator[Fault]:
    """Compare every kept file with its name; bytes that no row knows are what an interrupted upload left, and harmless."""
    for row in StoredFile.objects.order_by("digest").iterator():
        yield from _faults(row)


def _faults(row: StoredFile) -> Iterator[Fault]:
    try:
        with path_of(row.digest).open("rb") as file:
            found = hashlib.file_digest(file, "sha256").digest()
            size = file.tell()
    except (FileAbsent, FileNotFoundError):
        yield Fault("files.missing", row.digest, "its bytes are not in the data folder")
    except OSError as error:
        yield Fault("files.unreadable", row.digest, f"its bytes cannot be read: {error.strerror}")
    else:
        if digests.multibase(found) != row.digest:
            yield Fault("files.altered", row.digest, "its bytes are not those of its digest")
        elif size != row.bytes:
            yield Fault("files.size-wrong", row.digest, f"it has {size} bytes, its row says {row.bytes}")
