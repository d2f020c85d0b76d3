# SPDX-License-Identifier: Apache-2.0
"""Linked Art 1.0 out, as JSON-LD that its published schemas accept; what it cannot hold is named by field. doors/imports/linked_art.py is the way back.

A record goes out under its own name; where it came from stands in `equivalent`. A link for which Linked Art has no property goes out as
an attribute assignment that names our role.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from ortaq.core import linked_art as la
from ortaq.core.fields import Role
from ortaq.core.identifiers import is_web_address
from ortaq.core.kind import FieldSpec
from ortaq.core.linked_art import Step
from ortaq.core.lost import Lost
from ortaq.doors.exports.crm import instant
from ortaq.doors.exports.described import Described, days, in_words, register_addresses
from ortaq.doors.exports.linked_art_parts import (
    Node,
    Parts,
    came_from,
    identifier,
    language,
    name_of,
    page,
    picture,
    reference,
    statement,
)

# What the schemas want there: texts for abstract works, activities for all that happens.
_EQUIVALENTS: Final = {"PropositionalObject": "LinguisticObject", **dict.fromkeys(la.EVENTS, "Activity")}
_IN_WORDS: Final = "Linked Art has no property for it; it goes out as the words of a statement"
_ELSEWHERE: Final = ("source_id", "title", "links", "identifiers", "agent_type")
_EXHIBITION: Final = f"{la.AAT}300054766"
_PROVENANCE: Final = f"{la.AAT}300055863"


def document(one: Described) -> tuple[Node, list[Lost]]:
    """Return the document of one record, and what it does not say."""
    found = _Document(one)
    return found.node(), found.lost


class _Document:
    def __init__(self, one: Described) -> None:
        self.one, self.lost = one, list[Lost]()
        self.name = la.record_class(la.class_of(one.kind.nature, one.body))
        label = next(iter(one.names.values()), [one.uri])[0]
        self._node: Node = {"@context": la.CONTEXT, "id": one.uri, "type": self.name, "_label": label}
        self._parts = Parts(self.name, self._node)

    def node(self) -> Node:
        """Return the whole document."""
        self._names()
        self._identified()
        self._sorts()
        self._links()
        for spec in self.one.kind.fields:
            if spec.name not in _ELSEWHERE and (value := self.one.body.get(spec.name)) is not None:
                self._field(spec, value)
        if self.one.page:
            self._add("subject_of", page(self.one.page))
        self._parts.finish()
        if (
            "part" in self._node and "classified_as" not in self._node
        ):  # only provenance activities have parts, and they are called so
            self._add("classified_as", {"id": _PROVENANCE, "type": "Type", "_label": "Provenance Activity"})
        return self._node

    def _add(self, prop: str, *nodes: Node) -> None:
        found = self._node.setdefault(prop, [])
        found.extend(each for each in nodes if each not in found)

    def _lose(self, spec: FieldSpec, value: Any, why: str) -> None:
        values = value if isinstance(value, list) else [value]
        self.lost.append(Lost(spec.name, len(values), str(values[0])[:100], why))

    def _names(self) -> None:
        for tag, texts in self.one.names.items():
            self._add("identified_by", *(name_of(text, tag, is_primary=at == 0) for at, text in enumerate(texts)))

    def _identified(self) -> None:
        one = self.one
        if number := one.body.get("number"):
            self._add("identified_by", identifier(str(number), la.LABELS[la.ACCESSION_NUMBER]))
        same = [str(link["to"]) for _spec, link in one.values(Role.LINKS) if link["role"] == "same_as"]
        addresses = [*came_from(one.body), *register_addresses(one.body), *same]
        for given in one.body.get("identifiers", ()):
            scheme, value = str(given["scheme"]), str(given["value"])
            if scheme == "format" and self.name == "DigitalObject":
                self._node["format"] = value
            elif scheme == "uri" and ":" in value:
                addresses.append(value)
            elif scheme != la.CLASS and not is_web_address(value) and not register_addresses({"identifiers": [given]}):
                self._add("identified_by", identifier(value, scheme))
        for address in dict.fromkeys(addresses):
            self._add("equivalent", {"id": address, "type": _EQUIVALENTS.get(self.name, self.name)})

    def _sorts(self) -> None:
        """What our kinds tell apart and Linked Art does not."""
        body, is_thing = self.one.body, self.name == "HumanMadeObject"
        if is_thing and self.one.kind.nature.value == la.IMMOVABLE.rpartition("/")[2]:
            self._add("classified_as", {"id": la.IMMOVABLE, "type": "Type", "_label": self.one.kind.label})
        if body.get("agent_type") == "group":
            self._add("classified_as", {"id": la.GROUP, "type": "Type", "_label": "Group"})

    def _links(self) -> None:
        paths = la.roles_of(self.name)
        for _spec, link in self.one.values(Role.LINKS):
            target = self.one.targets.get(link["to"])
            role, note = str(link["role"]), str(link.get("note", ""))
            if role == "same_as":
                continue
            if target is None:
                self.lost.append(
                    Lost(f"links/{role}", 1, str(link["to"])[:100], "what it points at may not be seen, or is not here")
                )
                continue
            if role == "related_to" and note and self._parts.put(la.path_of(note), target):
                continue
            way = paths.get(role)
            is_put = bool(way) and self._parts.put([Step(step) for step in (way or "").split("/")], target)
            if note or not is_put:  # a reference has no note, and many roles no property
                self._parts.assign(role, target, note)

    def _field(self, spec: FieldSpec, value: Any) -> None:
        known = _BY_NAME.get(spec.name) or _BY_ROLE.get(spec.role)
        if known:
            known(self, spec, value)
        else:
            self._words(spec, value)

    def _words(self, spec: FieldSpec, value: Any) -> None:
        """What has no property: a statement that the field's name labels, which our import reads back where it is one value."""
        values = value if isinstance(value, list) else [value]
        if spec.role in la.PLAIN:
            self._add("referred_to_by", *(statement(str(one), "und", label=spec.name) for one in values))
            return
        self._lose(spec, value, _IN_WORDS)
        for one in values:
            text = in_words(spec, one) if isinstance(one, Mapping) else f"{spec.label}: {one}"
            self._add("referred_to_by", statement(text, "en", label=f"{spec.name}{la.WORDS}"))

    def _description(self, _spec: FieldSpec, value: Any) -> None:
        for tag, texts in value.items():
            for text in texts:
                self._add("referred_to_by", _description_of(text, tag))

    def _text(self, spec: FieldSpec, value: Any) -> None:
        """The first text is the content of a document; every other one is a statement that names the field."""
        texts = [(tag, text) for tag, found in value.items() for text in found]
        if spec.name == "text" and self.name == "LinguisticObject":
            tag, self._node["content"] = texts.pop(0)
            if tag != "und":
                self._add("language", language(tag))
        self._add("referred_to_by", *(statement(text, tag, label=spec.name) for tag, text in texts))

    def _markup(self, spec: FieldSpec, value: Any) -> None:
        if self.name == "LinguisticObject" and "content" not in self._node:
            self._node["content"] = value
        else:
            self._words(spec, value)

    def _line(self, spec: FieldSpec, value: Any) -> None:
        for text in value if isinstance(value, list) else [value]:
            self._add("referred_to_by", statement(str(text), "und", label=spec.name))

    def _sources(self, spec: FieldSpec, value: Any) -> None:
        for text in value:
            if is_web_address(text) and self.name == "DigitalObject":
                self._add("access_point", {"id": text, "type": "DigitalObject"})
            elif is_web_address(text):
                self._add("subject_of", page(text))
            else:
                self._add("referred_to_by", statement(text, "und", label=spec.name))

    def _sizes(self, _spec: FieldSpec, value: Any) -> None:
        self._add("referred_to_by", *(statement(text, "und", la.DIMENSIONS) for text in value))

    def _rights(self, _spec: FieldSpec, value: Any) -> None:
        self._add("referred_to_by", statement(str(value), "und", la.RIGHTS))

    def _licence(self, spec: FieldSpec, value: Any) -> None:
        if self.name in ("LinguisticObject", "VisualItem", "PropositionalObject"):
            self._add("subject_to", {"type": "Right", "classified_as": [{"id": value, "type": "Type"}]})
        else:
            self._words(spec, value)

    def _inscriptions(self, spec: FieldSpec, value: Any) -> None:
        self._add(
            "referred_to_by",
            *(statement(str(each["text"]), str(each.get("lang", "und")), label=spec.name) for each in value),
        )

    def _number(self, _spec: FieldSpec, _value: Any) -> None:
        """It stands among the identifiers already."""

    def _note(self, spec: FieldSpec, value: Any) -> None:
        self._lose(spec, value, "it is about this version of the record, not about what the record describes")

    def _terms(self, spec: FieldSpec, value: Any) -> None:
        for uri in value if isinstance(value, list) else [value]:
            target = self.one.targets.get(uri)
            if target is None:
                self._lose(spec, uri, "what it points at may not be seen, or is not here")
            elif spec.name == "types":
                self._add("classified_as", reference(target, "Type"))
            elif spec.name == "materials" and self.name == "HumanMadeObject":
                self._add("made_of", reference(target, "Material"))
            else:
                self._parts.assign(spec.name, target)

    def _refs(self, spec: FieldSpec, value: Any) -> None:
        for uri in value if isinstance(value, list) else [value]:
            target = self.one.targets.get(uri)
            if target is None:
                self._lose(spec, uri, "what it points at may not be seen, or is not here")
            elif not self._parts.put([Step(spec.name)], target):
                self._parts.assign(spec.name, target)

    def _span(self, spec: FieldSpec, value: Any) -> None:
        places = la.TIMES.get(self.name, ())
        own = next(each.name for each in self.one.kind.fields if each.role is Role.SPAN)
        if spec.name != own or not places or isinstance(value, list):
            self._words(spec, value)
            return
        first, last = days(value)
        if not (first or last):
            self._words(spec, value)
        elif len(places) == 1:
            self._when(places[0], value, first, last)
        else:
            for place, day in zip(places, (first, last), strict=True):
                if day:
                    self._when(place, day, day, day)
            if days(value)[0] == value:
                self._lose(spec, value, "a life that is one day or year goes out as beginning and end in it")

    def _when(self, place: str, label: str, first: str, last: str) -> None:
        time = {"type": "TimeSpan", "_label": label}
        time |= {"begin_of_the_begin": instant(first, is_end=False)} if first else {}
        time |= {"end_of_the_end": instant(last, is_end=True)} if last else {}
        (self._parts.holder(place) if place else self._node)["timespan"] = time

    def _point(self, spec: FieldSpec, value: Any) -> None:
        """A place is defined by its point; how far it is certain can only be said, and must be: it may stand for a whole area."""
        point = f"POINT({value['lon']} {value['lat']})"
        if self.name == "Place":
            self._node["defined_by"] = point
        if self.name != "Place" or "precision_m" in value:
            within = f" ± {value['precision_m']} m" if "precision_m" in value else ""
            self._add("referred_to_by", statement(f"{point}{within}", "und", label=spec.name))

    def _languages(self, spec: FieldSpec, value: Any) -> None:
        if self.name == "LinguisticObject":
            self._add("language", *(language(tag) for tag in (value if isinstance(value, list) else [value])))
        else:
            self._words(spec, value)

    def _event_type(self, spec: FieldSpec, value: Any) -> None:
        if value == "exhibition":
            ids = [term.addresses for _link, term in self.one.linked() if term.addresses]
            if not any(address in la.EXHIBITIONS for found in ids for address in found):
                self._add("classified_as", {"id": _EXHIBITION, "type": "Type", "_label": "Exhibiting"})
        elif value != "other":
            self._words(spec, value)

    def _work_type(self, spec: FieldSpec, value: Any) -> None:
        if value != ("artwork" if self.name == "VisualItem" else "other"):
            self._words(spec, value)

    def _urls(self, spec: FieldSpec, value: Any) -> None:
        for address in value if isinstance(value, list) else [value]:
            if spec.name == "images" and self._shows():
                self._add("representation", picture(address))
            else:
                self._words(spec, address)

    def _shows(self) -> bool:
        return self.name != "VisualItem"  # the one class without representations

    def _files(self, spec: FieldSpec, value: Any) -> None:
        for file in value:
            address, media_type = self.one.address_of_file(file), str(file["media_type"])
            if not address:
                self._lose(spec, file["name"], "its bytes have no address that is known here")
            elif media_type.startswith("image/") and self._shows():
                self._add("representation", picture(address, media_type, str(file["name"])))
            else:
                self._add("subject_of", page(address, media_type, str(file["name"])))
        self._lose(
            spec,
            [file["digest"] for file in value],
            "a file goes out as its name, type and address, without its digest and size",
        )


def _description_of(text: str, tag: str) -> Node:
    for term, label in (*la.STATEMENTS.items(), (la.DIMENSIONS, la.LABELS[la.DIMENSIONS])):
        if text.startswith(f"{label}: "):
            return statement(text.removeprefix(f"{label}: "), tag, term)
    return statement(text, tag, la.DESCRIPTION)


_Handler = Callable[[_Document, FieldSpec, Any], None]
_BY_NAME: Final[Mapping[str, _Handler]] = {
    "description": _Document._description, "sources": _Document._sources, "measurements": _Document._sizes,
    "rights": _Document._rights, "licence": _Document._licence, "inscriptions": _Document._inscriptions,
    "number": _Document._number, "change_note": _Document._note, "event_type": _Document._event_type,
    "work_type": _Document._work_type,
}  # fmt: skip
_BY_ROLE: Final[Mapping[Role, _Handler]] = {
    Role.PROSE: _Document._text, Role.NAME: _Document._text, Role.MARKUP: _Document._markup, Role.WORD: _Document._line,
    Role.TERM: _Document._terms, Role.REF: _Document._refs, Role.SPAN: _Document._span, Role.POINT: _Document._point,
    Role.LANG: _Document._languages, Role.URL: _Document._urls, Role.FILES: _Document._files,
}  # fmt: skip
