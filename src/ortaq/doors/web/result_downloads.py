# SPDX-License-Identifier: Apache-2.0
"""The results of a search as a file: every record that was found, not only the page."""

from collections.abc import Iterator

from django.conf import settings
from django.http import HttpRequest, StreamingHttpResponse
from django.views.decorators.http import require_safe

from ortaq.core.audience import Viewer
from ortaq.doors.exports import jsonl
from ortaq.doors.exports.formats import JSON_FORMATS, json_lines
from ortaq.doors.exports.table import table
from ortaq.doors.web import names
from ortaq.doors.web.asking import Asked, asked
from ortaq.people import audit
from ortaq.people.viewers import viewer_of
from ortaq.records.models import Record
from ortaq.records.registry import KINDS
from ortaq.search.selection import all_found

FORMS = (("JSONL", "jsonl"), ("CSV", "csv"), ("Linked Art", "linked-art"))
# form → media type and name of the file
_FILES = {
    "jsonl": ("application/jsonl", "ortaq.jsonl"),
    "csv": ("text/csv; charset=utf-8", "ortaq.csv"),
    "linked-art": ("application/jsonl", "ortaq.linked-art.jsonl"),
}


@require_safe
def download_results(request: HttpRequest, form: str) -> StreamingHttpResponse:
    """All records found: as lines that `ortaq import` reads, as a table, or as Linked Art."""
    search_asked, viewer = asked(request, names.reader_language()), viewer_of(request)

    def found() -> Iterator[Record]:
        return all_found(search_asked.question, viewer)

    if request.method == "GET":
        _note(form, search_asked, viewer)
    kinds = [KINDS[name] for name in search_asked.question.kinds if name in KINDS]
    kind = kinds[0] if len(kinds) == 1 else None
    if form == "linked-art":
        pieces = json_lines(JSON_FORMATS[form], found(), viewer, settings.ADDRESS)
    else:
        pieces = jsonl.lines(found(), viewer) if form == "jsonl" else table(kind, found, viewer)
    media_type, name = _FILES[form]
    response = StreamingHttpResponse(pieces, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _note(form: str, search_asked: Asked, viewer: Viewer) -> None:
    """Who takes much out may see what others may not: it stands in the audit trail."""
    if viewer.actor is None and not viewer.is_keeper:
        return
    acting = viewer.standing
    institution = acting.institution if acting else ""
    query = search_asked.address(view=None)[:1000]
    audit.note("records.export", actor=viewer.actor or "", institution=institution, form=form, query=query)
