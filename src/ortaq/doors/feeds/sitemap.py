# SPDX-License-Identifier: Apache-2.0
"""The map for search engines: the page of every record that everyone may see, in parts by the records' ids. https://www.sitemaps.org

A page has one address for all languages, so there are no addresses of other languages to name.
"""

from typing import Final

from django.core.cache import cache
from django.db.models import F, Max
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe
from lxml import etree

from ortaq.core.audience import STRANGER
from ortaq.core.identifiers import source_id_of_uri
from ortaq.doors.exports.elements import put, root
from ortaq.doors.harvest import queries
from ortaq.doors.harvest.addresses import base_of
from ortaq.doors.harvest.answering import answered, for_programs, mark_of
from ortaq.doors.harvest.models import Listed
from ortaq.records.queries import records_for

SITEMAP: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
_IN_PART: Final = 10_000  # ids; the protocol allows 50,000 addresses
_KEPT_SECONDS: Final = 300
_TYPE: Final = "application/xml; charset=utf-8"


@require_safe
@for_programs
def index(request: HttpRequest) -> HttpResponse:
    """The parts that hold something, each with when it changed last."""
    base, parts = base_of(request), _parts()

    def make() -> bytes:
        found = root(SITEMAP, "sitemapindex", {None: SITEMAP})
        for part, at in parts:
            each = put(found, SITEMAP, "sitemap")
            put(each, SITEMAP, "loc", f"{base}{reverse('sitemap-part', args=[part])}")
            put(each, SITEMAP, "lastmod", at)
        return _document(found)

    return answered(request, mark_of(base, parts), queries.last_instant(), make, _TYPE)


@require_safe
@for_programs
def part(request: HttpRequest, part: int) -> HttpResponse:
    """The pages of one part; a part without any is none."""
    base = base_of(request)
    ids = {"id__gte": part * _IN_PART, "id__lt": (part + 1) * _IN_PART}
    live = {"record__gte": part * _IN_PART, "record__lt": (part + 1) * _IN_PART, "is_gone": False}
    if part >= 2**40 or not Listed.objects.filter(**live).exists():
        raise Http404

    def make() -> bytes:
        instants = dict(Listed.objects.filter(**live).values_list("record", "at"))
        found = root(SITEMAP, "urlset", {None: SITEMAP})
        for id_, uri in records_for(STRANGER).filter(**ids).order_by("id").values_list("id", "uri"):
            if id_ in instants:
                each = put(found, SITEMAP, "url")
                put(each, SITEMAP, "loc", f"{base}/r/{source_id_of_uri(uri)}")
                put(each, SITEMAP, "lastmod", instants[id_])
        return _document(found)

    return answered(request, mark_of(base, part), queries.last_instant(), make, _TYPE)


def _parts() -> list[tuple[int, str]]:
    """Return (part, when it changed last); it reads the whole list, so the answer is kept for a while."""
    kept: list[tuple[int, str]] | None = cache.get("sitemap-parts")
    if kept is None:
        live = Listed.objects.filter(is_gone=False).annotate(part=F("record") / _IN_PART)
        kept = list(live.values("part").annotate(newest=Max("at")).order_by("part").values_list("part", "newest"))
        cache.set("sitemap-parts", kept, _KEPT_SECONDS if kept else 1)
    return kept


def _document(found: etree._Element) -> bytes:
    data: bytes = etree.tostring(found, xml_declaration=True, encoding="UTF-8")
    return data
