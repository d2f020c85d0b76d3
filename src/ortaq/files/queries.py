# SPDX-License-Identifier: Apache-2.0
"""Reads of kept files and of uploads: whose they are, how much room they take."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count, F, Min, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from ortaq.core.audience import Viewer
from ortaq.files.errors import FileAbsent, FileDamaged, UploadAbsent
from ortaq.files.models import AskedFile, FetchedFile, StoredFile, Upload
from ortaq.people.models import Institution


@dataclass(frozen=True, slots=True)
class Room:
    """What the files of an institution take, and may take; quota None: without limit."""

    used: int
    quota: int | None

    @property
    def left(self) -> int | None:
        return None if self.quota is None else max(0, self.quota - self.used)

    @property
    def high(self) -> int:
        """From here on it is getting tight."""
        return (self.quota or 0) * 9 // 10


def kept_file(digest: str) -> StoredFile:
    """Return the row of the file *digest*; raises FileAbsent."""
    row = StoredFile.objects.filter(digest=digest).first()
    if row is None:
        raise FileAbsent(digest=digest)
    return row


def whole_file(digest: str) -> StoredFile:
    """The same for who wants its bytes; raises FileDamaged if they are known to be wrong."""
    row = kept_file(digest)
    if row.fault:
        raise FileDamaged(digest=digest)
    return row


def kept_files(digests: Iterable[str]) -> dict[str, StoredFile]:
    """Return those of *digests* that are here."""
    return StoredFile.objects.in_bulk(list(dict.fromkeys(digests)))


@dataclass(frozen=True, slots=True)
class Standing:
    """How many files are kept, and how many of them were read again within the time wanted; oldest: when the one that was not for longest was."""

    files: int
    bytes: int
    read: int
    oldest: datetime.datetime | None


def standing_of_files(days: int) -> Standing:
    since = timezone.now() - datetime.timedelta(days=days or 1)
    found = StoredFile.objects.aggregate(
        files=Count("digest"),
        all=Sum("bytes"),
        read=Count("digest", filter=Q(checked_at__gte=since)),
        oldest=Min("checked_at"),
    )
    return Standing(found["files"], found["all"] or 0, found["read"], found["oldest"])


def given_among(digests: Iterable[str], node: str) -> set[str]:
    """Return those of *digests* whose bytes another node, *node*, has given us."""
    found = FetchedFile.objects.filter(digest__in=list(dict.fromkeys(digests)), node=node)
    return set(found.values_list("digest", flat=True))


def asked_among(digests: Iterable[str], node: str) -> dict[str, AskedFile]:
    """Return those of *digests* that somebody wants of *node* and that are not here yet."""
    found = AskedFile.objects.filter(digest__in=list(dict.fromkeys(digests)), node=node)
    return {one.digest: one for one in found}


def upload_of(key: str, viewer: Viewer) -> Upload:
    """Return the viewer's own upload; raises UploadAbsent, also for those of others."""
    found = Upload.objects.filter(key=key, actor__in=viewer.actors).first()
    if found is None:
        raise UploadAbsent(key=key)
    return found


def uploads_of(viewer: Viewer) -> QuerySet[Upload]:
    """Return what the viewer has uploaded or begun to, under any of their actors, the newest first."""
    return Upload.objects.filter(actor__in=viewer.actors).order_by("-made_at", "key")


def open_uploads_of(viewer: Viewer) -> QuerySet[Upload]:
    """Return those that are not whole yet."""
    return uploads_of(viewer).filter(digest="")


def is_own_upload(digest: str, actors: Iterable[str]) -> bool:
    """Tell whether one of *actors* has uploaded the file."""
    return Upload.objects.filter(digest=digest, actor__in=list(actors)).exists()


def own_uploads_among(digests: Iterable[str], actors: Iterable[str]) -> set[str]:
    """Return those of *digests* that one of *actors* has uploaded."""
    found = Upload.objects.filter(digest__in=list(digests), actor__in=list(actors))
    return set(found.values_list("digest", flat=True))


def room_of(institution: str) -> Room:
    """Return how much room the institution (its local id) has; the node's own imports are without limit.

    Counted are the files that its people have brought, and what they are sending, as long as it will be. Bytes that are here already
    count as others do: a quota that does not move would tell that somebody else has them.
    """
    if not institution:
        return Room(0, None)
    own = Institution.objects.filter(pk=institution).values_list("quota_bytes", flat=True).first()
    quota = own if own is not None else settings.QUOTA_BYTES or None
    brought = Upload.objects.filter(institution=institution).exclude(digest="").values("digest")
    kept = StoredFile.objects.filter(Q(institution=institution) | Q(digest__in=brought))
    stored = kept.aggregate(all=Sum("bytes"))["all"] or 0
    arriving = Upload.objects.filter(institution=institution, digest="")
    return Room(stored + (arriving.aggregate(all=Sum(Coalesce("bytes", "received")))["all"] or 0), quota)


def arriving_bytes() -> int:
    """Return how many bytes all unfinished uploads have still to bring."""
    return (
        Upload.objects.filter(digest="").aggregate(all=Sum(Coalesce("bytes", "received") - F("received")))["all"] or 0
    )
