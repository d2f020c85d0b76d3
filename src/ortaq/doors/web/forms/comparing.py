# SPDX-License-Identifier: Apache-2.0
"""Two versions of a record side by side, by words; only those that the viewer may read."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ortaq.core.audience import Viewer
from ortaq.core.kind import Kind
from ortaq.core.replacing import own_words
from ortaq.doors.web import names
from ortaq.doors.web.forms import spoken
from ortaq.doors.web.forms.offers import offers_of
from ortaq.doors.web.forms.words import Piece, pieces_of
from ortaq.doors.web.history import NOTE
from ortaq.doors.web.origins import actor_names
from ortaq.doors.web.record import seen
from ortaq.records.models import Record
from ortaq.records.queries import Version, version_at

_MOST_LISTED = 300  # of a record that has been revised for years, the newest


@dataclass(frozen=True, slots=True)
class Row:
    """One stretch of both versions; what: same, changed, gone or new."""

    label: str
    tag: str
    what: str
    before: list[Piece]
    after: list[Piece]


@dataclass(frozen=True, slots=True)
class Side:
    """A version as the head of its column; body None: it is not for the viewer to read, or was erased."""

    number: int
    at: str
    by: str
    note: str
    body: dict[str, Any] | None


@require_safe
def compare(request: HttpRequest, name: str) -> HttpResponse:
    """The versions `from` and `to` side by side; the last two if the address names none."""
    viewer, record = seen(request, name)
    to = _number(request.GET.get("to"), record.version, record.version)
    start = _number(request.GET.get("from"), record.version, max(1, to - 1))
    kind = names.kind_of(record.kind)
    before, after = (_side(record, number, viewer) for number in (start, to))
    rows = (
        differences(kind, before.body, after.body, viewer)
        if kind and before.body is not None and after.body is not None
        else []
    )
    context = {
        "record": record,
        "before": before,
        "after": after,
        "sides": (before, after),
        "rows": [row for row in rows if row.what != "same"],
        "unchanged": [row.label for row in rows if row.what == "same"],
        "versions": range(record.version, max(0, record.version - _MOST_LISTED), -1),
        "offers": offers_of(viewer, record),
    }
    return render(request, "web/forms/compare.html", context)


def _number(text: str | None, most: int, otherwise: int) -> int:
    number = int(text) if text and text.isascii() and text.isdecimal() and len(text) < 9 else 0
    return number if 1 <= number <= most else otherwise


def _side(record: Record, number: int, viewer: Viewer) -> Side:
    version = version_at(record, number, viewer)
    if version is None:
        return Side(number, "", "", "", None)
    return _described(version, number)


def _described(version: Version, number: int) -> Side:
    by = version.change.by
    note = str((version.body or {}).get(NOTE, ""))
    return Side(number, version.change.at, actor_names([by]).get(by, ""), note, version.body)


def differences(kind: Kind, before: dict[str, Any], after: dict[str, Any], viewer: Viewer) -> list[Row]:
    """Return two bodies of a kind stretch by stretch, in the order of its fields; what is the same as well."""
    before, after = own_words(before), own_words(after)
    targets = spoken.targets_of([before, after], viewer)
    old = {one.path: one for one in spoken.stretches(kind, before, targets)}
    new = {one.path: one for one in spoken.stretches(kind, after, targets)}
    order = {spec.name: place for place, spec in enumerate(kind.fields)}
    paths = sorted(
        (path for path in {**old, **new} if path[0] != NOTE), key=lambda path: order.get(path[0], len(order))
    )
    return [_row(old.get(path), new.get(path)) for path in paths]


def _row(old: spoken.Stretch | None, new: spoken.Stretch | None) -> Row:
    known = new or old
    assert known is not None
    before, after = pieces_of(old.text if old else "", new.text if new else "")
    is_same = old is not None and new is not None and old.value == new.value
    what = "same" if is_same else "gone" if new is None else "new" if old is None else "changed"
    return Row(known.label, known.tag, what, before, after)
