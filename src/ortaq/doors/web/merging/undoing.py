# SPDX-License-Identifier: Apache-2.0
"""Taking a merge back: the record stands by itself again, and the one that was kept says what it said before, if it still may."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ortaq.core.audience import Viewer
from ortaq.core.errors import N_
from ortaq.doors.web import names
from ortaq.doors.web.forms.entering import signed_in
from ortaq.doors.web.merged import title_before
from ortaq.doors.web.record import seen
from ortaq.doors.web.templatetags.addresses import record_address
from ortaq.people.errors import Denied
from ortaq.records.errors import StaleVersion
from ortaq.records.merging import Merge, may_take_back, merge_of, take_back
from ortaq.records.models import Record
from ortaq.records.queries import bodies_before


@never_cache
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def unmerge(request: HttpRequest, name: str) -> HttpResponse:
    """What taking back will do; posted, it is done."""
    viewer, record = seen(request, name)
    merge = merge_of(record, viewer)
    if not may_take_back(viewer, record, merge.winner):
        raise Denied(action=N_("take this merge back"))
    if request.method != "POST":
        return _page(request, viewer, record, merge)
    version = request.POST.get("version", "")
    expected = int(version) if version.isascii() and version.isdecimal() and len(version) < 9 else 0
    try:
        merge = take_back(viewer, record.uri, expected_version=expected, note=_("The merge was taken back."))
    except StaleVersion:
        return _page(request, viewer, record, merge_of(record, viewer), is_stale=True, status=409)
    return _done(request, record, merge)


def _page(request: HttpRequest, viewer: Viewer, record: Record, merge: Merge, **more: Any) -> HttpResponse:
    status = more.pop("status", 200)
    body = bodies_before([record], viewer).get(record.uri)
    context = {
        "record": record,
        "title": title_before(record, body),
        "winner": merge.winner,
        "fields": _labels(merge),
        "is_newest": merge.is_newest,
        "comparison": _comparison(merge),
        **more,
    }
    return render(request, "web/merging/unmerge.html", context, status=status)


def _labels(merge: Merge) -> list[str]:
    """The names of the fields that the merge changed, as the page shows them."""
    kind = names.kind_of(merge.winner.kind)
    labels = {spec.name: _(spec.label) for spec in kind.fields} if kind else {}
    return [labels.get(name, name) for name in merge.fields]


def _comparison(merge: Merge) -> str:
    if merge.version < 2:
        return ""
    return f"{record_address(merge.winner.uri)}/compare?from={merge.version - 1}&to={merge.version}"


def _done(request: HttpRequest, record: Record, merge: Merge) -> HttpResponse:
    """Where something of the merge is left in the other record, the person is shown what."""
    fields = _labels(merge)
    if merge.is_newest or not fields:
        messages.success(
            request,
            _(
                "The record stands by itself again, under its own address. The other one says what it said before the merge."
            ),
        )
        return HttpResponseRedirect(record_address(record.uri))
    messages.success(request, _("The record stands by itself again, under its own address."))
    sentence = ngettext(
        "The other one has been revised since the merge, so it keeps what it says. The merge changed %(fields)s: look whether that is right.",
        "The other one has been revised since the merge, so it keeps what it says. The merge changed %(fields)s: look whether these are right.",
        len(fields),
    )
    messages.warning(request, sentence % {"fields": ", ".join(fields)})
    return HttpResponseRedirect(_comparison(merge))
