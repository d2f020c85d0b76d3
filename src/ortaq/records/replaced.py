# SPDX-License-Identifier: Apache-2.0
"""Which record stands in the place of which, since they were merged: read off the links of the role `replaces`. Unfiltered."""

from collections.abc import Iterable, Mapping
from typing import Any

import orjson
from django.db.models import QuerySet

from ortaq.core.replacing import REPLACES, replaced_in
from ortaq.records.bulk import in_chunks
from ortaq.records.models import Change, Link, Record
from ortaq.records.store import Present, Written


def replaced_by(uris: Iterable[str]) -> dict[str, list[str]]:
    """Return what each of *uris* replaces, by its URI; only live records replace others."""
    found: dict[str, list[str]] = {}
    for chunk in in_chunks(dict.fromkeys(uris)):
        rows = Link.objects.filter(role=REPLACES, record__uri__in=chunk).order_by("id")
        for uri, target in rows.values_list("record__uri", "target"):
            found.setdefault(uri, []).append(target)
    return found


def itself_and_replaced(uri: str) -> QuerySet[Any, Any]:
    """Return, as part of another query, the URI of the record *uri* and of what it replaces."""
    replaced = Link.objects.filter(role=REPLACES, record__uri=uri).values_list("target")
    return Record.objects.filter(uri=uri).values_list("uri").union(replaced, all=True)


def replacing(uris: Iterable[str]) -> dict[str, str]:
    """Return the record that stands in the place of each of *uris*, by its URI."""
    found: dict[str, str] = {}
    for chunk in in_chunks(dict.fromkeys(uris)):
        rows = Link.objects.filter(role=REPLACES, target__in=chunk).order_by("-id")
        found.update(rows.values_list("target", "record__uri"))
    return found


def once_replaced(uris: Iterable[str]) -> set[str]:
    """Return what *uris* replace, or have replaced before they were withdrawn."""
    wanted = list(dict.fromkeys(uris))
    found = {target for targets in replaced_by(wanted).values() for target in targets}
    for chunk in in_chunks(wanted):
        gone = Record.objects.filter(uri__in=chunk).exclude(state=Record.LIVE).values("uri")
        bodies = Change.objects.filter(record__in=gone, body__contains=f'"{REPLACES}"').values_list("body", flat=True)
        found.update(target for body in bodies for target in _in_text(body))
    return found


def last_replaced(uri: str) -> list[str]:
    """Return what the last body that the log has of the record *uri* says it replaces."""
    bodies = Change.objects.filter(record=uri, body__isnull=False).order_by("-version")
    return _in_text(bodies.values_list("body", flat=True).first())


def revived(uri: str) -> list[str]:
    """Return what a withdrawn record replaced, as far as it may again: what stands by itself by now, or under another, stays there."""
    targets = last_replaced(uri)
    taken = replacing(targets)
    live = set(Record.objects.filter(uri__in=targets, state=Record.LIVE).values_list("uri", flat=True))
    return [target for target in targets if target not in live and target not in taken]


def _in_text(body: str | None) -> list[str]:
    if not body or REPLACES not in body:
        return []
    try:
        return replaced_in(orjson.loads(body))
    except ValueError:  # damaged: `ortaq verify` tells
        return []


class Places:
    """Who replaces whom while drafts are written; kept up to date from draft to draft."""

    def __init__(self, present: Mapping[str, Present], absent: Iterable[str]) -> None:
        """present: of the records that are written; absent: URIs that drafts name and that are not here."""
        live = [uri for uri, one in present.items() if one.state == Record.LIVE]
        self._of = replaced_by(live)
        self._by = replacing([*(uri for uri, one in present.items() if one.state != Record.LIVE), *absent])

    def of(self, uri: str) -> list[str]:
        return self._of.get(uri, [])

    def by(self, uri: str) -> str | None:
        """Return the record that stands in the place of *uri*."""
        return self._by.get(uri)

    def note(self, change: Written) -> None:
        """Take over what *change* says."""
        uri = change.header.record
        for target in self._of.pop(uri, []):
            if self._by.get(target) == uri:
                del self._by[target]
        if targets := [target for role, target in change.derived.links if role == REPLACES]:
            self._of[uri] = targets
            self._by.update(dict.fromkeys(targets, uri))
