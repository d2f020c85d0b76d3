# SPDX-License-Identifier: Apache-2.0
"""The feeds: what is new, what is new in a search, what is new about a record. All of them tell what everyone may see."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ortaq.core.audience import STRANGER
from ortaq.core.errors import BadIdentifier
from ortaq.core.identifiers import source_id_of_uri, split_uri
from ortaq.doors.feeds import about
from ortaq.doors.feeds.atom import TYPE, Feed, document, said
from ortaq.doors.harvest import queries
from ortaq.doors.harvest.addresses import base_of
from ortaq.doors.harvest.answering import answered, for_programs, mark_of
from ortaq.doors.web import names
from ortaq.doors.web.asking import asked
from ortaq.doors.web.errors import BadParameter
from ortaq.nodes.identity import identity
from ortaq.records.errors import Absent, Gone
from ortaq.records.hiding import hiding_from
from ortaq.records.models import Record
from ortaq.records.queries import record_of, records_for
from ortaq.records.registry import KINDS
from ortaq.search.query import search

_PAGE: Final = 50
View = Callable[..., HttpResponse]


def _in_language(view: View) -> View:
    """Answer in the language that ?lang names, or else in the one that whoever asks prefers."""

    def chosen(request: HttpRequest, **more: str) -> HttpResponse:
        lang = request.GET.get("lang", "")
        with translation.override(lang if lang in dict(settings.LANGUAGES) else names.reader_language()):
            response = view(request, **more)
        patch_vary_headers(response, ["Accept-Language", "Cookie"])
        return response

    return chosen


@require_safe
@for_programs
@_in_language
def newest(request: HttpRequest) -> HttpResponse:
    """What came or changed last, of all kinds or of one (?kind=)."""
    base, before, kind = base_of(request), _before(request), request.GET.get("kind", "")
    if kind and kind not in KINDS:
        raise BadParameter(name="kind", value=kind[:80])
    shelf = f"kind:{kind}" if kind else ""

    def make() -> bytes:
        page = queries.newest(shelf, before=before, limit=_PAGE)
        entries = [said(one.record, base, updated=one.at) for one in page.entries if one.record is not None]
        more = {"kind": kind} if kind else {}
        return document(
            Feed(
                f"{identity().uri}#new{f':{kind}' if kind else ''}",
                f"{identity().name}: {names.kind_plural(kind) if kind else _('New and changed')}",
                names.reader_language(),
                identity().name,
                f"{base}{reverse('search')}?{urlencode({**more, 'order': 'newest'})}",
                entries,
                _links(base, reverse("feed"), more, before, page.after),
            )
        )

    etag = mark_of(base, before, kind, names.reader_language())
    return answered(request, etag, queries.last_instant(shelf), make, TYPE)


@require_safe
@for_programs
@_in_language
def of_search(request: HttpRequest) -> HttpResponse:
    """What a search finds, as /search takes it, newest first."""
    base = base_of(request)
    search_asked = asked(request, names.reader_language(), limit=_PAGE)
    question = replace(search_asked.question, order="newest")
    answer = search(question, STRANGER)
    uris = [hit.uri for hit in answer.hits if not hit.is_similar]
    found = {one.uri: one for one in records_for(STRANGER).select_related("change").filter(uri__in=uris)}
    entries = [said(found[uri], base, updated=found[uri].changed_at) for uri in uris if uri in found]
    query = search_asked.address(view=None, order=None)

    def make() -> bytes:
        links = {"self": f"{base}{request.get_full_path()}", "first": f"{base}{reverse('search-feed')}{query}"}
        if answer.after:
            links["next"] = (
                f"{base}{reverse('search-feed')}{search_asked.address(view=None, order=None, after=answer.after)}"
            )
        title = question.text or _("All records")
        return document(
            Feed(
                f"{identity().uri}#search{query}",
                f"{identity().name}: {title}",
                names.reader_language(),
                identity().name,
                f"{base}{reverse('search')}{query}",
                entries,
                links,
            )
        )

    state = [(one.id, one.updated, one.title.text) for one in entries]
    etag = mark_of(base, request.get_full_path(), names.reader_language(), state)
    return answered(request, etag, queries.last_instant(), make, TYPE)


@require_safe
@for_programs
@_in_language
def of_record(request: HttpRequest, name: str) -> HttpResponse:
    """The versions of a record and the opinions about it, newest first."""
    base, before, record = base_of(request), _before(request), _record(name)
    page = about.page_about(record, before=before, limit=_PAGE, base=base)
    address = f"/r/{source_id_of_uri(record.uri)}"

    def make() -> bytes:
        return document(
            Feed(
                f"{record.uri}#feed",
                names.title_of(record).text,
                names.reader_language(),
                identity().name,
                f"{base}{address}",
                page.entries,
                _links(base, f"{address}.atom", {}, before, page.after),
            )
        )

    state = [(one.id, one.updated) for one in page.entries]
    etag = mark_of(base, before, names.reader_language(), state)
    return answered(request, etag, queries.last_instant(), make, TYPE)


def _record(name: str) -> Record:
    uri = f"urn:ortaq:{name}"
    try:
        split_uri(uri)
    except BadIdentifier as error:
        raise Absent(uri=uri) from error
    record = record_of(uri, STRANGER)
    if record.state != Record.LIVE:
        raise Gone(uri=uri)
    if hiding_from(record, STRANGER):
        raise Absent(uri=uri)
    return record


def _before(request: HttpRequest) -> int | None:
    value = request.GET.get("before", "")
    if not value:
        return None
    if not (value.isascii() and value.isdecimal() and len(value) < 19):
        raise BadParameter(name="before", value=value[:80])
    return int(value)


def _links(base: str, path: str, more: dict[str, str], before: int | None, after: int | None) -> dict[str, str]:
    def address(**given: int) -> str:
        query = urlencode({**more, **given})
        return f"{base}{path}{f'?{query}' if query else ''}"

    links = {"self": address(**({"before": before} if before else {})), "first": address()}
    return {**links, **({"next": address(before=after)} if after else {})}
