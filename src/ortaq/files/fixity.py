# SPDX-License-Identifier: Apache-2.0
"""Whether kept files still are what their names say: all their bytes are read again and compared with the digest.

What is found damaged is noted on its row and moved aside: from then on nobody gets these bytes. files/healing.py puts right ones in
their place. Docs: docs/decisions/0036.
"""

import contextlib
import datetime
import hashlib
import os
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from ortaq.core import digest as digests
from ortaq.files import pictures, store
from ortaq.files.damage import aside_of
from ortaq.files.errors import StoreAway
from ortaq.files.models import Damage, StoredFile
from ortaq.files.pace import A_FILE, Pace

ALTERED: Final = "files.altered"
MISSING: Final = "files.missing"
UNREADABLE: Final = "files.unreadable"
SIZE_WRONG: Final = "files.size-wrong"
_PIECE = 1024 * 1024
_NOTED_AT_ONCE = 200
_NOTED_WITHIN_SECONDS = 5.0

Told = Callable[[Damage, StoredFile], None]


@dataclass(frozen=True, slots=True)
class Fault:
    """A kept file that is not what its row says: a stable code, its digest, and what is off."""

    code: str
    where: str
    what: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What was found where a file should lie. code: what is wrong, empty for nothing; mark: of the very file on the disk that was read."""

    code: str
    bytes: int = 0
    mark: tuple[int, int] | None = None
    reason: str = ""


@dataclass(slots=True)
class Tally:
    """What was looked at. damaged: found so now; both count files."""

    files: int = 0
    bytes: int = 0
    damaged: int = 0


def due(now: datetime.datetime | None = None) -> QuerySet[StoredFile]:
    """Return the files that are to be read again, what was not looked at for longest first; empty if no checks are wanted."""
    if not settings.FIXITY_DAYS:
        return StoredFile.objects.none()
    before = (now or timezone.now()) - datetime.timedelta(days=settings.FIXITY_DAYS)
    return in_turn().filter(Q(checked_at=None) | Q(checked_at__lt=before))


def in_turn() -> QuerySet[StoredFile]:
    """Return the files that are not known to be damaged, in the order in which they are looked at."""
    return StoredFile.objects.filter(fault="").order_by(F("checked_at").asc(nulls_first=True), "digest")


def check_files(rows: Iterable[StoredFile], pace: Pace, told: Told = lambda _damage, _row: None) -> Tally:
    """Read the files of *rows* and note of each how it is, also when this is stopped between two.

    told    called with each damage that was not known, in the transaction that notes it
    raises  Stopped; the file that was being read then is read anew the next time. StoreAway
    """
    tally, sound, since = Tally(), list[str](), time.monotonic()
    try:
        for row in rows:
            reading = read(row, pace)
            if reading.code == MISSING and store.is_away():
                raise StoreAway(folder=Path(settings.HOME) / "files")
            tally.files, tally.bytes = tally.files + 1, tally.bytes + reading.bytes
            if reading.code:
                tally.damaged += note_damage(row, reading, told)
            else:
                sound.append(row.digest)
            if len(sound) >= _NOTED_AT_ONCE or time.monotonic() - since > _NOTED_WITHIN_SECONDS:
                _note_sound(sound)
                sound, since = [], time.monotonic()
    finally:
        _note_sound(sound)
    return tally


def read(row: StoredFile, pace: Pace) -> Reading:
    """Read all bytes of a kept file."""
    pace.spend(A_FILE)
    try:
        with store.path_of(row.digest).open("rb", buffering=0) as file:
            state = os.fstat(file.fileno())
            mark = (state.st_ino, state.st_mtime_ns)
            try:
                sha256, size = hash_of(file.fileno(), pace)
            except OSError as error:
                return Reading(UNREADABLE, mark=mark, reason=error.strerror or str(error))
    except FileNotFoundError:
        return Reading(MISSING)
    except OSError as error:
        return Reading(UNREADABLE, mark=_mark(store.path_of(row.digest)), reason=error.strerror or str(error))
    if digests.multibase(sha256) != row.digest:
        return Reading(ALTERED, size, mark)
    return Reading("" if size == row.bytes else SIZE_WRONG, size, mark)


def hash_of(file: int, pace: Pace) -> tuple[bytes, int]:
    """Return SHA-256 and size of an open file; what was read does not push out of memory what people read."""
    sha256, size = hashlib.sha256(), 0
    while piece := os.read(file, _PIECE):
        sha256.update(piece)
        if hasattr(os, "posix_fadvise"):
            os.posix_fadvise(file, size, len(piece), os.POSIX_FADV_DONTNEED)
        size += len(piece)
        pace.spend(len(piece))
    return sha256.digest(), size


def note_damage(row: StoredFile, reading: Reading, told: Told = lambda _damage, _row: None) -> bool:
    """Put down what *reading* found and move wrong bytes aside; True if that was not known.

    A file that went, or was put right, while it was read, is left alone.
    """
    with store.locked():
        with transaction.atomic():
            if _mark(store.path_of(row.digest)) != reading.mark or not _has(row.digest):
                return False
            StoredFile.objects.filter(pk=row.digest, fault="").update(fault=reading.code, checked_at=timezone.now())
            damage, is_new = Damage.objects.get_or_create(
                digest=row.digest, healed_at=None, defaults={"code": reading.code}
            )
            if is_new:
                told(damage, row)
        # After the commit: killed here, the row says that the bytes are wrong, and the next look moves them.
        if reading.code in (ALTERED, UNREADABLE):
            _move_aside(row.digest)
            pictures.forget(row.digest)  # nobody knows from which bytes they were made
    return is_new


def _note_sound(digests_: list[str]) -> None:
    if digests_:
        StoredFile.objects.filter(pk__in=digests_, fault="").update(checked_at=timezone.now())


def _has(digest: str) -> bool:
    return StoredFile.objects.filter(pk=digest).exists()


def _mark(path: Path) -> tuple[int, int] | None:
    """Return what tells a file on the disk from another that has taken its place; None if there is none."""
    try:
        state = path.stat()
    except OSError:
        return None
    return state.st_ino, state.st_mtime_ns


def _move_aside(digest: str) -> None:
    """Where it cannot be moved, the fault on its row keeps it from being given."""
    aside = aside_of(digest)
    with contextlib.suppress(OSError):
        aside.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        store.path_of(digest).replace(aside)


def open_damage() -> QuerySet[Damage]:
    """Return what is damaged now, the oldest first."""
    return Damage.objects.filter(healed_at=None).order_by("found_at", "id")


def verify_files() -> Iterator[Fault]:
    """Compare every kept file with its name, and find bytes that no row knows. Nothing is changed."""
    for row in StoredFile.objects.order_by("digest").iterator():
        yield from _faults(row)
    for path in store.unnamed_files():
        yield Fault(
            "files.unnamed", str(path), "no record and no upload names it; the next sweep of 'serve' removes it"
        )


def _faults(row: StoredFile) -> Iterator[Fault]:
    reading = read(row, Pace())
    if not reading.code:
        if row.fault:
            yield Fault(
                row.fault, row.digest, "its bytes are right, but it is noted as damaged: say 'ortaq files heal'"
            )
        return
    noted = f", as was found on {row.checked_at:%Y-%m-%d %H:%M} UTC" if row.fault and row.checked_at else ""
    aside = aside_of(row.digest)
    kept = f"; the damaged bytes are kept aside in {aside}" if aside.exists() else ""
    yield Fault(row.fault or reading.code, row.digest, _what(row, reading) + noted + kept)


def _what(row: StoredFile, reading: Reading) -> str:
    return {
        ALTERED: "its bytes are not those of its digest",
        MISSING: "its bytes are not in the data folder" if row.fault in ("", MISSING) else "it is damaged",
        UNREADABLE: f"its bytes cannot be read: {reading.reason}",
        SIZE_WRONG: f"it has {reading.bytes} bytes, its row says {row.bytes}",
    }[reading.code]
