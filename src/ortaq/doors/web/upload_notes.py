# SPDX-License-Identifier: Apache-2.0
"""What an upload became, in words: for the list of one's files, and for the script that shows it."""

import datetime
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import orjson
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from ortaq.files.dimensions import is_image
from ortaq.files.models import StoredFile, Upload
from ortaq.files.queries import kept_files
from ortaq.files.sniffing import differs, is_active

_TYPES = {
    "application/pdf": "PDF",
    "application/zip": "ZIP",
    "image/png": "PNG",
    "image/jpeg": "JPEG",
    "image/gif": "GIF",
    "image/webp": "WebP",
    "image/tiff": "TIFF",
    "image/avif": "AVIF",
    "image/svg+xml": "SVG",
    "text/html": "HTML",
    "text/plain": "TXT",
    "application/xml": "XML",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """An upload with the file that it became; file None: not whole yet. is_attached: a record has it that the viewer may see."""

    upload: Upload
    file: StoredFile | None
    is_attached: bool = False

    @property
    def kept_until(self) -> datetime.datetime | None:
        """Until when it is kept if no record comes for it, as far as its sender alone is concerned: others may have the same bytes.

        None: in a record, or kept for longer because a draft uses it.
        """
        until = self.upload.made_at + datetime.timedelta(days=settings.UPLOAD_DAYS)
        return None if self.is_attached or until < timezone.now() else until

    @property
    def notices(self) -> list[str]:
        return notices(self.upload, self.file) if self.file else []

    @property
    def has_picture(self) -> bool:
        return self.file is not None and is_image(self.file.media_type) and bool(self.file.width)

    @property
    def address(self) -> str:
        return address(self.upload.digest, self.upload.name)

    @property
    def as_json(self) -> str:
        """What a record says of the file."""
        if self.file is None:
            return ""
        digest, media_type, size = self.file.digest, self.file.media_type, self.file.bytes
        said = {"digest": digest, "name": self.upload.name, "media_type": media_type, "bytes": size}
        return orjson.dumps(said).decode("utf-8")

    @property
    def type_name(self) -> str:
        return type_name(self.file.media_type) if self.file else ""


def shown(uploads: Iterable[Upload], attached: Collection[str] = ()) -> list[Shown]:
    """Return *uploads* with their files; one query. attached: digests of those that records have, as far as the viewer may know."""
    found = list(uploads)
    files = kept_files(one.digest for one in found if one.is_whole)
    return [Shown(one, files.get(one.digest), one.digest in attached) for one in found]


def described(upload: Upload) -> dict[str, Any]:
    """Return what a program wants to know of its upload; digest, media_type and bytes are what a record says of the file."""
    (one,) = shown([upload])
    about: dict[str, Any] = {"key": upload.key, "name": upload.name, "bytes": upload.bytes, "received": upload.received}
    if one.file is None:
        return about
    about |= {"digest": one.file.digest, "media_type": one.file.media_type, "bytes": one.file.bytes}
    about |= {"type": one.type_name, "notices": one.notices, "address": address(one.file.digest, upload.name)}
    if one.has_picture:
        about |= {"width": one.file.width, "height": one.file.height}
        about["picture"] = reverse("file-picture", args=[one.file.digest, 320])
    return about


def address(digest: str, name: str) -> str:
    return reverse("file", args=[digest, "x"]).removesuffix("x") + quote(name, safe="")


def notices(upload: Upload, file: StoredFile) -> list[str]:
    """Return what the person should know of the file before it is used."""
    found = []
    if differs(upload.name, upload.said_type, file.media_type):
        sentence = _("By its name it is something else, by its bytes it is %(type)s: it is kept as that.")
        found.append(sentence % {"type": type_name(file.media_type)})
    if is_active(file.media_type):
        sentence = _("%(type)s can hold programs, so it is never shown in a page: readers can only save it.")
        found.append(sentence % {"type": type_name(file.media_type)})
    return found


def type_name(media_type: str) -> str:
    """Return how people call the type; of an unknown one its code."""
    if media_type == "application/octet-stream":
        return _("of an unknown type")
    return _TYPES.get(media_type, media_type)
