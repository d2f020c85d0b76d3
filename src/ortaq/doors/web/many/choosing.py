# SPDX-License-Identifier: Apache-2.0
"""Changing many records, first page: which field of what was found, what is done to it, and why."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ortaq.core.alter import CLEAR, OPERATIONS, REMOVE, REPLACE, operations_of
from ortaq.core.audience import Viewer
from ortaq.core.errors import Invalid, OrtaqError
from ortaq.core.fields import Role
from ortaq.core.kind import FieldSpec, Kind
from ortaq.core.problems import Problem, missing
from ortaq.doors.web import addressing, names
from ortaq.doors.web.asking import Asked, asked
from ortaq.doors.web.forms.posted import body_of, is_blank
from ortaq.doors.web.forms.tree import Drawn, drawn
from ortaq.doors.web.many.work import SORT, kept_question
from ortaq.language.fallback import LANGUAGES
from ortaq.nodes.identity import identity
from ortaq.people import rules
from ortaq.people.errors import Denied
from ortaq.people.models import Person
from ortaq.people.viewers import viewer_of
from ortaq.records import jobs
from ortaq.records.models import Job
from ortaq.records.plans import AUDIENCE, MOST_RECORDS, Alteration, TooManyRecords
from ortaq.search.query import Answer, search

_NOT_OFFERED = ("source_id", "change_note")
_BLANK: dict[Role, Any] = {Role.NAME: {"": [""]}, Role.PROSE: {"": [""]}, Role.GROUP: {}, Role.LINKS: {}}


def allowed(request: HttpRequest) -> Viewer:
    """Return the viewer if they may change many records; raises Denied."""
    viewer = viewer_of(request)
    if not rules.may_change_many(viewer):
        raise Denied(action="records.change-many")
    return viewer


@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """Choose the kind, the field, what to do with it; a POST writes the wish down and the planning begins beside the server."""
    if not request.user.is_authenticated:
        return HttpResponseRedirect(f"{reverse('sign-in')}?{urlencode({'next': request.get_full_path()})}")
    viewer = allowed(request)
    search_asked = asked(request, names.reader_language())
    answer = search(search_asked.question, viewer)
    kind = _kind(search_asked, answer)
    if kind is None:
        return _page(request, search_asked, answer, None)
    field = (request.POST if request.method == "POST" else request.GET).get("field", "")
    spec = next((one for one in offered(kind) if one.name == field), None)
    if spec is None and field != AUDIENCE:
        return _page(request, search_asked, answer, kind)
    if request.method != "POST":
        return _page(request, search_asked, answer, kind, **_controls(kind, spec, viewer))
    return _begin(request, search_asked, answer, kind, spec)


def offered(kind: Kind) -> list[FieldSpec]:
    """Return the fields that can be changed on many records: those that do not name one record alone."""
    return [spec for spec in kind.fields if spec.name not in _NOT_OFFERED and spec.role is not Role.FILES]


def _kind(search_asked: Asked, answer: Answer) -> Kind | None:
    """The one kind that was found, by the question or by chance."""
    found = search_asked.question.kinds or [value for value, _count in answer.facets.get("kind", ())]
    return names.kind_of(found[0]) if len(found) == 1 else None


def _page(
    request: HttpRequest, search_asked: Asked, answer: Answer, kind: Kind | None, status: int = 200, **more: Any
) -> HttpResponse:
    here = search_asked.address(view=None)
    context = {
        "asked": search_asked,
        "total": answer.total,
        "is_too_many": answer.total > MOST_RECORDS,
        "most": MOST_RECORDS,
        "kind": kind,
        "kinds": [
            (names.kind_plural(value), count, search_asked.address(view=None, kind=value))
            for value, count in answer.facets.get("kind", ())
        ],
        "fields": [(spec.name, _(spec.label)) for spec in offered(kind)] if kind else [],
        "query": here.removeprefix("?"),
        "carried": _carried(search_asked),
        "results_address": reverse("search") + here,
        "languages": [(tag, names.language_name(tag)) for tag in LANGUAGES] + [("und", _("No language"))],
        **more,
    }
    return render(request, "web/many/choose.html", context, status=status)


def _carried(search_asked: Asked) -> list[tuple[str, str]]:
    """What the search was, as hidden fields of the form that chooses a field."""
    chosen = [(facet, value) for facet, values in search_asked.chosen.items() for value in values]
    kept = [(name, value) for name, value in search_asked.kept if name != "view"]
    return [("q", search_asked.question.text), *chosen, *kept]


def _controls(kind: Kind, spec: FieldSpec | None, viewer: Viewer, **typed: Any) -> dict[str, Any]:
    """What the form shows for the chosen field."""
    if spec is None:
        return {
            "field": AUDIENCE,
            "field_label": _("Who may see it"),
            "audiences": list(addressing.audiences(viewer, with_private=False).items()),
            **typed,
        }
    operations = operations_of(spec)
    return {
        "field": spec.name,
        "field_label": _(spec.label),
        "spec": spec,
        "operations": [(name, _(OPERATIONS[name])) for name in operations],
        "operation": typed.get("operation") or operations[0],
        "value": control(kind, spec, "value", typed.get("value")),
        "instead": control(kind, spec, "instead", typed.get("instead")) if REPLACE in operations else None,
        **{name: text for name, text in typed.items() if name not in ("value", "instead", "operation")},
    }


def control(kind: Kind, spec: FieldSpec, prefix: str, value: Any = None, problems: tuple[Problem, ...] = ()) -> Drawn:
    """Return the field drawn with one blank entry more than it has; posted under PREFIX.FIELD."""
    blank = _BLANK.get(spec.role, "")
    if spec.role in (Role.NAME, Role.PROSE):
        filled = value or {names.reader_language(): [""]}
    elif spec.is_many and spec.role is not Role.CHOICE:
        filled = [*(value or []), blank]
    else:
        filled = value
    one = next(field for field in drawn(kind, {spec.name: filled}, problems) if field.spec.name == spec.name)
    return _renamed(one, prefix)


def _renamed(one: Drawn, prefix: str) -> Drawn:
    """Two controls of one field on a page: each posts under a prefix of its own."""
    one.name = f"{prefix}.{one.name}"
    for block in one.languages:
        block.name = f"{prefix}.{block.name}"
        for text in block.texts:
            text.name = f"{prefix}.{text.name}"
    for choice in one.choices:
        choice.name = f"{prefix}.{choice.name}" if choice.name else ""
    one.items = [_renamed(item, prefix) for item in one.items]
    one.parts = {name: _renamed(part, prefix) if isinstance(part, Drawn) else part for name, part in one.parts.items()}
    return one


def _posted(request: HttpRequest, kind: Kind, spec: FieldSpec, prefix: str) -> Any:
    """The value that was posted under *prefix*; a page's address counts as its record's URI."""
    start = f"{prefix}."
    pairs = [
        (name[len(start) :], text) for name, texts in request.POST.lists() for text in texts if name.startswith(start)
    ]
    pairs = [(name, _as_uri(text)) for name, text in pairs]
    return body_of(kind, pairs).get(spec.name)


def _as_uri(text: str) -> str:
    head, mark, name = text.strip().partition("/r/")
    return f"urn:ortaq:{name}" if mark and head.startswith(("http://", "https://")) else text


def _begin(
    request: HttpRequest, search_asked: Asked, answer: Answer, kind: Kind, spec: FieldSpec | None
) -> HttpResponse:
    viewer = viewer_of(request)
    given = request.POST
    typed: dict[str, Any] = {"note": given.get("note", ""), "operation": given.get("operation", "")}
    if spec is not None:
        typed |= {name: _posted(request, kind, spec, name) for name in ("value", "instead")}
    else:
        typed |= {"value": given.get("audience", ""), "chosen_audience": given.get("audience", "")}
    try:
        if answer.total > MOST_RECORDS:
            raise TooManyRecords(count=answer.total, limit=MOST_RECORDS)
        wished = _wished(kind, spec, typed, viewer)
    except OrtaqError as error:
        found = getattr(error, "found", ())
        faults = [(one.where, _(one.say) % dict(one.facts)) for one in found] or [("", _(error.say) % error.facts)]
        more = _controls(kind, spec, viewer, **typed) | {"faults": faults}
        return _page(request, search_asked, answer, kind, status=422, **more)
    assert isinstance(request.user, Person)
    wishes = {
        **wished.as_dict(),
        "question": kept_question(search_asked.question),
        "query": search_asked.address(view=None),
    }
    wishes["question"]["kinds"] = [kind.name]
    job = jobs.begin_job(viewer, request.user, SORT, wishes, Job.PLANNING)
    return HttpResponseRedirect(reverse("many-job", args=[job.key]))


def _wished(kind: Kind, spec: FieldSpec | None, typed: dict[str, Any], viewer: Viewer) -> Alteration:
    """Return what was chosen if it makes sense; raises Invalid with every problem."""
    node = identity().id
    note = kind.checked_value("change_note", typed["note"].strip() or "", node)
    if spec is None:
        if typed["value"] not in addressing.audiences(viewer, with_private=False):
            raise _invalid(kind, missing(AUDIENCE))
        return Alteration(kind.name, AUDIENCE, "set", typed["value"], None, note)
    operation = typed["operation"]
    if operation not in operations_of(spec):
        raise _invalid(kind, missing("operation"))
    value = instead = None
    if operation != CLEAR:
        value = _filled(kind, spec, typed["value"], node, is_loose=operation in (REMOVE, REPLACE))
    if operation == REPLACE:
        instead = _filled(kind, spec, typed["instead"], node)
    return Alteration(kind.name, spec.name, operation, value, instead, note)


def _filled(kind: Kind, spec: FieldSpec, value: Any, node: str, *, is_loose: bool = False) -> Any:
    if is_blank(value):
        raise _invalid(kind, missing(spec.name))
    if is_loose and spec.role is Role.GROUP and spec.is_many:
        return value  # what is removed is met by the parts that are given
    return kind.checked_value(spec.name, value, node)


def _invalid(kind: Kind, problem: Problem) -> Invalid:
    return Invalid(kind=kind.name, problems=str(problem), found=[problem])
