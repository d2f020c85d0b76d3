# SPDX-License-Identifier: Apache-2.0
"""Simple Dublin Core as OAI-PMH asks of everyone: fifteen elements, for every kind."""

from collections.abc import Iterator
from typing import Final

from lxml import etree

from ortaq.core.fields import Role
from ortaq.core.nature import Nature
from ortaq.core.vocabulary import AREAS
from ortaq.doors.exports.described import Described, Target, in_words
from ortaq.doors.exports.elements import DC, put, root

NAMESPACE: Final = "http://www.openarchives.org/OAI/2.0/oai_dc/"
SCHEMA: Final = "http://www.openarchives.org/OAI/2.0/oai_dc.xsd"
# https://www.dublincore.org/specifications/dublin-core/dcmi-terms/#section-7
_DCMI_TYPES: Final = {
    Nature.MOVABLE: "PhysicalObject",
    Nature.IMMOVABLE: "PhysicalObject",
    Nature.HOLDING: "Collection",
    Nature.EVENT: "Event",
    Nature.STATEMENT: "Text",
}
# role of a link → element
_LINKS: Final = {
    "created_by": "creator", "made_by": "creator", "performed_by": "contributor", "organised_by": "contributor",
    "published_by": "publisher", "located_in": "coverage", "held_at": "coverage", "about": "subject",
    "depicts": "subject", "part_of": "relation", "member_of": "relation", "related_to": "relation",
    "shown_at": "relation", "same_as": "relation", "broader": "relation", "kept_by": "relation",
}  # fmt: skip
Said = Iterator[tuple[str, str, str]]


def element(one: Described) -> etree._Element:
    """Return <oai_dc:dc>."""
    found = root(NAMESPACE, "dc", {"oai_dc": NAMESPACE, "dc": DC}, SCHEMA)
    for name, text, lang in dict.fromkeys([*_names(one), *_facts(one), *_links(one), *_more(one)]):
        put(found, DC, name, text, lang=lang)
    return found


def _names(one: Described) -> Said:
    for tag, texts in one.names.items():
        yield from (("title", text, tag) for text in texts)
    for spec, tag, text in one.texts(Role.NAME):
        if spec.name != "title":
            yield "description", text, tag
    for _spec, tag, text in one.texts(Role.PROSE):
        yield "description", text, tag
    for _spec, text in one.values(Role.MARKUP):
        yield "description", text, str(one.body.get("lang", "und"))


def _facts(one: Described) -> Said:
    if dcmi := _DCMI_TYPES.get(one.kind.nature):
        yield "type", dcmi, "und"
    yield "type", one.kind.label, "en"
    for spec, value in one.values(Role.CHOICE):
        label = (spec.choices or {}).get(value, value)
        yield ("subject", AREAS.get(value, value), "en") if spec.name == "areas" else ("type", label, "en")
    for term in one.terms("types"):
        yield from _named("type", term)
    for term in one.terms(but=["types"]):
        yield from _named("format", term)
    for _spec, span in one.spans():
        yield "date", span, "und"
    for _spec, code in one.values(Role.COUNTRY):
        yield "coverage", code, "und"
    for _spec, point in one.values(Role.POINT):
        yield "coverage", f"{point['lat']}, {point['lon']}", "und"
    for _spec, tag in one.values(Role.LANG):
        yield "language", tag, "und"


def _links(one: Described) -> Said:
    for link, target in one.linked():
        if name := _LINKS.get(link["role"]):
            yield from _named(name, target)
    for _spec, uri in one.values(Role.REF):
        yield "relation", uri, "und"


def _named(name: str, target: Target) -> Said:
    """Each name once, the preferred one of each language; the address of what has none."""
    if not target.names:
        yield name, target.uri, "und"
    for tag, texts in target.names.items():
        yield name, texts[0], tag


def _more(one: Described) -> Said:
    yield "identifier", one.uri, "und"
    if one.page:
        yield "identifier", one.page, "und"
    for given in one.body.get("identifiers", ()):
        yield "identifier", f"{given['scheme']}: {given['value']}", "und"
    for name in ("rights", "licence"):
        if given := one.body.get(name):
            yield "rights", str(given), "und"
    for source in one.body.get("sources", ()):
        yield "source", source, "und"
    for file in one.files():
        yield "format", str(file["media_type"]), "und"
    for spec, entry in one.groups():
        yield "description", in_words(spec, entry), "und"
