# SPDX-License-Identifier: Apache-2.0
"""Terms, agents and places that a LIDO record names, as authority records, and the references to them."""

from typing import Any

from lxml import etree

from ortaq.core.identifiers import is_web_address
from ortaq.doors.imports.authorities import union
from ortaq.doors.imports.tags import bounded_id, is_plain_address, language_tag, register_of, span_of
from ortaq.doors.imports.taken import Taken, child, children, local
from ortaq.records.door import Draft

PREFERRED = {
    "preferred",
    "http://terminology.lido-schema.org/lido00169",
    "http://terminology.lido-schema.org/lido00526",
}
_PERSON = {
    "person",
    "Person",
    "http://terminology.lido-schema.org/lido00163",
    "http://terminology.lido-schema.org/actor_type/person",
}
_INSTITUTION = {
    "corporation", "Corporation", "institution", "organization", "organisation", "corporateBody",
    "http://terminology.lido-schema.org/lido00413", "http://terminology.lido-schema.org/actor_type/organization",
    "http://terminology.lido-schema.org/lido00164",
}  # fmt: skip
_GROUP = {
    "family",
    "group",
    "http://terminology.lido-schema.org/lido00165",
    "http://terminology.lido-schema.org/actor_type/family",
}
_RDF_ABOUT = "about"

Names = dict[str, list[str]]


class Named:
    """The authority records of one LIDO record, collected while it is read.

    scope  of names without an identifier: the same name in another museum's records may be somebody else
    """

    def __init__(self, taken: Taken, scope: str, audience: str) -> None:
        self._taken, self._scope, self._audience = taken, scope, audience
        self._found: dict[str, Draft] = {}

    def drafts(self) -> list[Draft]:
        return list(self._found.values())

    def term(self, element: etree._Element) -> str | None:
        """Return the reference to the concept in *element*; None if there is neither a label nor an address."""
        taken, concept = self._taken, child(element, "Concept")
        labels = self._labels(element)
        ids = [taken.text(one) for one in children(element, "conceptID")]
        local_scheme = next(
            (found for one in children(element, "conceptID") if (found := taken.attribute(one, "source"))), ""
        )
        for one in children(element, "conceptID"):
            taken.attribute(one, "type")
        if concept is not None:
            ids.insert(0, taken.attribute(concept, _RDF_ABOUT))
            ids += [taken.text(one) for one in children(concept, "exactMatch")]
        return self._reference(
            "term", ids, local_scheme, labels, {"scheme": self._scheme(ids, local_scheme, local(element.tag))}
        )

    def display_term(self, element: etree._Element) -> str | None:
        """Return the reference to a term that is given as a text only."""
        text = self._taken.text(element)
        labels = {self._tag(element): [text]} if text else {}
        return self._reference("term", [], "", labels, {"scheme": local(element.tag)})

    def _labels(self, element: etree._Element) -> Names:
        """Return the concept's names; a term with addedSearchTerm="yes" is a broader one's and stays out."""
        names: list[tuple[bool, str, str]] = []
        for term in children(element, "term"):
            if self._taken.attribute(term, "addedSearchTerm") == "yes":
                self._taken.lose(term, "an added search term names another, broader concept")
            else:
                names.append(
                    (self._taken.attribute(term, "pref") in PREFERRED, self._tag(term), self._taken.text(term))
                )
        for tag_name in ("prefLabel", "altLabel"):
            names += [
                (tag_name == "prefLabel", self._tag(one), self._taken.text(one))
                for one in children(element, f"Concept/{tag_name}")
            ]
        return _language_map(names)

    def _tag(self, element: etree._Element) -> str:
        return language_tag(self._taken.lang(element)) if self._taken.lang(element) else "und"

    @staticmethod
    def _scheme(ids: list[str], local_scheme: str, usage: str) -> str:
        found = next((register[0] for one in ids if (register := register_of(one))), "")
        return found or local_scheme or usage

    def agent(self, element: etree._Element, agent_type: str | None = None) -> str | None:
        """Return the reference to an actor or a legal body."""
        taken = self._taken
        given = taken.attribute(element, "type")
        names = self._appellations(children(element, "nameActorSet") + children(element, "legalBodyName"))
        ids = [taken.text(one) for one in [*children(element, "actorID"), *children(element, "legalBodyID")]]
        sources = [
            taken.attribute(one, "source") for one in [*children(element, "actorID"), *children(element, "legalBodyID")]
        ]
        body: dict[str, Any] = {"agent_type": agent_type or self._agent_type(element, given, names)}
        vital = child(element, "vitalDatesActor")
        if vital is not None and (life := self.span(vital)):
            body["life"] = life
        weblink = child(element, "legalBodyWeblink")
        if weblink is not None and is_plain_address((weblink.text or "").strip()):
            body["website"] = taken.text(weblink)
        return self._reference("agent", ids, next(filter(None, sources), ""), names, body)

    def _agent_type(self, element: etree._Element, given: str, names: Names) -> str:
        for known, name in ((_PERSON, "person"), (_INSTITUTION, "institution"), (_GROUP, "group")):
            if given in known:
                return name
        shown = next((texts[0] for texts in names.values()), "")
        if shown:
            why = f"'{given}' is no known type of actor" if given else "the type of actor is not stated"
            self._taken.assume(f"{local(element.tag)}/@type", shown, f"{why}; taken for a person")
        return "person"

    def place(self, element: etree._Element, display: etree._Element | None = None) -> str | None:
        """Return the reference to a place; display: the text that stands for it where it has no name of its own."""
        taken = self._taken
        names = self._appellations(children(element, "namePlaceSet"))
        if not names and display is not None and (text := taken.text(display)):
            names = {self._tag(display): [text]}
        ids = [taken.text(one) for one in children(element, "placeID")]
        sources = [taken.attribute(one, "source") for one in children(element, "placeID")]
        for one in children(element, "placeID"):
            taken.attribute(one, "type")
        body: dict[str, Any] = {}
        if types := [found for one in children(element, "placeClassification") if (found := self.term(one))]:
            body["types"] = types
        if point := self._point(element):
            body["point"] = point
        wholes = [found for one in children(element, "partOfPlace") if (found := self.place(one))]
        if wholes:
            body["links"] = [{"role": "part_of", "to": one} for one in dict.fromkeys(wholes)]
        return self._reference("place", ids, next(filter(None, sources), ""), names, body)

    def _point(self, element: etree._Element) -> dict[str, float] | None:
        point = child(element, "gml/Point")
        if point is None or self._taken.attribute(point, "srsName") not in (
            "",
            "EPSG:4326",
            "urn:ogc:def:crs:EPSG::4326",
        ):
            return None
        numbers = self._taken.text(child(point, "pos")).replace(",", " ").split()
        try:
            lat, lon = (float(number) for number in numbers[:2])
        except ValueError:
            return None
        return {"lat": lat, "lon": lon} if abs(lat) <= 90 and abs(lon) <= 180 else None

    def span(self, element: etree._Element) -> str | None:
        """Return the EDTF span between the element's earliestDate and latestDate."""
        earliest, latest = child(element, "earliestDate"), child(element, "latestDate")
        found = span_of(
            (earliest.text or "") if earliest is not None else "", (latest.text or "") if latest is not None else ""
        )
        if found:
            self._taken.text(earliest)
            self._taken.text(latest)
        return found

    def _appellations(self, sets: list[etree._Element]) -> Names:
        values = [value for one in sets for value in children(one, "appellationValue")]
        return _language_map(
            [(self._taken.attribute(one, "pref") in PREFERRED, self._tag(one), self._taken.text(one)) for one in values]
        )

    def _reference(
        self, kind: str, ids: list[str], local_scheme: str, names: Names, more: dict[str, Any]
    ) -> str | None:
        """Note the authority record and return its source id; a bare address refers by itself."""
        addresses = [one for one in ids if is_web_address(one)]
        local_ids = [one for one in ids if one and not is_web_address(one)]
        if not names:
            return addresses[0] if addresses else None
        if addresses:
            source_id = f"{kind}:{addresses[0]}"
        elif local_ids:
            # What is called local is so: the same number in another collection means something else.
            is_global = is_web_address(local_scheme)
            within = local_scheme if is_global else f"{self._scope}:{local_scheme}".removesuffix(":")
            source_id = f"{kind}:{within}:{local_ids[0]}"
        else:
            source_id = f"{kind}:{self._scope}:{next(iter(names.values()))[0]}"
        identifiers = [register for one in addresses if (register := register_of(one))]
        identifiers += [(local_scheme or self._scope, one) for one in local_ids]
        body = {"source_id": bounded_id(source_id), "title": names, **more}
        if identifiers:
            body["identifiers"] = [{"scheme": scheme, "value": value} for scheme, value in dict.fromkeys(identifiers)]
        if sources := [one for one in addresses if register_of(one)]:
            body["sources"] = list(dict.fromkeys(sources))
        if before := self._found.get(body["source_id"]):
            body = union(dict(before.body or {}), body)
        self._found[body["source_id"]] = Draft(kind, body, self._audience)
        return str(body["source_id"])


def _language_map(names: list[tuple[bool, str, str]]) -> Names:
    """Return the language map of (is preferred, tag, text), preferred ones first."""
    found: Names = {}
    for _, tag, text in sorted(names, key=lambda one: not one[0]):
        if text and text not in found.setdefault(tag, []):
            found[tag].append(text)
    return {tag: texts for tag, texts in found.items() if texts}
