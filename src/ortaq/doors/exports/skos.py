# SPDX-License-Identifier: Apache-2.0
"""SKOS out: terms as concepts, in RDF/XML. What a term has that SKOS has no property for is named by field. doors/imports/skos.py is the way back."""

from collections.abc import Iterator
from typing import Final

from lxml import etree

from ortaq.core.lost import Lost
from ortaq.core.nature import Nature
from ortaq.core.skos import COLLECTION, MATCHES, TOP, unprefixed
from ortaq.doors.exports.described import Described, register_addresses
from ortaq.doors.exports.elements import DC, DCTERMS, RDF, SKOS, put, root
from ortaq.doors.exports.linked_art_parts import came_from

NAMESPACE: Final = SKOS
SCHEMA: Final = "http://www.w3.org/2004/02/skos/core.rdf"
SPACES: Final = {"rdf": RDF, "skos": SKOS, "dc": DC, "dcterms": DCTERMS}
NATURES: Final = (Nature.CONCEPT,)
_SORTS: Final = ("ConceptScheme", "Collection", "OrderedCollection")
_SAID: Final = ("source_id", "title", "description", "links", "identifiers", "scheme", "sources")
_NOTES: Final = {note: name for name, note in MATCHES.items()}
_ROLES: Final = {"broader": "broader", "part_of": "broader"}


def element(one: Described) -> etree._Element:
    """Return <rdf:RDF> with one concept, scheme or collection."""
    found = root(RDF, "RDF", SPACES)
    node = put(found, SKOS, _sort(one))
    node.set(f"{{{RDF}}}about", one.uri)
    _labels(node, one)
    _notes(node, one)
    _identified(node, one)
    for _lost in _links(node, one):
        pass
    if _sort(one) == "Concept":
        put(node, DC, "source", str(one.body["scheme"]))
    for source in one.body.get("sources", ()):
        put(node, DCTERMS, "source", source)
    return found


def lost(one: Described) -> list[Lost]:
    """Return what the element does not say, by field."""
    found = [
        Lost(spec.name, 1, str(one.body[spec.name])[:100], "SKOS has no property for it")
        for spec in one.kind.fields
        if spec.name not in _SAID and spec.name in one.body
    ]
    return found + list(_links(etree.Element("none"), one))


def _sort(one: Described) -> str:
    named = [given["value"] for given in one.body.get("identifiers", ()) if given["scheme"] == COLLECTION]
    return str(named[0]) if named and named[0] in _SORTS else "Concept"


def _labels(node: etree._Element, one: Described) -> None:
    """One preferred label a language; a scheme has a title beside it, since its readers look for one."""
    for tag, texts in one.names.items():
        put(node, SKOS, "prefLabel", texts[0], lang=tag)
        if _sort(one) == "ConceptScheme":
            put(node, DCTERMS, "title", texts[0], lang=tag)
        for text in texts[1:]:
            put(node, SKOS, "altLabel", text, lang=tag)


def _notes(node: etree._Element, one: Described) -> None:
    for tag, texts in one.body.get("description", {}).items():
        for text in texts:
            name, words = unprefixed(text)
            put(node, SKOS, name, words, lang=tag)


def _identified(node: etree._Element, one: Described) -> None:
    addresses = [*came_from(one.body), *register_addresses(one.body)]
    addresses += [str(given["value"]) for given in one.body.get("identifiers", ()) if given["scheme"] == "uri"]
    for address in dict.fromkeys(addresses):
        _point(node, "exactMatch", address)
    for given in one.body.get("identifiers", ()):
        if given["scheme"] == "notation":
            put(node, SKOS, "notation", str(given["value"]))
        elif given["scheme"] not in (COLLECTION, "uri", "linked-art") and not register_addresses(
            {"identifiers": [given]}
        ):
            put(node, DCTERMS, "identifier", str(given["value"]))


def _links(node: etree._Element, one: Described) -> Iterator[Lost]:
    """Put the links that SKOS has a property for; yield the others."""
    for link, target in one.linked():
        role, note = str(link["role"]), str(link.get("note", ""))
        if role == "same_as":
            _point(node, "exactMatch", target.uri)
        elif role == "member_of":
            _point(node, "topConceptOf" if note == TOP else "inScheme", target.uri)
            if note == TOP:
                _point(node, "inScheme", target.uri)
        elif role == "related_to" and note in _NOTES:
            _point(node, _NOTES[note], target.uri)
        elif role in _ROLES or (role == "related_to" and target.nature is Nature.CONCEPT):
            _point(node, _ROLES.get(role, "related"), target.uri)
            if note:
                yield Lost(f"links/{role}/note", 1, note[:100], "a property has no note")
        else:
            yield Lost(f"links/{role}", 1, target.uri[:100], "SKOS has no property for it")


def _point(node: etree._Element, name: str, address: str) -> None:
    put(node, SKOS, name).set(f"{{{RDF}}}resource", address)
