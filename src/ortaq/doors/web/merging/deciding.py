# SPDX-License-Identifier: Apache-2.0
"""Two records side by side: which of their fields stand, what will happen then, and the merge itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ortaq.core.audience import Viewer, as_written, is_within
from ortaq.core.errors import OrtaqError
from ortaq.core.fields import Role
from ortaq.core.joining import BOTH, OTHER, OTHER_FIRST, OWN, Place, joined, places
from ortaq.core.kind import Kind
from ortaq.core.replacing import replaced_in
from ortaq.doors.web import names
from ortaq.doors.web.forms import spoken
from ortaq.doors.web.forms.entering import signed_in
from ortaq.doors.web.history import NOTE
from ortaq.doors.web.merging.choosing import check_may_merge
from ortaq.doors.web.record import seen
from ortaq.doors.web.templatetags.addresses import record_address
from ortaq.nodes.identity import identity
from ortaq.people.viewers import viewer_of
from ortaq.records.errors import StaleVersion
from ortaq.records.merging import check_mergeable, merge_records
from ortaq.records.models import Record
from ortaq.records.queries import body_of, count_links_to, record_of
from ortaq.records.registry import KINDS

CHOOSE, PREVIEW, MERGE = "choose", "preview", "merge"
_LONGEST_NOTE: Final = 2_000


@dataclass(frozen=True, slots=True)
class _Two:
    """The record that is kept, the other one, and how their fields stand to each other."""

    kind: Kind
    kept: Record
    other: Record
    places: list[Place]
    is_wider: bool

    def body(self, choices: Mapping[str, str], note: str) -> dict[str, Any]:
        body = joined(body_of(self.kept), self.places, choices)
        return body | {NOTE: note} if note else body


@dataclass(frozen=True, slots=True)
class Asked:
    """A field about which somebody decides; options: value, what it means, is it chosen."""

    name: str
    label: str
    own: str
    other: str
    options: list[tuple[str, str, bool]]


@never_cache
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, name: str, other: str) -> HttpResponse:
    """The choice by field; posted, what will happen; confirmed, the merge."""
    viewer, kept = seen(request, name)
    check_may_merge(viewer, kept)
    _viewer, gone = seen(request, other)
    check_mergeable(viewer, kept, gone)
    two = _two(kept, gone)
    if request.method != "POST":
        return _choose(request, two, {})
    choices, note = _choices(request.POST, two), request.POST.get("note", "").strip()[:_LONGEST_NOTE]
    if not _is_fresh(request.POST, two):
        return _choose(request, two, choices, note=note, is_stale=True, status=409)
    step = request.POST.get("_do")
    if step == CHOOSE:
        return _choose(request, two, choices, note=note)
    try:
        body = two.kind.validate(two.body(choices, note), identity().id)
        if step != MERGE:
            return _preview(request, two, choices, note, body)
        merge_records(viewer, kept.uri, gone.uri, body=body, expected=(kept.version, gone.version))
    except StaleVersion:  # somebody was faster between reading and writing
        two = _two(record_of(kept.uri, viewer), record_of(gone.uri, viewer))
        return _choose(request, two, choices, note=note, is_stale=True, status=409)
    except OrtaqError as error:
        return _choose(request, two, choices, note=note, refusal=_(error.say) % error.facts, status=error.status)
    messages.success(
        request, _("The two records are one now. The old address leads here. You can take the merge back below.")
    )
    return HttpResponseRedirect(f"{record_address(kept.uri)}#merged")


def _two(kept: Record, other: Record) -> _Two:
    own, others = body_of(kept), body_of(other)
    is_wider = not is_within(as_written(kept.audience), as_written(other.audience))
    apart = {kept.uri, other.uri, *replaced_in(own), *replaced_in(others)}
    kind = KINDS[kept.kind]
    return _Two(kind, kept, other, places(kind, own, others, apart=apart, is_wary=is_wider), is_wider)


def _choices(given: QueryDict, two: _Two) -> dict[str, str]:
    return {place.spec.name: given.get(f"choice.{place.spec.name}", place.usual) for place in two.places}


def _is_fresh(given: QueryDict, two: _Two) -> bool:
    """Both records are still as they were when the person looked at them."""
    return (given.get("_version"), given.get("_other")) == (str(two.kept.version), str(two.other.version))


def _choose(
    request: HttpRequest,
    two: _Two,
    choices: Mapping[str, str],
    *,
    note: str | None = None,
    is_stale: bool = False,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    viewer = viewer_of(request)
    said = _Said(two, viewer)
    usual = _("Two records of the same thing were brought together.")
    context = {
        **_frame(two),
        "asked": [said.asked(place, choices) for place in two.places if place.choices],
        "same": [_(place.spec.label) for place in two.places if place.own == place.other],
        "own_only": [said.line(place) for place in two.places if not place.choices and place.own != place.other],
        "note": usual if note is None else note,
        "is_stale": is_stale,
        "refusal": refusal,
    }
    return render(request, "web/merging/decide.html", context, status=status)


def _preview(
    request: HttpRequest, two: _Two, choices: Mapping[str, str], note: str, body: Mapping[str, Any]
) -> HttpResponse:
    viewer = viewer_of(request)
    targets = spoken.targets_of([body], viewer)
    answering = names.answering_kinds()
    everything = count_links_to(two.other.uri, viewer)
    links = count_links_to(two.other.uri, viewer, without_kinds=answering)
    context = {
        **_frame(two),
        "choices": [(f"choice.{name}", choice) for name, choice in choices.items()],
        "note": note,
        "stretches": [one for one in spoken.stretches(two.kind, body, targets) if one.path[0] != NOTE],
        "links": links,
        "opinions": everything - links,
        "replaced": len(replaced_in(body_of(two.other))),
        "is_narrower": not is_within(as_written(two.other.audience), as_written(two.kept.audience)),
    }
    return render(request, "web/merging/preview.html", context)


def _frame(two: _Two) -> dict[str, Any]:
    return {"kept": two.kept, "other": two.other, "is_wider": two.is_wider}


class _Said:
    """The fields of both records in words."""

    def __init__(self, two: _Two, viewer: Viewer) -> None:
        bodies = [{place.spec.name: (place.own, place.other)[side] for place in two.places} for side in (0, 1)]
        self._targets = spoken.targets_of(bodies, viewer)

    def asked(self, place: Place, choices: Mapping[str, str]) -> Asked:
        chosen = choices.get(place.spec.name, place.usual)
        chosen = chosen if chosen in place.choices else place.usual
        options = [(value, _label(place, value), value == chosen) for value in place.choices]
        own, other = (self._text(place, value) for value in (place.own, place.other))
        return Asked(place.spec.name, _(place.spec.label), own, other, options)

    def line(self, place: Place) -> tuple[str, str]:
        return _(place.spec.label), self._text(place, place.own)

    def _text(self, place: Place, value: Any) -> str:
        return "" if value is None else spoken.said(place.spec, value, self._targets)


def _label(place: Place, choice: str) -> str:
    if place.own is None:
        return _("Take it over") if choice == OTHER else _("Leave it out")
    if place.spec.name == "title" and choice == OWN:
        return _("Only the names of the kept record")
    if place.spec.role is Role.PROSE and choice == BOTH:
        return _("Both: the kept record's text, and the other's in languages that it lacks")
    labels = {
        OWN: _("That of the kept record"),
        OTHER: _("That of the other record"),
        BOTH: _("Both, the kept record's first"),
        OTHER_FIRST: _("Both, the other record's first"),
    }
    return labels[choice]
