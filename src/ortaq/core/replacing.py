# SPDX-License-Identifier: Apache-2.0
"""What a record replaces, since it was merged with others: links of one role, which nobody writes by hand."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

REPLACES: Final = "replaces"


def replaced_in(body: Mapping[str, Any] | None) -> list[str]:
    """Return the URIs that *body*, in its stored form, says it replaces, in their order."""
    links = (body or {}).get("links")
    if not isinstance(links, list):
        return []
    return [str(link["to"]) for link in links if isinstance(link, Mapping) and link.get("role") == REPLACES]


def replacing(body: Mapping[str, Any], uris: Iterable[str]) -> dict[str, Any]:
    """Return *body* so that it replaces *uris* and nothing else; these links stand behind the others."""
    others = [link for link in body.get("links") or () if link.get("role") != REPLACES]
    links = others + [{"role": REPLACES, "to": uri} for uri in dict.fromkeys(uris)]
    changed = {name: value for name, value in body.items() if name != "links"}
    return changed | {"links": links} if links else changed


def own_words(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return *body* as people write it: without what it replaces, which is no word of theirs."""
    return replacing(body, ()) if replaced_in(body) else dict(body)
