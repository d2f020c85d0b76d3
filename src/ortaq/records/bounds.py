# SPDX-License-Identifier: Apache-2.0
"""Records that are about others, such as opinions, are seen no more widely than those: also when these are narrowed later."""

from collections.abc import Iterable, Sequence

from django.db.models import Q

from ortaq.core.audience import bounded_token
from ortaq.records.bulk import in_chunks
from ortaq.records.models import Link, Record
from ortaq.records.registry import KINDS
from ortaq.records.store import Written


def narrow_what_is_about(changes: Sequence[Written]) -> None:
    """Give the records that *changes* bound the audience that is left to them. In the transaction of the door."""
    revised = {change.header.record for change in changes if not change.is_new}
    while revised:
        revised = _settle(bounded_by(revised))


def settle_all() -> None:
    """The same for every record that another bounds; a restore replays the log without looking at them."""
    kinds = [kind.name for kind in KINDS if kind.bounded_by]
    while _settle(Record.objects.filter(kind__in=kinds).values_list("id", flat=True)):
        pass


def bounded_by(uris: Iterable[str]) -> list[int]:
    """Return the ids of the records that are about one of *uris*."""
    about = Q()
    for kind in KINDS:
        if kind.bounded_by:
            about |= Q(record__kind=kind.name, role__in=kind.bounded_by)
    if not about:
        return []
    found: list[int] = []
    for chunk in in_chunks(uris):
        found += Link.objects.filter(about, target__in=chunk).values_list("record_id", flat=True)
    return list(dict.fromkeys(found))


def limits_of(records: Iterable[Record]) -> dict[int, list[str]]:
    """Return the audience tokens that bound each of *records*, by its id."""
    kinds = {kind.name: kind.bounded_by for kind in KINDS if kind.bounded_by}
    ids = [record.id for record in records if record.kind in kinds]
    roles = {role for names in kinds.values() for role in names}
    targets: list[tuple[int, str]] = []
    for chunk in in_chunks(ids):
        targets += Link.objects.filter(record_id__in=chunk, role__in=roles).values_list("record_id", "target")
    audiences: dict[str, str] = {}
    for chunk in in_chunks({target for _id, target in targets}):
        audiences.update(Record.objects.filter(uri__in=chunk).values_list("uri", "audience"))
    found: dict[int, list[str]] = {}
    for record_id, target in targets:
        if target in audiences:
            found.setdefault(record_id, []).append(audiences[target])
    return found


def _settle(ids: Iterable[int]) -> set[str]:
    """Bring the audiences of the records with these *ids* up to what bounds them; return the URIs of those that changed."""
    changed: set[str] = set()
    for chunk in in_chunks(ids):
        records = list(Record.objects.select_related("change").filter(id__in=chunk))
        limits = limits_of(records)
        for record in records:
            change = record.change
            audience = bounded_token(change.audience, change.by, sorted(limits.get(record.id, ())))
            if audience != record.audience:
                Record.objects.filter(pk=record.pk).update(audience=audience)
                changed.add(record.uri)
    return changed
