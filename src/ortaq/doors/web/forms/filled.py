# SPDX-License-Identifier: Apache-2.0
"""The form of a working copy: its fields with what is wrong in them, and what may be done with it."""

from collections.abc import Iterable
from typing import Any

from babel.dates import format_time
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from ortaq.core.audience import Viewer
from ortaq.core.errors import OrtaqError, Refused
from ortaq.core.fields import Role
from ortaq.core.kind import Kind
from ortaq.core.problems import Problem
from ortaq.doors.web import names, upload_notes
from ortaq.doors.web.forms import audiences, controls, references
from ortaq.doors.web.forms.posted import tidied
from ortaq.doors.web.forms.sections import sections
from ortaq.doors.web.forms.tree import Drawn, drawn
from ortaq.doors.web.history import NOTE
from ortaq.doors.web.spans import date_locale
from ortaq.files.queries import uploads_of
from ortaq.nodes.identity import identity
from ortaq.people import rules
from ortaq.people.queries import institution_of
from ortaq.records.copies import body_of_copy, subject_of_copy
from ortaq.records.errors import Absent
from ortaq.records.models import Record, WorkingCopy
from ortaq.records.queries import record_of
from ortaq.records.registry import KINDS

_MOST_UPLOADS = 50


def problems_in(kind: Kind, body: dict[str, Any], viewer: Viewer) -> list[Problem]:
    """Return everything that keeps *body* from being published, as far as one can know before."""
    tidy = tidied(kind, body)
    found: list[Problem] = []
    try:
        kind.validate(tidy, identity().id)
    except Refused as error:
        found = list(error.found)
    told = {one.path for one in found}
    return found + [one for one in references.problems(drawn(kind, tidy), viewer) if one.path not in told]


def fields_of(kind: Kind, body: dict[str, Any], viewer: Viewer, problems: Iterable[Problem] = ()) -> list[Drawn]:
    """Return the fields ready to be drawn."""
    fields = drawn(kind, body, problems)
    controls.dress(fields, viewer)
    return fields


def form_page(
    request: HttpRequest,
    viewer: Viewer,
    copy: WorkingCopy,
    *,
    body: dict[str, Any] | None = None,
    problems: Iterable[Problem] = (),
    refusal: OrtaqError | None = None,
    **more: Any,
) -> HttpResponse:
    """Return the page of the form. body: what to draw if it is not what the copy holds, such as what could not be saved."""
    kind, found = KINDS[copy.kind], list(problems)
    fields = fields_of(kind, body_of_copy(copy) if body is None else body, viewer, found)
    record = record_of_copy(copy, viewer)
    parts = sections(fields)
    in_order = [one for part in parts for one in (*part.fields, *part.seldom)]
    note = next((one for one in fields if one.spec.name == NOTE), None)
    context: dict[str, Any] = {
        "copy": copy,
        "kind": kind,
        "record": record,
        "sections": parts,
        "note": note if record else None,
        "faults": controls.summary([*in_order, *([note] if note else [])], found),
        "refusal": _(refusal.say) % refusal.facts if refusal else "",
        "audiences": audiences.offered(viewer, copy.audience),
        "saved": saved_words(copy),
        **_files(kind, fields, viewer),
        **deeds(viewer, copy),
        **more,
    }
    status = 422 if found else refusal.status if refusal else 200
    return render(request, "web/forms/work.html", context, status=status)


def _files(kind: Kind, fields: list[Drawn], viewer: Viewer) -> dict[str, Any]:
    """What the uploader needs: for readers without scripts, what they have sent already and no field of the form has."""
    if not any(spec.role is Role.FILES for spec in kind.fields):
        return {"has_files": False}
    chosen = {item.parts["digest"] for one in fields if one.spec.role is Role.FILES for item in one.items}
    sent = upload_notes.shown(uploads_of(viewer)[:_MOST_UPLOADS])
    return {"has_files": True, "uploads": [one for one in sent if one.file and one.file.digest not in chosen]}


def deeds(viewer: Viewer, copy: WorkingCopy) -> dict[str, bool]:
    """Return what may be done with the copy now."""
    needs_proposal = institution_of(copy.institution).needs_proposal
    may_publish = rules.may_publish(viewer, subject_of_copy(copy), needs_proposal=needs_proposal)
    return {"may_publish": may_publish, "may_propose": copy.actor in viewer.actors and not may_publish}


def record_of_copy(copy: WorkingCopy, viewer: Viewer) -> Record | None:
    """Return the record that the copy revises, if it may still be seen."""
    try:
        return record_of(copy.record, viewer) if copy.record else None
    except Absent:
        return None


def saved_words(copy: WorkingCopy) -> str:
    moment = format_time(localtime(copy.saved_at), "HH:mm", locale=date_locale(names.reader_language()))
    return _("Saved at %(time)s") % {"time": moment}
