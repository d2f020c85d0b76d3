# SPDX-License-Identifier: Apache-2.0
"""Import, the pages after the choice: what would become of the records, how far it is, what became of them, the report."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ortaq.core.audience import Viewer, label_of
from ortaq.core.errors import N_
from ortaq.doors.imports.journal import Counts
from ortaq.doors.web.importing import folders, work
from ortaq.doors.web.importing.beginning import FORMATS, STATES_OF_IMPORTS
from ortaq.doors.web.importing.columns import choose_again, columns_page
from ortaq.doors.web.importing.telling import told
from ortaq.people.viewers import viewer_of
from ortaq.records import jobs
from ortaq.records.errors import Absent
from ortaq.records.models import Job
from ortaq.records.queries import records_in_any_state

_WILL = {
    "made": N_("Would be made"),
    "revised": N_("Would be revised"),
    "unchanged": N_("Would stay as they are"),
    "refused": N_("Would be refused"),
}
_WAS = {
    "made": N_("Added"),
    "revised": N_("Revised"),
    "unchanged": N_("As they were"),
    "refused": N_("Refused"),
}
_LOST = {
    "no field takes it": N_("no field takes it"),
    "the mapping leaves it out": N_("the column is left out"),
}


@require_http_methods(["GET", "HEAD", "POST"])
def job_page(request: HttpRequest, key: str) -> HttpResponse:
    job, viewer = jobs.job_of(key, request.user, folders.SORT), viewer_of(request)
    if request.method == "POST" and request.POST.get("do") in ("write", "stop", "columns"):
        return _do(request, job, viewer)
    if job.state == Job.DRAFT:
        work.check_may(job, viewer)
        return columns_page(request, job)
    return render(request, "web/import/job.html", _described(job, viewer))


@require_safe
def report(request: HttpRequest, key: str) -> HttpResponse | FileResponse:
    """The report as `ortaq import --report` writes it; before the import, that of the preview."""
    job = jobs.job_of(key, request.user, folders.SORT)
    path = folders.report_of(job)
    if path is None:
        raise Absent(uri=key)
    return FileResponse(path.open("rb"), as_attachment=True, filename=path.name, content_type="application/json")


def _do(request: HttpRequest, job: Job, viewer: Viewer) -> HttpResponse:
    order = request.POST.get("do")
    if order == "write":
        work.confirm(job, viewer)
    elif order == "columns":
        choose_again(job)
    else:
        _stop(request, job)
    return HttpResponseRedirect(reverse("import-job", args=[job.key]))


def _stop(request: HttpRequest, job: Job) -> None:
    jobs.stop(job)
    if job.state in (Job.DRAFT, Job.PLANNED):
        folders.keep_report_only(job)
    elif job.state == Job.RUNNING:
        messages.info(request, _("It is stopped. What came in before stays; to go on, import the same files again."))


def _described(job: Job, viewer: Viewer) -> dict[str, Any]:
    stage = work.PREVIEW if job.state in (Job.PLANNING, Job.PLANNED) or work.REPORT not in job.counts else work.REPORT
    found = job.counts.get(stage, {})
    counts = work.totals(found)
    if "now" in job.counts:
        counts.add(Counts(**job.counts["now"]))
    numbers = counts.as_dict()
    labels = _WILL if stage == work.PREVIEW else _WAS
    return {
        "job": job,
        "names": [file["name"] for file in job.wishes["files"]],
        "state_label": _(STATES_OF_IMPORTS[job.state]),
        "audience_label": _(label_of(job.wishes["audience"])),
        "problem": told(job.problem) if job.problem else "",
        "is_preview": stage == work.PREVIEW,
        "counts": numbers,
        "sums": [(name, _(label), numbers[name]) for name, label in labels.items()],
        "files": _files(found),
        "codes": sorted(found.get("codes", {}).items(), key=lambda pair: -pair[1]),
        "refused": _refused(job, found),
        "first": _first(found, viewer, labels),
        "lost": [(*_lost(name), count) for name, count in found.get("lost", {}).items()],
        "may_write": job.state == Job.PLANNED and numbers["made"] + numbers["revised"] + numbers["also_made"] > 0,
        "has_tables": any(file["format"] == "csv" for file in job.wishes["files"]),
        "has_report": folders.report_of(job) is not None,
        "percent": min(100, 100 * job.done // job.total) if job.total else 0,
    }


def _files(found: dict[str, Any]) -> list[dict[str, Any]]:
    said = found.get("told", {})
    return [
        {
            **about,
            "format_label": _(FORMATS.get(about["format"], about["format"] or "—")),
            "problem": told(said[str(number)]) if str(number) in said else "",
        }
        for number, about in enumerate(found.get("files", ()))
    ]


def _refused(job: Job, found: dict[str, Any]) -> list[tuple[str, int, str, str]]:
    names = [file["name"] for file in job.wishes["files"]]
    return [
        (names[one["file"]], one["line"], one["told"]["code"], told(one["told"])) for one in found.get("refused", ())
    ]


def _first(found: dict[str, Any], viewer: Viewer, labels: dict[str, str]) -> list[tuple[dict[str, Any], str, Any]]:
    """The first records, with those that are here and that the viewer may see."""
    rows = found.get("first", ())
    seen = records_in_any_state([one["uri"] for one in rows if one["uri"]], viewer)
    words = {name: str(_(label)) for name, label in labels.items()}
    return [(one, words[one["outcome"]], seen.get(one["uri"])) for one in rows]


def _lost(kept: str) -> tuple[str, str]:
    path, _mark, why = kept.partition("\n")
    return path, _(_LOST[why]) if why in _LOST else why
