# SPDX-License-Identifier: Apache-2.0
"""Reading a JSON record while noting what was read, so that what came in and what was lost can be told apart to the last value."""

from collections.abc import Iterator
from typing import Any

from ortaq.core.lost import Lost
from ortaq.doors.imports.taken import NO_FIELD

_SAMPLE = 100
Node = dict[str, Any]


class Leaves:
    """Hands out values of one record and remembers which. What it reads must not change meanwhile: it is known by its place in memory."""

    def __init__(self, record: Any) -> None:
        self.record = record
        self._taken: set[tuple[int, str | int]] = set()
        self._why: dict[int, str] = {}
        self._why_leaf: dict[tuple[int, str | int], str] = {}
        self._more: list[Lost] = []

    def text(self, node: Any, name: str | int) -> str:
        """Return a text or number as text, without space around it; empty if there is none."""
        found = self.value(node, name)
        return (
            found.strip() if isinstance(found, str) else "" if found is None or isinstance(found, bool) else str(found)
        )

    def value(self, node: Any, name: str | int) -> Any:
        """Return a value that is neither a node nor a list; None if there is none."""
        found = _member(node, name)
        if isinstance(found, dict | list):
            return None
        if found is not None:
            self._taken.add((id(node), name))
        return found

    def forget(self, node: Any, name: str | int) -> None:
        """Note that a value, though read, does not come in."""
        self._taken.discard((id(node), name))

    def whole(self, node: Any) -> None:
        """Note that everything in *node* is held in another form."""
        for container, key, _value, _path in _leaves(node, ""):
            self._taken.add((id(container), key))

    def lose(self, node: Any, why: str, name: str | int | None = None) -> None:
        """Say why what stands in *node*, or under one *name* of it, does not come in; only what is not read otherwise counts."""
        found = node if name is None else _member(node, name)
        if isinstance(found, dict | list):
            for container, _key, _value, _path in _leaves(found, ""):
                self._why.setdefault(id(container), why)
        elif found is not None and name is not None:
            self._why_leaf.setdefault((id(node), name), why)

    def assume(self, path: str, sample: str, why: str) -> None:
        """Say what the input left open and how it was read."""
        self._more.append(Lost(path, 1, sample[:_SAMPLE], why))

    def lost(self) -> list[Lost]:
        """Return every value that was not handed out, by path."""
        found: dict[tuple[str, str], tuple[int, str]] = {}
        for container, key, value, path in _leaves(self.record, ""):
            if (id(container), key) not in self._taken:
                why = self._why_leaf.get((id(container), key)) or self._why.get(id(container), NO_FIELD)
                count, sample = found.get((path, why), (0, str(value)[:_SAMPLE]))
                found[path, why] = count + 1, sample
        return [Lost(path, count, sample, why) for (path, why), (count, sample) in found.items()] + self._more


def _member(node: Any, name: str | int) -> Any:
    if isinstance(node, dict):
        return node.get(name)
    return node[name] if isinstance(node, list) and isinstance(name, int) and name < len(node) else None


def _leaves(node: Any, path: str) -> Iterator[tuple[Any, str | int, Any, str]]:
    """Yield (container, key, value, path) of everything that is neither a node nor a list, and not nothing."""
    members = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in members:
        below = f"{path}/{key}".lstrip("/") if isinstance(node, dict) else path
        if isinstance(value, dict | list):
            yield from _leaves(value, below)
        elif value is not None and value != "":
            yield node, key, value, below


def nodes(node: Any, name: str) -> list[Node]:
    """Return what stands under *name*, one or many, as far as it is nodes."""
    found = _member(node, name)
    return [one for one in (found if isinstance(found, list) else [found]) if isinstance(one, dict)]


def texts(leaves: Leaves, node: Any, name: str) -> list[str]:
    """Return the texts under *name*, one or many."""
    found = _member(node, name)
    if isinstance(found, list):
        return [text for at in range(len(found)) if (text := leaves.text(found, at))]
    return [text] if (text := leaves.text(node, name)) else []
