# SPDX-License-Identifier: Apache-2.0
"""Business data of Arches as JSON: each resource becomes a record. A mapping says which node goes to which field; without one, what
can be told by its form comes in: a name, a point, references, and texts of nodes that the file names.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from ortaq.core.audience import PUBLIC
from ortaq.core.errors import OrtaqError
from ortaq.doors.imports.documents import documents
from ortaq.doors.imports.errors import NoIdentifier
from ortaq.doors.imports.item import Item, Mark
from ortaq.doors.imports.leaves import Leaves, Node, nodes
from ortaq.doors.imports.mapping import Columns, Plan
from ortaq.doors.imports.source import Source
from ortaq.doors.imports.tags import bounded_id, language_tag
from ortaq.records.door import Draft

_KIND = "monument"
_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\Z", re.IGNORECASE)
_NO_NAME = re.compile(r"[\d\s./:,T+Z-]+\Z|https?://")
_NAMES = re.compile(r"\b(?:name|title|label)\b", re.IGNORECASE)
_BETWEEN = "\x1f"  # stands in no text
_OWN = ("tileid", "nodegroup_id", "parenttile_id", "resourceinstance_id", "sortorder", "provisionaledits")
_LONGEST, _MOST_TEXTS = 2000, 50  # core.fields
_LEFT_OUT = "the mapping leaves it out"


def read(source: Source, after: Mark, mapping: Columns | None = None, audience: str = PUBLIC) -> Iterator[Item]:
    """Yield all resources, from the first on; raises BadMapping."""
    number = 0
    for found in documents(source):
        if found.error:
            raise found.error
        data = _Data(found.value)
        plan = _plan(data, mapping, source, audience) if mapping else None
        for one in data.resources:
            number += 1
            if number <= after.number:
                continue
            try:
                record = _Resource(one, data)
                draft, terms = record.mapped(plan, mapping) if plan and mapping else (record.guessed(audience), [])
                yield Item(number, found.line, found.end, draft, None, terms, record.leaves.lost())
            except OrtaqError as error:
                yield Item(number, found.line, found.end, None, error)


class _Data:
    """The resources of one file, and what its nodes are called, if it says so."""

    def __init__(self, document: Node) -> None:
        held = document.get("business_data")
        self.resources = nodes(held, "resources") if isinstance(held, dict) else []
        self.names = {
            str(node["nodeid"]): str(node["name"])
            for graph in nodes(document, "graph")
            for node in nodes(graph, "nodes")
            if node.get("nodeid") and node.get("name")
        }
        self.ids = {resource_id(one) for one in self.resources}
        self.relations: dict[str, list[str]] = {}
        for one in nodes(held, "relations") if isinstance(held, dict) else []:
            start, end = str(one.get("resourceinstanceidfrom", "")), str(one.get("resourceinstanceidto", ""))
            if start and end:
                self.relations.setdefault(start, []).append(end)


def resource_id(node: Node) -> str:
    about = node.get("resourceinstance")
    found = about.get("resourceinstanceid") if isinstance(about, dict) else None
    return found if isinstance(found, str) else ""


def _plan(data: _Data, mapping: Columns, source: Source, audience: str) -> tuple[Plan, list[str]]:
    """Return the mapping made ready: its columns are nodes, by id or by name, and each may have several values."""
    columns = list(mapping.columns)
    split = dict.fromkeys(columns, _BETWEEN)
    return Plan(replace(mapping, split=split), columns, source.path, audience), columns


class _Resource:
    """One resource on its way to a body."""

    def __init__(self, node: Node, data: _Data) -> None:
        self.node, self.leaves, self._data = node, Leaves(node), data
        self.id = resource_id(node)
        if not self.id:
            raise NoIdentifier(field="resourceinstanceid")
        about = node["resourceinstance"]
        self.leaves.value(about, "resourceinstanceid")
        self.leaves.lose(about, "how Arches keeps it, not what it says")
        for tile in nodes(node, "tiles"):
            for name in _OWN:
                self.leaves.lose(tile, "how Arches keeps it, not what it says", name)

    def _values(self) -> Iterator[tuple[Node, str, Any]]:
        """Yield (where it stands, node id, value) of all tiles, in the order of the file."""
        for tile in nodes(self.node, "tiles"):
            data = tile.get("data")
            if isinstance(data, dict):
                yield from ((data, name, value) for name, value in data.items())

    def mapped(self, plan: tuple[Plan, list[str]], mapping: Columns) -> tuple[Draft, list[Draft]]:
        """Return the draft by a mapping, and the terms that it names; raises BadCell."""
        cells: dict[str, list[str]] = {column: [] for column in plan[1]}
        for data, name, value in self._values():
            column = name if name in cells else self._data.names.get(name, "")
            if column in cells and mapping.columns[column] is not None:
                found = [text for _tag, text in self._texts(data, name, value)]
                cells[column] += [f"POINT ({lon} {lat})" for lat, lon in self._points(data, name, value)] or found
            else:
                self.leaves.lose(data, _LEFT_OUT, name)
        draft, terms = plan[0].draft([_BETWEEN.join(cells[column]) for column in plan[1]])
        body = {**(draft.body or {}), "source_id": bounded_id(f"{mapping.source_prefix or 'arches:'}{self.id}")}
        return replace(draft, body=self._named(body)), terms

    def _named(self, body: dict[str, Any]) -> dict[str, Any]:
        if not body.get("title"):
            body["title"] = {"und": [f"Arches {self.id}"]}
            self.leaves.assume("title", self.id, "no name was found; the id of the resource stands for it")
        return body

    def guessed(self, audience: str) -> Draft:
        """Return the draft of what can be told by its form."""
        body: dict[str, Any] = {"source_id": bounded_id(f"arches:{self.id}")}
        links: list[dict[str, str]] = [
            {"role": "related_to", "to": f"arches:{one}"} for one in self._data.relations.get(self.id, ())
        ]
        said: dict[str, list[str]] = {}
        for data, name, value in self._values():
            label = self._data.names.get(name, "")
            if "point" not in body and (points := self._points(data, name, value)):
                body["point"] = {"lat": points[0][0], "lon": points[0][1]}
                continue
            links += [_reference(one, label) for one in self._references(data, name, value)]
            for tag, text in self._texts(data, name, value, peek=True):
                if self._takes_name(body, label, text):
                    body.setdefault("title", {}).setdefault(tag, []).append(text[:_LONGEST])
                    self._texts(data, name, value)
                    if not label:
                        self.leaves.assume("title", text, f"the node {name} has no name; its text stands for one")
                elif label and not _UUID.match(text):
                    said.setdefault(tag, []).append(f"{label}: {text}")
                    self._texts(data, name, value)
            self.leaves.lose(
                data, "without a mapping nobody knows what the node means" if not label else "it is no text", name
            )
        if said:
            body["description"] = {tag: list(dict.fromkeys(texts))[:_MOST_TEXTS] for tag, texts in said.items()}
        if links:
            body["links"] = list({tuple(one.items()): one for one in links}.values())
        return Draft(_KIND, self._named(body), audience)

    @staticmethod
    def _takes_name(body: Mapping[str, Any], label: str, text: str) -> bool:
        """A node that is called a name, or, where nodes have no names, the first text that can be one."""
        if label:
            return bool(_NAMES.search(label)) and not _UUID.match(text)
        return "title" not in body and not _UUID.match(text) and not _NO_NAME.match(text) and len(text) <= 200

    def _texts(self, data: Node, name: str, value: Any, *, peek: bool = False) -> list[tuple[str, str]]:
        """Return (language, text) of a value; peek: without noting that it was read."""
        if (
            isinstance(value, dict)
            and value
            and all(isinstance(one, dict) and "value" in one for one in value.values())
        ):
            found = [(language_tag(tag), str(one["value"]).strip()) for tag, one in value.items()]
            if not peek:
                self.leaves.whole(value)
        elif isinstance(value, list):
            found = [("und", str(one).strip()) for one in value if isinstance(one, str | int | float)]
            if not peek and found:
                self.leaves.whole(value)
        elif isinstance(value, str | int | float) and not isinstance(value, bool):
            found = [("und", str(value).strip())]
            if not peek:
                self.leaves.value(data, name)
        else:
            found = []
        return [(tag, text) for tag, text in found if text]

    def _points(self, _data: Node, _name: str, value: Any) -> list[tuple[float, float]]:
        """Return (latitude, longitude) of the points of a feature collection; other shapes have no field."""
        found: list[tuple[float, float]] = []
        for feature in nodes(value, "features"):
            shape = feature.get("geometry")
            at = shape.get("coordinates") if isinstance(shape, dict) and shape.get("type") == "Point" else None
            if isinstance(at, list) and len(at) >= 2 and all(isinstance(one, int | float) for one in at[:2]):
                if not found:
                    self.leaves.whole(shape)
                    self.leaves.value(feature, "type")
                found.append((float(at[1]), float(at[0])))
        if found:
            self.leaves.value(value, "type")
            self.leaves.lose(value, "one point has a field, other shapes have none")
        return [(lat, lon) for lat, lon in found if abs(lat) <= 90 and abs(lon) <= 180][:1]

    def _references(self, data: Node, name: str, value: Any) -> list[str]:
        """Return the resources of the same file that a value names."""
        given = value if isinstance(value, list) else [value]
        found = []
        for at, one in enumerate(given):
            target = one.get("resourceId") if isinstance(one, dict) else one
            if isinstance(target, str) and target in self._data.ids:
                found.append(target)
                self.leaves.value(value, at) if isinstance(value, list) and not isinstance(
                    one, dict
                ) else self.leaves.value(data, name)
                if isinstance(one, dict):
                    self.leaves.value(one, "resourceId")
        return found


def _reference(target: str, label: str) -> dict[str, str]:
    return {"role": "related_to", "to": f"arches:{target}"} | ({"note": label} if label else {})
