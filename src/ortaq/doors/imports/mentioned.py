# SPDX-License-Identifier: Apache-2.0
"""What a Linked Art document names in passing: records with a name and no more, made where nothing stands under their ids."""

import re
from typing import Any
from urllib.parse import urlsplit

from ortaq.core import linked_art as la
from ortaq.core.identifiers import is_record_uri
from ortaq.doors.imports.leaves import Leaves, Node, nodes
from ortaq.doors.imports.tags import bounded_id, register_of
from ortaq.records.door import Draft
from ortaq.records.registry import KINDS

_LONGEST_LABEL = 2000  # core.fields
_IMPLIED = {"Material": "made_of"}  # a class that the property says already
_CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])")


class Mentioned:
    """scope: of names without an id: the same name in another source's records may be something else."""

    def __init__(self, leaves: Leaves, record: str, audience: str) -> None:
        self._leaves, self._audience = leaves, audience
        self._scope = urlsplit(record).netloc or record
        self._found: dict[str, Draft] = {}

    def drafts(self) -> list[Draft]:
        return list(self._found.values())

    @staticmethod
    def source_id(kind: str, address: str) -> str:
        return bounded_id(f"{kind}:{address}")

    def scheme(self, address: str) -> str:
        """Return the vocabulary of the concept at *address*: its register, or the host."""
        register = register_of(address)
        return register[0] if register else self._scope

    def reference(self, node: Node, prop: str = "") -> str | None:
        """Note the record and return its source id; None if it has neither an id nor a label. prop: the property that points at it."""
        leaves, kind = self._leaves, kind_of(node)
        address, label = leaves.text(node, "id"), leaves.text(node, "_label")[:_LONGEST_LABEL]
        if not (address or label):
            return None
        leaves.value(node, "type")
        source_id = self.source_id(kind, address or f"{self._scope}#{label}")
        links = [{"role": "same_as", "to": address}] if is_record_uri(address) else []
        links += self._sorts(node, kind)
        identifiers = self._identifiers(node, address)
        if (
            prop != _IMPLIED.get(str(node["type"]))
            and la.class_of(KINDS[kind].nature, _required(node, kind, "")) != node["type"]
        ):
            identifiers.append((la.CLASS, str(node["type"])))
        body: dict[str, Any] = {
            "title": {"und": [label or _last(address)]},
            **_required(node, kind, self.scheme(address or "")),
        }
        if types := self._types(node, kind):
            body["types"] = types
        if links:
            body["links"] = links
        if identifiers:
            body["identifiers"] = [{"scheme": scheme, "value": value} for scheme, value in dict.fromkeys(identifiers)]
        return self._note(kind, source_id, body)

    def _types(self, node: Node, kind: str) -> list[str]:
        if KINDS[kind].spec("types") is None:
            return []
        found = [self.reference(one) for one in nodes(node, "classified_as") if one.get("id") not in la.BUILT - {None}]
        for one in nodes(node, "classified_as"):
            if one.get("id") == la.IMMOVABLE:
                self._leaves.whole(one)
        return [one for one in dict.fromkeys(found) if one]

    def _sorts(self, node: Node, kind: str) -> list[dict[str, str]]:
        """Its types, where the kind has no field for them."""
        links = []
        if KINDS[kind].spec("types") is None:
            for one in nodes(node, "classified_as"):
                if one.get("id") == la.GROUP:
                    self._leaves.whole(one)
                elif to := self.reference({"type": "Type", **one} if "type" not in one else one):
                    links.append({"role": "related_to", "to": to, "note": "classified as"})
        return links

    def _identifiers(self, node: Node, address: str) -> list[tuple[str, str]]:
        found = []
        register = register_of(address)
        if register and register[1] != address:
            found.append(register)
        for one in nodes(node, "equivalent"):
            if other := self._leaves.text(one, "id"):
                self._leaves.value(one, "type")
                self._leaves.lose(one, "it came in as an identifier, which has no label", "_label")
                found.append(register_of(other) or ("uri", other))
        if notation := self._leaves.text(node, "notation"):
            found.append(("notation", notation))
        return found

    def _note(self, kind: str, source_id: str, body: dict[str, Any]) -> str:
        draft = Draft(kind, {"source_id": source_id, **body}, self._audience)
        before = self._found.setdefault(source_id, draft)
        if before is not draft and before.body != draft.body:
            self._found[source_id] = Draft(
                kind, joined(dict(before.body or {}), dict(draft.body or {})), self._audience
            )
        return source_id


def joined(before: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    """Return what two mentions of one thing say together."""
    found = {**more, **before}
    names = [*before["title"].get("und", []), *more["title"].get("und", [])]
    found["title"] = {**more["title"], **before["title"]} | ({"und": list(dict.fromkeys(names))} if names else {})
    for name in ("links", "identifiers", "types"):
        if name in before and name in more:
            found[name] = [*before[name], *(one for one in more[name] if one not in before[name])]
    return found


def words_of(name: str) -> str:
    """Return "Human Made Object" for HumanMadeObject."""
    return _CAPITAL.sub(" ", name)


def _last(address: str) -> str:
    return address.rstrip("/#").rpartition("/")[2][:_LONGEST_LABEL] or address[:_LONGEST_LABEL]


def _required(node: Node, kind: str, scheme: str) -> dict[str, Any]:
    """What a kind asks for."""
    if kind == "agent":
        return {"agent_type": agent_type(node)}
    if kind == "event":
        return {"event_type": event_type(node)}
    if kind == "work":
        return {"work_type": work_type(node)}
    return {"scheme": scheme} if kind == "term" else {}


def kind_of(node: Node) -> str:
    """Return the kind whose records stand for documents of that class."""
    name = node.get("type")
    if name in la.THINGS:
        return "monument" if ids_in(node) & la.BUILT else "object"
    if name in la.ACTORS:
        return "agent"
    if name in la.EVENTS:
        return "event"
    if name in la.CONCEPTS:
        return "term"
    if name == "Place":
        return "place"
    if name == "Set" and "collection" in KINDS:
        return "collection"
    return "work" if name in ("VisualItem", "PropositionalObject") else "material"


def ids_in(node: Node) -> set[str]:
    """Return the ids of the types of *node*."""
    return {str(one.get("id")) for one in nodes(node, "classified_as")}


def agent_type(node: Node) -> str:
    if node.get("type") == "Person":
        return "person"
    return "group" if la.GROUP in ids_in(node) else "institution"


def event_type(node: Node) -> str:
    return "exhibition" if ids_in(node) & la.EXHIBITIONS else "other"


def work_type(node: Node) -> str:
    return "artwork" if node.get("type") == "VisualItem" else "other"
