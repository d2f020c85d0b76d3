# SPDX-License-Identifier: Apache-2.0
"""Linked Art 1.0: each document gives a record, and what it names in passing. doors/exports/linked_art.py is the way out.

What Linked Art says with a property that we have a role for is a link of that role. What it points at otherwise is a link whose
note says where it stood ("produced by / technique"), so that it can go out again as it came.
"""

from collections.abc import Iterator
from typing import Any

from ortaq.core import linked_art as la
from ortaq.core.audience import PUBLIC
from ortaq.core.errors import OrtaqError
from ortaq.core.fields import Role
from ortaq.core.identifiers import is_record_uri
from ortaq.core.linked_art import Step
from ortaq.core.vocabulary import GIVEN_ROLES
from ortaq.doors.imports.documents import documents
from ortaq.doors.imports.errors import NoIdentifier, UnknownClass
from ortaq.doors.imports.item import Item, Mark
from ortaq.doors.imports.leaves import Leaves, Node, nodes
from ortaq.doors.imports.linked_art_activities import tell_lost, words_of_activity
from ortaq.doors.imports.linked_art_said import Said
from ortaq.doors.imports.linked_art_times import span_in
from ortaq.doors.imports.mentioned import Mentioned, agent_type, event_type, kind_of, words_of, work_type
from ortaq.doors.imports.source import Source
from ortaq.doors.imports.tags import register_of, span_of
from ortaq.records.door import Draft
from ortaq.records.registry import KINDS

_PARTS_READ = ("Name", "Identifier", "Dimension", "MonetaryAmount", "TimeSpan", "Right")
_MARKERS = {la.IMMOVABLE, la.GROUP}
_MOST_LINKS = 5_000  # core.fields.Links
_MOST_TEXTS = 50  # core.fields.Prose
_LONGEST_NOTE = 2000  # core.fields.Link


def read(source: Source, after: Mark, audience: str = PUBLIC) -> Iterator[Item]:
    """Yield all records, from the first on; after: for the caller to skip by."""
    for number, found in enumerate(documents(source), start=1):
        if number <= after.number:
            continue
        try:
            if found.error:
                raise found.error
            yield item_of(number, found.line, found.end, found.value, audience)
        except OrtaqError as error:
            yield Item(number, found.line, found.end, None, error)


def item_of(number: int, line: int, end: int, node: Node, audience: str) -> Item:
    """Return what one document gives; raises UnknownClass or NoIdentifier."""
    record = _Record(node, audience)
    body = record.body()
    return Item(
        number, line, end, Draft(record.kind, body, audience), None, (), record.leaves.lost(), record.mentioned.drafts()
    )


class _Record:
    """One document on its way to a body."""

    def __init__(self, node: Node, audience: str) -> None:
        self.node, self.leaves = node, Leaves(node)
        self.name = self.leaves.text(node, "type")
        if self.name not in la.RECORDS:
            raise UnknownClass(found=self.name or "(nothing)", known=", ".join(la.RECORDS))
        self.id = self.leaves.text(node, "id")
        if not self.id:
            raise NoIdentifier(field="id")
        self.kind = kind_of(node)
        self.mentioned = Mentioned(self.leaves, self.id, audience)
        self._specs = {spec.name: spec for spec in KINDS[self.kind].fields}
        self._body: dict[str, Any] = {"source_id": self.mentioned.source_id(self.kind, self.id)}
        self._links: list[dict[str, str]] = []

    def body(self) -> dict[str, Any]:
        """Return the body in the line format."""
        self.leaves.value(self.node, "@context")
        self._sort()
        Said(self.leaves, self.node, self._body, KINDS[self.kind]).take()
        if not self._body.get("title"):
            self._body["title"] = self._title_of_type()
        self._time()
        self._walk(self.node, self.name, ())
        self._more()
        self._keep_links()
        return self._body

    def _sort(self) -> None:
        """What a kind asks for, and the class where the kind does not say it."""
        if self.kind == "agent":
            self._body["agent_type"] = agent_type(self.node)
        elif self.kind == "event":
            self._body["event_type"] = event_type(self.node)
        elif self.kind == "work":
            self._body["work_type"] = work_type(self.node)
        elif self.kind == "term":
            self._body["scheme"] = self.mentioned.scheme(self.id)
        if la.class_of(KINDS[self.kind].nature, self._body) != self.name:
            self._body["identifiers"] = [{"scheme": la.CLASS, "value": self.name}]

    def _title_of_type(self) -> dict[str, list[str]]:
        """What has no name goes by what it is, and how its id ends."""
        types = [str(one["_label"]) for one in nodes(self.node, "classified_as") if one.get("_label")]
        name = types[0] if types else f"{words_of(self.name)} {self.id.rstrip('/').rpartition('/')[2]}"
        self.leaves.assume(
            "_label", name, "there is no name; its type, or its class and the end of its id, stands for it"
        )
        return {"und": [name[:500]]}

    def _time(self) -> None:
        """The span of the record, from its beginning to its end."""
        spec = next((one for one in self._specs.values() if one.role is Role.SPAN), None)
        places = la.TIMES.get(self.name, ())
        holders = [one for name in places for one in (nodes(self.node, name) if name else [self.node])]
        found = [
            (at, span)
            for at, holder in enumerate(holders)
            for one in nodes(holder, "timespan")
            if (span := span_in(self.leaves, one, f"{places[at]}/timespan".lstrip("/"), has_field=bool(spec)))
        ]
        if spec is None or not found:
            return
        is_life = len(places) == 2
        if not is_life:
            self._body[spec.name] = found[0][1]
            return
        begins = [nodes(self.node, name) for name in places]
        first, last = ("" if not begins[0] else found[0][1]), ("" if not begins[1] else found[-1][1])
        if span := span_of(first.partition("/")[0], last.rpartition("/")[2]):
            self._body[spec.name] = span
            for at, one in found:
                if "/" in one:
                    self.leaves.assume(
                        f"{places[at]}/timespan", one, "a life goes from its first possible day to its last"
                    )

    def _walk(self, node: Node, name: str, path: tuple[Step, ...]) -> None:
        """Link to everything that *node*, of the class *name*, points at."""
        for prop in node:
            if prop in ("identified_by", "timespan", "equivalent", "@context"):
                continue
            found = nodes(node, prop)
            for at, one in enumerate(found):
                self._point(one, (*path, Step(prop, at + 1)), number=at + 1)

    def _point(self, one: Node, path: tuple[Step, ...], number: int) -> None:
        sort = one.get("type")
        prop = path[-1].name
        plain = (*path[:-1], Step(prop))
        if prop == "classified_as" and not path[:-1] and self._classify(one):
            return
        if prop == "assigned" and len(path) == 2:
            self._assigned(one, path[0])
        elif (
            sort in la.ENTITIES
            and (one.get("id") or (one.get("_label") and sort != "Activity"))
            and "content" not in one
        ):
            self._to(one, plain)
        elif sort not in _PARTS_READ and not (sort == "LinguisticObject" and "content" in one):
            before = len(self._links), len(self._body.get("materials", ()))
            self._walk(one, str(sort), path)
            if (len(self._links), len(self._body.get("materials", ()))) != before or self._is_held(one, path):
                self._note_class(one, path)
            self._tell(one, path)

    def _tell(self, one: Node, path: tuple[Step, ...]) -> None:
        """What happened to it, by whom without a record, when and for how much: a line of the description for people to read."""
        parts = words_of_activity(one)
        if not parts or self._is_held(one, path) or one.get("assigned_property") in list(GIVEN_ROLES):
            return
        tell_lost(self.leaves, one)
        line = f"{la.note_of(path[-1:]).capitalize()}: {'; '.join(parts)}"  # ascii: a property of Linked Art
        lines = self._body.setdefault("description", {}).setdefault("und", [])
        if line not in lines and len(lines) < _MOST_TEXTS:
            lines.append(line)

    def _is_held(self, one: Node, path: tuple[Step, ...]) -> bool:
        """Tell whether the time of the node came in."""
        return len(path) == 1 and path[0].name in la.TIMES.get(self.name, ()) and bool(one.get("timespan"))

    def _note_class(self, one: Node, path: tuple[Step, ...]) -> None:
        """The class follows from the property, where that is so."""
        names = [step.name for step in path]
        if any(la.part_class(self.name, names, prop) == one.get("type") for prop in one):
            self.leaves.value(one, "type")

    def _classify(self, one: Node) -> bool:
        """Take a type into the field of types; tell whether there is such a field, or it only marks the kind."""
        if one.get("id") in _MARKERS:
            self.leaves.whole(one)
            return True
        if "types" not in self._specs or not (to := self.mentioned.reference(one)):
            return False
        if to not in self._body.setdefault("types", []):
            self._body["types"].append(to)
        return True

    def _to(self, one: Node, path: tuple[Step, ...]) -> None:
        to = self.mentioned.reference(one, path[-1].name)
        way = "/".join(step.name for step in path)
        if not to:
            return
        if way in ("made_of", "produced_by/technique") and "materials" in self._specs and self.kind == "object":
            if way != "made_of":
                self.leaves.assume(
                    way, str(one.get("_label", "")), "it stands among materials and techniques, which are one field"
                )
            if to not in self._body.setdefault("materials", []):
                self._body["materials"].append(to)
        elif way == "made_of" and "materials" in self._specs:
            self._body.setdefault("materials", []).append(to)
        elif role := la.PATHS.get(self.name, {}).get(way):
            self._link(role, to)
        else:
            self._link("related_to", to, la.note_of(path))

    def _assigned(self, one: Node, step: Step) -> None:
        """A relation of which an assignment says what it is: one of our roles, or a property of Linked Art."""
        found = nodes(self.node, step.name)[step.number - 1]
        prop = self.leaves.text(found, "assigned_property")
        self.leaves.value(found, "type")
        to = self.mentioned.reference(one)
        if to and prop in GIVEN_ROLES:
            self._link(prop, to, self._note_in(found))
        elif to:
            self._link("related_to", to, la.note_of([Step("attributed_by"), Step(prop or "assigned")]))

    def _note_in(self, assignment: Node) -> str:
        """Return what is said of a relation, by the assignment that makes it."""
        said = [one for one in nodes(assignment, "referred_to_by") if one.get("type") == "LinguisticObject"]
        for one in said[:1]:
            self.leaves.value(one, "type")
        return self.leaves.text(said[0], "content")[:_LONGEST_NOTE] if said else ""

    def _link(self, role: str, to: str, note: str = "") -> None:
        self._links.append({"role": role, "to": to} | ({"note": note} if note else {}))

    def _keep_links(self) -> None:
        noted = {(link["role"], link["to"]) for link in self._links if "note" in link}
        links = [link for link in self._links if "note" in link or (link["role"], link["to"]) not in noted]
        unique = list({tuple(sorted(link.items())): link for link in links}.values())
        for link in unique[_MOST_LINKS:]:
            self.leaves.assume(f"links/{link['role']}", link["to"], f"a record has {_MOST_LINKS} links at most")
        if unique:
            self._body["links"] = unique[:_MOST_LINKS]

    def _more(self) -> None:
        """Its names in other registers."""
        given = self._body.setdefault("identifiers", [])
        for one in nodes(self.node, "equivalent"):
            if address := self.leaves.text(one, "id"):
                self.leaves.value(one, "type")
                self.leaves.lose(one, "it came in as an identifier, which has no label", "_label")
                if is_record_uri(address):
                    self._link("same_as", address)
                else:
                    given.append(_identifier(address))
        if is_record_uri(self.id):
            self._link("same_as", self.id)
        elif (register := register_of(self.id)) and register[1] != self.id:
            given.append(_identifier(self.id))
        self._body["identifiers"] = [dict(pair) for pair in dict.fromkeys(tuple(one.items()) for one in given)]
        if not self._body["identifiers"]:
            del self._body["identifiers"]


def _identifier(address: str) -> dict[str, str]:
    register = register_of(address) or ("uri", address)
    return {"scheme": register[0], "value": register[1]}
