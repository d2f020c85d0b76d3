# SPDX-License-Identifier: Apache-2.0
"""With which record one is to be merged: suggested, or found by its name. And the list of all that may be there twice."""

from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ortaq.core.audience import Viewer
from ortaq.core.errors import N_
from ortaq.doors.web import names
from ortaq.doors.web.forms.entering import signed_in
from ortaq.doors.web.forms.offers import is_written_here
from ortaq.doors.web.forms.references import MOST_OFFERED, Match, matches
from ortaq.doors.web.merging.alike import Suggestion, mergeable_among, suggested
from ortaq.doors.web.record import seen
from ortaq.doors.web.rows import Row, rows
from ortaq.nodes.identity import identity
from ortaq.people import rules
from ortaq.people.errors import Denied
from ortaq.people.queries import actors_of, institution_of
from ortaq.people.viewers import viewer_of
from ortaq.records.actions import check_not_replaced, subject_of
from ortaq.records.errors import Gone
from ortaq.records.models import Record
from ortaq.records.queries import records_by_authors
from ortaq.records.registry import KINDS

_SUGGESTED: Final = 10
_LOOKED_UP: Final = 40  # names that begin alike, of which those are offered that may be merged
_A_PAGE: Final = 40  # records for which others are looked up on one page: each costs some milliseconds


@never_cache
@signed_in
@require_safe
def choose(request: HttpRequest, name: str) -> HttpResponse:
    """The records that may be the same, and a box to find another one by its name."""
    viewer, record = seen(request, name)
    check_may_merge(viewer, record)
    text = request.GET.get("q", "")
    context = {
        "record": record,
        "text": text[:200],
        "suggestions": suggested(record, viewer, limit=_SUGGESTED),
        "matches": _matches(record, text, viewer),
    }
    return render(request, "web/merging/choose.html", context)


def options(request: HttpRequest, name: str) -> HttpResponse:
    """Records whose names begin as typed and that may be merged with this one, as options of a combobox."""
    viewer, record = seen(request, name)
    if viewer.actor is None:
        return HttpResponse(status=401)
    check_may_merge(viewer, record)
    found = _matches(record, request.GET.get("q", ""), viewer)
    response = HttpResponse(render_to_string("web/forms/options.html", {"matches": found}, request))
    response["Cache-Control"] = "private, no-store"
    return response


def check_may_merge(viewer: Viewer, record: Record) -> None:
    """Raise what keeps *viewer* from merging *record* with any other."""
    if record.state != Record.LIVE:
        check_not_replaced(viewer, record)
        raise Gone(uri=record.uri)
    if not is_written_here(record.kind) or not rules.may_merge(viewer, subject_of(record)):
        raise Denied(action=N_("merge this record"))


def _matches(record: Record, text: str, viewer: Viewer) -> list[Match]:
    found = matches(text, viewer, [record.kind], limit=_LOOKED_UP)
    fitting = mergeable_among(record, [one.uri for one in found], viewer)
    return [one for one in found if one.uri in fitting][:MOST_OFFERED]


@dataclass(frozen=True, slots=True)
class Pair:
    """A record and those that may be the same thing."""

    row: Row
    suggestions: list[Suggestion]


@never_cache
@signed_in
@require_safe
def duplicates(request: HttpRequest) -> HttpResponse:
    """What the institution may have twice: its records, the newest first, each with older ones of nearly its name."""
    viewer = viewer_of(request)
    is_of_node = viewer.is_keeper and (request.GET.get("of") == "node" or not _is_steward(viewer))
    if not is_of_node and not _is_steward(viewer):
        raise Denied(action=N_("merge records"))
    after = request.GET.get("after", "")
    before_id = int(after) if after.isascii() and after.isdecimal() and len(after) < 19 else None
    records = _records(viewer, is_of_node=is_of_node, before=before_id)
    context: dict[str, Any] = {
        "pairs": _pairs(records[:_A_PAGE], viewer),
        "after": records[_A_PAGE - 1].id if len(records) > _A_PAGE else None,
        "is_of_node": is_of_node,
        "may_see_both": viewer.is_keeper and _is_steward(viewer),
        "is_first": before_id is None,
        "house": "" if is_of_node else _house(viewer),
    }
    return render(request, "web/merging/duplicates.html", context)


def _is_steward(viewer: Viewer) -> bool:
    standing = viewer.standing
    return standing is not None and rules.is_at_least(standing.role, rules.STEWARD)


def _house(viewer: Viewer) -> str:
    return names.institution_name(institution_of(viewer.standing.institution)) if viewer.standing else ""


def _records(viewer: Viewer, *, is_of_node: bool, before: int | None) -> list[Record]:
    standing = viewer.standing
    if is_of_node:
        authors: Any = [identity().uri]
    else:
        assert standing is not None
        house = f"{identity().uri}:{standing.institution}"
        authors = [house, *actors_of(standing.institution)]
    kinds = [kind.name for kind in KINDS if is_written_here(kind.name)]
    return records_by_authors(authors, viewer, _A_PAGE + 1, kinds=kinds, before=before)


def _pairs(records: list[Record], viewer: Viewer) -> list[Pair]:
    """Each pair once, at the younger of the two."""
    found = {
        record.uri: [one for one in suggested(record, viewer, limit=_SUGGESTED) if one.row.record.id < record.id]
        for record in records
    }
    shown = rows([uri for uri, suggestions in found.items() if suggestions], viewer)
    return [Pair(row, found[row.record.uri]) for row in shown]
