# SPDX-License-Identifier: Apache-2.0
"""Tables in which a record has several rows, one below the other: Arches writes further values of a resource that way."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from ortaq.core.lost import Lost
from ortaq.doors.imports.item import Item
from ortaq.doors.imports.repeats import source_id_of

_RESOURCE = "ResourceID"  # the first column of what Arches exports


def has_several_rows(header: Sequence[str]) -> bool:
    return list(header[:1]) == [_RESOURCE]


def joined(items: Iterator[Item]) -> Iterator[Item]:
    """Yield one item for the rows of one record; its number is that of its last row, so that an import can go on behind it."""
    open_: Item | None = None
    for item in items:
        if open_ is not None and _is_same(open_, item):
            open_ = _both(open_, item)
            continue
        if open_ is not None:
            yield open_
        open_ = item
    if open_ is not None:
        yield open_


def _is_same(one: Item, other: Item) -> bool:
    name = source_id_of(one)
    return name is not None and name == source_id_of(other)


def _both(one: Item, other: Item) -> Item:
    if one.draft is None or other.draft is None:
        return one
    lost: list[Lost] = []
    body = _together(dict(one.draft.body or {}), other.draft.body or {}, lost)
    draft = replace(one.draft, body=body)
    return replace(
        one,
        number=other.number,
        end=other.end,
        draft=draft,
        also=[*one.also, *other.also],
        lost=[*one.lost, *other.lost, *lost],
    )


def _together(before: dict[str, Any], more: Any, lost: list[Lost]) -> dict[str, Any]:
    """Return what two rows say together; of what a record has only once, the first row decides."""
    found = dict(before)
    for name, value in more.items():
        there = found.get(name)
        if there is None:
            found[name] = value
        elif isinstance(there, list) and isinstance(value, list):
            found[name] = [*there, *(one for one in value if one not in there)]
        elif (
            isinstance(there, dict) and isinstance(value, dict) and all(isinstance(one, list) for one in value.values())
        ):
            found[name] = _together(there, value, lost)
        elif there != value:
            lost.append(
                Lost(
                    name,
                    1,
                    str(value)[:100],
                    "an earlier row of the same record says something else, and there is one value",
                )
            )
    return found
