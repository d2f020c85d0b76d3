# SPDX-License-Identifier: Apache-2.0
"""Changing many records, the pages after the choice: what would become of each, how far it is, what became of each, undo."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ortaq.core.alter import OPERATIONS
from ortaq.core.audience import Viewer
from ortaq.core.errors import N_
from ortaq.core.kind import FieldSpec
from ortaq.doors.web import names
from ortaq.doors.web.many.choosing import allowed
from ortaq.doors.web.many.values import in_lines, uris_in
from ortaq.people.models import Person
from ortaq.people.viewers import viewer_of
from ortaq.records import jobs, plans
from ortaq.records.models import Job, PlannedChange, Record
from ortaq.records.queries import records_by_uri

_ROWS = 50
_JOBS = 50
SHOWN = {
    PlannedChange.TO_DO: N_("Will be changed"),
    PlannedChange.WRITTEN: N_("Changed"),
    PlannedChange.LEFT: N_("Left out"),
    PlannedChange.SAME: N_("Need no change"),
}
STATES = {
    Job.PLANNING: N_("Being looked at"),
    Job.PLANNED: N_("Waits for you"),
    Job.RUNNING: N_("Under way"),
    Job.DONE: N_("Done"),
    Job.STOPPED: N_("Stopped"),
    Job.FAILED: N_("Failed"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A record of the plan as the page shows it; record None: one that the viewer may not see any more."""

    record: Record | None
    before: list[str]
    after: list[str]
    why: list[str]


@require_safe
def list_page(request: HttpRequest) -> HttpResponse:
    """The changes of many records that this person has begun."""
    allowed(request)
    found = [(job, *_about(job), _(STATES[job.state])) for job in jobs.jobs_of(request.user, plans.SORT)[:_JOBS]]
    return render(request, "web/many/jobs.html", {"jobs": found})


@require_http_methods(["GET", "HEAD", "POST"])
def job_page(request: HttpRequest, key: str) -> HttpResponse:
    job, viewer = jobs.job_of(key, request.user, plans.SORT), viewer_of(request)
    if request.method == "POST":
        return _do(request, job, viewer)
    return render(request, "web/many/job.html", _described(request, job, viewer))


def _do(request: HttpRequest, job: Job, viewer: Viewer) -> HttpResponse:
    """What the buttons of the page do: write it, do not write it, stop, undo."""
    order = request.POST.get("do", "")
    if order == "write":
        plans.confirm(job, viewer)
    elif order == "stop":
        jobs.stop(job)
        messages.info(request, _("It is stopped. What was written before stays, and can be undone."))
    elif order == "undo":
        assert isinstance(request.user, Person)
        note = _("Undone: %(note)s") % {"note": job.wishes["note"]}
        job = plans.undo(job, viewer, request.user, note[:500])
    return HttpResponseRedirect(reverse("many-job", args=[job.key]))


def _about(job: Job) -> tuple[str, str, str]:
    """Return kind, field and what is done, in words."""
    kind, field = names.kind_of(job.wishes["kind"]), job.wishes["field"]
    spec = kind.spec(field) if kind else None
    operation = OPERATIONS[job.wishes["operation"]]
    label = _("Who may see it") if field == plans.AUDIENCE else _(spec.label) if spec else field
    doing = _("Undo") if "undoes" in job.wishes else _(operation)
    return names.kind_plural(job.wishes["kind"]), label, doing


def _described(request: HttpRequest, job: Job, viewer: Viewer) -> dict[str, Any]:
    counts = plans.counts_of(job) if not job.is_ended else job.counts or plans.counts_of(job)
    kind = names.kind_of(job.wishes["kind"])
    spec = kind.spec(job.wishes["field"]) if kind and job.wishes["field"] != plans.AUDIENCE else None
    wanted = request.GET.get("show", "")
    shown = wanted if counts.get(wanted) else next((state for state in SHOWN if counts.get(state)), "")
    page = Paginator(job.planned.filter(state=shown).order_by("id"), _ROWS).get_page(request.GET.get("page"))
    plural, label, doing = _about(job)
    values = {
        name: in_lines(spec, job.wishes.get(name), _targets(spec, [job.wishes.get(name)], viewer))
        for name in ("value", "instead")
    }
    return {
        "job": job,
        "state_label": _(STATES[job.state]),
        "kind_plural": plural,
        "field_label": label,
        "doing": doing,
        "values": values,
        "problem": told(job.problem) if job.problem else "",
        "counts": [
            (state, _(text), counts[state], state == shown) for state, text in SHOWN.items() if counts.get(state)
        ],
        "to_do": counts.get(PlannedChange.TO_DO, 0),
        "written": counts.get(PlannedChange.WRITTEN, 0),
        "shown": shown,
        "page": page,
        "lines": _lines(list(page.object_list), spec, viewer) if job.state != Job.PLANNING else [],
        "percent": min(100, 100 * job.done // job.total) if job.total else 0,
        "may_undo": job.is_ended and counts.get(PlannedChange.WRITTEN) and not job.wishes.get("undone_by"),
    }


def _targets(spec: FieldSpec | None, values: list[Any], viewer: Viewer) -> dict[str, Record]:
    return records_by_uri((uri for value in values for uri in uris_in(spec, value)), viewer)


def _lines(planned: list[PlannedChange], spec: FieldSpec | None, viewer: Viewer) -> list[Line]:
    """What may not be seen any more shows neither its name nor its values."""
    records = records_by_uri((one.record for one in planned), viewer)
    targets = _targets(spec, [value for one in planned for value in (one.before, one.after)], viewer)
    return [_line(one, records.get(one.record), spec, targets) for one in planned]


def _line(one: PlannedChange, record: Record | None, spec: FieldSpec | None, targets: dict[str, Record]) -> Line:
    if record is None:
        return Line(None, [], [], [])
    found = [f"{each['where']}: {told(each)}" for each in one.why.get("found", ())]
    why = found or ([told(one.why)] if one.why else [])
    return Line(record, in_lines(spec, one.before, targets), in_lines(spec, one.after, targets), why)


def told(kept: dict[str, Any]) -> str:
    """Return an error that was kept with a job in the reader's language."""
    say = kept["say"]
    return str(_(say) % kept["facts"])
