# SPDX-License-Identifier: Apache-2.0
"""What people do with records of any kind. Every one asks people/rules.py first; what may not be seen is absent."""

from collections.abc import Collection, Mapping
from typing import Any

import orjson

from ortaq.core.audience import AudienceTooWide, Viewer, as_written
from ortaq.core.identifiers import local_id_of_source, record_uri, resolve
from ortaq.nodes.identity import identity
from ortaq.people import rules
from ortaq.people.errors import Denied, SignInRequired
from ortaq.people.queries import institution_of, institution_of_actor
from ortaq.people.rules import Subject
from ortaq.records.attaching import check_attachable, files_of
from ortaq.records.door import Draft, Outcome, write_change
from ortaq.records.errors import Absent, MissingTarget, NoSuchVersion, NotAuthor, Replaced, SourceIdInUse
from ortaq.records.models import Change, Record
from ortaq.records.queries import record_in_place_of, record_of, standing, targets_by_uri
from ortaq.records.registry import KINDS


def subject_of(record: Record) -> Subject:
    """Return *record* as the rules see it."""
    is_personal = record.kind in KINDS and KINDS[record.kind].is_personal
    if record.institution is None:
        record.institution = institution_of_actor(record.author)
    return Subject(record.institution, record.author, record.audience, record.state, is_personal)


def publish_record(viewer: Viewer, kind: str, body: Mapping[str, Any], audience: str) -> Outcome:
    """Make a record; what the institution has its editors publish is refused to others.

    raises SignInRequired, Denied, SourceIdInUse, and what records.door refuses
    """
    acting = viewer.standing
    if viewer.actor is None or acting is None:
        raise SignInRequired
    subject = Subject(acting.institution, viewer.actor, state=rules.DRAFT)
    needs_proposal = institution_of(acting.institution).needs_proposal and not KINDS[kind].is_personal
    if not rules.may_publish(viewer, subject, needs_proposal=needs_proposal):
        raise Denied(action="record.publish")
    return write_new_record(viewer, kind, body, audience, by=viewer.actor)


def write_new_record(viewer: Viewer, kind: str, body: Mapping[str, Any], audience: str, *, by: str) -> Outcome:
    """Make the record that *viewer* may publish, as was asked before; by: the actor who wrote it and signs it."""
    _check_written(viewer, kind, body, audience)
    check_attachable(viewer, files_of(KINDS[kind], body), by=by)
    draft = Draft(kind, body, audience, is_new=_is_taken_unseen(body, viewer), expected_version=0)
    return write_change(draft, by=by)


def revise_record(
    viewer: Viewer,
    uri: str,
    body: Mapping[str, Any],
    audience: str,
    *,
    expected_version: int,
    by: str | None = None,
) -> Outcome:
    """Write the next version of a record; by: the actor who wrote it, if *viewer* only publishes it.

    raises Absent, Denied, NotAuthor, StaleVersion, and what records.door refuses
    """
    record = record_of(uri, viewer)
    own = who_may(viewer, record, rules.may_revise, "record.revise")
    check_not_replaced(viewer, record)
    _check_needs_no_proposal(viewer, subject_of(record))
    _check_written(viewer, record.kind, body, audience, was=as_written(record.audience))
    check_attachable(viewer, files_of(KINDS[record.kind], body), by=by)
    return write_change(Draft(record.kind, body, audience, uri, expected_version=expected_version), by=by or own)


def _check_needs_no_proposal(viewer: Viewer, subject: Subject) -> None:
    """Where the institution has its editors publish, others propose what they revise: as a working copy."""
    if subject.is_personal or not subject.institution:
        return
    is_editor = rules.is_at_least(viewer.role_in(subject.institution), rules.EDITOR)
    if not is_editor and institution_of(subject.institution).needs_proposal:
        raise Denied(action="record.publish")


def withdraw_record(viewer: Viewer, uri: str, *, expected_version: int | None = None) -> Outcome:
    """Take a record back; its history stays with its owner. Raises Absent, Denied, NotAuthor, StaleVersion."""
    record = record_of(uri, viewer)
    by = who_may(viewer, record, rules.may_withdraw, "record.withdraw")
    draft = Draft(record.kind, None, as_written(record.audience), uri, expected_version=expected_version)
    return write_change(draft, by=by)


def check_not_replaced(viewer: Viewer, record: Record) -> None:
    """Raise Replaced for what was merged into a record that *viewer* may see: the error says which."""
    if record.state != Record.LIVE and (winner := record_in_place_of(record.uri, viewer)):
        raise Replaced(uri=record.uri, winner=winner.uri)


def who_may(viewer: Viewer, record: Record, rule: Any, action: str) -> str:
    """Return the actor under which the viewer does *action*: the one whose institution the record is of."""
    if viewer.actor is None and not viewer.is_keeper:
        raise SignInRequired
    subject = subject_of(record)
    if not rule(viewer, subject):
        raise NotAuthor(uri=record.uri) if subject.is_personal else Denied(action=action)
    return actor_for(viewer, subject)


def actor_for(viewer: Viewer, subject: Subject) -> str:
    """Return the actor under which the viewer writes about *subject*: the one whose institution it is of."""
    if subject.author in viewer.actors:
        return subject.author
    of_it = next((one.actor for one in viewer.standings if one.institution == subject.institution), None)
    return of_it or viewer.actor or identity().uri


def _check_written(viewer: Viewer, kind: str, body: Mapping[str, Any], audience: str, *, was: str = "") -> None:
    """Nobody writes for another institution's people, nor about what they may not see."""
    if audience != was and not rules.may_address(viewer, audience):
        raise AudienceTooWide(audience=audience, limit=", ".join(rules.audiences_of(viewer.standing)))
    targets = {name: body[name] for name in KINDS[kind].bounded_by if isinstance(body.get(name), str)}
    uris = {name: resolve(target, identity().id) for name, target in targets.items()}
    seen = targets_by_uri(uris.values(), viewer)
    for name, uri in uris.items():
        if uri not in seen:
            raise MissingTarget(field=name, target=targets[name])


def _is_taken_unseen(body: Mapping[str, Any], viewer: Viewer) -> bool:
    """Tell whether a record that the viewer may not see has the source id: the new one then gets a URI of its own.

    So nobody learns by trying what is here. Raises SourceIdInUse for one that the viewer may see.
    """
    source_id = body.get("source_id")
    if not isinstance(source_id, str):
        return False
    uri = record_uri(identity().id, local_id_of_source(source_id))
    try:
        record_of(uri, viewer)
    except Absent:
        return Record.objects.filter(uri=uri).exists()
    raise SourceIdInUse(uri=uri, source_id=source_id)


def erase_versions(uri: str, versions: Collection[int], *, by: str) -> Outcome:
    """Erase the bodies of *versions* for good; the record lives on if its newest version is not among them.

    For who keeps the machine, where the law demands it. The headers with their digests stay, so the chain is still provable.
    raises Absent, NoSuchVersion
    """
    record = _held(uri)
    for version in versions:
        if not 1 <= version <= record.version:
            raise NoSuchVersion(uri=uri, version=version, present=record.version)
    stays = record.version not in versions and record.state == Record.LIVE
    body = orjson.loads(record.change.body) if stays and record.change.body else None
    return write_change(
        Draft(record.kind, body, as_written(record.audience), uri, erases=tuple(sorted(versions))), by=by
    )


def withdraw_as_node(uri: str, *, by: str) -> Outcome:
    """Take back any record but somebody's own words; for who keeps the machine. Raises Absent, NotAuthor."""
    record = _held(uri)
    return write_change(Draft(record.kind, None, as_written(record.audience), uri), by=by)


def _held(uri: str) -> Record:
    found = standing([uri]).get(uri)
    if found is None:
        raise Absent(uri=uri)
    return found


def versions_of(uri: str) -> list[int]:
    return list(Change.objects.filter(record=uri).order_by("version").values_list("version", flat=True))
