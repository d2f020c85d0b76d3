# SPDX-License-Identifier: Apache-2.0
"""What was met becomes a record of this node's own that says where it is from. It is signed by us: never in the name of its owner.

Its source id has the repository in it, so that no repository can overwrite what another one, or this node, has written.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from lxml import etree

from ortaq.core.errors import OrtaqError
from ortaq.core.identifiers import is_record_uri, split_uri
from ortaq.doors.imports import lido
from ortaq.doors.imports.harvest import dublin_core
from ortaq.doors.imports.harvest.errors import OwnRecord, RecordHasNoContent
from ortaq.doors.imports.harvest.protocol import Met
from ortaq.doors.imports.item import Item
from ortaq.doors.imports.tags import bounded_id

_MOST_SOURCES: Final = 50
# prefix of the format → what reads it, and the name of its first element
READERS: Final[Mapping[str, tuple[Callable[[int, etree._Element, str], Item], str]]] = {
    "lido": (lambda number, element, audience: lido.item_of(number, 0, 0, element, audience), "lido"),
    "oai_dc": (dublin_core.item_of, "dc"),
}


def source_id(base: str, identifier: str) -> str:
    return bounded_id(f"{base}#{identifier}")


def item_of(met: Met, number: int, prefix: str, *, base: str, name: str, node: str, audience: str) -> Item:
    """Return the item for a record that is not deleted. base, name: of the repository; node: this one."""
    try:
        if is_record_uri(met.identifier) and split_uri(met.identifier)[0] == node:
            raise OwnRecord(identifier=met.identifier)
        read, root = READERS[prefix]
        if met.metadata is None or etree.QName(met.metadata).localname != root:
            raise RecordHasNoContent(identifier=met.identifier)
        item = read(number, met.metadata, audience)
        assert item.draft is not None and item.draft.body is not None
        item.draft.body = _with_origin(dict(item.draft.body), met, base, name)
        return item
    except OrtaqError as error:
        return Item(number, 0, 0, None, error)


def _with_origin(body: dict[str, Any], met: Met, base: str, name: str) -> dict[str, Any]:
    origin = f"{name or base}, {base}, {met.identifier}, {met.datestamp}"
    told = [origin, *([met.origin] if met.origin else [])]
    sources = list(dict.fromkeys([*told, *body.get("sources", ())]))[:_MOST_SOURCES]
    known = [*body.get("identifiers", ()), {"scheme": "oai", "value": met.identifier}]
    identifiers = [dict(one) for one in {tuple(one.items()) for one in known}]
    identifiers.sort(key=lambda one: (one["scheme"], one["value"]))
    found = {
        **body,
        "source_id": source_id(base, met.identifier),
        "sources": [one[:2_000] for one in sources],
        "identifiers": identifiers,
    }
    if is_record_uri(met.identifier):
        found["links"] = [*body.get("links", ()), {"role": "same_as", "to": met.identifier}]
    return found
