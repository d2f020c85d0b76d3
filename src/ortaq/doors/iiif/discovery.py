# SPDX-License-Identifier: Apache-2.0
"""IIIF Change Discovery 1.0, level 2: which records with pictures came, changed and went. https://iiif.io/api/discovery/1.0/

An activity points at the manifest of the record. Of a record whose pictures another node has kept to itself there is none: it is told as
the Dataset that it is, with its descriptions; the specification has it that consumers meet resources that are no manifests (2.1.1).
"""

from typing import Any, Final

import orjson
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from ortaq.core.identifiers import source_id_of_uri
from ortaq.doors.exports.formats import BY_PREFIX
from ortaq.doors.harvest import queries
from ortaq.doors.harvest.addresses import base_of
from ortaq.doors.harvest.answering import answered, for_programs, mark_of
from ortaq.doors.harvest.queries import Entry
from ortaq.doors.harvest.shelves import IMAGE
from ortaq.files.queries import kept_files
from ortaq.records.queries import given_attachments

_CONTEXT: Final = "http://iiif.io/api/discovery/1/context.json"
_TYPE: Final = f'application/ld+json;profile="{_CONTEXT}"'


@require_safe
@for_programs
def collection(request: HttpRequest) -> HttpResponse:
    """The entry point; 404 while there is nothing to tell of, for a collection has to have a last page with something on it."""
    base, size = base_of(request), settings.HARVEST_PAGE
    last, first = queries.last_position(IMAGE), queries.end_of_page(IMAGE, after=0, limit=size)
    if last is None or first is None:
        raise Http404

    def make() -> bytes:
        return _json(
            {
                "id": _collection(base),
                "type": "OrderedCollection",
                "totalItems": queries.count_on(IMAGE),
                "first": _page(base, first),
                "last": _page(base, last),
            }
        )

    return answered(request, mark_of(base, size), queries.last_instant(IMAGE), make, _TYPE)


@require_safe
@for_programs
def page(request: HttpRequest, upto: int) -> HttpResponse:
    """The activities up to a position: whoever begins at the last page and walks back by `prev` meets everything once."""
    base, size = base_of(request), settings.HARVEST_PAGE
    found = queries.page_upto(IMAGE, min(upto, 2**62), size)
    if not found.entries:
        raise Http404

    pictured = _pictured(found.entries)

    def make() -> bytes:
        links = {"prev": found.before, "next": found.next}
        return _json(
            {
                "id": _page(base, upto)["id"],
                "type": "OrderedCollectionPage",
                "partOf": {"id": _collection(base), "type": "OrderedCollection"},
                **{name: _page(base, position) for name, position in links.items() if position is not None},
                "orderedItems": [_activity(base, entry, entry.id in pictured) for entry in found.entries],
            }
        )

    return answered(request, mark_of(base, size, upto, sorted(pictured)), queries.last_instant(IMAGE), make, _TYPE)


def _pictured(entries: list[Entry]) -> set[int]:
    """Return the ids of the records that have a manifest now."""
    attached = given_attachments().filter(record_id__in=[entry.id for entry in entries])
    named = list(attached.values_list("record_id", "digest"))
    rows = kept_files(digest for _record, digest in named)
    return {id_ for id_, digest in named if digest in rows and rows[digest].width}


def _activity(base: str, entry: Entry, has_manifest: bool) -> dict[str, Any]:
    sort = "Delete" if entry.is_gone else "Create" if entry.version == 1 else "Update"
    name = source_id_of_uri(entry.uri)
    told: dict[str, Any] = {"canonical": entry.uri, "seeAlso": _descriptions(base, entry)}
    if entry.is_gone or has_manifest:
        told = {"id": f"{base}{reverse('iiif-manifest', args=[name])}", "type": "Manifest", **told}
    else:
        told = {"id": f"{base}/r/{name}.json", "type": "Dataset", **told}
    if entry.is_gone:
        del told["seeAlso"]
    return {"type": sort, "object": told, "endTime": entry.at}


def _descriptions(base: str, entry: Entry) -> list[dict[str, str]]:
    form = next(one for one in (BY_PREFIX["lido"], BY_PREFIX["oai_dc"]) if one.kinds is None or entry.kind in one.kinds)
    address = f"{base}/oai?verb=GetRecord&metadataPrefix={form.prefix}&identifier={entry.uri}"
    return [{"id": address, "type": "Dataset", "format": "text/xml", "profile": form.namespace}]


def _collection(base: str) -> str:
    return f"{base}{reverse('iiif-discovery')}"


def _page(base: str, upto: int) -> dict[str, str]:
    return {"id": f"{base}{reverse('iiif-discovery-page', args=[upto])}", "type": "OrderedCollectionPage"}


def _json(document: dict[str, Any]) -> bytes:
    return orjson.dumps({"@context": _CONTEXT, **document}, option=orjson.OPT_INDENT_2)
