# SPDX-License-Identifier: Apache-2.0
"""How writing begins: a new record of a kind, one like another, the next version of one, an older version again."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ortaq.core.audience import Viewer, as_written
from ortaq.core.errors import N_
from ortaq.core.fields import Role
from ortaq.core.kind import Kind
from ortaq.core.outline import heading
from ortaq.core.replacing import own_words
from ortaq.doors.web import names
from ortaq.doors.web.errors import VersionAbsent
from ortaq.doors.web.forms.entering import signed_in
from ortaq.doors.web.forms.offers import is_written_here, open_copy
from ortaq.doors.web.forms.posted import tidied
from ortaq.doors.web.history import NOTE
from ortaq.doors.web.record import seen
from ortaq.doors.web.templatetags.addresses import record_address
from ortaq.nodes.identity import identity
from ortaq.people import rules
from ortaq.people.errors import Denied
from ortaq.people.viewers import viewer_of
from ortaq.records.actions import check_not_replaced, subject_of, withdraw_record
from ortaq.records.copies import body_of_copy, copies_of, start_copy
from ortaq.records.errors import Gone, NotOurs, StaleVersion
from ortaq.records.models import Record, WorkingCopy
from ortaq.records.queries import body_of, record_of, version_of
from ortaq.records.registry import KINDS

_MOST_COPIES = 20
_OF_THIS_ONE_ONLY = ("source_id", "identifiers", NOTE)


@never_cache
@signed_in
@require_safe
def new(request: HttpRequest) -> HttpResponse:
    """The kinds to choose from, and what the person is writing already."""
    viewer = viewer_of(request)
    _check_may_begin(viewer)
    kinds = [kind for kind in KINDS if is_written_here(kind.name)]
    context = {"kinds": kinds, "copies": [_listed(copy) for copy in copies_of(viewer)[:_MOST_COPIES]]}
    return render(request, "web/forms/new.html", context)


@never_cache
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def new_kind(request: HttpRequest, kind: str) -> HttpResponse:
    """Begin a record of *kind*; like: the URI of one to begin from. A page to look at makes nothing: a button does."""
    if not is_written_here(kind):
        raise Http404
    viewer = viewer_of(request)
    _check_may_begin(viewer)
    if request.method != "POST":
        mine = copies_of(viewer).filter(kind=kind, record=None)[:_MOST_COPIES]
        context = {"kind": KINDS[kind], "like": request.GET.get("like", ""), "copies": [_listed(copy) for copy in mine]}
        return render(request, "web/forms/new_kind.html", context)
    like = request.POST.get("like", "")[:100]
    if like:
        return _begun(_like(viewer, KINDS[kind], like))
    return _begun(_untouched(viewer, kind) or start_copy(viewer, kind, body={}))


def _check_may_begin(viewer: Viewer) -> None:
    if not rules.may_write(viewer.standing):
        raise Denied(action=N_("write records"))


def _untouched(viewer: Viewer, kind: str) -> WorkingCopy | None:
    """A copy that was begun and never written in: whoever presses twice has one, not two."""
    begun = copies_of(viewer).filter(kind=kind, record=None, actor=viewer.actor, revision=1, state=WorkingCopy.DRAFT)
    return begun.filter(body="{}").first()


def _like(viewer: Viewer, kind: Kind, uri: str) -> WorkingCopy:
    """What the other record says, but for what is its own alone: ids, files."""
    record = record_of(uri, viewer)
    if record.state != Record.LIVE or record.kind != kind.name:
        raise Gone(uri=uri)
    own = {*_OF_THIS_ONE_ONLY, *(spec.name for spec in kind.fields if spec.role is Role.FILES)}
    body = {name: value for name, value in own_words(body_of(record)).items() if name not in own}
    return start_copy(viewer, kind.name, body=body, audience=_addressed(viewer, record))


def _addressed(viewer: Viewer, record: Record) -> str:
    """The audience of *record* if the viewer may write for it, else the narrowest."""
    audience = as_written(record.audience)
    return audience if rules.may_address(viewer, audience) else "private"


@never_cache
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, name: str) -> HttpResponse:
    """Go on with one's own working copy of the record, or begin one."""
    viewer, record = seen(request, name)
    _check_may_revise(viewer, record)
    if copy := open_copy(viewer, record):
        return _begun(copy)
    if request.method != "POST":
        return render(request, "web/forms/edit.html", {"record": record})
    return _begun(
        start_copy(
            viewer,
            record.kind,
            body=_without_note(body_of(record)),
            audience=as_written(record.audience),
            record=record,
        )
    )


@signed_in
@require_POST
def restore(request: HttpRequest, name: str) -> HttpResponse:
    """Begin a working copy with the body of an older version; publishing it makes a new version, the history stays."""
    viewer, record = seen(request, name)
    _check_may_revise(viewer, record)
    number = request.POST.get("version", "")
    version = int(number) if number.isascii() and number.isdecimal() and len(number) < 9 else 0
    body = version_of(record, version, viewer)
    if body is None:
        raise VersionAbsent(uri=record.uri, version=number[:20])
    note = _("Version %(number)s again.") % {"number": version}
    copy = start_copy(
        viewer,
        record.kind,
        body={**_without_note(body), NOTE: note},
        audience=as_written(record.audience),
        record=record,
    )
    messages.success(
        request, _("This is version %(number)s. Look it through, then publish it anew.") % {"number": version}
    )
    return _begun(copy)


@never_cache
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, name: str) -> HttpResponse:
    """Withdraw a record after asking once more; its history stays."""
    viewer, record = seen(request, name)
    if record.state != Record.LIVE:
        raise Gone(uri=record.uri)
    if not is_written_here(record.kind) or not rules.may_withdraw(viewer, subject_of(record)):
        raise Denied(action=N_("withdraw this record"))
    if request.method != "POST":
        return render(request, "web/forms/withdraw.html", {"record": record})
    version = request.POST.get("version", "")
    try:
        withdraw_record(viewer, record.uri, expected_version=int(version) if version.isdecimal() else record.version)
    except StaleVersion:
        return render(request, "web/forms/withdraw.html", {"record": record, "is_stale": True}, status=409)
    messages.success(request, _("The record is withdrawn; its history stays."))
    return HttpResponseRedirect(record_address(record.uri))


def _check_may_revise(viewer: Viewer, record: Record) -> None:
    if record.node != identity().id:
        raise NotOurs(uri=record.uri, node=record.node)
    if not is_written_here(record.kind) or not rules.may_revise(viewer, subject_of(record)):
        raise Denied(action=N_("revise this record"))
    check_not_replaced(viewer, record)


def _without_note(body: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in own_words(body).items() if name != NOTE}


def _begun(copy: WorkingCopy) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("work", args=[copy.key]))


def _listed(copy: WorkingCopy) -> dict[str, Any]:
    """A working copy as lists show it: its title as far as it has one."""
    kind = KINDS[copy.kind]
    try:
        title = names.shown(heading(kind, tidied(kind, body_of_copy(copy))))
    except (TypeError, AttributeError, KeyError, ValueError):  # whatever was typed where a title belongs
        title = None
    return {"copy": copy, "kind": kind, "title": title}
