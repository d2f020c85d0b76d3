# SPDX-License-Identifier: Apache-2.0
"""Right bytes in the place of damaged ones: from where they lie, from a backup, or brought by whoever has a second copy."""

import os
import secrets
import shutil
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.db import transaction

from ortaq.core import digest as digests
from ortaq.files import pictures, store
from ortaq.files.damage import BACKUP, ITSELF, aside_of, note_healed
from ortaq.files.errors import CopyAltered, DiskLow
from ortaq.files.fixity import hash_of, read
from ortaq.files.models import StoredFile
from ortaq.files.pace import Pace
from ortaq.files.room import free_bytes


def heal_from_itself(row: StoredFile, pace: Pace) -> bool:
    """Look a second time at the bytes themselves, where they should lie and where they were put aside; True if they are right."""
    aside = aside_of(row.digest)
    with suppress(OSError, CopyAltered):
        if not store.path_of(row.digest).exists() and aside.exists():
            put_back(aside, row, ITSELF, pace)
            return True
    reading = read(row, pace)
    if reading.mark is None or reading.code not in ("", "files.size-wrong"):
        return False
    with store.locked(), transaction.atomic():
        StoredFile.objects.filter(pk=row.digest).update(bytes=reading.bytes)
        note_healed(row, ITSELF)
    _forget_damaged(row.digest)
    return True


def heal_from_folders(row: StoredFile, folders: Iterable[Path], pace: Pace) -> bool:
    """Copy the file from the first of *folders* that has it, unharmed. Each is a backup, or a folder with backups in it.

    raises DiskLow, CopyAltered if only wrong copies were found
    """
    wrong: CopyAltered | None = None
    for path in copies_in(folders, row.digest):
        try:
            _copy_back(path, row, pace)
        except CopyAltered as error:
            wrong = error
        except OSError:
            continue
        else:
            return True
    if wrong is not None:
        raise wrong
    return False


def copies_in(folders: Iterable[Path], digest: str) -> Iterator[Path]:
    """Yield where backups have the file *digest*, the newest backup first."""
    name = digests.raw(digest).hex()
    for folder in folders:
        backups = [folder, *sorted((one for one in folder.glob("*") if one.is_dir()), reverse=True)]
        found = (one / "files" / name[:2] / name[2:] for one in backups)
        yield from (path for path in found if path.is_file())


def _copy_back(source: Path, row: StoredFile, pace: Pace) -> None:
    size = source.stat().st_size
    if free_bytes() < size:
        raise DiskLow(name=row.digest)
    partial = _incoming()
    try:
        with source.open("rb") as reading, partial.open("xb") as writing:
            shutil.copyfileobj(reading, writing, 1024 * 1024)
            writing.flush()
            os.fsync(writing.fileno())
        put_back(partial, row, f"{BACKUP}: {source.parents[2]}", pace)
    finally:
        partial.unlink(missing_ok=True)


def _incoming() -> Path:
    folder = Path(settings.HOME) / "files" / "incoming"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / secrets.token_hex(8)


def put_back(partial: Path, row: StoredFile, source: str, pace: Pace) -> None:
    """Let *partial* take the place of the damaged bytes, in one step, once all of it was read and found right.

    source  as `Damage.source`
    raises  CopyAltered; *partial* is then still where it was
    """
    with partial.open("rb", buffering=0) as file:
        sha256, size = hash_of(file.fileno(), pace)
    if digests.multibase(sha256) != row.digest:
        raise CopyAltered(source=source, digest=row.digest)
    with store.locked(), transaction.atomic():
        if not StoredFile.objects.filter(pk=row.digest).update(bytes=size):
            partial.unlink(missing_ok=True)  # it went while it was looked for
            return
        note_healed(row, source)
        store.put_in_place(partial, row.digest)
    _forget_damaged(row.digest)


def _forget_damaged(digest: str) -> None:
    """The wrong bytes, and pictures that may have been made of them."""
    aside_of(digest).unlink(missing_ok=True)
    pictures.forget(digest)
