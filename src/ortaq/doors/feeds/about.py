# SPDX-License-Identifier: Apache-2.0
"""What happened to a record, as entries of its feed: its versions, and what was said about it, by the order of the log."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from ortaq.core.audience import STRANGER
from ortaq.core.identifiers import source_id_of_uri
from ortaq.doors.feeds.atom import Said, said
from ortaq.doors.web import names
from ortaq.records.hiding import is_hidden
from ortaq.records.models import Change, Record
from ortaq.records.queries import records_linking, versions_as_seen
from ortaq.records.registry import KINDS


@dataclass(frozen=True, slots=True)
class Page:
    """after: position in the log before which the next page begins; None on the last."""

    entries: list[Said]
    after: int | None


def page_about(record: Record, *, before: int | None, limit: int, base: str) -> Page:
    """Return what happened to *record* before a position of the log, newest first, as far as everyone may see it."""
    found = [*_versions(record, before, limit, base), *_answers(record, before, limit, base)]
    found.sort(key=lambda pair: -pair[0])
    chosen = found[:limit]
    return Page([entry for _position, entry in chosen if entry], chosen[-1][0] if len(found) > limit else None)


def _versions(record: Record, before: int | None, limit: int, base: str) -> list[tuple[int, Said | None]]:
    changes = Change.objects.filter(record=record.uri).order_by("-id")
    if before is not None:
        changes = changes.filter(id__lt=before)
    return [
        (one.change.id, _version(record, one.change, one.body, base))
        for one in versions_as_seen(changes[: limit + 1], STRANGER)
    ]


def _version(record: Record, change: Change, body: dict[str, object] | None, base: str) -> Said | None:
    """None for a version whose content everyone may not see: withheld, erased, damaged; a withdrawal has none to see."""
    if body is None and change.digest is not None:
        return None
    note = str((body or {}).get("change_note") or "")
    title = _("Version %(number)s") % {"number": change.version} if body else _("Withdrawn")
    shown = names.Shown(title, names.reader_language(), False)
    page = f"{base}/r/{source_id_of_uri(record.uri)}/history"
    summary = names.Shown(note, "und", False) if note else None
    return Said(f"{record.uri}#version-{change.version}", shown, change.at, page, summary=summary)


def _answers(record: Record, before: int | None, limit: int, base: str) -> list[tuple[int, Said | None]]:
    found: list[tuple[int, Said | None]] = []
    for kind in KINDS:
        if kind.bounded_by:
            linking = records_linking(record.uri, kind.bounded_by[0], kind.name, STRANGER)
            answers = linking.exclude(is_hidden("uri")).order_by("-change_id")
            if before is not None:
                answers = answers.filter(change_id__lt=before)
            found += [(one.change_id, said(one, base, updated=one.changed_at)) for one in answers[: limit + 1]]
    return found
