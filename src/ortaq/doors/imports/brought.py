# SPDX-License-Identifier: Apache-2.0
"""Files that came with an import on a page: kept for the institution, within its quota; or only looked at, for a preview.

A page sends files without their folders, so a path is looked for by its name alone too.
"""

import datetime
import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from ortaq.core import digest as digests
from ortaq.doors.imports.errors import FileMissing
from ortaq.files.errors import FileTooLarge, QuotaFull
from ortaq.files.models import StoredFile
from ortaq.files.queries import room_of
from ortaq.files.sniffing import HEAD_BYTES, media_type_of
from ortaq.files.store import checked_pixels, keep


@dataclass(slots=True)
class Brought:
    """A `Take` for lines (attachments.py). digests: what came so far, which the records may name."""

    folder: Path
    institution: str
    is_preview: bool
    digests: set[str] = field(default_factory=set)
    looked_at: dict[str, StoredFile] = field(default_factory=dict)
    _needed: int = 0

    def __call__(self, path: Path, name: str) -> StoredFile:
        there = path if path.is_file() else self.folder / path.name
        if not there.is_file():
            raise FileMissing(file=name)
        found = _described(there, name)
        is_new = not StoredFile.objects.filter(pk=found.digest).exists()
        if is_new and found.digest not in self.looked_at:
            self._check_room(found, name)
        if not self.is_preview:
            with there.open("rb") as stream:
                found = keep(stream, name, institution=self.institution, loose_until=_expiry())
        self.looked_at[found.digest] = found
        self.digests.add(found.digest)
        return found

    def _check_room(self, found: StoredFile, name: str) -> None:
        room = room_of(self.institution)
        needed = found.bytes + (self._needed if self.is_preview else 0)
        if room.left is not None and needed > room.left:
            raise QuotaFull(name=name, quota=room.quota, used=room.used, needed=needed)
        self._needed = needed


def _described(path: Path, name: str) -> StoredFile:
    """Return what the row of the file would be, without making it."""
    with path.open("rb") as file:
        sha256, size = hashlib.file_digest(file, "sha256").digest(), file.tell()
        if size > settings.MAX_FILE_BYTES:
            raise FileTooLarge(name=name, limit=settings.MAX_FILE_BYTES)
        file.seek(0)
        media_type = media_type_of(file.read(HEAD_BYTES))
        checked_pixels(file, media_type, name)
    return StoredFile(digest=digests.multibase(sha256), bytes=size, media_type=media_type)


def _expiry() -> datetime.datetime:
    return timezone.now() + datetime.timedelta(days=settings.UPLOAD_DAYS)
