# SPDX-License-Identifier: Apache-2.0
"""SKOS: concepts, their schemes and their collections become terms. RDF/XML, Turtle and JSON-LD. doors/exports/skos.py is the way out."""

from collections.abc import Iterator
from typing import Any

from ortaq.core.audience import PUBLIC
from ortaq.core.errors import OrtaqError
from ortaq.core.identifiers import is_record_uri, is_web_address
from ortaq.core.lost import Lost
from ortaq.core.skos import COLLECTION, DESCRIPTIONS, LABELS, MATCHES, NOTES, SKOS, TOP, prefixed
from ortaq.doors.imports.errors import NoIdentifier
from ortaq.doors.imports.graphs import A, Graph, Text, Triple, graph_of
from ortaq.doors.imports.item import Item, Mark
from ortaq.doors.imports.source import Source
from ortaq.doors.imports.tags import bounded_id, language_tag, register_of
from ortaq.doors.imports.taken import NO_FIELD
from ortaq.records.door import Draft

_SORTS = ("Concept", "ConceptScheme", "Collection", "OrderedCollection")
_DCTERMS = "http://purl.org/dc/terms/"
_DC = "http://purl.org/dc/elements/1.1/"
_TITLES = (f"{_DCTERMS}title", f"{_DC}title", "http://www.w3.org/2000/01/rdf-schema#label")
_IDENTIFIERS = (f"{_DCTERMS}identifier", f"{_DC}identifier")
_LONGEST_ID, _MOST_LINKS = 500, 5_000
_LONGEST, _MOST_NAMES, _MOST_TEXTS, _SAMPLE = 2000, 200, 50, 100  # core.fields


def read(source: Source, after: Mark, audience: str = PUBLIC) -> Iterator[Item]:
    """Yield all terms, in the order of their addresses; after: for the caller to skip by."""
    graph = graph_of(source)
    vocabulary = _Vocabulary(graph)
    for number, subject in enumerate(vocabulary.subjects, start=1):
        if number <= after.number:
            continue
        try:
            term = _Term(vocabulary, subject)
            body = term.body()
            named = [Draft("term", one, audience) for one in term.named()]
            yield Item(number, 1, source.size, Draft("term", body, audience), None, (), term.lost(), named)
        except OrtaqError as error:
            yield Item(number, 1, source.size, None, error)


def source_id(address: str) -> str:
    return bounded_id(f"term:{address}")


class _Vocabulary:
    """What the terms of one file have in common."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.subjects = sorted({one.subject for sort in _SORTS for one in graph.about(A, f"{SKOS}{sort}")})
        self.here = here = set(self.subjects)
        # what another says of a term: that it is narrower, a member, at the top of a scheme
        self.said_by_others: dict[str, list[tuple[str, str]]] = {}
        self.held_elsewhere: set[Triple] = set()
        for name, role in (("narrower", "broader"), ("member", "member_of"), ("hasTopConcept", TOP)):
            for one in graph.about(f"{SKOS}{name}"):
                if one.is_reference and one.value in here:
                    self.said_by_others.setdefault(one.value, []).append((role, one.subject))
                    self.held_elsewhere.add(one)

    def scheme_of(self, subject: str) -> str:
        """Return the name of the vocabulary that a term belongs to: its title, or the host of its address."""
        for one in (*self.graph.of(subject, f"{SKOS}inScheme"), *self.graph.of(subject, f"{SKOS}topConceptOf")):
            if one.is_reference:
                titles = self.graph.titles(one.value, (*_TITLES, f"{SKOS}prefLabel"))
                return (titles or [one.value])[0][:_LONGEST]
        titles = self.graph.titles(subject, _TITLES) if self.is_scheme(subject) else []
        return (titles or [_host(subject)])[0][:_LONGEST]

    def is_scheme(self, subject: str) -> bool:
        return any(one.value == f"{SKOS}ConceptScheme" for one in self.graph.of(subject, A))


class _Term:
    """One subject on its way to a body; what is not taken is lost."""

    def __init__(self, vocabulary: _Vocabulary, subject: str) -> None:
        self._all, self._graph, self._subject = vocabulary, vocabulary.graph, subject
        self._taken: set[Triple] = set()
        self._more: list[Lost] = []
        if not (is_web_address(subject) or ":" in subject):
            raise NoIdentifier(field="rdf:about")

    def body(self) -> dict[str, Any]:
        """Return the term in the line format."""
        body: dict[str, Any] = {"source_id": source_id(self._subject), "scheme": self._all.scheme_of(self._subject)}
        sorts = self._sorts()
        title = self._title()
        if not title:
            title = {"und": [_last(self._subject)]}
            self._more.append(
                Lost("prefLabel", 1, title["und"][0], "there is no label; the end of its address stands for it")
            )
        body["title"] = title
        if description := self._description():
            body["description"] = description
        if links := self._links():
            body["links"] = links
        if identifiers := [*sorts, *self._identifiers()]:
            body["identifiers"] = [{"scheme": scheme, "value": value} for scheme, value in dict.fromkeys(identifiers)]
        return body

    def named(self) -> Iterator[dict[str, Any]]:
        """Yield a term of no more than a name for each that is pointed at and not in the file."""
        pointed = ("broader", "related", "inScheme", "topConceptOf")
        for address in {
            one.value for name in pointed for one in self._graph.of(self._subject, f"{SKOS}{name}") if one.is_reference
        }:
            if address not in self._all.here:
                titles = self._graph.titles(address, (f"{SKOS}prefLabel", *_TITLES))
                yield {
                    "source_id": source_id(address),
                    "title": {"und": titles or [_last(address)]},
                    "scheme": self._all.scheme_of(address),
                }

    def _pointing(self, name: str) -> Iterator[Triple]:
        """Yield the triples of a SKOS property that point at something with an address, and note that they are taken."""
        for one in self._graph.of(self._subject, f"{SKOS}{name}"):
            if one.is_reference and not one.value.startswith("_:") and len(one.value) <= _LONGEST_ID:
                self._taken.add(one)
                yield one

    def _texts(self, predicate: str) -> Iterator[Text]:
        for one in self._graph.of(self._subject, predicate):
            if not one.is_reference and (text := self._graph.text(one)).text:
                self._taken.add(one)
                if text.id:
                    self._more.append(
                        Lost(f"{self._graph.short(predicate)}/id", 1, text.id, "Arches has an id for each value")
                    )
                yield text

    def _sorts(self) -> list[tuple[str, str]]:
        known = {f"{SKOS}{name}": name for name in _SORTS}
        found = []
        for one in self._graph.of(self._subject, A):
            if name := known.get(one.value):
                self._taken.add(one)
                if name != "Concept":
                    found.append((COLLECTION, name))
        return found

    def _title(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for predicate in (f"{SKOS}prefLabel", *_TITLES, *(f"{SKOS}{name}" for name in LABELS)):
            for text in self._texts(predicate):
                names = found.setdefault(_tag(text), [])
                if text.text[:_LONGEST] not in names and len(names) < _MOST_NAMES:
                    names.append(text.text[:_LONGEST])
                if predicate == f"{SKOS}hiddenLabel":
                    self._more.append(
                        Lost("skos:hiddenLabel", 1, text.text[:_SAMPLE], "it is a further name, which is not hidden")
                    )
        return {tag: names for tag, names in found.items() if names}

    def _description(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        notes = [(f"{SKOS}{name}", label) for name, label in NOTES.items()]
        for predicate, label in [*((one, "") for one in DESCRIPTIONS), *notes]:
            for text in self._texts(predicate):
                texts = found.setdefault(_tag(text), [])
                if (words := prefixed(label, text.text)) not in texts and len(texts) < _MOST_TEXTS:
                    texts.append(words)
        return {tag: texts for tag, texts in found.items() if texts}

    def _links(self) -> list[dict[str, str]]:
        found = [_link("same_as", self._subject)] if is_record_uri(self._subject) else []
        tops = [("topConceptOf", TOP)]
        for name, role in [("broader", "broader"), *tops, ("related", "related_to"), ("inScheme", "member_of")]:
            found += [_link(role, source_id(one.value)) for one in self._pointing(name)]
        found += [_link(role, source_id(subject)) for role, subject in self._all.said_by_others.get(self._subject, ())]
        for name, note in MATCHES.items():
            found += [
                {"role": "related_to", "to": one.value, "note": note}
                for one in self._pointing(name)
                if is_web_address(one.value) and len(one.value) <= _LONGEST_ID
            ]
        tops_of = {one["to"] for one in found if one.get("note") == TOP}
        unique = {
            tuple(one.items()): one
            for one in found
            if one and not (one["role"] == "member_of" and "note" not in one and one["to"] in tops_of)
        }
        for one in list(unique.values())[_MOST_LINKS:]:
            self._more.append(Lost(f"links/{one['role']}", 1, one["to"], f"a record has {_MOST_LINKS} links at most"))
        return list(unique.values())[:_MOST_LINKS]

    def _identifiers(self) -> Iterator[tuple[str, str]]:
        if (register := register_of(self._subject)) and register[1] != self._subject:
            yield register
        for one in self._pointing("exactMatch"):
            yield register_of(one.value) or ("uri", one.value)
        for text in self._texts(f"{SKOS}notation"):
            yield "notation", text.text[:_LONGEST]
        for predicate in _IDENTIFIERS:
            for text in self._texts(predicate):
                if text.text != self._subject:
                    yield register_of(text.text) or ("identifier", text.text[:_LONGEST])

    def lost(self) -> list[Lost]:
        """Return every statement that was not taken, by predicate."""
        found: dict[tuple[str, str], tuple[int, str]] = {}
        for one, path in self._graph.below(self._subject):
            if one not in self._taken and one not in self._all.held_elsewhere:
                why = (
                    "the term that it points at is not in the file"
                    if one.predicate.startswith(SKOS) and one.is_reference
                    else NO_FIELD
                )
                count, sample = found.get((path, why), (0, one.value[:_SAMPLE]))
                found[path, why] = count + 1, sample
        return [Lost(path, count, sample, why) for (path, why), (count, sample) in found.items()] + self._more


def _link(role: str, to: str) -> dict[str, str]:
    return {"role": "member_of", "to": to, "note": TOP} if role == TOP else {"role": role, "to": to}


def _tag(text: Text) -> str:
    return language_tag(text.lang) if text.lang else "und"


def _last(address: str) -> str:
    return address.rstrip("/#").rpartition("/")[2][:_LONGEST] or address[:_LONGEST]


def _host(address: str) -> str:
    return address.partition("//")[2].partition("/")[0] or address
