# SPDX-License-Identifier: Apache-2.0
"""On which shelves of the list a record stands: harvesters take one shelf, a format takes the kinds that it can describe."""

from typing import Any

from ortaq.core.outline import outline
from ortaq.records.registry import KINDS

IMAGE = "image"


def shelves_of(kind: str, node: str, body: dict[str, Any]) -> list[str]:
    """Return the shelves of a record with *body*; only those that need no body for one that nobody here can read."""
    shelves = sure_shelves(kind, node)
    if kind not in KINDS:
        return shelves
    try:
        found = outline(KINDS[kind], body)
    except (KeyError, TypeError, AttributeError, ValueError):  # damaged: `ortaq verify` tells
        return shelves
    shelves += [f"country:{code}" for code in dict.fromkeys(found.countries)]
    if any(str(file.get("media_type", "")).startswith("image/") for file in found.files):
        shelves.append(IMAGE)
    return shelves


def sure_shelves(kind: str, node: str) -> list[str]:
    return [f"kind:{kind}", f"node:{node}"]
