# SPDX-License-Identifier: Apache-2.0
"""Manifests of records and of what a search finds, for viewers of images: whoever may read the record may have its manifest."""

from typing import Any, Final

import orjson
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from ortaq.core.audience import PUBLIC, STRANGER
from ortaq.core.errors import N_, OrtaqError
from ortaq.doors.exports.described import described
from ortaq.doors.harvest.addresses import base_of
from ortaq.doors.iiif import presentation
from ortaq.doors.iiif.images import answer_json, for_viewers, let_others_read
from ortaq.doors.web.record import moved, seen
from ortaq.records.errors import Gone
from ortaq.records.hiding import hiding_from
from ortaq.records.models import Record

_MEDIA_TYPE: Final = f'application/ld+json;profile="{presentation.CONTEXT}"'


class NoImages(OrtaqError):
    code, status = "manifest.no-images", 404
    say = N_("The record %(uri)s has no images at this node, and a manifest needs one. Open its page instead.")


@for_viewers
def manifest(request: HttpRequest, name: str) -> HttpResponseBase:
    """The record with its images. What is for everyone is told to everyone alike, whoever asks."""
    viewer, record = seen(request, name)
    if elsewhere := moved(viewer, record, "/manifest.json"):
        return let_others_read(elsewhere)
    if record.state != Record.LIVE:
        raise Gone(uri=record.uri)
    is_public = record.audience == PUBLIC
    one = next(described([record], STRANGER if is_public else viewer, base_of(request)), None)
    pictures = presentation.pictures_of([one])[one.uri] if one and not hiding_from(record, viewer) else []
    if one is None or not pictures:
        raise NoImages(uri=record.uri)
    return answered(request, presentation.manifest(one, pictures), is_public=is_public)


def answered(request: HttpRequest, document: dict[str, Any], *, is_public: bool) -> HttpResponse:
    data = orjson.dumps(document, option=orjson.OPT_INDENT_2)
    return answer_json(request, data, _MEDIA_TYPE, is_public=is_public)
