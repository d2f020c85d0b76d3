# SPDX-License-Identifier: Apache-2.0
"""What we keep of other nodes: their names and their keys, as far as we have their logs."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ortaq.nodes.keys import KeyOf
from ortaq.nodes.models import Actor, Key, Node


def keys_of(node: str) -> list[KeyOf]:
    """Return the keys of *node* as of the end of its log here, oldest first."""
    rows = Key.objects.filter(node=node).order_by("first_seq", "use", "public")
    return [KeyOf(*row) for row in rows.values_list("public", "use", "first_seq", "last_seq", "is_revoked")]


def keep_node(node: str, body: Mapping[str, Any], keys: Sequence[KeyOf]) -> None:
    """Keep what the newest record of *node* says of it, and its keys."""
    Node.objects.filter(pk=node).update(
        names=body.get("title", {}),
        countries=body.get("countries", []),
        address=body.get("address", ""),
    )
    keep_keys(node, keys)


def keep_keys(node: str, keys: Iterable[KeyOf]) -> None:
    for key in keys:
        Key.objects.update_or_create(
            public=key.public,
            defaults={
                "node_id": node,
                "use": key.use,
                "first_seq": key.first_seq,
                "last_seq": key.last_seq,
                "is_revoked": key.is_revoked,
            },
        )


def names_of_nodes(nodes: Iterable[str]) -> dict[str, dict[str, list[str]]]:
    """Return the names, as language maps, of those of *nodes* (ids) that are known here; our own too."""
    rows = Node.objects.filter(pk__in=set(nodes)).values_list("id", "names", "name")
    return {node: names or {"und": [name]} for node, names, name in rows}


def actor_names(actors: Iterable[str]) -> dict[str, dict[str, list[str]]]:
    """Return the names, as language maps, of those of *actors* that act at other nodes."""
    return dict(Actor.objects.filter(uri__in=set(actors)).values_list("uri", "names"))
