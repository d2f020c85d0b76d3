# SPDX-License-Identifier: Apache-2.0
"""The Europeana Data Model as aggregators take it in (EDM external): an object, its page and files, and what it names, in one RDF/XML."""

from typing import Final

from lxml import etree

from ortaq.core.fields import Role
from ortaq.core.identifiers import is_web_address, node_uri
from ortaq.core.nature import Nature
from ortaq.core.vocabulary import AREAS
from ortaq.doors.exports.described import Described, Target, days, in_words
from ortaq.doors.exports.elements import DC, DCTERMS, RDF, SKOS, put, root
from ortaq.nodes.identity import identity

EDM: Final = "http://www.europeana.eu/schemas/edm/"
ORE: Final = "http://www.openarchives.org/ore/terms/"
WGS84: Final = "http://www.w3.org/2003/01/geo/wgs84_pos#"
OWL: Final = "http://www.w3.org/2002/07/owl#"
NAMESPACE: Final = EDM
SCHEMA: Final = "http://www.europeana.eu/schemas/edm/EDM.xsd"
SPACES: Final = {
    "rdf": RDF,
    "edm": EDM,
    "ore": ORE,
    "dc": DC,
    "dcterms": DCTERMS,
    "skos": SKOS,
    "wgs84": WGS84,
    "owl": OWL,
}
NATURES: Final = (Nature.MOVABLE, Nature.IMMOVABLE, Nature.DOCUMENT, Nature.WORK)
# Copyright not evaluated: nobody has said otherwise. https://rightsstatements.org
_NOT_EVALUATED: Final = "http://rightsstatements.org/vocab/CNE/1.0/"
_STATEMENTS: Final = ("creativecommons.org/", "rightsstatements.org/")
_LINKS: Final = {
    "created_by": (DC, "creator"), "made_by": (DC, "creator"), "performed_by": (DC, "contributor"), "published_by": (DC, "publisher"),
    "located_in": (DCTERMS, "spatial"), "about": (DC, "subject"), "depicts": (DC, "subject"), "part_of": (DCTERMS, "isPartOf"),
    "related_to": (DC, "relation"), "shown_at": (EDM, "wasPresentAt"), "kept_by": (DCTERMS, "provenance"),
}  # fmt: skip
_CLASSES: Final = {Nature.ACTOR: (EDM, "Agent"), Nature.PLACE: (EDM, "Place"), Nature.CONCEPT: (SKOS, "Concept"), Nature.EVENT: (EDM, "Event")}  # fmt: skip
_TYPES: Final = {
    "image": "IMAGE",
    "video": "VIDEO",
    "audio": "SOUND",
    "text": "TEXT",
    "application": "TEXT",
    "model": "3D",
}


def element(one: Described) -> etree._Element:
    """Return <rdf:RDF> with one object."""
    found = root(RDF, "RDF", SPACES)
    put_record(found, one)
    return found


def put_record(parent: etree._Element, one: Described) -> None:
    _object(_resource(parent, EDM, "ProvidedCHO", one.uri), one)
    for file in one.files():
        if address := one.address_of_file(file):
            put(_resource(parent, EDM, "WebResource", address), DC, "format", str(file["media_type"]))
    named = {target.uri: target for _link, target in one.linked()} | {term.uri: term for term in one.terms()}
    for target in named.values():
        _context(parent, target)
    for at, span in enumerate(_spans(one)):
        _time(_resource(parent, EDM, "TimeSpan", f"{one.uri}#time{at}"), span)
    _aggregation(_resource(parent, ORE, "Aggregation", f"{one.uri}#aggregation"), one)


def _resource(parent: etree._Element, space: str, name: str, uri: str) -> etree._Element:
    found = put(parent, space, name)
    found.set(f"{{{RDF}}}about", uri)
    return found


def _point(parent: etree._Element, space: str, name: str, uri: str) -> None:
    put(parent, space, name).set(f"{{{RDF}}}resource", uri)


def _spans(one: Described) -> list[str]:
    return [span for _spec, span in one.spans()]


def _object(found: etree._Element, one: Described) -> None:
    _words(found, one)
    for given in one.body.get("identifiers", ()):
        put(found, DC, "identifier", f"{given['scheme']}: {given['value']}")
    for _spec, tag in one.values(Role.LANG):
        put(found, DC, "language", tag)
    for source in one.body.get("sources", ()):
        put(found, DC, "source", source)
    for spec, value in one.values(Role.CHOICE):
        is_area = spec.name == "areas"
        label = AREAS.get(value, value) if is_area else (spec.choices or {}).get(value, value)
        put(found, DC, "subject" if is_area else "type", label, lang="en")
    put(found, DC, "type", one.kind.label, lang="en")
    for term in one.terms("types"):
        _point(found, DC, "type", term.uri)
    for term in one.terms(but=["types"]):
        _point(found, DCTERMS, "medium", term.uri)
    for at in range(len(_spans(one))):
        _point(found, DCTERMS, "created", f"{one.uri}#time{at}")
    _links(found, one)
    put(found, EDM, "type", _type(one))


def _words(found: etree._Element, one: Described) -> None:
    for tag, texts in one.names.items():
        for at, text in enumerate(texts):
            put(found, *((DC, "title") if at == 0 else (DCTERMS, "alternative")), text, lang=tag)
    for _spec, tag, text in one.texts(Role.PROSE):
        put(found, DC, "description", text, lang=tag)
    for spec, entry in one.groups():
        put(found, DC, "description", in_words(spec, entry), lang="en")
    if rights := one.body.get("rights"):
        put(found, DC, "rights", str(rights))
    for size in one.body.get("measurements", ()):
        put(found, DCTERMS, "extent", size)


def _links(found: etree._Element, one: Described) -> None:
    for link, target in one.linked():
        if known := _LINKS.get(link["role"]):
            if known == (DCTERMS, "provenance"):  # takes words only
                for tag, texts in target.names.items():
                    put(found, *known, texts[0], lang=tag)
            else:
                _point(found, *known, target.uri)
    for _spec, code in one.values(Role.COUNTRY):
        put(found, DCTERMS, "spatial", code)
    for _spec, point in one.values(Role.POINT):
        put(found, DCTERMS, "spatial", f"{point['lat']}, {point['lon']}")


def _type(one: Described) -> str:
    """What its files are; an image of what cannot be sent itself."""
    sorts = [_TYPES.get(str(file["media_type"]).partition("/")[0], "TEXT") for file in one.files()]
    return sorts[0] if sorts else "IMAGE" if one.kind.nature in (Nature.MOVABLE, Nature.IMMOVABLE) else "TEXT"


def _context(parent: etree._Element, target: Target) -> None:
    name = _CLASSES.get(target.nature) if target.nature else None
    if name is None:
        return
    found = _resource(parent, *name, target.uri)
    for spec in target.kind.fields if target.kind else ():
        if spec.role is Role.POINT and (point := target.body.get(spec.name)):
            put(found, WGS84, "lat", str(point["lat"]))
            put(found, WGS84, "long", str(point["lon"]))
    for tag, texts in target.names.items():
        put(found, SKOS, "prefLabel", texts[0], lang=tag)
    for tag, texts in target.names.items():
        for text in texts[1:]:
            put(found, SKOS, "altLabel", text, lang=tag)
    for address in target.addresses:
        _point(found, *((SKOS, "exactMatch") if name == (SKOS, "Concept") else (OWL, "sameAs")), address)


def _time(found: etree._Element, span: str) -> None:
    put(found, SKOS, "prefLabel", span)
    for name, value in zip(("begin", "end"), days(span), strict=True):
        if value:
            put(found, EDM, name, value)


def _aggregation(found: etree._Element, one: Described) -> None:
    own = identity()
    source = own.name if own.id == one.record.node else node_uri(one.record.node)
    _point(found, EDM, "aggregatedCHO", one.uri)
    put(found, EDM, "dataProvider", source)
    files = [address for file in one.files() if (address := one.address_of_file(file))]
    if one.page:
        _point(found, EDM, "isShownAt", one.page)
    for name, address in [*(("hasView", file) for file in files[1:]), *(("isShownBy", file) for file in files[:1])]:
        _point(found, EDM, name, address)
    put(found, EDM, "provider", own.name)
    is_statement = is_web_address(one.licence) and any(part in one.licence for part in _STATEMENTS)
    _point(found, EDM, "rights", one.licence if is_statement else _NOT_EVALUATED)
