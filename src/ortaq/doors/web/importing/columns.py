# SPDX-License-Identifier: Apache-2.0
"""Which column of a table becomes which field: the guess of the importer, shown with the first rows, to be corrected."""

from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from ortaq.core.errors import OrtaqError
from ortaq.core.fields import Role
from ortaq.core.kind import FieldSpec, Kind
from ortaq.core.problems import missing
from ortaq.core.vocabulary import LINK_ROLES
from ortaq.doors.imports.errors import BadMapping, NotGuessed
from ortaq.doors.imports.guess import guessed_mapping
from ortaq.doors.imports.mapping import Columns, Plan, fits
from ortaq.doors.imports.source import Source, source_of
from ortaq.doors.imports.table import Layout, layout_of, rows
from ortaq.doors.web import names
from ortaq.doors.web.importing import folders
from ortaq.doors.web.importing.telling import told, told_of_file
from ortaq.language.fallback import LANGUAGES
from ortaq.records import jobs
from ortaq.records.models import Job
from ortaq.records.registry import KINDS

_ROWS = 5
_CELL = 80
Groups = list[tuple[str, list[tuple[str, str]]]]


@dataclass(frozen=True, slots=True)
class Column:
    """A column as the form shows it; between: what stands between several values of a cell."""

    number: int
    name: str
    examples: list[str]
    target: str
    between: str
    makes_terms: bool
    more: str  # a target that is not among the usual ones


def columns_page(request: HttpRequest, job: Job) -> HttpResponse:
    """The first table whose columns nobody has confirmed."""
    number = _next_table(job)
    if number is None:
        _go_on(job)
        return HttpResponseRedirect(reverse("import-job", args=[job.key]))
    try:
        return _table_page(request, job, number)
    except OrtaqError as error:  # of the file itself, which nobody can mend here
        jobs.ended(job, Job.FAILED)
        Job.objects.filter(pk=job.pk).update(problem=told_of_file(error, job.wishes["files"][number]["name"]))
        folders.keep_report_only(job)
        return HttpResponseRedirect(reverse("import-job", args=[job.key]))


def _table_page(request: HttpRequest, job: Job, number: int) -> HttpResponse:
    file = job.wishes["files"][number]
    source = source_of(folders.sent(job) / file["name"])
    layout = layout_of(source)
    given = request.POST if request.method == "POST" and request.POST.get("table") == str(number) else None
    mapping = _posted(given, layout, _guess(source, layout)) if given else _kept(file) or _guess(source, layout)
    faults: list[str] = []
    if given and given.get("do") == "next":
        faults = _faults(mapping, layout, file["name"], job.wishes["audience"])
        if not faults:
            return _confirmed(job, number, asdict(mapping))
    return _page(request, job, number, source, layout, mapping, faults)


def _next_table(job: Job) -> int | None:
    tables = enumerate(job.wishes["files"])
    return next((number for number, file in tables if file["format"] == "csv" and not file.get("confirmed")), None)


def _confirmed(job: Job, number: int, mapping: dict[str, Any]) -> HttpResponse:
    job.wishes["files"][number] |= {"mapping": mapping, "confirmed": True}
    job.save(update_fields=["wishes"])
    if _next_table(job) is None:
        _go_on(job)
    return HttpResponseRedirect(reverse("import-job", args=[job.key]))


def _go_on(job: Job) -> None:
    jobs.move(job, Job.DRAFT, Job.PLANNING)


def choose_again(job: Job) -> None:
    """Back from the preview to the columns; what was foreseen is forgotten."""
    jobs.move(job, Job.PLANNED, Job.DRAFT)
    for file in job.wishes["files"]:
        file["confirmed"] = False
    job.counts, job.done = {}, 0
    job.save(update_fields=["wishes", "counts", "done"])
    folders.forget_preview(job)


def _kept(file: dict[str, Any]) -> Columns | None:
    return Columns(**file["mapping"]) if file.get("mapping") else None


def _guess(source: Source, layout: Layout) -> Columns:
    """The guess, or nothing guessed for the first kind that a table can have."""
    try:
        return guessed_mapping(source)
    except NotGuessed:
        return Columns(importable()[0].name, dict.fromkeys(layout.header))


def importable() -> list[Kind]:
    return [kind for kind in KINDS if not (kind.is_personal or kind.is_by_node or kind.bounded_by)]


def _posted(given: QueryDict, layout: Layout, guess: Columns) -> Columns:
    """Return the mapping as the form has it; a field that the kind has not is left out."""
    kind = next((one for one in importable() if one.name == given.get("kind")), importable()[0])
    columns: dict[str, str | None] = {}
    split: dict[str, str] = {}
    terms: dict[str, str] = {}
    for number, name in enumerate(layout.header):
        target = given.get(f"to.{number}", "")
        columns[name] = target if target and fits(kind, target) else None
        between = given.get(f"between.{number}", "").strip()
        if columns[name] and between:
            split[name] = between[:10]
        if columns[name] and given.get(f"terms.{number}") and _is_term(kind, target):
            terms[name] = guess.terms.get(name) or f"{kind.name}_{target.partition('.')[0]}"
    prefix = {name: before for name, before in guess.prefix.items() if columns.get(name)}
    return Columns(
        kind.name, columns, given.get("source_prefix", "").strip()[:100], guess.constants, split, prefix, terms
    )


def _is_term(kind: Kind, target: str) -> bool:
    spec = kind.spec(target)
    return spec is not None and spec.role is Role.TERM


def _faults(mapping: Columns, layout: Layout, name: str, audience: str) -> list[str]:
    kind = KINDS[mapping.kind]
    found = {(target or "").partition(".")[0] for target in mapping.columns.values()} | set(mapping.constants)
    needed = [spec.name for spec in kind.fields if spec.is_required or (spec.name == "title" and kind.needs_title)]
    absent = [kind.spec(field) for field in needed if field not in found]
    faults = [f"{_(spec.label)}: {_(missing(spec.name).say)}" for spec in absent if spec]
    try:
        Plan(mapping, layout.header, name, audience)
    except BadMapping as error:
        faults.append(told(told_of_file(error, name)))
    return faults


def _page(
    request: HttpRequest, job: Job, number: int, source: Source, layout: Layout, mapping: Columns, faults: list[str]
) -> HttpResponse:
    kind = KINDS[mapping.kind]
    first = [row.cells for row in islice((row for row in rows(source, layout) if row.error is None), _ROWS)]
    groups = targets_of(kind)
    known = {target for _label, options in groups for target, _text in options}
    context = {
        "job": job,
        "number": number,
        "file": job.wishes["files"][number],
        "layout": layout.as_dict(),
        "kinds": [(one.name, _(one.label)) for one in importable()],
        "kind": kind.name,
        "groups": groups,
        "columns": [_column(place, name, first, mapping, known) for place, name in enumerate(layout.header)],
        "source_prefix": mapping.source_prefix,
        "faults": faults,
        "tables": sum(file["format"] == "csv" for file in job.wishes["files"]),
    }
    return render(request, "web/import/columns.html", context, status=422 if faults else 200)


def _column(place: int, name: str, first: list[list[str]], mapping: Columns, known: set[str]) -> Column:
    target = mapping.columns.get(name) or ""
    examples = [row[place][:_CELL] for row in first if row[place].strip()][:3]
    between, makes_terms = mapping.split.get(name, ""), name in mapping.terms
    return Column(place, name, examples, target, between, makes_terms, "" if target in known else target)


def targets_of(kind: Kind) -> Groups:
    """Return what a column can go to, in groups, in the reader's language."""
    plain: list[tuple[str, str]] = []
    groups: Groups = []
    for spec in kind.fields:
        if spec.name == "change_note":
            continue
        label = str(_(spec.label))
        if options := _options(spec, label):
            groups.append((label, options))
        elif fits(kind, spec.name):
            plain.append((spec.name, label))
    return [(_("Fields"), [*plain, ("audience", _("Who may see it"))]), *groups]


def _options(spec: FieldSpec, label: str) -> list[tuple[str, str]]:
    if spec.role in (Role.NAME, Role.PROSE):
        languages = [(tag, names.language_name(tag)) for tag in LANGUAGES] + [("und", _("No language"))]
        return [(f"{spec.name}.{tag}", f"{label}: {name}") for tag, name in languages]
    if spec.role is Role.POINT:
        parts = {"": label, ".lat": _("Latitude"), ".lon": _("Longitude")}
        return [(f"{spec.name}{part}", text) for part, text in parts.items()]
    if spec.role is Role.LINKS:
        return [(f"{spec.name}.{role}", str(_(labels[0]))) for role, labels in LINK_ROLES.items()]
    if spec.role is Role.GROUP and spec.name == "identifiers":
        registers = ("wikidata", "geonames", "viaf", "aat", "tgn", "ulan")
        return [(f"{spec.name}.{one}", f"{label}: {one}") for one in registers] + [
            (spec.name, f"{label}: {_('named as the column')}")
        ]
    if spec.role is Role.GROUP:
        return [(f"{spec.name}.{part.name}", f"{label}: {_(part.label)}") for part in spec.parts]
    return []
