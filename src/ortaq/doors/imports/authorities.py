# SPDX-License-Identifier: Apache-2.0
"""The terms, agents and places that come along with records: they add to what is here and take nothing away.

Many records name the same painter, each in its own words; so an authority record is the union of what was said of it,
and a second import finds nothing to add.
"""

from collections.abc import Callable, Iterable
from typing import Any

from ortaq.core.errors import OrtaqError
from ortaq.doors.imports.item import Item, Lost
from ortaq.records.door import Draft
from ortaq.records.registry import KINDS

Body = dict[str, Any]
_KEPT_AT_MOST = 5_000
# Says what stands here of some source ids: body and audience; an empty body means that it stays as it is.
LookUp = Callable[[set[str]], dict[str, tuple[Body, str]]]


class Authorities:
    """Knows the authority records met last, so that each costs one look at the database."""

    def __init__(self, node: str, look_up: LookUp) -> None:
        self._node, self._ask = node, look_up
        self._known: dict[str, tuple[Body, str]] = {}

    def additions(self, items: Iterable[Item]) -> list[tuple[Draft, Item]]:
        """Return a draft for each authority record that is new or gains something, with the item that brought it."""
        named = self._named(items)
        self._look_up(source_id for source_id, (draft, _) in named.items() if draft.kind in KINDS)
        found = []
        for source_id, (draft, item) in named.items():
            body = dict(draft.body or {})
            before, audience = self._known.get(source_id, (None, draft.audience))
            after = body if before is None else union(before, body)
            if before != {} and after != before:
                found.append((Draft(draft.kind, after, audience), item))
                self._known[source_id] = after, audience
        return found

    def _named(self, items: Iterable[Item]) -> dict[str, tuple[Draft, Item]]:
        """Return what the items together say of each authority record, in its stored form."""
        named: dict[str, tuple[Draft, Item]] = {}
        for item in items:
            for draft in item.also:
                try:
                    body = KINDS[draft.kind].validate(draft.body or {}, self._node)
                except OrtaqError as error:
                    item.lost = [*item.lost, lost_authority(draft, error)]
                    continue
                if body["source_id"] in named:
                    other, first = named[body["source_id"]]
                    named[body["source_id"]] = (
                        Draft(draft.kind, union(dict(other.body or {}), body), draft.audience),
                        first,
                    )
                else:
                    named[body["source_id"]] = (Draft(draft.kind, body, draft.audience), item)
        return named

    def _look_up(self, source_ids: Iterable[str]) -> None:
        """Learn what stands here of *source_ids*."""
        if len(self._known) > _KEPT_AT_MOST:
            self._known.clear()
        self._known |= self._ask({name for name in source_ids if name not in self._known})


def lost_authority(draft: Draft, error: OrtaqError) -> Lost:
    """Return how the report says that an authority record was refused."""
    body = draft.body or {}
    return Lost(
        str(body.get("source_id")),
        1,
        str(next(iter((body.get("title") or {}).values()), ""))[:100],
        f"{error.code}: {error}",
    )


def union(before: Body, more: Body) -> Body:
    """Return *before* with what *more* adds: names, entries of lists, fields that were empty. Both in stored form."""
    merged = dict(before)
    for name, value in more.items():
        if name not in merged:
            merged[name] = value
        elif isinstance(value, dict) and all(isinstance(texts, list) for texts in value.values()):
            merged[name] = _both_maps(merged[name], value)
        elif isinstance(value, list):
            merged[name] = _both_lists(merged[name], value)
    return merged


def _both_maps(before: dict[str, list[str]], more: dict[str, list[str]]) -> dict[str, list[str]]:
    tags = [*before, *(tag for tag in more if tag not in before)]
    return {tag: _both_lists(before.get(tag, []), more.get(tag, [])) for tag in tags}


def _both_lists(before: list[Any], more: list[Any]) -> list[Any]:
    return [*before, *(value for value in more if value not in before)]
