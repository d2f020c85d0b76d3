# SPDX-License-Identifier: Apache-2.0
"""Terms, agents and places inside a LIDO record: their names in every language, and the identifiers by which they are known."""

from typing import Final

from lxml import etree

from ortaq.core.fields import Role
from ortaq.core.identifiers import is_web_address
from ortaq.core.kind import FieldSpec
from ortaq.doors.exports.described import LanguageMap, Target, days
from ortaq.doors.exports.elements import put

LIDO: Final = "http://www.lido-schema.org"
GML: Final = "http://www.opengis.net/gml"
_URI: Final = "http://terminology.lido-schema.org/lido00099"
_ACTORS: Final = {
    "person": "http://terminology.lido-schema.org/lido00163",
    "institution": "http://terminology.lido-schema.org/lido00164",
    "group": "http://terminology.lido-schema.org/lido00165",
}


def put_id(parent: etree._Element, name: str, text: str, *, source: str = "", sort: str = _URI) -> None:
    """Add an identifier; source: whose it is."""
    element = put(parent, LIDO, name, text)
    element.set(f"{{{LIDO}}}type", sort)
    if source:
        element.set(f"{{{LIDO}}}source", source)


def put_names(parent: etree._Element, names: LanguageMap) -> None:
    """Add the names, the preferred one of each language first."""
    for tag, texts in names.items():
        for at, text in enumerate(texts):
            value = put(parent, LIDO, "appellationValue", text, lang=tag)
            value.set(f"{{{LIDO}}}pref", "preferred" if at == 0 else "alternate")


def put_concept(parent: etree._Element, name: str, term: Target) -> None:
    found = put(parent, LIDO, name)
    _put_ids(found, "conceptID", term)
    for tag, texts in term.names.items():
        for at, text in enumerate(texts):
            label = put(found, LIDO, "term", text, lang=tag)
            label.set(f"{{{LIDO}}}pref", "preferred" if at == 0 else "alternate")


def put_actor(parent: etree._Element, name: str, actor: Target) -> None:
    found = put(parent, LIDO, name)
    if sort := _ACTORS.get(str(actor.body.get("agent_type", ""))):
        found.set(f"{{{LIDO}}}type", sort)
    _put_ids(found, "actorID", actor)
    put_names(put(found, LIDO, "nameActorSet"), actor.names or {"und": [actor.uri]})
    span = next((str(actor.body[one.name]) for one in _fields(actor, Role.SPAN)), "")
    first, last = days(span) if span else ("", "")
    if first or last:
        vital = put(found, LIDO, "vitalDatesActor")
        put(vital, LIDO, "earliestDate", first) if first else None
        put(vital, LIDO, "latestDate", last) if last else None


def put_legal_body(parent: etree._Element, name: str, body: Target) -> None:
    found = put(parent, LIDO, name)
    _put_ids(found, "legalBodyID", body)
    if body.names:
        put_names(put(found, LIDO, "legalBodyName"), body.names)


def put_place(parent: etree._Element, name: str, place: Target) -> None:
    found = put(parent, LIDO, name)
    _put_ids(found, "placeID", place)
    if place.names:
        put_names(put(found, LIDO, "namePlaceSet"), place.names)
    for spec in _fields(place, Role.POINT):
        point = put(put(found, LIDO, "gml"), GML, "Point")
        put(point, GML, "pos", f"{place.body[spec.name]['lat']} {place.body[spec.name]['lon']}")


def _put_ids(parent: etree._Element, name: str, target: Target) -> None:
    """Its addresses in registers first: by them others know it."""
    for address in target.addresses:
        put_id(parent, name, address)
    put_id(parent, name, target.uri, source="" if is_web_address(target.uri) else "ortaq")


def _fields(target: Target, role: Role) -> list[FieldSpec]:
    return (
        [spec for spec in target.kind.fields if spec.role is role and target.body.get(spec.name)] if target.kind else []
    )
