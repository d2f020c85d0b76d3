# SPDX-License-Identifier: Apache-2.0
"""Saving while somebody types, and drawing one field anew. The answers are JSON, their sentences in the language of the page."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ortaq.core.audience import Viewer
from ortaq.core.errors import OrtaqError
from ortaq.doors.web.forms import hints, references
from ortaq.doors.web.forms.edits import field_of
from ortaq.doors.web.forms.filled import fields_of, saved_words
from ortaq.doors.web.forms.reading import typed
from ortaq.people.viewers import viewer_of
from ortaq.records.copies import copy_of, save_copy
from ortaq.records.errors import Absent, CopyNotOpen, CopyStale
from ortaq.records.models import WorkingCopy
from ortaq.records.registry import KINDS


@require_POST
def save(request: HttpRequest, key: str) -> HttpResponse:
    """Keep what was typed. An order in it is carried out, and the field that it changed comes back as HTML."""
    viewer = viewer_of(request)
    if viewer.actor is None:
        return _signed_out(key)
    try:
        copy = copy_of(key, viewer)
        given = typed(request.POST, KINDS[copy.kind], audience=copy.audience)
        copy = save_copy(viewer, key, body=given.body, audience=given.audience, revision=given.revision)
    except CopyStale:
        say = _("Another tab or device of yours has saved this text meanwhile. Nothing is lost: look at both.")
        return _answer("stale", 409, say=say)
    except (Absent, CopyNotOpen):
        say = _("This text is no longer open: it was published, proposed or discarded elsewhere.")
        return _answer("gone", 410, say=say)
    except OrtaqError as error:
        return _answer("refused", error.status, say=_(error.say) % error.facts)
    html = _field(request, viewer, copy, given.body, field_of(given.do)) if given.is_order else ""
    return _answer("saved", 200, say=saved_words(copy), revision=copy.revision, html=html)


def _signed_out(key: str) -> JsonResponse:
    address = f"{reverse('sign-in')}?{urlencode({'next': reverse('work', args=[key])})}"
    say = _("You are signed out. What you type is kept in this browser until you have signed in again.")
    return _answer("signed-out", 401, say=say, address=address, link=_("Sign in"))


def _answer(state: str, status: int, **more: Any) -> JsonResponse:
    response = JsonResponse({"state": state, **more}, status=status, json_dumps_params={"ensure_ascii": False})
    response["Cache-Control"] = "no-store"
    return response


def _field(request: HttpRequest, viewer: Viewer, copy: WorkingCopy, body: dict[str, Any], name: str) -> str:
    for one in fields_of(KINDS[copy.kind], {name: body.get(name)}, viewer):
        if one.spec.name == name:
            return render_to_string("web/forms/field.html", {"field": one, "copy": copy}, request)
    return ""


@require_POST
def hint(request: HttpRequest) -> HttpResponse:
    """What is to be said about a text, a date or a point while it is typed, as HTML for the place below it."""
    if viewer_of(request).actor is None:
        return HttpResponse(status=401)
    given = request.POST
    name, text, about = given.get("name", "")[:200], given.get("text", "")[:4000], given.get("about", "")
    context: dict[str, Any] = {"about": about}
    if about == "text":
        context["hints"] = hints.of_text(name, given.get("tag", "und")[:40], text)
    elif about == "span":
        context["words"] = hints.of_span(text)
    elif about == "point":
        context["at"] = hints.of_point(text, given.get("lon", "")[:200])
    return HttpResponse(render_to_string("web/forms/hint.html", context, request))


def choose(request: HttpRequest) -> HttpResponse:
    """Records whose names begin as typed, as options of a combobox."""
    viewer = viewer_of(request)
    if viewer.actor is None:
        return HttpResponse(status=401)
    kinds = [name for name in request.GET.getlist("kind") if name in KINDS]
    found = references.matches(request.GET.get("q", ""), viewer, kinds)
    response = HttpResponse(render_to_string("web/forms/options.html", {"matches": found}, request))
    response["Cache-Control"] = "private, no-store"
    return response
