# SPDX-License-Identifier: Apache-2.0
"""The audit trail, for the administrators of an institution and the keepers of the node: filtered, page by page, as a table."""

import csv
import io
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ortaq.core.errors import N_
from ortaq.doors.exports.table import guarded
from ortaq.doors.web.accounts.confirming import signed_in
from ortaq.doors.web.institutions.pages import frame
from ortaq.people.audit import note, trail_of
from ortaq.people.models import AuditEntry
from ortaq.people.queries import institution_of, names_of
from ortaq.people.viewers import viewer_of

ACTIONS = {
    "person.signed-in": N_("Signed in"),
    "person.signed-out": N_("Signed out"),
    "person.sign-in-failed": N_("Sign-in failed"),
    "person.second-step-failed": N_("Second step failed"),
    "person.confirm-failed": N_("Did not show who it is"),
    "person.password-changed": N_("Password changed"),
    "person.recovery-made": N_("Link to come in again was made"),
    "person.recovered": N_("Came in again by link"),
    "person.ended": N_("Account ended"),
    "session.ended": N_("Sessions ended"),
    "factor.added": N_("Way to sign in added"),
    "factor.removed": N_("Way to sign in removed"),
    "factor.codes-made": N_("Recovery codes made"),
    "token.made": N_("Token made"),
    "token.revoked": N_("Token revoked"),
    "invitation.made": N_("Invitation made"),
    "invitation.accepted": N_("Invitation accepted"),
    "invitation.revoked": N_("Invitation revoked"),
    "role.changed": N_("Role changed"),
    "membership.ended": N_("Membership ended"),
    "institution.founded": N_("Institution founded"),
    "institution.changed": N_("Institution changed"),
    "institution.closed": N_("Institution closed"),
    "institution.opened": N_("Institution opened again"),
    "quota.changed": N_("Quota changed"),
    "records.exported": N_("Records exported"),
    "records.change-many": N_("Many records changed"),
    "records.undo-many": N_("Change of many records undone"),
    "records.import": N_("Import begun"),
    "records.imported": N_("Records imported"),
    "file.damaged": N_("Kept file found damaged"),
    "file.healed": N_("Damaged file healed"),
    "file.asked-for": N_("File of another node asked for"),
    "opinion.hidden": N_("Opinion hidden"),
    "location.kept": N_("Exact location kept for some"),
    "location.told": N_("Exact location told to all"),
    "opinion.shown": N_("Hidden opinion shown again"),
    "partner.proposed": N_("Exchange proposed"),
    "partner.accepted": N_("Exchange accepted"),
    "partner.paused": N_("Exchange paused"),
    "partner.resumed": N_("Exchange resumed"),
    "partner.ended": N_("Exchange ended"),
    "partner.terms-changed": N_("Terms of an exchange changed"),
    "partner.settled": N_("Two histories of a node settled"),
    "partner-group.made": N_("Group of partners made"),
    "partner-group.changed": N_("Group of partners changed"),
    "partner-group.removed": N_("Group of partners removed"),
    "audit.exported": N_("Audit trail exported"),
}
_PAGE = 50
_COLUMNS = ("at", "action", "actor", "name", "institution", "subject", "facts")


@require_safe
@signed_in
def institution_trail(request: HttpRequest, institution: str) -> HttpResponse:
    found = institution_of(institution)
    return _page(request, institution, "web/institution/audit.html", frame(request, found))


@require_safe
@signed_in
def node_trail(request: HttpRequest) -> HttpResponse:
    return _page(request, "", "web/institution/node_audit.html", {})


def _page(request: HttpRequest, key: str, template: str, context: dict[str, Any]) -> HttpResponse:
    """One page of the trail, older entries after it; `before` is the last entry that was shown."""
    entries = _chosen(request, trail_of(key, viewer_of(request)))
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 19:
        entries = entries.filter(id__lt=int(before))
    shown = list(entries[: _PAGE + 1])
    people = names_of({one.actor for one in shown} | {one.subject for one in shown})
    kept = {name: value for name, value in request.GET.items() if name != "before" and value}
    older = urlencode({**kept, "before": shown[_PAGE - 1].pk}) if len(shown) > _PAGE else ""
    filters = {"actions": [(code, _(said)) for code, said in ACTIONS.items()], "chosen": kept}
    rows = [(one, _(ACTIONS.get(one.action, one.action)), people) for one in shown[:_PAGE]]
    more = {"rows": rows, "people": people, "older": older, "kept": urlencode(kept), "filters": filters}
    return render(request, template, {**context, **more})


def _chosen(request: HttpRequest, entries: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
    action, who = request.GET.get("action", ""), request.GET.get("who", "").strip()
    since, until = _day(request.GET.get("since", "")), _day(request.GET.get("until", ""))
    if action in ACTIONS:
        entries = entries.filter(action=action)
    if who:
        entries = entries.filter(subject=who) | entries.filter(actor=who)
    if since:
        entries = entries.filter(at__date__gte=since)
    if until:
        entries = entries.filter(at__date__lte=until)
    return entries


def _day(text: str) -> Any:
    try:
        return parse_date(text)
    except ValueError:
        return None


@require_safe
@signed_in
def institution_table(request: HttpRequest, institution: str) -> StreamingHttpResponse:
    institution_of(institution)
    return _table(request, institution)


@require_safe
@signed_in
def node_table(request: HttpRequest) -> StreamingHttpResponse:
    return _table(request, "")


def _table(request: HttpRequest, key: str) -> StreamingHttpResponse:
    viewer = viewer_of(request)
    entries = _chosen(request, trail_of(key, viewer))
    note("audit.exported", actor=viewer.actor or str(request.user), institution=key)
    response = StreamingHttpResponse(_lines(entries), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="audit.csv"'
    return response


def _lines(entries: QuerySet[AuditEntry]) -> Iterator[bytes]:
    yield "\ufeff".encode() + _line(_COLUMNS)
    last: int | None = None
    while True:
        block = list((entries if last is None else entries.filter(id__lt=last))[:1000])
        people = names_of({one.actor for one in block})
        for one in block:
            facts = "; ".join(f"{name}={value}" for name, value in one.facts.items())
            at = one.at.isoformat(timespec="seconds")
            yield _line((at, one.action, one.actor, people.get(one.actor, ""), one.institution, one.subject, facts))
        if len(block) < 1000:
            return
        last = block[-1].pk


def _line(cells: Any) -> bytes:
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow([guarded(str(cell)) for cell in cells])
    return line.getvalue().encode()
