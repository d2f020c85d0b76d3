# SPDX-License-Identifier: Apache-2.0
"""Changes in the order of the log, page by page: of one record or of all, as far as a viewer may see them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Length

from ortaq.core.audience import PARTNERS, PRIVATE, Viewer
from ortaq.records.models import Change, Record
from ortaq.records.queries import Version, newest_position, versions_as_seen, visible

MOST_CHARACTERS: Final = 4_000_000  # of bodies in one page, so that a page of long texts stays one that can be carried
_LOOKED_AT: Final = 5_000  # changes for one page: who may see few of many gets a short page, not a slow one


@dataclass(frozen=True, slots=True)
class Page:
    """after: where to go on, now or when there is more; is_end: nothing comes after it yet."""

    versions: list[Version]
    after: int
    is_end: bool


def changes_for(viewer: Viewer, *, after: int = 0, limit: int = 100) -> Page:
    """Return the changes after the position *after* that *viewer* may see, bodies included.

    A change is seen by whoever may see the record now and might see that version then. Five queries.
    """
    newest = newest_position()
    end = min(after + _LOOKED_AT, newest)
    record = Record.objects.filter(visible(viewer), uri=OuterRef("record"))
    found = Change.objects.filter(_seen_by(viewer), Exists(record), id__gt=after, id__lte=end)
    chosen, has_more = _fitting(found.order_by("id"), limit)
    changes = list(Change.objects.filter(id__in=chosen).order_by("id"))
    position = chosen[-1] if has_more else max(end, after)
    return Page(versions_as_seen(changes, viewer), position, is_end=position >= newest)


def versions_for(record: Record, viewer: Viewer, *, after: int = 0, limit: int = 100) -> Page:
    """Return the versions of *record* after the version *after*, oldest first; a body that is not for *viewer* is withheld."""
    found = Change.objects.filter(record=record.uri, version__gt=after).order_by("version")
    chosen, has_more = _fitting(found, limit)
    changes = list(Change.objects.filter(id__in=chosen).order_by("version"))
    position = changes[-1].version if changes else after
    return Page(versions_as_seen(changes, viewer), position, is_end=not has_more)


def _seen_by(viewer: Viewer) -> Q:
    """The condition that the audience of the change itself lets *viewer* see it."""
    shared = [token for token in viewer.tokens if not token.startswith(f"{PRIVATE}:")]
    own = [token.partition(":")[2] for token in viewer.tokens if token.startswith(f"{PRIVATE}:")]
    condition = Q(audience__in=shared) | Q(audience=PRIVATE, by__in=own)
    if viewer.sees_named_partners:
        condition |= Q(audience__startswith=f"{PARTNERS}:")
    return condition


def _fitting(found: QuerySet[Change], limit: int) -> tuple[list[int], bool]:
    """Return the ids of the first changes whose bodies fit one page, and whether there are more."""
    sizes = list(found.annotate(size=Length("body")).values_list("id", "size")[: limit + 1])
    chosen = list(_within(sizes[:limit]))
    return chosen, len(chosen) < len(sizes)


def _within(sizes: Iterable[tuple[int, int | None]]) -> Iterable[int]:
    sum_ = 0
    for id_, size in sizes:
        sum_ += size or 0
        if sum_ > MOST_CHARACTERS and sum_ > (size or 0):
            return
        yield id_
