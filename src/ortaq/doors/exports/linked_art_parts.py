# SPDX-License-Identifier: Apache-2.0
"""The nodes of which a Linked Art document is made: names, statements, references, and the parts that have no identity of their own."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from ortaq.core import linked_art as la
from ortaq.core.identifiers import is_record_uri, is_web_address
from ortaq.core.linked_art import Property, Step
from ortaq.doors.exports.described import Target, register_addresses

Node = dict[str, Any]
_LOC: Final = "http://id.loc.gov/vocabulary/"
_LANGUAGES: Final = {tag: address for address, tag in la.LANGUAGES.items()}
_TERMS: Final = {label: address for address, label in la.LABELS.items()}
_REGISTERS: Final = {"aat": "Type", "tgn": "Place", "ulan": "Person"}
_MOST_NODES: Final = 50


def language(tag: str) -> Node:
    """Return a Language; its label is the whole tag, so that script and country come back."""
    first = tag.partition("-")[0]
    address = _LANGUAGES.get(tag) or f"{_LOC}{'iso639-1' if len(first) == 2 else 'iso639-2'}/{first}"
    return {"id": address, "type": "Language", "_label": tag}


def _in(tag: str) -> Node:
    return {} if tag == "und" else {"language": [language(tag)]}


def type_(address: str, *types: str) -> Node:
    found: Node = {"id": address, "type": "Type", "_label": la.LABELS.get(address, address)}
    return found | ({"classified_as": [type_(one) for one in types]} if types else {})


def name_of(text: str, tag: str, *, is_primary: bool) -> Node:
    sorts = {"classified_as": [type_(la.PRIMARY_NAME)]} if is_primary else {}
    return {"type": "Name", **sorts, "content": text, **_in(tag)}


def identifier(value: str, scheme: str) -> Node:
    """Return an Identifier; what names the register is its type where that has an address, its label elsewhere."""
    address = _TERMS.get(scheme) or (scheme if is_web_address(scheme) else "")
    sorts = {"classified_as": [type_(address)]} if address else {"_label": scheme}
    return {"type": "Identifier", **sorts, "content": value}


def statement(text: str, tag: str, term: str = "", *, label: str = "") -> Node:
    sorts = {"classified_as": [type_(term, la.BRIEF_TEXT)]} if term else {}
    return {"type": "LinguisticObject", **({"_label": label} if label else {}), **sorts, "content": text, **_in(tag)}


def _digital(address: str, media_type: str, name: str) -> Node:
    found: Node = {"type": "DigitalObject", "access_point": [{"id": address, "type": "DigitalObject"}]}
    return found | ({"format": media_type} if media_type else {}) | ({"_label": name} if name else {})


def picture(address: str, media_type: str = "", name: str = "") -> Node:
    return {"type": "VisualItem", "digitally_shown_by": [_digital(address, media_type, name)]}


def page(address: str, media_type: str = "", name: str = "") -> Node:
    return {"type": "LinguisticObject", "digitally_carried_by": [_digital(address, media_type, name)]}


def class_of_target(target: Target) -> str:
    """Return the class of what is pointed at; empty if nothing is known of it."""
    if target.nature is None:
        for register, name in _REGISTERS.items():
            if f"vocab.getty.edu/{register}/" in target.uri:
                return name
        return ""
    return la.class_of(target.nature, target.body)


def reference(target: Target, name: str) -> Node:
    """Return a reference, which says the name and the addresses in registers."""
    names = next(iter(target.names.values()), [])
    addresses = [*came_from(target.body), *register_addresses(target.body)]
    found: Node = {"id": target.uri, "type": name, **({"_label": names[0]} if names else {})}
    same = [{"id": one, "type": la.record_class(name)} for one in dict.fromkeys(addresses) if one != target.uri]
    return found | ({"equivalent": same} if same else {})


def came_from(body: Mapping[str, Any]) -> list[str]:
    """Return the address under which a record came here."""
    address = str(body.get("source_id", "")).partition(":")[2]
    return [address] if is_web_address(address) or is_record_uri(address) else []


class Parts:
    """Puts references into a document, and into the nodes without identity that are part of it."""

    def __init__(self, name: str, node: Node) -> None:
        self._name, self._node = name, node
        self._made: dict[tuple[Step, ...], Node] = {}

    def put(self, path: Sequence[Step], target: Target) -> bool:
        """Put a reference where *path* leads; tell whether Linked Art has such a place for it."""
        if not path or any(not 1 <= step.number <= _MOST_NODES for step in path):
            return False
        if path[0].name == "attributed_by" and len(path) == 2:
            self.assign("" if path[1].name == "assigned" else path[1].name, target)
            return True
        place = self._property(path)
        name = class_of_target(target) or (place.classes[0] if place else "")
        if place is None or not (name := _fitting(name, place)):
            return False
        holder = self._holder(path[:-1], path[-1].name)
        if holder is None:
            return False
        return _set(holder, path[-1].name, reference(target, name), is_many=place.is_many)

    def assign(self, prop: str, target: Target, note: str = "") -> None:
        """Relate them by an assignment that names the relation, and says what is said of it."""
        name = la.record_class(class_of_target(target))
        found: Node = {"type": "AttributeAssignment", "assigned": [reference(target, name)]}
        if prop:
            found["assigned_property"] = prop
        if note:
            found["referred_to_by"] = [statement(note, "und")]
        there = self._node.setdefault("attributed_by", [])
        if found not in there:
            there.append(found)

    def finish(self) -> None:
        """Relate otherwise what stands in a transfer of nothing, which Linked Art does not know."""
        for part in list(self._node.get("part", ())):
            wanted = la.WANTED.get(part["type"])
            if wanted and wanted not in part:
                self._node["part"].remove(part)
                for prop, found in part.items():
                    for one in found if isinstance(found, list) else ():
                        self._node.setdefault("attributed_by", []).append(
                            {"type": "AttributeAssignment", "assigned": [one], "assigned_property": prop}
                        )
        if self._node.get("part") == []:
            del self._node["part"]

    def holder(self, name: str) -> Node:
        """Return the part under *name* that there is one of, made where it is not there yet."""
        known = la.PARTS[self._name][name]
        found: Node = self._node.setdefault(name, {"type": known.name})
        return found

    def _property(self, path: Sequence[Step]) -> Property | None:
        name = path[-1].name
        if len(path) == 1:
            return la.PROPERTIES.get(self._name, {}).get(name)
        known = la.PARTS.get(self._name, {}).get(path[0].name)
        if (
            known is None
            or any(step.name != "part" for step in path[1:-1])
            or (len(path) > 2 and known.name != "Production")
        ):
            return None
        return known.properties.get(name)

    def _holder(self, path: Sequence[Step], prop: str) -> Node | None:
        """Return the node at *path*, made where it is not there yet; None where it is one of another class.

        The parts of an activity have their number from their order, as they come.
        """
        node = self._node
        for at, step in enumerate(path):
            name = la.part_class(self._name, [one.name for one in path[: at + 1]], prop)
            if not (at > 0 or la.PARTS[self._name][step.name].is_many):
                node = node.setdefault(step.name, {"type": name})
                continue
            key = (*path[:at], step)
            if key not in self._made:
                self._made[key] = {"type": name}
                node.setdefault(step.name, []).append(self._made[key])
            node = self._made[key]
            if name not in ("", node["type"]):
                return None
        return node


def _fitting(name: str, place: Property) -> str:
    """Return the class as which something goes there: its own, or for a concept the sort of concept that is wanted."""
    if name in place.classes:
        return name
    return place.classes[0] if name in la.CONCEPTS and set(place.classes) <= set(la.CONCEPTS) else ""


def _set(holder: Node, prop: str, found: Node, *, is_many: bool) -> bool:
    if is_many:
        there = holder.setdefault(prop, [])
        if found not in there:
            there.append(found)
        return True
    return holder.setdefault(prop, found) == found
