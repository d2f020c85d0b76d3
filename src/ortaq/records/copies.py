# SPDX-License-Identifier: Apache-2.0
"""Working copies: what people write before it is published. draft → proposed → (published, and the copy is gone) or returned."""

import secrets
from collections.abc import Iterable, Mapping
from typing import Any

import orjson
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from ortaq.core.audience import PUBLIC, Viewer
from ortaq.core.identifiers import local_id
from ortaq.people import rules
from ortaq.people.audit import note
from ortaq.people.errors import Denied, SignInRequired
from ortaq.people.queries import institution_of
from ortaq.people.rules import Subject
from ortaq.records.actions import revise_record, write_new_record
from ortaq.records.door import MAX_BODY_BYTES, Outcome
from ortaq.records.errors import Absent, CopyNotOpen, CopyStale, TooLarge
from ortaq.records.models import Record, WorkingCopy
from ortaq.records.registry import KINDS
from ortaq.records.signals import copy_moved

_OPEN = (WorkingCopy.DRAFT, WorkingCopy.RETURNED)


def start_copy(
    viewer: Viewer, kind: str, *, body: Mapping[str, Any], audience: str = PUBLIC, record: Record | None = None
) -> WorkingCopy:
    """Begin to write; record: the one that is revised. Raises SignInRequired, Denied, UnknownKind, TooLarge."""
    acting = viewer.standing
    if acting is None:
        raise SignInRequired
    if not rules.may_write(acting):
        raise Denied(action="copy.start")
    return WorkingCopy.objects.create(
        key=local_id(secrets.token_bytes(10)) + local_id(secrets.token_bytes(10))[:10],
        actor=acting.actor,
        institution=acting.institution,
        kind=KINDS[kind].name,
        record=record.uri if record else None,
        base_version=record.version if record else None,
        body=_as_text(body),
        audience=audience,
        saved_at=timezone.now(),
    )


def save_copy(
    viewer: Viewer, key: str, *, body: Mapping[str, Any], audience: str, revision: int, base_version: int | None = None
) -> WorkingCopy:
    """Keep what was typed; revision: the one that the writer had before them. base_version: of the record merged with.

    What is kept already needs no saving, whatever the revision: perhaps only the answer did not arrive, or another tab brought it.

    raises Absent, CopyStale if another tab was faster, CopyNotOpen once it is proposed, TooLarge
    """
    text = _as_text(body)
    with transaction.atomic():
        copy = _own(viewer, key)
        if copy.state not in _OPEN:
            raise CopyNotOpen(state=copy.state)
        if copy.revision != revision and (copy.body, copy.audience) == (text, audience) and base_version is None:
            return copy
        if copy.revision != revision:
            raise CopyStale(present=copy.revision, expected=revision)
        copy.body, copy.audience, copy.saved_at = text, audience, timezone.now()
        copy.revision += 1
        if base_version is not None:
            copy.base_version = base_version
        copy.save()
    return copy


def propose_copy(viewer: Viewer, key: str) -> WorkingCopy:
    """Give it to the editors of the institution. Raises Absent, CopyNotOpen, and Invalid where the kind does not accept it."""
    with transaction.atomic():
        copy = _own(viewer, key)
        if copy.state not in _OPEN:
            raise CopyNotOpen(state=copy.state)
        KINDS[copy.kind].validate(body_of_copy(copy))
        copy.state, copy.proposed_at = WorkingCopy.PROPOSED, timezone.now()
        copy.save()
        copy_moved.send(sender=None, copy=copy, move="proposed", by=copy.actor, record="")
    return copy


def take_back_copy(viewer: Viewer, key: str) -> WorkingCopy:
    """Go on writing what one has proposed. Raises Absent, CopyNotOpen."""
    with transaction.atomic():
        copy = _own(viewer, key)
        if copy.state != WorkingCopy.PROPOSED:
            raise CopyNotOpen(state=copy.state)
        copy.state = WorkingCopy.DRAFT
        copy.save()
    return copy


def return_copy(viewer: Viewer, key: str, remark: str) -> WorkingCopy:
    """Give a proposal back to its author with a remark. Raises Absent, CopyNotOpen, Denied."""
    with transaction.atomic():
        copy = _locked(viewer, key)
        if copy.state != WorkingCopy.PROPOSED:
            raise CopyNotOpen(state=copy.state)
        if not rules.may_return(viewer, subject_of_copy(copy)):
            raise Denied(action="copy.return")
        copy.state, copy.remark = WorkingCopy.RETURNED, remark
        copy.save()
        _decided(viewer, copy, "returned", record="")
    return copy


def publish_copy(viewer: Viewer, key: str, *, revision: int | None = None) -> Outcome:
    """Make or revise the record, signed by who wrote it, and forget the copy. revision: the one that the publisher has read.

    raises Absent, Denied, CopyStale, StaleVersion (the record was revised meanwhile: merge), and what the door refuses
    """
    with transaction.atomic():
        copy = _locked(viewer, key)
        if revision is not None and copy.revision != revision:
            raise CopyStale(present=copy.revision, expected=revision)
        needs_proposal = institution_of(copy.institution).needs_proposal and not KINDS[copy.kind].is_personal
        if not rules.may_publish(viewer, subject_of_copy(copy), needs_proposal=needs_proposal):
            raise Denied(action="copy.publish")
        body = body_of_copy(copy)
        if copy.record is None:
            outcome = write_new_record(viewer, copy.kind, body, copy.audience, by=copy.actor)
        else:
            expected = copy.base_version or 0
            outcome = revise_record(viewer, copy.record, body, copy.audience, expected_version=expected, by=copy.actor)
        _decided(viewer, copy, "published", record=outcome.uri or "")
        copy.delete()
    return outcome


def _decided(viewer: Viewer, copy: WorkingCopy, move: str, *, record: str) -> None:
    """Put down who decided about somebody else's text, and tell who listens; in the transaction of the decision."""
    by = next((one.actor for one in viewer.standings if one.institution == copy.institution), viewer.actor or "")
    if copy.actor not in viewer.actors:
        # Whose text, not which: who reads the trail of the node may not read the record.
        note(f"copy.{move}", actor=by, institution=copy.institution, subject=copy.actor)
    copy_moved.send(sender=None, copy=copy, move=move, by=by, record=record)


def discard_copy(viewer: Viewer, key: str) -> None:
    """Throw one's own text away. Raises Absent."""
    with transaction.atomic():
        _own(viewer, key).delete()


def copy_of(key: str, viewer: Viewer) -> WorkingCopy:
    """Return the working copy if the viewer may see it; raises Absent."""
    found = WorkingCopy.objects.filter(_within_reach(viewer), key=key).first()
    if found is None or not rules.may_read(viewer, subject_of_copy(found)):
        raise Absent(uri=key)
    return found


def _within_reach(viewer: Viewer) -> Q:
    """What rules.may_read can allow. A long text that is not for the viewer is not even read: the clock would tell that it is there."""
    editing = [one.institution for one in viewer.standings if rules.is_at_least(one.role, rules.EDITOR)]
    return Q(actor__in=viewer.actors) | Q(institution__in=editing, state=WorkingCopy.PROPOSED)


def copies_seen(keys: Iterable[str], viewer: Viewer) -> list[WorkingCopy]:
    """Return those of the working copies that the viewer may see."""
    found = WorkingCopy.objects.filter(key__in=list(keys))
    return [copy for copy in found if rules.may_read(viewer, subject_of_copy(copy))]


def copies_of(viewer: Viewer) -> QuerySet[WorkingCopy]:
    """Return what the viewer is writing, under any of their actors, the last saved first."""
    return WorkingCopy.objects.filter(actor__in=viewer.actors).order_by("-saved_at", "-id")


def proposals_for(viewer: Viewer) -> QuerySet[WorkingCopy]:
    """Return what waits for the viewer's decision, the longest waiting first."""
    editing = [one.institution for one in viewer.standings if rules.is_at_least(one.role, rules.EDITOR)]
    waiting = WorkingCopy.objects.filter(institution__in=editing, state=WorkingCopy.PROPOSED)
    return waiting.order_by("proposed_at", "id")


def subject_of_copy(copy: WorkingCopy) -> Subject:
    """Return *copy* as the rules see it."""
    return Subject(copy.institution, copy.actor, copy.audience, copy.state)


def body_of_copy(copy: WorkingCopy) -> dict[str, Any]:
    """Return the body as it was typed."""
    return orjson.loads(copy.body)  # type: ignore[no-any-return]


def _as_text(body: Mapping[str, Any]) -> str:
    data = orjson.dumps(body)
    if len(data) > MAX_BODY_BYTES:
        raise TooLarge(bytes=len(data), limit=MAX_BODY_BYTES)
    return data.decode("utf-8")


def _locked(viewer: Viewer, key: str) -> WorkingCopy:
    """The copy, held until the transaction ends. Raises Absent."""
    found = WorkingCopy.objects.select_for_update().filter(_within_reach(viewer), key=key).first()
    if found is None or not rules.may_read(viewer, subject_of_copy(found)):
        raise Absent(uri=key)
    return found


def _own(viewer: Viewer, key: str) -> WorkingCopy:
    found = _locked(viewer, key)
    if found.actor not in viewer.actors:
        raise Denied(action="copy.change")
    return found
