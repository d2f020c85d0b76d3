# SPDX-License-Identifier: Apache-2.0
"""What was merged into a record, as its page shows it: each with what it was called, and where its history is."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ortaq.core.audience import Viewer
from ortaq.core.outline import heading
from ortaq.core.replacing import own_words, replaced_in
from ortaq.doors.web import names
from ortaq.records.models import Record
from ortaq.records.queries import bodies_before, records_in_any_state

_MOST = 30


@dataclass(frozen=True, slots=True)
class Merged:
    """A record that another replaces; title None: it may not be read any more."""

    record: Record
    title: names.Shown | None


def merged_into(record: Record, body: Mapping[str, Any], viewer: Viewer) -> list[Merged]:
    """Return what was merged into *record* and *viewer* may see, the last first; no query where there is nothing."""
    uris = replaced_in(body)[::-1][:_MOST]
    if not uris:
        return []
    found = records_in_any_state(uris, viewer)
    bodies = bodies_before(found.values(), viewer)
    return [Merged(found[uri], title_before(found[uri], bodies.get(uri))) for uri in uris if uri in found]


def title_before(record: Record, body: Mapping[str, Any] | None) -> names.Shown | None:
    """Return what *record* was called before it was withdrawn."""
    kind = names.kind_of(record.kind)
    return names.shown(heading(kind, dict(body))) if kind and body else None


def without_itself(record: Record, body: Mapping[str, Any], targets: Mapping[str, Record]) -> dict[str, Any]:
    """Return *body* without links to what *record* replaces: these lead to its own page."""
    own = own_words(body)
    if links := own.pop("links", None):
        own["links"] = [link for link in links if link["to"] not in targets or targets[link["to"]].uri != record.uri]
    return own
