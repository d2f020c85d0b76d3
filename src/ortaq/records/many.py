# SPDX-License-Identifier: Apache-2.0
"""Many records revised together: each by a change of its own, all of them asked for as one record would be."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ortaq.core.audience import AudienceTooWide, Viewer, as_written
from ortaq.core.errors import OrtaqError
from ortaq.core.identifiers import resolve
from ortaq.nodes.identity import identity
from ortaq.people import rules
from ortaq.people.errors import Denied
from ortaq.people.queries import institutions_of_actors
from ortaq.people.rules import Subject
from ortaq.records.actions import actor_for
from ortaq.records.bulk import in_chunks
from ortaq.records.door import Draft, Outcome, write_changes
from ortaq.records.errors import MissingTarget, NotAuthor
from ortaq.records.models import Record
from ortaq.records.queries import body_of, records_by_uri, visible
from ortaq.records.registry import KINDS


@dataclass(frozen=True, slots=True)
class Revision:
    """The next version of a record, whose newest change is at hand."""

    record: Record
    body: dict[str, Any]
    audience: str
    expected_version: int


def records_to_revise(uris: Iterable[str], viewer: Viewer) -> dict[str, Record]:
    """Return those of *uris* that the viewer may see, in any state, with their newest changes."""
    seen = Record.objects.select_related("change").filter(visible(viewer))
    return {record.uri: record for chunk in in_chunks(uris) for record in seen.filter(uri__in=chunk)}


def subjects_of(records: Iterable[Record]) -> dict[str, Subject]:
    """Return records as the rules see them, by URI, in two queries at most."""
    found = list(records)
    institutions = institutions_of_actors(record.author for record in found)
    return {
        record.uri: Subject(
            institutions.get(record.author, ""),
            record.author,
            record.audience,
            record.state,
            record.kind in KINDS and KINDS[record.kind].is_personal,
        )
        for record in found
    }


def refusals(viewer: Viewer, revisions: Sequence[Revision]) -> dict[str, OrtaqError]:
    """Return why the viewer may not write some of *revisions*, by URI."""
    subjects = subjects_of(one.record for one in revisions)
    targets = {one.record.uri: _new_bounds(one) for one in revisions}
    seen = records_by_uri((uri for bounds in targets.values() for uri in bounds.values()), viewer)
    found: dict[str, OrtaqError] = {}
    for one in revisions:
        error = _refusal(viewer, subjects[one.record.uri], one)
        missing = next(((name, uri) for name, uri in targets[one.record.uri].items() if uri not in seen), None)
        if error is None and missing is not None:
            error = MissingTarget(field=missing[0], target=missing[1])
        if error is not None:
            found[one.record.uri] = error
    return found


def _refusal(viewer: Viewer, subject: Subject, one: Revision) -> OrtaqError | None:
    if not rules.may_revise(viewer, subject):
        return NotAuthor(uri=one.record.uri) if subject.is_personal else Denied(action="record.revise")
    if one.audience != as_written(one.record.audience) and not rules.may_address(viewer, one.audience):
        return AudienceTooWide(audience=one.audience, limit=", ".join(rules.audiences_of(viewer.standing)))
    return None


def _new_bounds(one: Revision) -> dict[str, str]:
    """The records that this one is about and was not about before."""
    before, names = body_of(one.record), KINDS[one.record.kind].bounded_by
    new = {name: one.body[name] for name in names if isinstance(one.body.get(name), str)}
    return {name: resolve(uri, identity().id) for name, uri in new.items() if uri != before.get(name)}


def revise_records(viewer: Viewer, revisions: Sequence[Revision]) -> dict[str, Outcome]:
    """Write the next version of each record; return what became of it, by URI. A refused one stops no other."""
    denied = refusals(viewer, revisions)
    outcomes = {uri: Outcome("refused", uri, error=error) for uri, error in denied.items()}
    subjects = subjects_of(one.record for one in revisions)
    by_actor: dict[str, list[Revision]] = {}
    for one in revisions:
        if one.record.uri not in denied:
            by_actor.setdefault(actor_for(viewer, subjects[one.record.uri]), []).append(one)
    for actor, own in by_actor.items():
        drafts = [
            Draft(one.record.kind, one.body, one.audience, one.record.uri, expected_version=one.expected_version)
            for one in own
        ]
        written = write_changes(drafts, by=actor)
        outcomes |= {one.record.uri: outcome for one, outcome in zip(own, written, strict=True)}
    return outcomes
