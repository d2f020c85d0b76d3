# SPDX-License-Identifier: Apache-2.0
"""Where a site lies exactly: told on its page to those who may know, and the page on which is decided who may."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ortaq.core.audience import Viewer, as_written, label_of
from ortaq.core.errors import OrtaqError
from ortaq.heritage import rules
from ortaq.heritage.actions import POINT, Keeping, has_place, keep_location, keepable, tell_location
from ortaq.heritage.kind import WHY_KEPT
from ortaq.language import coordinates
from ortaq.language.fallback import choose
from ortaq.nodes import groups
from ortaq.nodes.identity import own_id
from ortaq.people import rules as people
from ortaq.people.viewers import viewer_of
from ortaq.records.actions import subject_of
from ortaq.records.errors import StaleVersion
from ortaq.records.locating import location_of, telling_versions, tells
from ortaq.records.models import Record
from ortaq.records.queries import body_of
from ortaq.records.registry import KINDS

_UNKNOWN = {
    "invalid_choice": gettext_lazy("Choose one of the list."),
    "required": gettext_lazy("Choose one of the list."),
}


class KeepingForm(forms.Form):
    """offered: (audience, label) of those who may be chosen."""

    place = forms.CharField(
        label=gettext_lazy("Exact place"),
        help_text=gettext_lazy("Latitude and longitude, as you would copy them from a map: 41.2047, 47.1878"),
        max_length=200,
        error_messages={"required": gettext_lazy("Write the latitude and the longitude.")},
    )
    audience = forms.ChoiceField(label=gettext_lazy("Who may know it"), error_messages=_UNKNOWN)
    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("It is read by those who may know the place."),
        error_messages=_UNKNOWN,
    )

    def __init__(self, *given: Any, offered: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(*given, **more)
        self._offer("audience", offered)
        self._offer("reason", [(value, _(label)) for value, label in WHY_KEPT.items()])

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean_place(self) -> tuple[float, float]:
        found = coordinates.pair(self.cleaned_data["place"])
        if found is None or not (-90 <= found[0] <= 90 and -180 <= found[1] <= 180):
            raise forms.ValidationError(_("This is no pair of latitude and longitude. Write them as in the example."))
        return found

    def keeping(self) -> Keeping:
        lat, lon = self.cleaned_data["place"]
        return Keeping(lat, lon, self.cleaned_data["audience"], self.cleaned_data["reason"])


def panel(request: HttpRequest, record: Record) -> SafeString | None:
    """Where the record lies exactly, for those who may know; for whoever takes care of it, where that is decided."""
    viewer = viewer_of(request)
    if not has_place(record) or (viewer.actor is None and not viewer.is_keeper):
        return None
    body = body_of(record)
    is_coarse = POINT in body and tells(KINDS[record.kind], body) is None
    location = location_of(record.uri, viewer) if is_coarse else None
    context = {
        "record": record,
        "location": location,
        "exact": body_of(location) if location else None,
        "reason": _(WHY_KEPT.get(body_of(location)["reason"], "")) if location else "",
        "may_decide": _may_decide(record, viewer),
    }
    return render_to_string("heritage/panel.html", context, request) if location or context["may_decide"] else None


def _may_decide(record: Record, viewer: Viewer) -> bool:
    takes_care = viewer.is_keeper or any(people.is_at_least(one.role, people.STEWARD) for one in viewer.standings)
    return takes_care and record.node == own_id() and people.may_keep_location(viewer, subject_of(record))


@require_http_methods(["GET", "HEAD", "POST"])
def location(request: HttpRequest, name: str) -> HttpResponse:
    """Who may know where the record lies exactly: see it, and change it."""
    uri, viewer = f"urn:ortaq:{name}", viewer_of(request)
    record, _by = keepable(uri, viewer)
    if request.method == "POST" and "tell" in request.POST:
        return _told(request, record, viewer)
    kept = location_of(uri)
    known = location_of(uri, viewer)
    form = KeepingForm(
        request.POST if request.method == "POST" else None,
        initial=_initial(record, known),
        offered=_offered(record, viewer, kept),
    )
    if request.method == "POST" and form.is_valid():
        try:
            keep_location(uri, form.keeping(), viewer=viewer, expected_version=_version(request))
        except OrtaqError as error:
            return _page(request, record, form, kept, known, error)
        messages.success(request, _("Only those whom you chose know the exact place now."))
        return HttpResponseRedirect(reverse("record", args=[name]))
    return _page(request, record, form, kept, known)


def _told(request: HttpRequest, record: Record, viewer: Viewer) -> HttpResponse:
    tell_location(record.uri, viewer=viewer, expected_version=_version(request))
    messages.success(request, _("All who see the record see the exact place now."))
    return HttpResponseRedirect(reverse("record", args=[record.uri.partition("urn:ortaq:")[2]]))


def _page(
    request: HttpRequest,
    record: Record,
    form: KeepingForm,
    kept: Record | None,
    known: Record | None,
    refusal: OrtaqError | None = None,
) -> HttpResponse:
    context = {
        "record": record,
        "form": form,
        "kept": kept,
        "known": known,
        "told": [] if kept else telling_versions(record.uri),
        "refusal": _(refusal.say) % refusal.facts if refusal else "",
        "is_stale": isinstance(refusal, StaleVersion),
    }
    status = refusal.status if refusal else 422 if form.errors else 200
    return render(request, "heritage/location.html", context, status=status)


def _initial(record: Record, known: Record | None) -> dict[str, str]:
    """What the viewer knows already stands in the form."""
    source = body_of(known) if known else body_of(record)
    point = source.get(POINT)
    exact = known is not None or tells(KINDS[record.kind], source) is not None
    place = f"{point['lat']}, {point['lon']}" if point and exact else ""
    return {
        "place": place,
        "audience": as_written(known.audience) if known else "",
        "reason": str(source.get("reason") or "looting") if known else "looting",
    }


def _offered(record: Record, viewer: Viewer, kept: Record | None) -> list[tuple[str, str]]:
    named = {one.audience: _best(one.names) for one in groups.addressed()}
    offered = rules.audiences_below(viewer, as_written(record.audience), named)
    present = [as_written(kept.audience)] if kept and as_written(kept.audience) not in offered else []
    # The people of one's institution, not oneself or everyone here, is what one means most often.
    order = sorted([*offered, *present], key=lambda one: not one.startswith("institution:"))
    return [(one, named.get(one) or _(label_of(one))) for one in order]


def _best(texts: groups.Names) -> str:
    chosen = choose(texts, (get_language() or "en").partition("-")[0])
    return chosen[0] if chosen else ""


def _version(request: HttpRequest) -> int:
    """Return the version that the page spoke of; 0, which none has, where the form was tampered with."""
    given = request.POST.get("version", "")
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 9 else 0


urlpatterns = [path("locations/<str:name>", location, name="location")]
