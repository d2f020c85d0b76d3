# SPDX-License-Identifier: Apache-2.0
"""What a search finds, as an IIIF collection of the manifests of those that have images; a long one goes on in a collection inside it."""

from typing import Any, Final

import orjson
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from ortaq.core.audience import STRANGER
from ortaq.core.errors import N_
from ortaq.doors.exports.described import described
from ortaq.doors.harvest import queries
from ortaq.doors.harvest.addresses import base_of
from ortaq.doors.harvest.answering import answered, for_programs, mark_of
from ortaq.doors.iiif.presentation import CONTEXT, entry, pictures_of, translated
from ortaq.doors.web import names
from ortaq.doors.web.asking import asked
from ortaq.records.queries import records_for
from ortaq.search.query import search

_PAGE: Final = 100  # hits, of which those with images become items
_TYPE: Final = f'application/ld+json;profile="{CONTEXT}"'


@require_safe
@for_programs
def of_search(request: HttpRequest) -> HttpResponse:
    """What /search finds with the same parameters, in the same order, as far as everyone may see it."""
    base, here = base_of(request), reverse("iiif-collection")
    search_asked = asked(request, names.reader_language(), limit=_PAGE)
    answer = search(search_asked.question, STRANGER)
    uris = [hit.uri for hit in answer.hits if not hit.is_similar]
    found = {one.uri: one for one in records_for(STRANGER).select_related("change").filter(uri__in=uris)}
    many = list(described((found[uri] for uri in uris if uri in found), STRANGER, base))
    pictures = pictures_of(many)
    items = [entry(one, pictures[one.uri]) for one in many if pictures[one.uri]]
    if answer.after:
        items.append(_more(f"{base}{here}{search_asked.address(view=None, after=answer.after)}"))
    question = search_asked.question.text

    def make() -> bytes:
        document: dict[str, Any] = {
            "@context": CONTEXT,
            "id": f"{base}{request.get_full_path()}",
            "type": "Collection",
            "label": {"none": [question]} if question else translated(N_("All records")),
            "homepage": [
                {
                    "id": f"{base}{reverse('search')}{search_asked.address(view=None)}",
                    "type": "Text",
                    "label": translated(N_("Search")),
                    "format": "text/html",
                }
            ],
            "items": items,
        }
        return orjson.dumps(document, option=orjson.OPT_INDENT_2)

    state = [f"{item['id']} {item['label']} {item.get('thumbnail')}" for item in items]
    etag = mark_of(base, request.get_full_path(), state)
    return answered(request, etag, queries.last_instant(), make, _TYPE)


def _more(address: str) -> dict[str, Any]:
    return {"id": address, "type": "Collection", "label": translated(N_("More results"))}
