# SPDX-License-Identifier: Apache-2.0
"""What people do with uploads: begin one, send a piece, cancel it; and how abandoned ones go.

An upload is begun, grows piece by piece, and is whole when it has as many bytes as were declared. Then it is hashed, sniffed and
moved into the store. It stays loose until a record names it, and goes if none does for as long as ORTAQ_UPLOAD_DAYS.
"""

import contextlib
import datetime
import hashlib
import secrets
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from ortaq.core.audience import Viewer
from ortaq.core.identifiers import local_id
from ortaq.files import parts, pictures, store
from ortaq.files.errors import (
    ChecksumWrong,
    DiskLow,
    FileInUse,
    FileTooLarge,
    LongerThanSaid,
    OffsetWrong,
    QuotaFull,
    TooManyOpen,
    TooManyPixels,
    TooManyStarted,
    UploadAbsent,
    UploadFinished,
)
from ortaq.files.images import pyramids
from ortaq.files.models import StoredFile, Upload
from ortaq.files.naming import safe_name
from ortaq.files.queries import arriving_bytes, open_uploads_of, room_of, upload_of, uploads_of
from ortaq.files.room import free_bytes
from ortaq.files.sniffing import HEAD_BYTES, media_type_of
from ortaq.people import rules
from ortaq.people.errors import Denied, SignInRequired

MOST_OPEN = 100  # unfinished uploads of one actor: a folder that somebody drags in and pauses
MOST_AN_HOUR = 2_000  # begun by one actor
_HEADERS_LIE_WITHIN = 1024 * 1024  # an image that is too large is told before the rest of it is sent

InUse = Callable[[list[str]], set[str]]


def begin_upload(viewer: Viewer, *, name: str, said_type: str = "", size: int | None) -> Upload:
    """Make room for a file of *size* bytes; None: the sender will say later.

    raises SignInRequired, Denied, FileTooLarge, QuotaFull, DiskLow, TooManyOpen, TooManyStarted
    """
    acting = viewer.standing
    if acting is None:
        raise SignInRequired
    if not rules.may_write(acting):
        raise Denied(action="file.upload")
    clean = safe_name(name)
    if size is not None and size > settings.MAX_FILE_BYTES:
        raise FileTooLarge(name=clean, limit=settings.MAX_FILE_BYTES)
    with _one_at_a_time(), transaction.atomic():
        _check_number(viewer)
        _check_room(acting.institution, clean, size or 1)
        return Upload.objects.create(
            key=local_id(secrets.token_bytes(10)) + local_id(secrets.token_bytes(10))[:10],
            actor=acting.actor,
            institution=acting.institution,
            name=clean,
            said_type=said_type[:127],
            bytes=size,
            expires_at=_expiry(),
        )


def receive(
    viewer: Viewer,
    key: str,
    offset: int,
    stream: parts.Readable,
    *,
    announced: int | None = None,
    size: int | None = None,
    checksum: tuple[str, bytes] | None = None,
) -> Upload:
    """Write what *stream* brings behind *offset*; where it ends early, what arrived is kept. Returns the upload as it stands.

    announced  how many bytes the stream says that it has
    size       of the whole file, where it was not declared at the beginning
    checksum   algorithm of hashlib and digest of this piece

    raises UploadAbsent, OffsetWrong, UploadBusy, TooManyAtOnce, LongerThanSaid, FileTooLarge, QuotaFull, DiskLow, TooManyPixels,
           ChecksumWrong. After LongerThanSaid, FileTooLarge, QuotaFull and TooManyPixels nothing is left of the upload.
    """
    upload = upload_of(key, viewer)
    if upload.is_whole:
        if offset != upload.bytes or announced != 0:
            raise UploadFinished(key=key)
        return upload
    with parts.place(upload.actor), parts.turn(key) as held:
        upload = upload_of(key, viewer)
        present = parts.size_of(key)
        if offset != present:
            raise OffsetWrong(key=key, present=present, given=offset)
        with _discarded_if_refused(upload):
            _declare(upload, size)
            _write(upload, held, stream, offset, announced or 0, checksum)
            _note_progress(upload)
            if upload.bytes is not None and upload.received == upload.bytes:
                _finish(upload, held)
    return upload


def _declare(upload: Upload, size: int | None) -> None:
    """Take the length of an upload that was begun without one."""
    if size is None or upload.bytes is not None:
        return
    if size > settings.MAX_FILE_BYTES:
        raise FileTooLarge(name=upload.name, limit=settings.MAX_FILE_BYTES)
    with _one_at_a_time(), transaction.atomic():
        _check_room(upload.institution, upload.name, size - upload.received)
        upload.bytes = size
        upload.save(update_fields=["bytes"])


def _write(
    upload: Upload,
    held: parts.Turn,
    stream: parts.Readable,
    offset: int,
    announced: int,
    checksum: tuple[str, bytes] | None,
) -> None:
    limit, excess = _limit(upload)
    if offset + announced > limit:
        raise excess
    hashed = hashlib.new(checksum[0], usedforsecurity=False) if checksum else None

    def before_piece(length: int) -> None:
        if free_bytes() < length:
            raise DiskLow(name=upload.name)

    if not parts.append(held, stream, limit, hashed=hashed, before_piece=before_piece):
        raise excess
    if checksum and hashed is not None and hashed.digest() != checksum[1]:
        parts.cut(upload.key, offset)
        raise ChecksumWrong(name=upload.name)
    if offset < _HEADERS_LIE_WITHIN:
        _check_head(upload)


def _limit(upload: Upload) -> tuple[int, Exception]:
    """Return how long the upload may grow, and what to say to one that grows further."""
    if upload.bytes is not None:
        return upload.bytes, LongerThanSaid(name=upload.name, limit=upload.bytes)
    room = room_of(upload.institution)
    most = settings.MAX_FILE_BYTES
    if room.left is not None and upload.received + room.left < most:
        needed = room.left + 1
        return upload.received + room.left, QuotaFull(name=upload.name, quota=room.quota, used=room.used, needed=needed)
    return most, FileTooLarge(name=upload.name, limit=most)


def _check_head(upload: Upload) -> None:
    with parts.part(upload.key).open("rb") as file:
        store.checked_pixels(file, media_type_of(file.read(HEAD_BYTES)), upload.name)


def _note_progress(upload: Upload) -> None:
    upload.received, upload.expires_at = parts.size_of(upload.key), _expiry()
    if not Upload.objects.filter(pk=upload.key).update(received=upload.received, expires_at=upload.expires_at):
        parts.remove(upload.key)  # cancelled meanwhile
        raise UploadAbsent(key=upload.key)


def _finish(upload: Upload, held: parts.Turn) -> None:
    """Whoever sends the last piece again while a long file is read must not begin to read it too."""

    def note(row: StoredFile) -> None:
        upload.digest, upload.expires_at = row.digest, None
        if not Upload.objects.filter(pk=upload.key).update(digest=row.digest, expires_at=None):
            raise UploadAbsent(key=upload.key)  # cancelled meanwhile

    try:
        store.adopt(
            parts.part(upload.key),
            upload.name,
            institution=upload.institution,
            loose_until=_expiry(),
            noted=note,
            alive=held.say_alive,
        )
    except UploadAbsent:
        parts.remove(upload.key)
        raise


@contextlib.contextmanager
def _discarded_if_refused(upload: Upload) -> Any:
    try:
        yield
    except (LongerThanSaid, FileTooLarge, QuotaFull, TooManyPixels):
        _discard(upload)
        raise


def _discard(upload: Upload) -> None:
    Upload.objects.filter(pk=upload.key).delete()
    parts.remove(upload.key)


def cancel_upload(viewer: Viewer, key: str, *, in_use: InUse, kept_for: InUse) -> None:
    """Take an upload back, whole or not, with its bytes if nothing else has them.

    in_use    returns those of some digests that the viewer's own drafts name
    kept_for  returns those that anybody's drafts name: the bytes stay for them, and nothing is said of that
    raises    UploadAbsent, FileInUse
    """
    upload = upload_of(key, viewer)
    if not upload.is_whole:
        _discard(upload)
        return
    if in_use([upload.digest]):
        raise FileInUse(name=upload.name)
    digest = upload.digest
    upload.delete()
    if store.drop(digest, unless=lambda: Upload.objects.filter(digest=digest).exists() or bool(kept_for([digest]))):
        pictures.forget(digest)


def note_attached(digests: Iterable[str]) -> None:
    """A record names these files now: they stay. Part of the transaction that writes the record."""
    StoredFile.objects.filter(digest__in=list(digests), loose_until__isnull=False).update(loose_until=None)


def sweep(in_use: InUse, *, whole_store: bool = False) -> dict[str, int]:
    """Remove what was abandoned: uploads that ran out, files that no record came for, bytes that no row knows.

    whole_store  look through all kept files too, which takes long in a large store
    returns      how many of each kind went
    """
    now = timezone.now()
    expired = list(Upload.objects.filter(digest="", expires_at__lt=now)[:1000])
    for upload in expired:
        _discard(upload)
    loose = list(StoredFile.objects.filter(loose_until__lt=now).values_list("digest", flat=True)[:1000])
    used = in_use(loose) if loose else set()
    StoredFile.objects.filter(digest__in=used, loose_until__isnull=False).update(loose_until=_expiry())
    dropped = [digest for digest in loose if digest not in used and store.drop(digest)]
    Upload.objects.filter(digest__in=dropped).delete()
    for digest in dropped:
        pictures.forget(digest)
    pyramids.sweep()
    nameless = _sweep_bytes(whole_store=whole_store)
    return {"uploads": len(expired), "files": len(dropped), "nameless": nameless, "pictures": pictures.trim()}


def _sweep_bytes(*, whole_store: bool) -> int:
    nameless = [*stray_parts(), *(store.unnamed_files() if whole_store else ())]
    for path in nameless:
        path.unlink(missing_ok=True)
    parts.forget_old_places()
    return len(nameless)


def stray_parts() -> list[Any]:
    """Return what lies in HOME/uploads without an unfinished upload that knows it; what is younger than an hour may be under way."""
    lying = [path for path in parts.folder().glob("*") if path.is_file() and store.is_old(path)]
    known = set(Upload.objects.filter(digest="").values_list("key", flat=True)) if lying else set()
    return [path for path in lying if path.stem not in known and path.name != "lock"]


def _check_number(viewer: Viewer) -> None:
    count = open_uploads_of(viewer).count()
    if count >= MOST_OPEN:
        raise TooManyOpen(count=count)
    since = timezone.now() - datetime.timedelta(hours=1)
    if uploads_of(viewer).filter(made_at__gt=since).count() >= MOST_AN_HOUR:
        raise TooManyStarted(count=MOST_AN_HOUR)


def _check_room(institution: str, name: str, needed: int) -> None:
    room = room_of(institution)
    if room.left is not None and needed > room.left:
        raise QuotaFull(name=name, quota=room.quota, used=room.used, needed=needed)
    if free_bytes() - arriving_bytes() < needed:
        raise DiskLow(name=name)


def _one_at_a_time() -> contextlib.AbstractContextManager[None]:
    """Two that begin at once must not both take the last room."""
    return parts.locked()


def _expiry() -> datetime.datetime:
    return timezone.now() + datetime.timedelta(days=settings.UPLOAD_DAYS)
