# SPDX-License-Identifier: Apache-2.0
"""Linked Art as RDF/XML: the graph of the CIDOC CRM that its JSON-LD stands for, for those who take XML. https://linked.art/model/"""

import calendar
from collections.abc import Mapping
from typing import Any, Final

from lxml import etree

from ortaq.core.fields import Role
from ortaq.core.nature import Nature
from ortaq.core.vocabulary import AREAS
from ortaq.doors.exports.described import Described, LanguageMap, Target, days, in_words, register_addresses
from ortaq.doors.exports.elements import DC, DCTERMS, RDF, RDFS, SKOS, put, root

CRM: Final = "http://www.cidoc-crm.org/cidoc-crm/"
NAMESPACE: Final = CRM
SCHEMA: Final = "http://www.cidoc-crm.org/rdfs/7.1.2/CIDOC_CRM_v7.1.2.rdfs"
FOAF: Final = "http://xmlns.com/foaf/0.1/"
XSD: Final = "http://www.w3.org/2001/XMLSchema#"
SPACES: Final = {"rdf": RDF, "rdfs": RDFS, "crm": CRM, "dc": DC, "dcterms": DCTERMS, "skos": SKOS, "foaf": FOAF}
_PRIMARY_NAME: Final = "http://vocab.getty.edu/aat/300404670"
_THINGS: Final = (Nature.MOVABLE, Nature.IMMOVABLE, Nature.HOLDING)
_ACTORS: Final = {"person": "E21_Person", "institution": "E74_Group", "group": "E74_Group"}
# role of a link → property, by what has the link where that matters; what is not here is a dcterms:relation
_LINKS: Final[Mapping[str, str | Mapping[Nature, str]]] = {
    "part_of": {
        Nature.MOVABLE: "P46i_forms_part_of", Nature.IMMOVABLE: "P46i_forms_part_of", Nature.HOLDING: "P46i_forms_part_of", Nature.PLACE: "P89_falls_within",
        Nature.EVENT: "P9i_forms_part_of", Nature.DOCUMENT: "P148i_is_component_of", Nature.WORK: "P148i_is_component_of",
        Nature.ACTOR: "P107i_is_current_or_former_member_of",
    },
    "member_of": {Nature.ACTOR: "P107i_is_current_or_former_member_of"},
    "located_in": {
        Nature.MOVABLE: "P53_has_former_or_current_location", Nature.IMMOVABLE: "P53_has_former_or_current_location", Nature.HOLDING: "P53_has_former_or_current_location",
        Nature.PLACE: "P89_falls_within", Nature.EVENT: "P7_took_place_at", Nature.ACTOR: "P74_has_current_or_former_residence",
    },
    "held_at": {Nature.EVENT: "P7_took_place_at"},
    "organised_by": {Nature.EVENT: "P14_carried_out_by"},
    "performed_by": {Nature.EVENT: "P14_carried_out_by"},
    "attended_by": {Nature.EVENT: "P11_had_participant"},
    "kept_by": dict.fromkeys(_THINGS, "P50_has_current_keeper"),
    "about": {
        Nature.DOCUMENT: "P129_is_about", Nature.WORK: "P129_is_about", Nature.STATEMENT: "P129_is_about",
    },
    "depicts": {Nature.MOVABLE: "P62_depicts", Nature.IMMOVABLE: "P62_depicts"},
    "shown_at": {Nature.MOVABLE: "P12i_was_present_at", Nature.IMMOVABLE: "P12i_was_present_at"},
    "broader": {Nature.CONCEPT: "P127_has_broader_term"},
}  # fmt: skip
_MAKERS: Final = ("made_by", "created_by")


def element(one: Described) -> etree._Element:
    """Return <rdf:RDF> with one record."""
    found = root(RDF, "RDF", SPACES)
    put_record(found, one)
    return found


def put_record(parent: etree._Element, one: Described) -> None:
    node = put(parent, CRM, _class(one.kind.nature, one.body))
    _about(node, one.uri)
    _names(node, one.names)
    _identified(node, one)
    _texts(node, one)
    _terms(node, one)
    _made(node, one)
    _lived(node, one)
    _placed(node, one)
    _linked(node, one)
    _more(node, one)


def _class(nature: Nature, body: Mapping[str, Any]) -> str:
    named = _ACTORS.get(str(body.get("agent_type", ""))) if nature is Nature.ACTOR else None
    return named or nature.value


def _about(element: etree._Element, uri: str) -> None:
    element.set(f"{{{RDF}}}about", uri)


def _resource(parent: etree._Element, space: str, name: str, uri: str) -> None:
    put(parent, space, name).set(f"{{{RDF}}}resource", uri)


def _content(parent: etree._Element, text: str, tag: str = "und") -> None:
    put(parent, CRM, "P190_has_symbolic_content", text, lang=tag)


def _names(node: etree._Element, names: LanguageMap) -> None:
    for tag, texts in names.items():
        put(node, RDFS, "label", texts[0], lang=tag)
    for tag, texts in names.items():
        for at, text in enumerate(texts):
            name = put(put(node, CRM, "P1_is_identified_by"), CRM, "E33_E41_Linguistic_Appellation")
            if at == 0:
                _resource(name, CRM, "P2_has_type", _PRIMARY_NAME)
            _content(name, text, tag)


def _identified(node: etree._Element, one: Described) -> None:
    given = [(str(each["value"]), str(each["scheme"])) for each in one.body.get("identifiers", ())]
    if number := one.body.get("number"):
        given.append((str(number), "number"))
    for value, label in given:
        name = put(put(node, CRM, "P1_is_identified_by"), CRM, "E42_Identifier")
        put(name, RDFS, "label", label)
        _content(name, value)
    for address in register_addresses(one.body):
        _resource(node, SKOS, "exactMatch", address)


def _texts(node: etree._Element, one: Described) -> None:
    found = [(tag, text) for _spec, tag, text in one.texts(Role.PROSE)]
    found += [(tag, text) for spec, tag, text in one.texts(Role.NAME) if spec.name != "title"]
    found += [("en", in_words(spec, entry)) for spec, entry in one.groups()]
    for tag, text in found:
        _content(put(put(node, CRM, "P67i_is_referred_to_by"), CRM, "E33_Linguistic_Object"), text, tag)
    for _spec, text in one.values(Role.MARKUP):
        _content(node, text, str(one.body.get("lang", "und")))


def _terms(node: etree._Element, one: Described) -> None:
    for term in one.terms("types"):
        _named(put(node, CRM, "P2_has_type"), "E55_Type", term)
    is_thing = one.kind.nature in _THINGS
    for term in one.terms(but=["types"]):
        name = ("P45_consists_of", "E57_Material") if is_thing else ("P2_has_type", "E55_Type")
        _named(put(node, CRM, name[0]), name[1], term)
    for spec, value in one.values(Role.CHOICE):
        if spec.name == "areas":
            put(node, DC, "subject", AREAS.get(value, value), lang="en")
        elif one.kind.nature is not Nature.ACTOR:
            put(node, DC, "type", (spec.choices or {}).get(value, value), lang="en")


def _named(parent: etree._Element, name: str, target: Target) -> None:
    """What is pointed at, with its names, so that nobody has to ask for it."""
    found = put(parent, CRM, name)
    _about(found, target.uri)
    for tag, texts in target.names.items():
        put(found, RDFS, "label", texts[0], lang=tag)
    for address in target.addresses:
        _resource(found, SKOS, "exactMatch", address)


def _made(node: etree._Element, one: Described) -> None:
    """Things were produced, texts and works created, events take their time."""
    nature, spans = one.kind.nature, [span for _spec, span in one.spans()]
    makers = [target for _link, target in one.linked(*_MAKERS)]
    if nature is Nature.EVENT:
        _spans(node, spans)
    elif nature not in (Nature.ACTOR, Nature.PLACE, Nature.CONCEPT) and (spans or makers):
        way = (
            ("P108i_was_produced_by", "E12_Production")
            if nature in _THINGS
            else ("P94i_was_created_by", "E65_Creation")
        )
        making = put(put(node, CRM, way[0]), CRM, way[1])
        _spans(making, spans[:1])
        for maker in makers:
            _target(making, "P14_carried_out_by", maker)


def _spans(parent: etree._Element, spans: list[str]) -> None:
    for span in spans:
        first, last = days(span)
        _time(parent, span, first, last)


def _time(parent: etree._Element, label: str, first: str, last: str) -> None:
    time = put(put(parent, CRM, "P4_has_time-span"), CRM, "E52_Time-Span")
    put(time, RDFS, "label", label)
    for name, value, is_end in (("P82a_begin_of_the_begin", first, False), ("P82b_end_of_the_end", last, True)):
        if value:
            put(time, CRM, name, instant(value, is_end=is_end)).set(f"{{{RDF}}}datatype", f"{XSD}dateTime")


def instant(day: str, *, is_end: bool) -> str:
    """Return the first or last second of a year, a month or a day."""
    sign, rest = ("-", day[1:]) if day.startswith("-") else ("", day)
    year, _, tail = rest.partition("-")
    month, _, number = tail.partition("-")
    month = month or ("12" if is_end else "01")
    last = calendar.monthrange(max(int(year), 1), int(month))[1]
    number = number or (f"{last:02d}" if is_end else "01")
    return f"{sign}{year}-{month}-{number}T{'23:59:59' if is_end else '00:00:00'}Z"


def _lived(node: etree._Element, one: Described) -> None:
    if one.kind.nature is not Nature.ACTOR:
        return
    is_person = _class(one.kind.nature, one.body) == "E21_Person"
    begun = ("P98i_was_born", "E67_Birth") if is_person else ("P95i_was_formed_by", "E66_Formation")
    ended = ("P100i_died_in", "E69_Death") if is_person else ("P99i_was_dissolved_by", "E68_Dissolution")
    for _spec, span in one.spans():
        first, last = days(span)
        for way, value in ((begun, first), (ended, last)):
            if value:
                _time(put(put(node, CRM, way[0]), CRM, way[1]), value, value, value)


def _placed(node: etree._Element, one: Described) -> None:
    for _spec, point in one.values(Role.POINT):
        place = node
        if one.kind.nature is not Nature.PLACE:
            name = "P7_took_place_at" if one.kind.nature is Nature.EVENT else "P53_has_former_or_current_location"
            place = put(put(node, CRM, name), CRM, "E53_Place")
        put(place, CRM, "P168_place_is_defined_by", f"POINT({point['lon']} {point['lat']})")
    for _spec, code in one.values(Role.COUNTRY):
        put(node, DCTERMS, "spatial", code)


def _linked(node: etree._Element, one: Described) -> None:
    for link, target in one.linked():
        role = link["role"]
        if role in _MAKERS and one.kind.nature not in (Nature.ACTOR, Nature.PLACE, Nature.CONCEPT, Nature.EVENT):
            continue
        known = _LINKS.get(role, {})
        name = known if isinstance(known, str) else known.get(one.kind.nature)
        if role == "same_as":
            _resource(node, SKOS, "exactMatch", target.uri)
        elif name:
            _target(node, name, target)
        else:
            _resource(node, DCTERMS, "publisher" if role == "published_by" else "relation", target.uri)
    for _spec, uri in one.values(Role.REF):
        _resource(node, CRM, "P129_is_about", uri)


def _target(parent: etree._Element, name: str, target: Target) -> None:
    if target.nature is None:
        _resource(parent, CRM, name, target.uri)
    else:
        _named(put(parent, CRM, name), _class(target.nature, target.body), target)


def _more(node: etree._Element, one: Described) -> None:
    for _spec, tag in one.values(Role.LANG):
        put(node, DCTERMS, "language", tag)
    for source in one.body.get("sources", ()):
        put(node, DCTERMS, "source", source)
    if rights := one.body.get("rights"):
        put(node, DCTERMS, "rights", str(rights))
    if one.licence:
        _resource(node, DCTERMS, "license", one.licence)
    if one.page:
        _resource(node, FOAF, "page", one.page)
    for file in one.files():
        _file(node, one.address_of_file(file), str(file["media_type"]))


def _file(node: etree._Element, address: str, media_type: str) -> None:
    if address:
        is_image = media_type.startswith("image/")
        way = (
            ("P138i_has_representation", "E36_Visual_Item")
            if is_image
            else ("P67i_is_referred_to_by", "E73_Information_Object")
        )
        found = put(put(node, CRM, way[0]), CRM, way[1])
        _about(found, address)
        put(found, DC, "format", media_type)
