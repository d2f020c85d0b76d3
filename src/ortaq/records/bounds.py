# SPDX-License-Identifier: Apache-2.0
"""Records that are about others, such as opinions, are seen no more widely than those: also when these are narrowed later.

So is what was merged into another record: its old versions are seen by nobody who may not see the one that stands in its place.
"""

from collections.abc import Iterable, Sequence

from django.db.models import Q

from ortaq.core.replacing import REPLACES
from ortaq.nodes.identity import own_id
from ortaq.records.bulk import in_chunks
from ortaq.records.models import Link, Record
from ortaq.records.projection import audience_of
from ortaq.records.registry import KINDS
from ortaq.records.replaced import once_replaced
from ortaq.records.store import Written


def narrow_what_is_about(changes: Sequence[Written]) -> None:
    """Give the records that *changes* bound the audience that is left to them. In the transaction of the door."""
    revised = {change.header.record for change in changes if not change.is_new}
    withdrawn = {change.record_id for change in changes if change.state != Record.LIVE}
    while revised:
        revised = _settle({*bounded_by(revised), *withdrawn})
        withdrawn = set()


def settle_all() -> None:
    """The same for every record that another bounds; a restore replays the log without looking at them."""
    about = Q(kind__in=[kind.name for kind in KINDS if kind.bounded_by])
    replaced = ~Q(state=Record.LIVE) & Q(uri__in=Link.objects.filter(role=REPLACES).values("target"))
    while _settle(Record.objects.filter(about | replaced).values_list("id", flat=True)):
        pass


def bounded_by(uris: Iterable[str]) -> list[int]:
    """Return the ids of the records that are about one of *uris* or about what it replaces, and of these."""
    wanted = set(uris)
    replaced = once_replaced(wanted)
    found: list[int] = []
    for chunk in in_chunks(replaced):
        found += Record.objects.filter(uri__in=chunk).exclude(state=Record.LIVE).values_list("id", flat=True)
    return list(dict.fromkeys([*found, *ids_about(wanted | replaced)]))


def ids_about(uris: Iterable[str]) -> list[int]:
    """Return the ids of the records that are about one of *uris*."""
    about = Q()
    for kind in KINDS:
        if kind.bounded_by:
            about |= Q(record__kind=kind.name, role__in=kind.bounded_by)
    found: list[int] = []
    for chunk in in_chunks(uris) if about else ():
        found += Link.objects.filter(about, target__in=chunk).values_list("record_id", flat=True)
    return list(dict.fromkeys(found))


def limits_of(records: Iterable[Record]) -> dict[int, list[str]]:
    """Return the audience tokens that bound each of *records*, by its id."""
    records = list(records)
    targets = _targets_of(records)
    uris = {target for _id, target in targets}
    audiences: dict[str, str] = {}
    for chunk in in_chunks(uris):
        audiences.update(Record.objects.filter(uri__in=chunk).values_list("uri", "audience"))
    gone = {record.uri: record.id for record in records if record.state != Record.LIVE}
    replacing = _audiences_in_place([*(uris - audiences.keys()), *gone])
    found: dict[int, list[str]] = {}
    for record_id, target in targets:
        if audience := audiences.get(target) or replacing.get(target):
            found.setdefault(record_id, []).append(audience)
    for uri, record_id in gone.items():
        if uri in replacing:
            found.setdefault(record_id, []).append(replacing[uri])
    return found


def _targets_of(records: Sequence[Record]) -> list[tuple[int, str]]:
    """Return (id, URI of what it is about) of those of *records* that are about others."""
    kinds = {kind.name: kind.bounded_by for kind in KINDS if kind.bounded_by}
    roles = {role for names in kinds.values() for role in names}
    found: list[tuple[int, str]] = []
    for chunk in in_chunks(record.id for record in records if record.kind in kinds):
        found += Link.objects.filter(record_id__in=chunk, role__in=roles).values_list("record_id", "target")
    return found


def _audiences_in_place(uris: Iterable[str]) -> dict[str, str]:
    """Return for those of *uris* that another record replaces the audience token of that one."""
    found: dict[str, str] = {}
    for chunk in in_chunks(uris):
        rows = Link.objects.filter(role=REPLACES, target__in=chunk).order_by("-id")
        found.update(rows.values_list("target", "record__audience"))
    return found


def settle_records(ids: Iterable[int]) -> None:
    """Give the records with these *ids*, and what is about them, the audience that is left to them."""
    changed = _settle(ids)
    while changed:
        changed = _settle(bounded_by(changed))


def _settle(ids: Iterable[int]) -> set[str]:
    """Bring the audiences of the records with these *ids* up to what bounds them; return the URIs of those that changed."""
    changed: set[str] = set()
    for chunk in in_chunks(ids):
        records = list(Record.objects.select_related("change").filter(id__in=chunk))
        limits = limits_of(records)
        for record in records:
            change = record.change
            bounding = sorted(limits.get(record.id, ()))
            audience = audience_of(change.header(), change.body is None, bounding, own_id())
            if audience != record.audience:
                Record.objects.filter(pk=record.pk).update(audience=audience)
                changed.add(record.uri)
    return changed
