# SPDX-License-Identifier: Apache-2.0
"""The page of one's own files: send some, see which no record uses yet and until when they are kept, delete them.

Without scripts it is an ordinary form. Its files are written to disk as they come, piece by piece, as uploads are that come by tus.
"""

import contextlib
import io
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST

from ortaq.core.audience import Viewer
from ortaq.core.errors import N_, OrtaqError
from ortaq.doors.web.upload_notes import notices, shown
from ortaq.files.actions import MOST_OPEN, begin_upload, cancel_upload, receive
from ortaq.files.errors import UploadAbsent
from ortaq.files.models import Upload
from ortaq.files.queries import kept_file, room_of, uploads_of
from ortaq.people import rules
from ortaq.people.errors import Denied, SignInRequired
from ortaq.people.viewers import viewer_of
from ortaq.records.attaching import attached_among, named_by_copies, named_by_copies_of

_SHOWN = 200
_PIECE = 2 * 1024 * 1024


class FormTooLarge(OrtaqError):
    code, status = "upload.form-too-large", 413
    say = N_("One form may bring %(limit)s bytes, all its files together. Send them one by one, or switch scripts on.")


class IntoUploads(FileUploadHandler):
    """Sends what a form brings straight into uploads of the viewer; what is refused is told with its name."""

    chunk_size = _PIECE

    def __init__(self, viewer: Viewer) -> None:
        super().__init__()
        self.viewer = viewer
        self.is_ours = False  # until the token of the form has been looked at
        self.uploads: list[Upload] = []
        self.refused: list[tuple[str, OrtaqError]] = []
        self._present: Upload | None = None

    def handle_raw_input(self, input_data: Any, meta: Any, content_length: int, *more: Any) -> None:
        if content_length > settings.MAX_FILE_BYTES + _PIECE:
            raise FormTooLarge(limit=settings.MAX_FILE_BYTES)

    def new_file(self, *given: Any, **more: Any) -> None:
        super().new_file(*given, **more)
        try:
            self._present = begin_upload(
                self.viewer, name=self.file_name or "", said_type=self.content_type or "", size=None
            )
        except OrtaqError as error:
            self._refuse(error)
            raise SkipFile from error

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if self._present is None:
            return
        try:
            self._present = receive(self.viewer, self._present.key, start, io.BytesIO(raw_data))
        except OrtaqError as error:
            self._refuse(error)
            raise SkipFile from error

    def file_complete(self, file_size: int) -> UploadedFile | None:
        if self._present is not None:
            try:
                self.uploads.append(
                    receive(self.viewer, self._present.key, file_size, io.BytesIO(), announced=0, size=file_size)
                )
            except OrtaqError as error:
                self._refuse(error)
        self._present = None
        return None

    def upload_interrupted(self) -> None:
        if self._present is not None:
            self._forget(self._present)

    def forget_all(self) -> None:
        """Take back what came with a form that turned out not to be ours."""
        for one in self.uploads:
            self._forget(one)
        self.uploads.clear()

    def _refuse(self, error: OrtaqError) -> None:
        self.refused.append((self.file_name or "", error))
        if self._present is not None:
            self._forget(self._present)
        self._present = None

    def _forget(self, upload: Upload) -> None:
        with contextlib.suppress(UploadAbsent):  # it was taken back when it was refused
            cancel_upload(self.viewer, upload.key, in_use=lambda _: set(), kept_for=named_by_copies)


@never_cache
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def my_files(request: HttpRequest) -> HttpResponse:
    """The list, or a form with files. The token is looked at inside, since Django reads the whole form for it."""
    viewer = viewer_of(request)
    if viewer.standing is None:
        raise SignInRequired
    handler = IntoUploads(viewer)
    request.upload_handlers = [handler]
    response = _list_or_take(request, handler)
    if not handler.is_ours:
        handler.forget_all()
    return response


@csrf_protect
def _list_or_take(request: HttpRequest, handler: IntoUploads) -> HttpResponse:
    handler.is_ours = True
    if request.method == "POST":
        return _taken(request, handler)
    return render(request, "web/my_files.html", _context(handler.viewer))


def _taken(request: HttpRequest, handler: IntoUploads) -> HttpResponse:
    if not rules.may_write(handler.viewer.standing):
        raise Denied(action="file.upload")
    _files = request.FILES  # read to the end, if the token did not need that
    for name, error in handler.refused:
        messages.error(request, f"{name}: {_(error.say) % error.facts}")
    if handler.uploads:
        count = len(handler.uploads)
        said = ngettext("%(count)s file has arrived.", "%(count)s files have arrived.", count) % {"count": count}
        messages.success(request, said)
        for one in handler.uploads:
            for notice in notices(one, kept_file(one.digest)):
                messages.warning(request, f"{one.name}: {notice}")
    elif not handler.refused:
        messages.error(request, _("No file was chosen. Choose one, then send the form."))
    if handler.refused and not handler.uploads:
        return render(request, "web/my_files.html", _context(handler.viewer), status=handler.refused[0][1].status)
    return HttpResponseRedirect(reverse("my-files"))


@require_POST
def delete(request: HttpRequest, key: str) -> HttpResponse:
    """Take an upload back."""
    viewer = viewer_of(request)
    if viewer.actor is None:
        raise SignInRequired
    cancel_upload(viewer, key, in_use=named_by_copies_of(viewer), kept_for=named_by_copies)
    messages.success(request, _("Deleted."))
    return HttpResponseRedirect(reverse("my-files"))


def _context(viewer: Viewer) -> dict[str, Any]:
    uploads = list(uploads_of(viewer)[:_SHOWN])
    found = shown(uploads, attached_among({one.digest for one in uploads if one.is_whole}, viewer))
    room = room_of(viewer.standing.institution if viewer.standing else "")
    return {
        "unfinished": [one for one in found if not one.upload.is_whole],
        "loose": [one for one in found if one.file and not one.is_attached],
        "attached": [one for one in found if one.file and one.is_attached],
        "room": room,
        "may_send": rules.may_write(viewer.standing),
        "max_bytes": settings.MAX_FILE_BYTES,
        "most_open": MOST_OPEN,
        "upload_days": settings.UPLOAD_DAYS,
    }
