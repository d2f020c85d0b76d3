# SPDX-License-Identifier: Apache-2.0
"""Reads of the list: page by page in its order, backwards, or one row. What a row says is looked up again in the records."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Length

from ortaq.core.audience import STRANGER
from ortaq.doors.harvest.models import Listed, Reach, Shelved
from ortaq.records.models import Record
from ortaq.records.queries import records_for

MOST_CHARACTERS: Final = 4_000_000  # of bodies in one page


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the list. uri: of its record; record: as everyone sees it now, None if it is gone, or not asked for."""

    id: int
    uri: str
    node: str
    kind: str
    position: int
    at: str
    is_gone: bool
    version: int
    record: Record | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """Which rows. shelf: empty for all; kinds: None for all; since, until: instants, both included; empty for all."""

    shelf: str = ""
    kinds: tuple[str, ...] | None = None
    since: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """after: where the next page begins; None on the last."""

    entries: list[Entry]
    after: int | None


def edition() -> str:
    """Return the name of the present list; empty while it is being made."""
    return Reach.objects.filter(is_whole=True).values_list("edition", flat=True).first() or ""


def state() -> tuple[str, int]:
    """Return what is another whenever the list changes: its name and its newest position."""
    return Reach.objects.values_list("edition", "last").first() or ("", 0)


def last_instant(shelf: str = "") -> str:
    """Return when a row, of one shelf or of all, came to be so last; empty for none."""
    newest = _positions(Choice(shelf)).order_by("-position").first()
    if newest is None:
        return ""
    return Listed.objects.filter(record=newest[0]).values_list("at", flat=True).first() or ""


def page_of(choice: Choice, *, after: int = 0, limit: int, with_bodies: bool) -> Page:
    """Return the rows of *choice* after the position *after*, oldest first; with bodies only as many as can be carried. Five queries."""
    rows = list(_positions(choice).filter(position__gt=after).order_by("position")[: limit + 1])
    ids = [record for record, _position in rows[:limit]]
    if with_bodies:
        ids = _fitting(ids)
    # The next page goes on after what was read here: a row that has moved on since would take the page past all that is between.
    return Page(entries_of(ids, with_bodies=with_bodies), rows[len(ids) - 1][1] if len(ids) < len(rows) else None)


def last_upto(choice: Choice, upto: int, *, with_bodies: bool) -> list[Entry]:
    """Return the last row of *choice* up to a position, in a list."""
    found = _positions(choice).filter(position__lte=upto).order_by("-position")[:1]
    return entries_of([record for record, _position in found], with_bodies=with_bodies)


@dataclass(frozen=True, slots=True)
class PageBack:
    """A page of a list that is read from its end. before, next: up to which position the pages around it go; None where there is none."""

    entries: list[Entry]
    before: int | None
    next: int | None


def page_upto(shelf: str, upto: int, limit: int) -> PageBack:
    """Return the last rows of *shelf* up to a position, oldest first. Rows that move on make a page reach further back, never empty."""
    rows = list(_positions(Choice(shelf)).filter(position__lte=upto).order_by("-position")[: limit + 1])
    entries = entries_of([record for record, _position in rows[:limit]], with_bodies=False)
    return PageBack(entries, rows[limit][1] if len(rows) > limit else None, end_of_page(shelf, after=upto, limit=limit))


def end_of_page(shelf: str, *, after: int, limit: int) -> int | None:
    """Return up to which position the page goes whose rows come after one; None if nothing comes after it."""
    found = _positions(Choice(shelf)).filter(position__gt=after).order_by("position")[:limit]
    return max((position for _record, position in found), default=None)


def last_position(shelf: str) -> int | None:
    newest = _positions(Choice(shelf)).order_by("-position").first()
    return newest[1] if newest else None


def count_on(shelf: str) -> int:
    return Shelved.objects.filter(shelf=shelf).count()


def newest(shelf: str, *, before: int | None, limit: int) -> Page:
    """Return the rows that are not gone, newest first, before a position; `after` is where the next page goes on."""
    found = _positions(Choice(shelf))
    if before is not None:
        found = found.filter(position__lt=before)
    rows = list(found.filter(_LIVE).order_by("-position")[: limit + 1])
    ids = _fitting([record for record, _position in rows[:limit]])
    entries = sorted(entries_of(ids, with_bodies=True), key=lambda one: -one.position)
    return Page(entries, rows[len(ids) - 1][1] if len(ids) < len(rows) else None)


def entry_of(uri: str, *, with_body: bool) -> Entry | None:
    """Return the row of the record *uri*; None if it has none."""
    found = Record.objects.filter(uri=uri).values_list("id", flat=True).first()
    return next(iter(entries_of([found], with_bodies=with_body)), None) if found is not None else None


def entries_of(ids: Sequence[int], *, with_bodies: bool) -> list[Entry]:
    """Return the rows of the records *ids* in the order of the list. What is no longer for everyone is gone, whatever the list says yet."""
    rows = Listed.objects.filter(record__in=ids).order_by("position")
    records = Record.objects.filter(id__in=ids).only("id", "uri", "node", "kind")
    if with_bodies:
        records = Record.objects.filter(id__in=ids).select_related("change")
    found = {record.id: record for record in records}
    public = set(records_for(STRANGER).filter(id__in=ids).values_list("id", flat=True))
    return [_entry(row, found[row.record], row.record in public, with_bodies) for row in rows if row.record in found]


def _entry(row: Listed, record: Record, is_public: bool, with_body: bool) -> Entry:
    is_gone = row.is_gone or not is_public
    shown = record if with_body and not is_gone else None
    return Entry(record.id, record.uri, record.node, record.kind, row.position, row.at, is_gone, row.version, shown)


def shelves_by_record(ids: Iterable[int]) -> dict[int, list[str]]:
    """Return the shelves of each record, by its id."""
    found: dict[int, list[str]] = {}
    for record, shelf in Shelved.objects.filter(record__in=list(ids)).order_by("shelf").values_list("record", "shelf"):
        found.setdefault(record, []).append(shelf)
    return found


def shelves() -> list[str]:
    """Return the shelves on which something stands; by steps through the index, for there are few of them and many rows."""
    found: list[str] = []
    last = ""
    while shelf := Shelved.objects.filter(shelf__gt=last).order_by("shelf").values_list("shelf", flat=True).first():
        found.append(shelf)
        last = shelf
    return found


def has_shelf(shelf: str) -> bool:
    return Shelved.objects.filter(shelf=shelf).exists()


def first_instant() -> str:
    """Return when the oldest row came to be so; empty for an empty list."""
    return Listed.objects.order_by("at", "position").values_list("at", flat=True).first() or ""


def _positions(choice: Choice) -> QuerySet:
    """The (record, position) of *choice*, each read off one index in the order of its positions."""
    if choice.shelf:
        found: QuerySet = Shelved.objects.filter(shelf=choice.shelf)
    else:
        found = Listed.objects.all()
    if choice.kinds is not None:
        of_kind = Shelved.objects.filter(record=OuterRef("record"), shelf__in=[f"kind:{one}" for one in choice.kinds])
        found = found.filter(Exists(of_kind))
    if choice.since:
        first = (
            Listed.objects.filter(at__gte=choice.since).order_by("at", "position").values_list("position", flat=True)
        )
        found = found.filter(position__gte=first.first() or _NOWHERE)
    if choice.until:
        last = (
            Listed.objects.filter(at__lte=choice.until).order_by("-at", "-position").values_list("position", flat=True)
        )
        found = found.filter(position__lte=last.first() or 0)
    return found.values_list("record", "position")


_NOWHERE: Final = 2**62
_LIVE = ~Exists(Listed.objects.filter(record=OuterRef("record"), is_gone=True))


def _fitting(ids: Sequence[int]) -> list[int]:
    """Return the first of *ids* whose bodies together can be carried; one at least."""
    sizes = dict(Record.objects.filter(id__in=ids).annotate(size=Length("change__body")).values_list("id", "size"))
    chosen: list[int] = []
    sum_ = 0
    for id_ in ids:
        sum_ += sizes.get(id_) or 0
        if sum_ > MOST_CHARACTERS and chosen:
            break
        chosen.append(id_)
    return chosen
