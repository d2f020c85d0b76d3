# SPDX-License-Identifier: Apache-2.0
"""A folder that is written as a whole or not at all, and files whose bytes are looked at while they are copied into it."""

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ortaq.core import digest as digests
from ortaq.doors.exports.errors import ExportDiskFull, ExportUnwritable, TargetTaken
from ortaq.files.errors import FileDamaged
from ortaq.files.room import is_full
from ortaq.files.store import open_file


@contextmanager
def whole_folder(target: Path) -> Iterator[Path]:
    """Yield a folder to write into, which takes the name *target* at the end; whatever goes wrong before, nothing is left.

    Killed without warning, `TARGET.partial` is left, and the next export removes it.
    raises TargetTaken, ExportUnwritable, ExportDiskFull
    """
    if target.is_symlink() or (target.exists() and not (target.is_dir() and not any(target.iterdir()))):
        raise TargetTaken(target=target)
    partial = target.with_name(target.name + ".partial")
    try:
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir()
    except OSError as error:
        raise _explained(error, target) from error
    try:
        yield partial
        os.sync()  # one for all: thousands of small files are written
        partial.replace(target)
    except OSError as error:
        shutil.rmtree(partial, ignore_errors=True)
        raise _explained(error, target) from error
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise


def _explained(error: OSError, target: Path) -> ExportDiskFull | ExportUnwritable:
    if is_full(error):
        return ExportDiskFull(target=target)
    return ExportUnwritable(file=target, reason=error.strerror or str(error))


def remove_if_empty(folder: Path) -> None:
    """A folder that was made for files, none of which came, says nothing."""
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()


def copy_kept(digest: str, target: Path) -> str:
    """Copy the kept file to *target*; return its SHA-512 in hex. Raises FileAbsent, FileDamaged, and then leaves nothing there."""
    sha256, sha512 = hashlib.sha256(), hashlib.sha512()
    pieces = open_file(digest)
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("xb") as file:
        for piece in pieces:
            sha256.update(piece)
            sha512.update(piece)
            file.write(piece)
    if digests.multibase(sha256.digest()) != digest:
        target.unlink()
        raise FileDamaged(digest=digest)
    return sha512.hexdigest()
