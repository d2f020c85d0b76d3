# SPDX-License-Identifier: Apache-2.0
"""The page of one record: its fields, its links both ways, its history, and what the areas add."""

from dataclasses import dataclass, replace
from typing import Any

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ortaq.core.audience import Viewer
from ortaq.core.errors import BadIdentifier, OrtaqError
from ortaq.core.fields import Role
from ortaq.core.identifiers import split_uri
from ortaq.core.kind import Kind
from ortaq.core.linked_art import CONTEXT
from ortaq.core.outline import outline
from ortaq.doors.exports.formats import JSON_FORMATS, json_lines
from ortaq.doors.exports.jsonl import lines
from ortaq.doors.web import attached, fields, history, merged, names
from ortaq.doors.web.errors import RecordDamaged
from ortaq.doors.web.forms import offers
from ortaq.doors.web.merging.alike import suggested
from ortaq.doors.web.panels import panels_of
from ortaq.doors.web.templatetags.addresses import record_address
from ortaq.people.queries import answerer_of, names_mentioned
from ortaq.people.viewers import viewer_of
from ortaq.records.errors import Absent, Gone
from ortaq.records.hiding import hiding_from, mark_hidden
from ortaq.records.models import Link, Record
from ortaq.records.queries import Version, history_of, links_to, record_in_place_of, record_of, targets_by_uri

VERSIONS_SHOWN = 10
LINKS_SHOWN, LINKS_ALL = 30, 500
SUGGESTED = 3
LINKED_ART = f'application/ld+json;profile="{CONTEXT}"'  # https://linked.art/api/1.0/protocol/


@dataclass(frozen=True, slots=True)
class Content:
    """The present body, if it can be trusted to be what its kind says; otherwise only its text."""

    kind: Kind | None
    body: dict[str, Any]
    raw: str = ""


@require_safe
def record_page(request: HttpRequest, name: str) -> HttpResponse:
    viewer, record = seen(request, name)
    if elsewhere := moved(viewer, record):
        return elsewhere
    versions = history_of(record, viewer, limit=VERSIONS_SHOWN + 1)
    kind = names.kind_of(record.kind)
    entries = history.entries(record, kind, versions, limit=VERSIONS_SHOWN)
    context: dict[str, Any] = {"record": record, "entries": entries, "broken": history.broken(entries)}
    if record.state != Record.LIVE:
        return render(request, "web/tombstone.html", context, status=410)
    if hiding := hiding_from(record, viewer):
        entries = history.entries(record, kind, _without_words(versions), limit=VERSIONS_SHOWN)
        return render(request, "web/hidden.html", context | {"entries": entries, "hiding": hiding})
    content = _content(record, kind, versions)
    context |= described(content, record, viewer)
    context["author"] = entries[-1].by if record.version <= VERSIONS_SHOWN else ""
    answerer = answerer_of(record.author) if entries[-1].has_left else None
    context["answerer"] = answerer.person.name if answerer else ""
    context["panels"] = panels_of(request, record)
    context["offers"] = offered = offers.offers_of(viewer, record)
    if offered and offered.may_merge:
        context["suggestions"] = suggested(record, viewer, limit=SUGGESTED)
    return render(request, "web/record.html", context)


@require_safe
def history_page(request: HttpRequest, name: str) -> HttpResponse:
    """All versions; a record that changes every day for years has thousands, more than a page should verify unasked."""
    viewer, record = seen(request, name)
    versions = history_of(record, viewer)
    if hiding_from(record, viewer):
        versions = _without_words(versions)
    entries = history.entries(record, names.kind_of(record.kind), versions, limit=record.version)
    winner = record_in_place_of(record.uri, viewer) if record.state != Record.LIVE else None
    last = next((version.body for version in versions if version.body), None) if winner else None
    title = merged.title_before(record, last) or names.title_of(record)
    context = {"record": record, "title": title, "winner": winner, "entries": entries}
    return render(request, "web/history.html", context | {"broken": history.broken(entries)})


def _without_words(versions: list[Version]) -> list[Version]:
    """The history of what this node does not show: when it was made and revised, and whether it verifies."""
    return [replace(version, body=None) for version in versions]


@require_safe
def links_page(request: HttpRequest, name: str) -> HttpResponse:
    """The records that point at this one, up to some hundreds."""
    viewer, record = seen(request, name)
    if elsewhere := moved(viewer, record, "/links"):
        return elsewhere
    mark_hidden([record], viewer)
    found = links_to(record.uri, viewer, limit=LINKS_ALL + 1)
    context = {"record": record, "links_in": _grouped(found[:LINKS_ALL]), "has_more": len(found) > LINKS_ALL}
    return render(request, "web/links.html", context)


@require_safe
def record_json(request: HttpRequest, name: str) -> HttpResponse:
    """The newest change as it was signed, with its proof, and the body in canonical form: enough to verify both."""
    viewer, record = seen(request, name)
    if elsewhere := moved(viewer, record, ".json"):
        return elsewhere
    change = record.change
    body = change.body if record.state == Record.LIVE and change.body else "null"
    # The body stands as it is stored: its bytes are what the digest in the header is of.
    document = b'{"change":' + orjson.dumps(change.wire()) + b',"body":' + body.encode("utf-8") + b"}\n"
    return HttpResponse(document, content_type="application/json", status=200 if record.state == Record.LIVE else 410)


@require_safe
def record_line(request: HttpRequest, name: str) -> HttpResponse:
    """The record in the line format, ready for `ortaq import` elsewhere."""
    viewer, record = seen(request, name)
    if elsewhere := moved(viewer, record, ".jsonl"):
        return elsewhere
    if record.state != Record.LIVE:
        raise Gone(uri=record.uri)
    try:
        line = b"".join(lines([record], viewer))
    except (ValueError, TypeError, AttributeError) as error:
        raise RecordDamaged(uri=record.uri) from error
    response = HttpResponse(line, content_type="application/jsonl")
    response["Content-Disposition"] = f'attachment; filename="{name.partition(":")[2]}.jsonl"'
    return response


@require_safe
def record_linked_art(request: HttpRequest, name: str) -> HttpResponse:
    """The record as Linked Art."""
    viewer, record = seen(request, name)
    if elsewhere := moved(viewer, record, ".linked-art"):
        return elsewhere
    if record.state != Record.LIVE:
        raise Gone(uri=record.uri)
    document = b"".join(json_lines(JSON_FORMATS["linked-art"], [record], viewer, settings.ADDRESS))
    if not document:  # the node wrote it of itself, or its body cannot be read
        kind = names.kind_of(record.kind)
        raise Absent(uri=record.uri) if kind and kind.is_by_node else RecordDamaged(uri=record.uri)
    return HttpResponse(document, content_type=LINKED_ART)


def seen(request: HttpRequest, name: str) -> tuple[Viewer, Record]:
    """Return who looks and the record that the address names; raises Absent."""
    uri = f"urn:ortaq:{name}"
    try:
        split_uri(uri)
    except BadIdentifier as error:
        raise Absent(uri=uri) from error
    viewer = viewer_of(request)
    return viewer, record_of(uri, viewer)


def moved(viewer: Viewer, record: Record, ending: str = "") -> HttpResponse | None:
    """Return the answer of the old address of a record that was merged into one that *viewer* may see."""
    winner = record_in_place_of(record.uri, viewer) if record.state != Record.LIVE else None
    if winner is None:
        return None
    response = HttpResponsePermanentRedirect(record_address(winner.uri) + ending)
    response["Cache-Control"] = "no-store"  # a merge can be taken back, and then the old address is the new one
    return response


def _content(record: Record, kind: Kind | None, versions: list[Version]) -> Content:
    """A body whose digest does not fit may be anything: it is shown in fields only if its kind accepts it."""
    raw = record.change.body or "{}"
    try:
        body = orjson.loads(raw)
        newest = versions[0] if versions and versions[0].change.version == record.version else None
        if kind is not None and (newest is None or newest.findings):
            body = kind.validate(body)
        outline(kind, body) if kind is not None else None
    except (OrtaqError, ValueError, KeyError, TypeError, AttributeError):
        return Content(kind, {}, raw)
    return Content(kind, body)


def described(content: Content, record: Record, viewer: Viewer) -> dict[str, Any]:
    """Return what the page says of *content*; record: its row, which a preview only makes up."""
    kind, body = content.kind, content.body
    title = names.title_of(record)
    links_in = links_to(record.uri, viewer, limit=LINKS_SHOWN + 1, without_kinds=names.answering_kinds())
    other_names = names.other_names(body.get("title") or {}, title)
    described: dict[str, Any] = {
        "title": title,
        "other_names": other_names,
        "has_variants": any(len(found) > 1 for _tag, found in other_names),
        "raw": content.raw,
        "body": body,
        "links_in": _grouped(links_in[:LINKS_SHOWN]),
        "has_more_links": len(links_in) > LINKS_SHOWN,
        "identifiers": fields.identifiers(body),
        "sources": body.get("sources", ()),
    }
    if kind is None or not body:
        return described
    texts = [
        (str(body[spec.name]), record.audience)
        for spec in kind.fields
        if spec.role is Role.MARKUP and spec.name in body
    ]
    targets = targets_by_uri({uri for _role, uri in outline(kind, body).links if fields.is_here(uri)}, viewer)
    mark_hidden(targets.values(), viewer)
    return described | {
        "merged": merged.merged_into(record, body, viewer),
        "people": {login: name for found in names_mentioned(texts) for login, name in found.items()},
        "prose": fields.prose(kind, body),
        "fields": fields.fields(kind, body, targets),
        "links_out": fields.links_out(merged.without_itself(record, body, targets), targets),
        "points": fields.points(kind, body),
        "files": (files := attached.files(kind, body, record, viewer)),
        "has_images": any(one["pictures"] for one in files),
    }


def _grouped(links: list[Link]) -> list[tuple[str, list[fields.Target]]]:
    grouped: dict[str, list[fields.Target]] = {}
    for link in links:
        label = fields.role_label(link.role, is_inverse=True)
        grouped.setdefault(label, []).append(fields.Target(link.record.uri, link.record))
    return list(grouped.items())
