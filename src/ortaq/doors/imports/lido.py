# SPDX-License-Identifier: Apache-2.0
"""LIDO 1.0 and 1.1: descriptions of museum objects. Each gives an object, and the terms, agents and places that it names."""

from collections.abc import Callable, Iterator
from typing import Any

from lxml import etree

from ortaq.core.audience import PUBLIC
from ortaq.core.errors import OrtaqError
from ortaq.core.identifiers import is_web_address
from ortaq.doors.imports.elements import records
from ortaq.doors.imports.errors import NoIdentifier, NoTitle
from ortaq.doors.imports.item import Item, Mark
from ortaq.doors.imports.lido_authorities import PREFERRED, Named
from ortaq.doors.imports.lido_events import Events
from ortaq.doors.imports.source import Source
from ortaq.doors.imports.tags import bounded_id, is_plain_address, language_tag, register_of
from ortaq.doors.imports.taken import Taken, child, children
from ortaq.records.door import Draft

_LONGEST_LINE = 2000  # core.fields
_CURRENT = {"", "current", "http://terminology.lido-schema.org/lido00475"}
_WHOLE = {"http://terminology.lido-schema.org/lido00255", "http://terminology.lido-schema.org/lido00575"}


def read(source: Source, after: Mark, audience: str = PUBLIC) -> Iterator[Item]:
    """Yield all records, from the first on; after: for the caller to skip by."""
    for number, found in enumerate(records(source, "{*}lido"), start=1):
        if number <= after.number:
            continue
        try:
            yield item_of(number, found.line, found.end, found.element, audience)
        except OrtaqError as error:
            yield Item(number, found.line, found.end, None, error)


def item_of(number: int, line: int, end: int, element: etree._Element, audience: str) -> Item:
    """Return what one lido:lido element gives; raises NoIdentifier or NoTitle."""
    record = _Record(element, audience)
    body = record.body()
    return Item(number, line, end, Draft("object", body, audience), None, record.named.drafts(), record.taken.lost())


class _Record:
    """One lido:lido element on its way to an object's body."""

    def __init__(self, element: etree._Element, audience: str) -> None:
        self.element, self.taken = element, Taken(element)
        self.source_id, scope = self._source_id()
        self.named = Named(self.taken, scope, audience)
        self._body: dict[str, Any] = {"source_id": self.source_id}
        self._links: list[dict[str, str]] = []
        self._identifiers: list[tuple[str, str]] = []
        self._sources: list[str] = []

    def _source_id(self) -> tuple[str, str]:
        """Return the object's source id, and the name of the collection within which names without identifiers are the same."""
        for name in ("lidoRecID", "objectPublishedID", "administrativeMetadata/recordWrap/recordID"):
            for one in children(self.element, name):
                if text := self.taken.text(one):
                    source = self.taken.attribute(one, "source")
                    full = text if is_web_address(text) or not source or text.startswith(source) else f"{source}:{text}"
                    return bounded_id(f"lido:{full}"), f"lido:{source or self._record_source() or full}"
        raise NoIdentifier(field="lidoRecID")

    def _record_source(self) -> str:
        body = child(self.element, "administrativeMetadata/recordWrap/recordSource")
        names = [*children(body, "legalBodyID"), *children(body, "legalBodyName/appellationValue")]
        return next((" ".join(one.text.split()) for one in names if one.text and one.text.strip()), "")

    def body(self) -> dict[str, Any]:
        """Return the object's body in the line format; raises NoTitle."""
        described, kept = child(self.element, "descriptiveMetadata"), child(self.element, "administrativeMetadata")
        identified = child(described, "objectIdentificationWrap")
        self._types(described)
        self._titles(identified)
        self._descriptions(identified)
        self._inscriptions(identified)
        self._measurements(identified)
        self._repositories(identified)
        self._events(described, identified)
        self._subjects(child(described, "objectRelationWrap"))
        self._related(child(described, "objectRelationWrap"))
        self._rights(kept)
        self._resources(kept)
        self._record(kept)
        self._set("links", _unique(self._links))
        self._set(
            "identifiers", [{"scheme": scheme, "value": value} for scheme, value in dict.fromkeys(self._identifiers)]
        )
        self._set("sources", [self._short(one, "sources") for one in dict.fromkeys(self._sources)])
        return self._body

    def _set(self, name: str, value: Any) -> None:
        if value:
            self._body[name] = value

    def _tag(self, element: etree._Element) -> str:
        written = self.taken.lang(element)
        return language_tag(written) if written else "und"

    def _link(self, role: str, to: str | None, note: str = "") -> None:
        if to:
            self._links.append(
                {"role": role, "to": to} | ({"note": self._short(note, f"links/{role}")} if note else {})
            )

    def _short(self, text: str, path: str) -> str:
        """Return the text as long as one line of a record may be."""
        if len(text) > _LONGEST_LINE:
            self.taken.assume(path, text, f"it is longer than {_LONGEST_LINE} characters and was cut")
        return text[:_LONGEST_LINE].strip()

    def _types(self, described: etree._Element | None) -> None:
        wrap = child(described, "objectClassificationWrap")
        works = children(wrap, "objectWorkTypeWrap/objectWorkType")
        found = [self.named.term(one) for one in works + children(wrap, "classificationWrap/classification")]
        self._set("types", list(dict.fromkeys(filter(None, found))))
        self._work_types = works

    def _titles(self, identified: etree._Element | None) -> None:
        values = children(identified, "titleWrap/titleSet/appellationValue")
        titles = [
            (self.taken.attribute(one, "pref") not in PREFERRED, self._tag(one), self.taken.text(one)) for one in values
        ]
        found: dict[str, list[str]] = {}
        for _, tag, text in sorted(titles, key=lambda one: one[0]):
            if text and text not in found.setdefault(tag, []):
                found[tag].append(text)
        self._body["title"] = {tag: texts for tag, texts in found.items() if texts} or self._title_of_type()
        self._sources += [
            self.taken.text(one) for one in children(identified, "titleWrap/titleSet/sourceAppellation") if one.text
        ]

    def _title_of_type(self) -> dict[str, list[str]]:
        """LIDO lets an object without a title go by what it is."""
        kinds = {draft.body["source_id"]: draft.body["title"] for draft in self.named.drafts() if draft.body}
        for source_id in self._body.get("types", []):
            if source_id in kinds:
                self.taken.assume(
                    "descriptiveMetadata/objectIdentificationWrap/titleWrap",
                    source_id,
                    "there is no title; the object work type names it",
                )
                return dict(kinds[source_id])
        raise NoTitle(instead="an object work type with a label")

    def _descriptions(self, identified: etree._Element | None) -> None:
        for one in children(identified, "objectDescriptionWrap/objectDescriptionSet"):
            for value in children(one, "descriptiveNoteValue"):
                self._describe(value)
            self._sources += [
                self.taken.text(source)
                for source in children(one, "sourceDescriptiveNote")
                if (source.text or "").strip()
            ]

    def _describe(self, element: etree._Element) -> None:
        if text := self.taken.lines(element):
            self._body.setdefault("description", {}).setdefault(self._tag(element), []).append(text)

    def _inscriptions(self, identified: etree._Element | None) -> None:
        found = []
        for one in children(identified, "inscriptionsWrap/inscriptions"):
            for text in children(one, "inscriptionTranscription"):
                if words := self.taken.text(text):
                    tag = self._tag(text)
                    found.append({"text": words} | ({"lang": tag} if tag != "und" else {}))
            for value in children(one, "inscriptionDescription/descriptiveNoteValue"):
                self._describe(value)
        self._set("inscriptions", found)

    def _measurements(self, identified: etree._Element | None) -> None:
        found = []
        for one in children(identified, "objectMeasurementsWrap/objectMeasurementsSet"):
            shown = [
                text for display in children(one, "displayObjectMeasurements") if (text := self.taken.text(display))
            ]
            if shown:
                for parts in children(one, "objectMeasurements"):
                    self.taken.lose(parts, "it came in as displayObjectMeasurements says it")
            found += shown or [text for parts in children(one, "objectMeasurements") if (text := self._measured(parts))]
        self._set("measurements", list(dict.fromkeys(found)))

    def _measured(self, element: etree._Element) -> str:
        """Return "Höhe 39,8 cm, Breite 28,1 cm (Blatt)" of parts that have no display form."""
        sets = []
        for one in children(element, "measurementsSet"):
            parts = [self._said(one, name) for name in ("measurementType", "measurementValue", "measurementUnit")]
            sets.append(" ".join(part for part in parts if part))
        extent = "; ".join(text for one in children(element, "extentMeasurements") if (text := self.taken.text(one)))
        return ", ".join(filter(None, sets)) + (f" ({extent})" if extent and any(sets) else "")

    def _said(self, element: etree._Element, name: str) -> str:
        """Return the text of a child that LIDO 1.0 fills with text and LIDO 1.1 with a concept."""
        one = child(element, name)
        if one is None:
            return ""
        labels = children(one, "Concept/prefLabel") or children(one, "term")
        return self.taken.text(one) or next((text for label in labels if (text := self.taken.text(label))), "")

    def _repositories(self, identified: etree._Element | None) -> None:
        numbers: list[str] = []
        for one in children(identified, "repositoryWrap/repositorySet"):
            is_current = self.taken.attribute(one, "type") in _CURRENT
            for name in children(one, "repositoryName"):
                self._link("kept_by" if is_current else "related_to", self.named.agent(name, "institution"))
            for place in children(one, "repositoryLocation"):
                self._link("located_in" if is_current else "related_to", self.named.place(place))
            for display in children(one, "displayRepository"):
                self.taken.lose(display, "it came in as the repository beside it")
            for number in children(one, "workID"):
                if text := self.taken.text(number):
                    numbers.append(text)
                    self._identifiers.append((self.taken.attribute(number, "type") or "workID", text))
        if numbers:
            self._body["number"] = numbers[0]

    def _events(self, described: etree._Element | None, identified: etree._Element | None) -> None:
        events = Events(self.taken, self.named, self._link)
        for one in children(described, "eventWrap/eventSet"):
            events.take(one)
        for one in children(identified, "objectMaterialsTechWrap/objectMaterialsTechSet"):
            events.take_materials(one, "displayMaterialsTech")
        self._set("made", events.made())
        self._set("materials", list(dict.fromkeys(events.materials)))

    def _subjects(self, relations: etree._Element | None) -> None:
        kinds: tuple[tuple[str, str, Callable[[etree._Element], str | None]], ...] = (
            ("subjectConcept", "about", self.named.term),
            ("subjectActor/actor", "depicts", self.named.agent),
            ("subjectPlace/place", "depicts", self.named.place),
        )
        for one in children(relations, "subjectWrap/subjectSet"):
            before = len(self._links)
            for path, role, take in kinds:
                for element in children(one, f"subject/{path}"):
                    self._link(role, take(element))
            for path in ("subjectActor/displayActor", "subjectPlace/displayPlace"):
                for display in children(one, f"subject/{path}"):
                    self.taken.lose(display, "it came in as the subject beside it")
            for display in children(one, "displaySubject"):
                if len(self._links) > before:
                    self.taken.lose(display, "it came in as the subjects beside it")
                else:
                    self._link("about", self.named.display_term(display))

    def _related(self, relations: etree._Element | None) -> None:
        for one in children(relations, "relatedWorksWrap/relatedWorkSet"):
            work = child(one, "relatedWork/object")
            shown = [*children(one, "relatedWork/displayObject"), *children(one, "displayRelatedWork")]
            texts = [*children(work, "objectWebResource"), *children(work, "objectID")]
            to = next((one for one in texts if is_web_address((one.text or "").strip())), None)
            if to is None:
                self.taken.lose(one, "the related work has no address to link to")
                continue
            address = self.taken.text(to)
            relation = child(one, "relatedWorkRelType")
            notes = [
                self._relation(relation),
                *(self.taken.text(note) for note in [*children(work, "objectNote"), *shown]),
            ]
            role = "part_of" if _ids(self.taken, relation) & _WHOLE else "related_to"
            self._link(role, address if len(address) <= 500 else None, "; ".join(filter(None, notes)))

    def _relation(self, element: etree._Element | None) -> str:
        labels = [*children(element, "term"), *children(element, "Concept/prefLabel")]
        return next((text for one in labels if (text := self.taken.text(one))), "")

    def _rights(self, kept: etree._Element | None) -> None:
        works = [self._right(one) for one in children(kept, "rightsWorkWrap/rightsWorkSet")]
        images = [self._right(one) for one in children(kept, "resourceWrap/resourceSet/rightsResource")]
        said = [("", works), ("images: ", images)]
        text = " | ".join(start + "; ".join(dict.fromkeys(filter(None, found))) for start, found in said if any(found))
        self._set("rights", self._short(text, "rights"))

    def _right(self, element: etree._Element) -> str:
        """Return "CC0 1.0, http://creativecommons.org/…, holder, credit line"."""
        labels = [self._relation(one) for one in children(element, "rightsType")]
        addresses = [
            text for one in children(element, "rightsType") for text in _ids(self.taken, one) if is_web_address(text)
        ]
        holders = [self.taken.text(one) for one in children(element, "rightsHolder/legalBodyName/appellationValue")]
        lines = [self.taken.text(one) for one in children(element, "creditLine")]
        return ", ".join(dict.fromkeys(filter(None, [*labels, *sorted(addresses), *holders, *lines])))

    def _resources(self, kept: etree._Element | None) -> None:
        found = []
        for one in children(kept, "resourceWrap/resourceSet/resourceRepresentation/linkResource"):
            address = (one.text or "").strip()
            if is_plain_address(address):
                found.append(self.taken.text(one))
            elif address:
                self.taken.lose(one, "it is no web address")
        self._set("images", list(dict.fromkeys(found)))

    def _record(self, kept: etree._Element | None) -> None:
        """Identifiers, and where the description comes from."""
        for one in children(self.element, "objectPublishedID"):
            self._identify(one, "objectPublishedID")
        record = child(kept, "recordWrap")
        for one in children(record, "recordID"):
            self._identify(one, "recordID")
        for name in ("recordSource/legalBodyName/appellationValue", "recordInfoSet/recordInfoLink"):
            self._sources += [text for one in children(record, name) if (text := self.taken.text(one))]

    def _identify(self, element: etree._Element, name: str) -> None:
        if text := self.taken.text(element):
            source = self.taken.attribute(element, "source")
            self._identifiers.append(register_of(text) or (source or name, text))


def _ids(taken: Taken, element: etree._Element | None) -> set[str]:
    """Return the addresses and codes of a concept."""
    concepts = [taken.attribute(one, "about") for one in children(element, "Concept")]
    return {text for text in [*concepts, *(taken.text(one) for one in children(element, "conceptID"))] if text}


def _unique(links: list[dict[str, str]]) -> list[dict[str, str]]:
    return list({tuple(sorted(link.items())): link for link in links}.values())
