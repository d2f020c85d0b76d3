# SPDX-License-Identifier: Apache-2.0
"""A working copy as the record's page will show it, and a proposal with what its editor may do."""

from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ortaq.core.audience import Viewer, token
from ortaq.core.kind import Kind
from ortaq.core.outline import heading
from ortaq.doors.web.forms import controls
from ortaq.doors.web.forms.comparing import Row, differences
from ortaq.doors.web.forms.entering import signed_in
from ortaq.doors.web.forms.filled import deeds, problems_in, record_of_copy
from ortaq.doors.web.forms.posted import tidied
from ortaq.doors.web.forms.tree import drawn
from ortaq.doors.web.record import Content, described
from ortaq.nodes.identity import own_id
from ortaq.people import rules
from ortaq.people.queries import names_of
from ortaq.people.viewers import viewer_of
from ortaq.records.copies import body_of_copy, copy_of, subject_of_copy
from ortaq.records.models import Record, WorkingCopy
from ortaq.records.queries import body_of
from ortaq.records.registry import KINDS


@never_cache
@signed_in
@require_safe
def preview(request: HttpRequest, key: str) -> HttpResponse:
    """The page as it will be; what is not right yet is left out and named."""
    viewer = viewer_of(request)
    copy = copy_of(key, viewer)
    context = {**_shown(copy, viewer), **deeds(viewer, copy), "is_own": copy.actor in viewer.actors}
    return render(request, "web/forms/preview.html", context)


def proposal_page(
    request: HttpRequest, viewer: Viewer, copy: WorkingCopy, *, status: int = 200, **more: Any
) -> HttpResponse:
    """Return what was proposed, with what the viewer may do with it: decide, or take back one's own."""
    context: dict[str, Any] = {
        **_shown(copy, viewer),
        **deeds(viewer, copy),
        "is_own": copy.actor in viewer.actors,
        "may_return": rules.may_return(viewer, subject_of_copy(copy)),
        "by": names_of([copy.actor]).get(copy.actor, copy.actor),
        "is_proposal": True,
        **more,
    }
    return render(request, "web/forms/preview.html", context, status=status)


def _shown(copy: WorkingCopy, viewer: Viewer) -> dict[str, Any]:
    kind = KINDS[copy.kind]
    body = tidied(kind, body_of_copy(copy))
    problems = problems_in(kind, body, viewer)
    faulty = {one.path[0] for one in problems if one.path}
    sound = {name: value for name, value in body.items() if name not in faulty}
    record, present = _row(copy, kind, sound), record_of_copy(copy, viewer)
    return {
        "copy": copy,
        "kind": kind,
        "record": record,
        "present": present,
        "rows": _changed(kind, present, sound, viewer),
        "faults": controls.summary(drawn(kind, body, problems), problems),
        **described(Content(kind, sound), record, viewer),
    }


def _changed(kind: Kind, present: Record | None, body: dict[str, Any], viewer: Viewer) -> list[Row]:
    """Return where the text differs from the record as it stands now."""
    if present is None:
        return []
    return [row for row in differences(kind, body_of(present), body, viewer) if row.what != "same"]


def _row(copy: WorkingCopy, kind: Kind, body: dict[str, Any]) -> Record:
    """The row that the record will have; it is never written."""
    return Record(
        uri=copy.record or "",
        kind=copy.kind,
        state=Record.LIVE,
        version=(copy.base_version or 0) + 1,
        audience=token(copy.audience, copy.actor, own_id()),
        title=orjson.dumps(heading(kind, body)).decode("utf-8"),
        author=copy.actor,
        made_at="",
        changed_at="",
    )
