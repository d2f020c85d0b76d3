# SPDX-License-Identifier: Apache-2.0
"""A working copy: its form, and what is done with it. Everything that was typed is saved before anything else happens."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from ortaq.core.audience import Viewer
from ortaq.core.errors import OrtaqError
from ortaq.core.problems import Problem
from ortaq.doors.web.forms import merging, previewing
from ortaq.doors.web.forms.edits import field_of
from ortaq.doors.web.forms.entering import kept, signed_in
from ortaq.doors.web.forms.filled import form_page, problems_in, record_of_copy
from ortaq.doors.web.forms.posted import tidied
from ortaq.doors.web.forms.reading import BOTH, PREVIEW, PROPOSE, PUBLISH, Typed, typed
from ortaq.doors.web.forms.tree import id_of
from ortaq.doors.web.templatetags.addresses import record_address
from ortaq.people.viewers import viewer_of
from ortaq.records.copies import (
    body_of_copy,
    copy_of,
    discard_copy,
    propose_copy,
    publish_copy,
    return_copy,
    save_copy,
    take_back_copy,
)
from ortaq.records.errors import CopyStale, MissingTarget, SourceIdInUse, StaleVersion, TooLarge
from ortaq.records.models import WorkingCopy
from ortaq.records.registry import KINDS

_OPEN = (WorkingCopy.DRAFT, WorkingCopy.RETURNED)


@never_cache
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def work(request: HttpRequest, key: str) -> HttpResponse:
    """The form of a working copy; a proposal is shown as it will be."""
    viewer = viewer_of(request)
    copy = copy_of(key, viewer)
    if copy.state not in _OPEN or copy.actor not in viewer.actors:
        return previewing.proposal_page(request, viewer, copy)
    if request.method != "POST":
        if pairs := kept(request):
            return _shown_again(request, viewer, copy, pairs)
        return form_page(request, viewer, copy)
    given = typed(request.POST, KINDS[copy.kind], audience=copy.audience)
    try:
        if given.do == BOTH:
            raise CopyStale(present=copy.revision, expected=given.revision)
        copy = save_copy(viewer, key, body=given.body, audience=given.audience, revision=given.revision)
    except CopyStale:
        return merging.tabs_page(request, viewer, copy, given.body)
    except TooLarge as error:
        return form_page(request, viewer, copy, body=given.body, refusal=error)
    return _done(request, viewer, copy, given)


def _shown_again(request: HttpRequest, viewer: Viewer, copy: WorkingCopy, pairs: dict[str, str]) -> HttpResponse:
    """What was typed before the session ended; if another tab has saved since, both are shown."""
    given = typed(pairs, KINDS[copy.kind], audience=copy.audience)
    try:
        copy = save_copy(viewer, copy.key, body=given.body, audience=given.audience, revision=given.revision)
    except CopyStale:
        return merging.tabs_page(request, viewer, copy, given.body)
    return form_page(request, viewer, copy, is_recovered=True)


def _done(request: HttpRequest, viewer: Viewer, copy: WorkingCopy, given: Typed) -> HttpResponse:
    if given.is_order:
        return HttpResponseRedirect(f"{_address(copy)}#{id_of(given.do.partition(':')[2] or field_of(given.do))}")
    if given.do == PREVIEW:
        return HttpResponseRedirect(reverse("work-preview", args=[copy.key]))
    if given.do in (PUBLISH, PROPOSE):
        return _sent(request, viewer, copy, given.do)
    messages.success(request, _("Your text is saved. Nobody but you sees it before you publish it."))
    return HttpResponseRedirect(_address(copy))


def _sent(request: HttpRequest, viewer: Viewer, copy: WorkingCopy, do: str) -> HttpResponse:
    kind, body = KINDS[copy.kind], body_of_copy(copy)
    if problems := problems_in(kind, body, viewer):
        return form_page(request, viewer, copy, problems=problems)
    try:
        copy = save_copy(viewer, copy.key, body=tidied(kind, body), audience=copy.audience, revision=copy.revision)
        if do == PROPOSE:
            propose_copy(viewer, copy.key)
            messages.success(request, _("Your text is proposed. The editors of your institution have been shown it."))
            return HttpResponseRedirect(_address(copy))
        outcome = publish_copy(viewer, copy.key, revision=copy.revision)
    except StaleVersion:
        return HttpResponseRedirect(reverse("work-merge", args=[copy.key]))
    except CopyStale:
        return merging.tabs_page(request, viewer, copy, body)
    except OrtaqError as error:
        return form_page(request, viewer, copy, refusal=error, problems=_at_field(error))
    messages.success(request, _("It is published and signed."))
    return HttpResponseRedirect(record_address(outcome.uri or ""))


def _at_field(error: OrtaqError) -> list[Problem]:
    """What the door refuses because of one field is told at the field too."""
    if isinstance(error, SourceIdInUse):
        return [Problem(("source_id",), "field.in-use", {"given": str(error.facts["source_id"])})]
    if isinstance(error, MissingTarget):
        return [Problem((error.facts["field"],), "field.reference", {"given": str(error.facts["target"])})]
    return []


@never_cache
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def discard(request: HttpRequest, key: str) -> HttpResponse:
    """Throw one's own text away after asking once more."""
    viewer = viewer_of(request)
    copy = copy_of(key, viewer)
    if request.method != "POST":
        return render(request, "web/forms/discard.html", {"copy": copy, "record": record_of_copy(copy, viewer)})
    discard_copy(viewer, key)
    messages.success(request, _("Your text is discarded."))
    return HttpResponseRedirect(record_address(copy.record) if copy.record else reverse("new"))


@signed_in
@require_POST
def decide(request: HttpRequest, key: str) -> HttpResponse:
    """Publish a proposal, give it back with a remark, or take one's own back."""
    viewer, do = viewer_of(request), request.POST.get("_do")
    copy = copy_of(key, viewer)
    if do == "take-back":
        take_back_copy(viewer, key)
        return HttpResponseRedirect(_address(copy))
    if do == "return":
        return_copy(viewer, key, request.POST.get("remark", "").strip()[:2000])
        messages.success(request, _("The text is given back to its author with your remark."))
        return HttpResponseRedirect(reverse("work-waiting"))
    return _published(request, viewer, copy)


def _published(request: HttpRequest, viewer: Viewer, copy: WorkingCopy) -> HttpResponse:
    revision = request.POST.get("_revision", "")
    context: dict[str, Any] = {}
    try:
        outcome = publish_copy(viewer, copy.key, revision=int(revision) if revision.isdecimal() else copy.revision)
    except StaleVersion as error:
        context["refusal"] = _(
            "The record was revised after this was proposed. Give it back, so that its author brings the two together."
        )
        return previewing.proposal_page(request, viewer, copy, status=error.status, **context)
    except OrtaqError as error:
        context["refusal"] = _(error.say) % error.facts
        return previewing.proposal_page(request, viewer, copy, status=error.status, **context)
    messages.success(request, _("It is published and signed."))
    return HttpResponseRedirect(record_address(outcome.uri or ""))


def _address(copy: WorkingCopy) -> str:
    return reverse("work", args=[copy.key])
