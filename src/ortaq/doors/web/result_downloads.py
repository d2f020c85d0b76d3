# SPDX-License-Identifier: Apache-2.0
"""The results of a search as a file: every record that was found, not only the page."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from django.http import HttpRequest, StreamingHttpResponse
from django.views.decorators.http import require_safe

from ortaq.core.audience import Viewer
from ortaq.doors.exports import jsonl
from ortaq.doors.exports.table import table
from ortaq.doors.web import names
from ortaq.doors.web.asking import Asked, asked
from ortaq.doors.web.errors import BadParameter
from ortaq.people.viewers import viewer_of
from ortaq.records.models import Record
from ortaq.records.queries import records_for
from ortaq.records.registry import KINDS
from ortaq.search.query import search

_PAGE = 200
_TYPES = {"jsonl": "application/jsonl", "csv": "text/csv; charset=utf-8"}


@require_safe
def download_results(request: HttpRequest, form: str) -> StreamingHttpResponse:
    """All records found: as lines that `ortaq import` reads, or as a table if they are of one kind."""
    search_asked, viewer = asked(request, names.reader_language(), limit=_PAGE), viewer_of(request)

    def found() -> Iterator[Record]:
        return _found(search_asked, viewer)

    pieces = jsonl.lines(found(), viewer) if form == "jsonl" else _table(search_asked, found, viewer)
    response = StreamingHttpResponse(pieces, content_type=_TYPES[form])
    response["Content-Disposition"] = f'attachment; filename="ortaq.{form}"'
    return response


def forms(search_asked: Asked) -> list[tuple[str, str]]:
    """Return the forms in which these results can be had, as (label, name); a table needs one kind."""
    return [("JSONL", "jsonl"), *([("CSV", "csv")] if _one_kind(search_asked) else [])]


def _table(search_asked: Asked, found: Callable[[], Iterator[Record]], viewer: Viewer) -> Iterator[bytes]:
    kind = _one_kind(search_asked)
    if kind is None:
        raise BadParameter(name="kind", value=",".join(search_asked.question.kinds))
    return table(KINDS[kind], found, viewer)


def _one_kind(search_asked: Asked) -> str | None:
    kinds = search_asked.question.kinds
    return kinds[0] if len(kinds) == 1 and kinds[0] in KINDS else None


def _found(search_asked: Asked, viewer: Viewer) -> Iterator[Record]:
    """The records in the order in which they were made: that order has no deepest page."""
    after: str | None = None
    while True:
        answer = search(replace(search_asked.question, order="oldest", after=after, limit=_PAGE), viewer)
        ids = [hit.record_id for hit in answer.hits if not hit.is_similar]
        rows = {row.id: row for row in records_for(viewer).select_related("change").filter(id__in=ids)}
        yield from (rows[one] for one in ids if one in rows)
        after = answer.after
        if after is None:
            return
