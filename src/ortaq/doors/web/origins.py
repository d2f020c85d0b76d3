# SPDX-License-Identifier: Apache-2.0
"""Of which node a record is, and who acts there: names of other nodes and of their people, in the reader's language."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.core.cache import cache

from ortaq.core.identifiers import node_uri
from ortaq.doors.web import names
from ortaq.nodes import keeping
from ortaq.nodes.identity import own_id
from ortaq.nodes.kind import record_of_node
from ortaq.nodes.models import Node
from ortaq.people.queries import names_of
from ortaq.records.announcing import own_names
from ortaq.records.models import Record

_KEPT_SECONDS: Final = 30  # a page of results asks for each of its rows


@dataclass(frozen=True, slots=True)
class Origin:
    """Another node. record: URI of the record in which it describes itself, if it is here for everyone."""

    node: str
    name: names.Shown
    record: str = ""


def origin_of(node: str) -> Origin | None:
    """Return which other node *node* is; None for our own."""
    if node == own_id():
        return None
    texts, plain, record = _nodes().get(node, ({}, "", ""))
    return Origin(node, names.shown(texts) or names.Shown(plain or f"{node[:8]}…", "und", False), record)


def name_of_node(node: str) -> names.Shown | None:
    """Return what the node with the id *node* is called, our own too; None if it is not known here."""
    texts, plain, _record = (own_names(), "", "") if node == own_id() else _nodes().get(node, ({}, "", ""))
    return names.shown(texts) or (names.Shown(plain, "und", False) if plain else None)


def name_behind(uri: str) -> names.Shown | None:
    """Return what the node is called that describes itself in the record *uri*, also where that has not come yet."""
    parts = uri.split(":")
    return name_of_node(parts[2]) if len(parts) == 4 and uri == record_of_node(parts[2]) else None


def _nodes() -> dict[str, tuple[names.LanguageMap, str, str]]:
    key = f"nodes:{settings.HOME}"
    found: dict[str, Any] | None = cache.get(key)
    if found is None:
        rows = list(Node.objects.filter(is_self=False).values_list("id", "names", "name"))
        uris = {record_of_node(node): node for node, _names, _name in rows}
        here = Record.objects.filter(uri__in=list(uris), state=Record.LIVE, audience="public")
        records = {uris[uri]: uri for uri in here.values_list("uri", flat=True)}
        found = {node: (texts, name, records.get(node, "")) for node, texts, name in rows}
        cache.set(key, found, _KEPT_SECONDS)
    return found


def web_address(address: str) -> str:
    """Return *address*, which a node has told of itself, if it is one that a link may lead to."""
    return address if address.startswith(("https://", "http://")) else ""


def is_foreign(actor: str) -> bool:
    return actor.startswith("urn:ortaq:") and not actor.startswith(node_uri(own_id()))


def foreign_names(actors: Iterable[str]) -> dict[str, str]:
    """Return for those of *actors* that act at other nodes their names there; the name of the node where it told none."""
    foreign = {actor for actor in actors if is_foreign(actor)}
    told = keeping.actor_names(foreign) if foreign else {}
    return {actor: _name(actor, told.get(actor, {})) for actor in foreign}


def _name(actor: str, texts: names.LanguageMap) -> str:
    found = names.shown(texts)
    if found is not None:
        return found.text
    origin = origin_of(actor.split(":")[2])
    return origin.name.text if origin else actor


def actor_names(actors: Iterable[str]) -> dict[str, str]:
    """Return the names of people here and of those who act at other nodes, by actor."""
    actors = set(actors)
    return names_of(actor for actor in actors if not is_foreign(actor)) | foreign_names(actors)
