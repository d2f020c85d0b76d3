# SPDX-License-Identifier: Apache-2.0
"""The terms, agents and places that come along with records: they add to what is here and take nothing away.

Many records name the same painter, each in its own words; so an authority record is the union of what was said of it,
and a second import finds nothing to add.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from ortaq.core.errors import OrtaqError
from ortaq.core.lost import Lost
from ortaq.doors.imports.item import Item
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

    def additions(self, items: Sequence[Item]) -> list[tuple[Draft, Item]]:
        """Return a draft for each authority record that is new or gains something, with the item that brought it."""
        return [*self._added(items), *self._mentioned(items)]

    def _mentioned(self, items: Sequence[Item]) -> list[tuple[Draft, Item]]:
        """Return a draft for each record that is only named in passing, and is neither here nor among *items*."""
        own = {str(item.draft.body.get("source_id")): item.draft for item in items if item.draft and item.draft.body}
        checked = [(one, item) for item in items for draft in item.named if (one := self._checked(draft, item))]
        self._look_up(str((draft.body or {})["source_id"]) for draft, _item in checked)
        found = []
        for draft, item in checked:
            body = dict(draft.body or {})
            source_id = body["source_id"]
            before = self._coming(own.get(source_id)) or self._known.get(source_id, (None, ""))[0]
            if before is None:
                found.append((draft, item))
                self._known[source_id] = body, draft.audience
            elif before is not None and before != {} and union(before, body) != before:
                item.lost = [*item.lost, *kept_as_it_is(draft, before or {})]
        return found

    def _coming(self, draft: Draft | None) -> Body | None:
        """Return the body of a record that comes as a whole in the same batch; None if none does."""
        try:
            return KINDS[draft.kind].validate(draft.body or {}, self._node) if draft else None
        except OrtaqError:
            return None

    def _checked(self, draft: Draft, item: Item) -> Draft | None:
        """Return *draft* in its stored form; what is wrong with it is lost."""
        try:
            return Draft(draft.kind, KINDS[draft.kind].validate(draft.body or {}, self._node), draft.audience)
        except OrtaqError as error:
            item.lost = [*item.lost, lost_authority(draft, error)]
            return None

    def _added(self, items: Iterable[Item]) -> list[tuple[Draft, Item]]:
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
                checked = self._checked(draft, item)
                if checked is None:
                    continue
                body = dict(checked.body or {})
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


def kept_as_it_is(draft: Draft, before: Body) -> list[Lost]:
    """Return how the report says that a record named in passing stands here already, and what of its mention does not."""
    why = "the record named here stands here already, and stays as it is"
    more = union(before, dict(draft.body or {}))
    return [
        Lost(f"{more['source_id']}/{name}", len(texts), ", ".join(texts)[:100], why)
        for name, value in more.items()
        if value != before.get(name)
        and (texts := [text for text in _texts(value) if text not in _texts(before.get(name))])
    ]


def _texts(value: Any) -> list[str]:
    """Return every text in a value."""
    if isinstance(value, dict | list):
        return [text for one in (value.values() if isinstance(value, dict) else value) for text in _texts(one)]
    return [] if value is None else [str(value)]


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
