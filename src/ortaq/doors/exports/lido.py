# SPDX-License-Identifier: Apache-2.0
"""LIDO 1.1 out: things that were made, with their making, keeping, subjects and pictures. doors/imports/lido.py is the way back."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from lxml import etree

from ortaq.core.fields import Role
from ortaq.core.identifiers import is_web_address, node_uri, source_id_of_uri
from ortaq.core.nature import Nature
from ortaq.core.vocabulary import LINK_ROLES
from ortaq.doors.exports.described import Described, Target, days, in_words
from ortaq.doors.exports.elements import XML, put, root
from ortaq.doors.exports.lido_named import LIDO, put_actor, put_concept, put_id, put_legal_body, put_names, put_place
from ortaq.nodes.identity import identity

NAMESPACE: Final = LIDO
SCHEMA: Final = "http://lido-schema.org/schema/v1.1/lido-v1.1.xsd"
NATURES: Final = (Nature.MOVABLE, Nature.IMMOVABLE)
_TERMS: Final = "http://terminology.lido-schema.org/"
# Terms of the LIDO terminology: type of event → its label, and the links of those who took part.
_EVENTS: Final = {"lido00007": ("Production", "made_by"), "lido00012": ("Creation", "created_by"), "lido00228": ("Publication", "published_by")}  # fmt: skip
_PRODUCTION: Final = "lido00007"
_PART_OF: Final = f"{_TERMS}lido00255"
_CRM: Final = "http://www.cidoc-crm.org/cidoc-crm/"
_OF_OBJECTS: Final = ("inscriptions",)  # groups that LIDO has a place for
Link = tuple[Mapping[str, Any], Target]


def element(one: Described) -> etree._Element:
    """Return <lido:lido>."""
    found = root(LIDO, "lido", {"lido": LIDO}, SCHEMA)
    put_id(found, "lidoRecID", one.uri)
    for given in one.body.get("identifiers", ()):
        put_id(found, "objectPublishedID", given["value"], source=given["scheme"], sort="local")
    category = put(found, LIDO, "category")
    put_id(category, "conceptID", f"{_CRM}{one.kind.nature.value}")
    put(category, LIDO, "term", one.kind.label, lang="en")
    described = put(found, LIDO, "descriptiveMetadata")
    kept = put(found, LIDO, "administrativeMetadata")
    for part in (described, kept):
        part.set(f"{{{XML}}}lang", one.first_tag)
    _describe(described, one)
    _administer(kept, one)
    return found


def _describe(parent: etree._Element, one: Described) -> None:
    _classification(put(parent, LIDO, "objectClassificationWrap"), one)
    _identification(put(parent, LIDO, "objectIdentificationWrap"), one)
    _events(parent, one)
    _relations(parent, one)


def _classification(parent: etree._Element, one: Described) -> None:
    wrap = put(parent, LIDO, "objectWorkTypeWrap")
    types = one.terms("types")
    for term in types:
        put_concept(wrap, "objectWorkType", term)
    if not types:  # LIDO wants one
        put(put(wrap, LIDO, "objectWorkType"), LIDO, "term", one.kind.label, lang="en")


def _identification(parent: etree._Element, one: Described) -> None:
    put_names(put(put(parent, LIDO, "titleWrap"), LIDO, "titleSet"), one.names)
    _inscriptions(parent, one)
    _repositories(parent, one)
    _descriptions(parent, one)
    if sizes := one.body.get("measurements"):
        wrap = put(parent, LIDO, "objectMeasurementsWrap")
        for text in sizes:
            put(put(wrap, LIDO, "objectMeasurementsSet"), LIDO, "displayObjectMeasurements", text)


def _inscriptions(parent: etree._Element, one: Described) -> None:
    found = [entry for spec, entry in one.groups() if spec.name in _OF_OBJECTS]
    wrap = put(parent, LIDO, "inscriptionsWrap") if found else parent
    for entry in found:
        each = put(wrap, LIDO, "inscriptions")
        put(each, LIDO, "inscriptionTranscription", str(entry["text"]), lang=str(entry.get("lang", "")))


def _repositories(parent: etree._Element, one: Described) -> None:
    keepers = [target for _link, target in one.linked("kept_by")]
    places = [target for _link, target in one.linked("located_in") if target.nature is Nature.PLACE]
    number = one.body.get("number")
    if not (keepers or places or number):
        return
    wrap = put(parent, LIDO, "repositoryWrap")
    for at in range(max(len(keepers), len(places), 1)):
        each = put(wrap, LIDO, "repositorySet")
        each.set(f"{{{LIDO}}}type", "current")
        if at < len(keepers):
            put_legal_body(each, "repositoryName", keepers[at])
        if number and at == 0:
            put(each, LIDO, "workID", str(number)).set(f"{{{LIDO}}}type", "inventory number")
        if at < len(places):
            put_place(each, "repositoryLocation", places[at])


def _descriptions(parent: etree._Element, one: Described) -> None:
    texts = [(tag, text) for _spec, tag, text in one.texts(Role.PROSE)]
    texts += [("en", in_words(spec, entry)) for spec, entry in one.groups() if spec.name not in _OF_OBJECTS]
    sources = one.body.get("sources", ())
    wrap = put(parent, LIDO, "objectDescriptionWrap") if texts or sources else parent
    for tag, text in texts:
        put(put(wrap, LIDO, "objectDescriptionSet"), LIDO, "descriptiveNoteValue", _paragraphs(text), lang=tag)
    for source in sources:
        put(put(wrap, LIDO, "objectDescriptionSet"), LIDO, "sourceDescriptiveNote", source)


def _paragraphs(text: str) -> str:
    """Set lines apart as LIDO's readers expect it: a single line break there is no more than a space."""
    return re.sub(r"\n+", "\n\n", text)


def _events(parent: etree._Element, one: Described) -> None:
    making = next((span for _spec, span in one.spans()), "")
    materials = one.terms(but=["types"])
    wrap = etree.Element(f"{{{LIDO}}}eventWrap")
    for code, (label, role) in _EVENTS.items():
        actors = one.linked(role)
        is_making = code == _PRODUCTION and bool(making or materials)
        if actors or is_making:
            event = put(put(wrap, LIDO, "eventSet"), LIDO, "event")
            sort = put(event, LIDO, "eventType")
            put_id(sort, "conceptID", f"{_TERMS}{code}")
            put(sort, LIDO, "term", label, lang="en")
            _actors(event, actors)
            if is_making:
                _making(event, making, materials)
    if len(wrap):
        parent.append(wrap)


def _actors(event: etree._Element, actors: Sequence[Link]) -> None:
    for link, target in actors:
        role = put(put(event, LIDO, "eventActor"), LIDO, "actorInRole")
        put_actor(role, "actor", target)
        if note := link.get("note"):
            put(put(role, LIDO, "roleActor"), LIDO, "term", str(note))


def _making(event: etree._Element, span: str, materials: Sequence[Target]) -> None:
    first, last = days(span) if span else ("", "")
    if span:
        date = put(event, LIDO, "eventDate")
        put(date, LIDO, "displayDate", span)
        if first or last:
            bounds = put(date, LIDO, "date")
            put(bounds, LIDO, "earliestDate", first) if first else None
            put(bounds, LIDO, "latestDate", last) if last else None
    for term in materials:
        put_concept(put(put(event, LIDO, "eventMaterialsTech"), LIDO, "materialsTech"), "termMaterialsTech", term)


def _relations(parent: etree._Element, one: Described) -> None:
    placed = {"kept_by", *(role for _label, role in _EVENTS.values())}
    subjects = one.linked("about", "depicts")
    others = [
        (link, target)
        for link, target in one.linked()
        if link["role"] not in {*placed, "about", "depicts"}
        and not (link["role"] == "located_in" and target.nature is Nature.PLACE)
    ]
    if not (subjects or others):
        return
    wrap = put(parent, LIDO, "objectRelationWrap")
    if subjects:
        _subjects(put(wrap, LIDO, "subjectWrap"), subjects, one)
    if others:
        works = put(wrap, LIDO, "relatedWorksWrap")
        for link, target in others:
            _related(put(works, LIDO, "relatedWorkSet"), link, target, one)


def _subjects(wrap: etree._Element, subjects: Sequence[Link], one: Described) -> None:
    for _link, target in subjects:
        subject = put(put(wrap, LIDO, "subjectSet"), LIDO, "subject")
        if target.nature is Nature.CONCEPT:
            put_concept(subject, "subjectConcept", target)
        elif target.nature is Nature.ACTOR:
            put_actor(put(subject, LIDO, "subjectActor"), "actor", target)
        elif target.nature is Nature.PLACE:
            put_place(put(subject, LIDO, "subjectPlace"), "place", target)
        else:
            _object(put(subject, LIDO, "subjectObject"), target, one)


def _related(parent: etree._Element, link: Mapping[str, Any], target: Target, one: Described) -> None:
    _object(put(parent, LIDO, "relatedWork"), target, one, str(link.get("note", "")))
    relation = put(parent, LIDO, "relatedWorkRelType")
    if link["role"] == "part_of":
        put_id(relation, "conceptID", _PART_OF)
    put(relation, LIDO, "term", LINK_ROLES.get(link["role"], (link["role"],))[0], lang="en")


def _object(parent: etree._Element, target: Target, one: Described, note: str = "") -> None:
    found = put(parent, LIDO, "object")
    if is_web_address(target.uri):
        put(found, LIDO, "objectWebResource", target.uri)
    else:
        if one.base:
            put(found, LIDO, "objectWebResource", f"{one.base}/r/{source_id_of_uri(target.uri)}")
        put_id(found, "objectID", target.uri)
    if target.names:
        put_names(put(found, LIDO, "objectName"), target.names)
    if note:
        put(found, LIDO, "objectNote", note)


def _administer(parent: etree._Element, one: Described) -> None:
    _rights(parent, one)
    _record(put(parent, LIDO, "recordWrap"), one)
    addresses = [address for file in one.files() if (address := one.address_of_file(file))]
    addresses += [str(address) for spec, address in one.values(Role.URL) if spec.is_many]
    wrap = put(parent, LIDO, "resourceWrap") if addresses else parent
    for address in addresses:
        put(put(put(wrap, LIDO, "resourceSet"), LIDO, "resourceRepresentation"), LIDO, "linkResource", address)


def _rights(parent: etree._Element, one: Described) -> None:
    if not (one.body.get("rights") or one.licence):
        return
    found = put(put(parent, LIDO, "rightsWorkWrap"), LIDO, "rightsWorkSet")
    if one.licence:
        put_id(put(found, LIDO, "rightsType"), "conceptID", one.licence)
    if rights := one.body.get("rights"):
        put(found, LIDO, "creditLine", str(rights))


def _record(parent: etree._Element, one: Described) -> None:
    put_id(parent, "recordID", one.uri, source="ortaq")
    put(put(parent, LIDO, "recordType"), LIDO, "term", "item", lang="en")
    source, own = put(parent, LIDO, "recordSource"), identity()
    put_id(source, "legalBodyID", node_uri(one.record.node))
    name = own.name if own.id == one.record.node else node_uri(one.record.node)
    put(put(source, LIDO, "legalBodyName"), LIDO, "appellationValue", name)
    if one.page:
        put(put(parent, LIDO, "recordInfoSet"), LIDO, "recordInfoLink", one.page)
