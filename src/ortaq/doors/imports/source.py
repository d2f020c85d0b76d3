# SPDX-License-Identifier: Apache-2.0
"""A file that comes in: found, opened, unpacked; read in bounded pieces only."""

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from ortaq.doors.imports.errors import FileDamaged, FileEmpty, FileIsFolder, FileMissing, FileUnreadable

HEAD_BYTES = 64 * 1024
_BUFFER = 1024 * 1024
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Source:
    """path as the person gave it; head: the first bytes, unpacked."""

    path: Path
    size: int
    changed_ns: int
    is_packed: bool
    head: bytes

    @property
    def name(self) -> str:
        """The path as text that can be written anywhere, whatever bytes are in it."""
        return printable(self.path)

    @contextmanager
    def opened(self) -> "Iterator[Opened]":
        """The bytes, unpacked; faults of the disk or of the packing become FileDamaged."""
        try:
            with self.path.open("rb", buffering=_BUFFER) as raw:
                yield Opened(cast("IO[bytes]", gzip.GzipFile(fileobj=raw)) if self.is_packed else raw, raw)
        except (OSError, EOFError, zlib.error) as error:
            raise FileDamaged(file=self.path, reason=str(error)) from error


@dataclass(frozen=True, slots=True)
class Opened:
    """stream: unpacked bytes; raw: the file itself, whose position tells how far the reading is."""

    stream: IO[bytes]
    raw: IO[bytes]


def printable(path: Path) -> str:
    return str(path).encode("utf-8", "backslashreplace").decode("utf-8")


def source_of(path: Path) -> Source:
    """Return the source at *path*; raises FileMissing, FileIsFolder, FileUnreadable, FileEmpty or FileDamaged."""
    try:
        stat = path.stat()
        if path.is_dir():
            raise FileIsFolder(file=path)
        with path.open("rb") as raw:
            is_packed = raw.read(2) == _GZIP
            raw.seek(0)
            head = _head(path, raw) if is_packed else raw.read(HEAD_BYTES)
    except FileNotFoundError as error:
        raise FileMissing(file=path) from error
    except OSError as error:
        raise FileUnreadable(file=path, reason=error.strerror or str(error)) from error
    if not head.strip(b"\xef\xbb\xbf \t\r\n"):
        raise FileEmpty(file=path)
    return Source(path, stat.st_size, stat.st_mtime_ns, is_packed, head)


def _head(path: Path, raw: IO[bytes]) -> bytes:
    try:
        return gzip.GzipFile(fileobj=raw).read(HEAD_BYTES)
    except (EOFError, OSError, zlib.error) as error:
        raise FileDamaged(file=path, reason=str(error)) from error
