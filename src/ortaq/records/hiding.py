# SPDX-License-Identifier: Apache-2.0
"""What this node does not show on its own pages: a record that says so, with its reason, hides the one that it is about.

Hiding deletes nothing and keeps nothing secret: the log, the exchange and the API have what is hidden, so that anybody can
look at what was decided. Pages, search, feeds and the harvest list do without it.
"""

from collections.abc import Iterable

import orjson
from django.db.models import Exists, OuterRef, Q, QuerySet

from ortaq.core.audience import Viewer
from ortaq.nodes.identity import own_id
from ortaq.records.bulk import in_chunks
from ortaq.records.models import Change, Link, Record
from ortaq.records.queries import visible
from ortaq.records.registry import KINDS


def is_hidden(uri: str, node: str = "") -> Exists:
    """Return the condition that *node*, if not given this one, hides the record; uri: the column that has its URI."""
    return Exists(_links(node or own_id()).filter(target=OuterRef(uri)))


def hidden(uris: Iterable[str]) -> set[str]:
    """Return those of *uris* that this node hides."""
    return {
        target
        for chunk in in_chunks(dict.fromkeys(uris))
        for target in _links(own_id()).filter(target__in=chunk).values_list("target", flat=True)
    }


def mark_hidden(records: Iterable[Record], viewer: Viewer) -> None:
    """Set is_hidden of those of *records* that this node hides from the eyes of *viewer*."""
    personal = [one for one in records if _may_be_hidden(one, viewer)]
    off = hidden(one.uri for one in personal)
    for one in personal:
        one.is_hidden = one.uri in off


def _may_be_hidden(record: Record, viewer: Viewer) -> bool:
    """Only somebody's own words are hidden, and from whoever said them they never are."""
    return record.kind in KINDS and KINDS[record.kind].is_personal and record.author not in viewer.actors


def hiding_from(record: Record, viewer: Viewer) -> Record | None:
    """Return the record by which this node hides *record* from the eyes of *viewer*, and mark it; None if it does not."""
    found = hidings_of([record.uri], own_id()).get(record.uri) if _may_be_hidden(record, viewer) else None
    record.is_hidden = found is not None
    return found


def hidings_of(uris: Iterable[str], node: str, viewer: Viewer | None = None) -> dict[str, Record]:
    """Return for those of *uris* that *node* hides the record that says so; viewer: who has to be allowed to read that."""
    found: dict[str, Record] = {}
    for chunk in in_chunks(dict.fromkeys(uris)):
        links = _links(node).filter(target__in=chunk).select_related("record__change").order_by("record_id")
        if viewer is not None:
            links = links.filter(visible(viewer, "record__"))
        found.update({link.target: link.record for link in links})
    return found


def once_hidden_by(changes: QuerySet[Change]) -> set[str]:
    """Return the URIs that any version of the records of *changes* hides or has hidden."""
    fields = {kind.name: kind.hides for kind in KINDS if kind.hides}
    records = changes.filter(kind__in=fields).values("record")
    bodies = Change.objects.filter(node=own_id(), record__in=records, body__isnull=False)
    return {str(orjson.loads(change.body or "{}").get(fields[change.kind], "")) for change in bodies}


def _links(node: str) -> QuerySet[Link]:
    """The links by which records of *node* hide others; a withdrawn record has none."""
    hiding = Q()
    for kind in KINDS:
        if kind.hides:
            hiding |= Q(record__kind=kind.name, role=kind.hides)
    return Link.objects.filter(hiding, record__node=node) if hiding else Link.objects.none()
