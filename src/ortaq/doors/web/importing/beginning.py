# SPDX-License-Identifier: Apache-2.0
"""Import, first page: choose files, who may see what comes in, and go on to the columns of tables or to the preview."""

from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from ortaq.core.audience import PUBLIC, Viewer
from ortaq.core.errors import N_, OrtaqError
from ortaq.doors.imports.formats import READERS, format_of
from ortaq.doors.imports.source import Source, source_of
from ortaq.doors.imports.table import layout_of
from ortaq.doors.web import addressing, names
from ortaq.doors.web.importing import folders
from ortaq.doors.web.importing.receiving import ImportTooLarge, IntoFolder
from ortaq.doors.web.importing.telling import told, told_of_file
from ortaq.doors.web.many.progress import STATES
from ortaq.files.queries import room_of
from ortaq.nodes.identity import identity
from ortaq.people import rules
from ortaq.people.errors import Denied
from ortaq.people.models import Person
from ortaq.people.queries import institution_of
from ortaq.people.viewers import viewer_of
from ortaq.records import jobs
from ortaq.records.models import Job

_OPEN_AT_MOST = 5
_LISTED = 30
_PIECE = 1024 * 1024
FORMATS = {
    "auto": N_("See by itself"),
    "jsonl": N_("Lines of JSON (JSONL)"),
    "csv": N_("Table (CSV)"),
    "lido": N_("LIDO (XML)"),
    "unesco": N_("World Heritage list (XML)"),
    "linked-art": N_("Linked Art (JSON)"),
    "ead": N_("Archival finding aid (EAD)"),
    "iiif": N_("IIIF manifest (JSON)"),
    "arches": N_("Business data of Arches (JSON)"),
    "marc": N_("Library catalogue (MARC 21)"),
    "skos": N_("Vocabulary (SKOS)"),
    "geonames": N_("Towns of GeoNames (JSON)"),
}
STATES_OF_IMPORTS = {**STATES, Job.DRAFT: N_("Columns to be chosen")}


class TooManyImports(OrtaqError):
    code, status = "import.too-many", 429
    say = N_("You have %(count)s imports that have not ended. Finish or stop one of them first.")


def allowed(request: HttpRequest) -> Viewer:
    """Return the viewer if they may import; raises Denied."""
    viewer = viewer_of(request)
    if not rules.may_import(viewer):
        raise Denied(action="records.import")
    return viewer


@never_cache
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def import_page(request: HttpRequest) -> HttpResponse:
    """The form, or one that was sent. The token is looked at inside, since Django reads the whole form for it."""
    if not request.user.is_authenticated:
        return HttpResponseRedirect(f"{reverse('sign-in')}?{urlencode({'next': request.get_full_path()})}")
    viewer = allowed(request)
    handler = IntoFolder()
    request.upload_handlers = [handler]
    try:
        if request.method == "POST":
            _check_number(request.user)
        return _form_or_begin(request, viewer, handler)
    finally:
        handler.forget()


def _check_number(person: Any) -> None:
    count = jobs.jobs_of(person, folders.SORT).filter(ended_at=None).count()
    if count >= _OPEN_AT_MOST:
        raise TooManyImports(count=count)


@csrf_protect
def _form_or_begin(request: HttpRequest, viewer: Viewer, handler: IntoFolder) -> HttpResponse:
    if request.method == "POST":
        return _begin(request, viewer, handler)
    return _page(request, viewer)


def _page(request: HttpRequest, viewer: Viewer, *, faults: tuple[str, ...] = (), status: int = 200) -> HttpResponse:
    acting = viewer.standing
    institution = institution_of(acting.institution) if acting else None
    given = request.POST if request.method == "POST" else {}
    found = jobs.jobs_of(request.user, folders.SORT)[:_LISTED]
    context = {
        "faults": faults,
        "audiences": list(audiences(viewer).items()),
        "audience": given.get("audience", PUBLIC),
        "formats": [(name, _(label)) for name, label in FORMATS.items()],
        "format": given.get("format", "auto"),
        "most": settings.IMPORT_BYTES,
        "for_whom": names.institution_name(institution) if institution else identity().name,
        "room": room_of(acting.institution if acting else ""),
        "jobs": [(job, names_in(job), _(STATES_OF_IMPORTS[job.state])) for job in found],
    }
    return render(request, "web/import/begin.html", context, status=status)


def audiences(viewer: Viewer) -> dict[str, str]:
    """Private would be nobody's, since the institution signs."""
    return addressing.audiences(viewer, with_private=False)


def names_in(job: Job) -> str:
    return ", ".join(file["name"] for file in job.wishes["files"])


def _begin(request: HttpRequest, viewer: Viewer, handler: IntoFolder) -> HttpResponse:
    _files = request.FILES  # read to the end, if the token did not need that
    audience, wished = request.POST.get("audience", ""), request.POST.get("format", "")
    wished = wished if wished in READERS else "auto"
    files, faults = _looked_at(handler, wished)
    if audience not in audiences(viewer):
        faults.append(_("Choose who may see the records."))
    if not handler.records:
        faults.append(_("Choose at least one file with records."))
    if faults:
        return _page(request, viewer, faults=tuple(faults), status=422)
    assert isinstance(request.user, Person)
    has_tables = any(file["format"] == "csv" for file in files)
    wishes = {"format": wished, "audience": audience, "files": files, "attached": len(handler.files)}
    job = jobs.begin_job(viewer, request.user, folders.SORT, wishes, Job.DRAFT)
    Job.objects.filter(pk=job.pk).update(total=sum(file["bytes"] for file in files))
    folders.adopt(handler.folder, job)
    if not has_tables:
        jobs.move(job, Job.DRAFT, Job.PLANNING)
    return HttpResponseRedirect(reverse("import-job", args=[job.key]))


def _check_unpacked(source: Source) -> None:
    """Some kilobytes may stand for many gigabytes: nobody waits for these. Raises ImportTooLarge, FileDamaged."""
    if source.is_packed:
        with source.opened() as file:
            while file.stream.read(_PIECE):
                if file.stream.tell() > settings.IMPORT_BYTES:
                    raise ImportTooLarge(limit=settings.IMPORT_BYTES)


def _looked_at(handler: IntoFolder, wished: str) -> tuple[list[dict[str, Any]], list[str]]:
    """Return what there is to import, and what is wrong with files that cannot be."""
    files: list[dict[str, Any]] = []
    faults: list[str] = []
    for name in handler.records:
        path: Path = handler.folder / "sent" / name
        try:
            source = source_of(path)
            _check_unpacked(source)
            found = format_of(source, wished)
            if found == "csv":
                layout_of(source)
        except OrtaqError as error:
            faults.append(told(told_of_file(error, name)))
        else:
            files.append({"name": name, "bytes": path.stat().st_size, "format": found, "mapping": None})
    return files, faults
