# SPDX-License-Identifier: Apache-2.0
"""The one door in: every write is a signed change that passes `write_changes`: validate → log → project → (after commit) index."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from ortaq.core import digest as digests
from ortaq.core.audience import PUBLIC, AudienceTooWide, as_written, checked, is_within
from ortaq.core.canonical import canonical
from ortaq.core.change import Header
from ortaq.core.errors import OrtaqError
from ortaq.core.identifiers import local_id_of_source, record_uri
from ortaq.core.kind import Kind
from ortaq.files.models import StoredFile
from ortaq.files.queries import kept_files
from ortaq.nodes.identity import Identity, identity
from ortaq.records import attaching, bounds, log, store
from ortaq.records.errors import (
    Gone,
    KindChanged,
    MissingTarget,
    NoSuchVersion,
    NotAuthor,
    NotOurs,
    SourceIdTaken,
    StaleVersion,
    TooLarge,
)
from ortaq.records.models import Record
from ortaq.records.projection import derive
from ortaq.records.registry import KINDS
from ortaq.records.signals import changes_committed
from ortaq.records.store import Present, Written

MAX_BODY_BYTES = 4 * 1024 * 1024


@dataclass(slots=True)
class Draft:
    """What someone wants to stand in the log.

    body              of the kind, in the line format (references may be source ids); None withdraws the record
    uri               of the record to revise; None: found by the body's source_id, or a new record
    is_new            a record of its own, even if another has its source id; uri is then None
    expected_version  the version that the writer saw; another one refuses the draft
    erases            versions whose bodies go for good; the body is then the one that stays, None if none stays
    """

    kind: str
    body: Mapping[str, Any] | None
    audience: str = PUBLIC
    uri: str | None = None
    is_new: bool = False
    expected_version: int | None = None
    erases: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a draft: made, revised, withdrawn, unchanged or refused."""

    status: str
    uri: str | None = None
    version: int | None = None
    error: OrtaqError | None = None


@dataclass(slots=True)
class _Prepared:
    """A draft after all that needs no database."""

    kind: Kind
    uri: str
    audience: str
    body: dict[str, Any] | None
    text: str | None
    digest: str | None
    draft: Draft
    bounds: list[tuple[str, str]] = field(default_factory=list)
    files: list[Mapping[str, Any]] = field(default_factory=list)


def write_changes(drafts: Sequence[Draft], *, by: str, at: str | None = None) -> list[Outcome]:
    """Write *drafts* in their order, in one transaction; return what became of each. A refused one stops no other.

    by  actor URI under which the changes are signed
    at  RFC 3339 UTC instant in seconds; now if not given
    """
    me, instant = identity(), at or _now()
    prepared = [_prepared(draft, me) for draft in drafts]
    with log.writing():
        ready = [one for one in prepared if isinstance(one, _Prepared)]
        present = store.present_records(
            {one.uri for one in ready} | {target for one in ready for _, target in one.bounds}
        )
        known = kept_files(str(file["digest"]) for one in ready for file in one.files)
        pen = log.pen(me.id, me.key)
        written: list[Written] = []
        outcomes = [
            one if isinstance(one, Outcome) else _decide(one, present, known, pen, written, by, instant)
            for one in prepared
        ]
        if written:
            store.write(written)
            attaching.attach(written)
            bounds.narrow_what_is_about(written)
            transaction.on_commit(lambda: changes_committed.send(sender=None))
    return outcomes


def write_change(draft: Draft, *, by: str, at: str | None = None) -> Outcome:
    """Write one draft; raise what refuses it."""
    outcome = write_changes([draft], by=by, at=at)[0]
    if outcome.error is not None:
        raise outcome.error
    return outcome


def _now() -> str:
    return datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _prepared(draft: Draft, me: Identity) -> _Prepared | Outcome:
    try:
        kind, audience = KINDS[draft.kind], checked(draft.audience)
        if draft.body is None:
            return _Prepared(kind, draft.uri or "", audience, None, None, None, draft)
        body = kind.validate(draft.body, me.id)
        data = canonical(body)
        if len(data) > MAX_BODY_BYTES:
            raise TooLarge(bytes=len(data), limit=MAX_BODY_BYTES)
        uri = draft.uri or (me.new_uri() if draft.is_new else _uri_of(body, me))
        bounds = [(name, body[name]) for name in kind.bounded_by if name in body]
        return _Prepared(
            kind,
            uri,
            audience,
            body,
            data.decode("utf-8"),
            digests.digest_of(data),
            draft,
            bounds,
            attaching.files_of(kind, body),
        )
    except OrtaqError as error:
        return Outcome("refused", draft.uri, error=error)


def _uri_of(body: dict[str, Any], me: Identity) -> str:
    source_id = body.get("source_id")
    return record_uri(me.id, local_id_of_source(source_id)) if source_id else me.new_uri()


def _decide(
    one: _Prepared,
    present: dict[str, Present],
    known: Mapping[str, StoredFile],
    pen: log.Pen,
    written: list[Written],
    by: str,
    at: str,
) -> Outcome:
    before = present.get(one.uri)
    try:
        _check(one, before, present, pen.node)
        if not one.draft.erases:
            attaching.check_described(one.files, known)
    except OrtaqError as error:
        return Outcome("refused", one.uri, error=error)
    if before is not None and _is_same(one, before, by):
        return Outcome("unchanged", one.uri, before.version)
    if before is not None and not _may_revise(one, before, by):
        return Outcome("refused", one.uri, error=NotAuthor(uri=one.uri))
    header = pen.sign(
        one.uri, one.kind.name, before.version + 1 if before else 1, at, by, one.audience, one.digest, one.draft.erases
    )
    change = _written(one, before, header, pen, present)
    written.append(change)
    present[one.uri] = store.present_after(change, before)
    return Outcome("withdrawn" if one.body is None else "revised" if before else "made", one.uri, header.version)


def _check(one: _Prepared, before: Present | None, present: dict[str, Present], node: str) -> None:
    """Raise what the records that are here already forbid."""
    if before is None:
        if one.draft.uri is not None or one.body is None:
            raise MissingTarget(field="record", target=one.uri)
    else:
        _check_revision(one, before, node)
    for name, target in one.bounds:
        bound = present.get(target)
        if bound is None:
            raise MissingTarget(field=name, target=target)
        if bound.state != Record.LIVE and before is None:
            raise Gone(uri=target)
        limit = as_written(bound.audience)
        if not is_within(one.audience, limit):
            raise AudienceTooWide(audience=one.audience, limit=limit)


def _may_revise(one: _Prepared, before: Present, by: str) -> bool:
    """One's own words are one's own; the keeper of the node may erase them, where the law says so, but never reword them."""
    erases_only = bool(one.draft.erases) and one.digest in (None, before.digest)
    return not one.kind.is_personal or before.author == by or erases_only


def _check_revision(one: _Prepared, before: Present, node: str) -> None:
    if before.node != node:
        raise NotOurs(uri=one.uri, node=before.node)
    if before.kind != one.kind.name:
        raise KindChanged(uri=one.uri, present=before.kind, given=one.kind.name)
    expected, source_id = one.draft.expected_version, (one.body or {}).get("source_id")
    if expected is not None and expected != before.version:
        raise StaleVersion(uri=one.uri, present=before.version, expected=expected)
    if source_id and before.source_id and source_id != before.source_id:
        raise SourceIdTaken(uri=one.uri, present=before.source_id, given=source_id)
    for version in one.draft.erases:
        if not 1 <= version <= before.version:
            raise NoSuchVersion(uri=one.uri, version=version, present=before.version)


def _is_same(one: _Prepared, before: Present, by: str) -> bool:
    if one.draft.erases:
        return False
    if one.body is None:
        return before.state != Record.LIVE
    # A private record stays with its author, whoever looks at it.
    return before.state == Record.LIVE and before.digest == one.digest and as_written(before.audience) == one.audience


def _written(
    one: _Prepared, before: Present | None, header: Header, pen: log.Pen, present: dict[str, Present]
) -> Written:
    state = Record.LIVE if one.body is not None else Record.ERASED if one.draft.erases else Record.WITHDRAWN
    return Written(
        change_id=pen.change_id,
        record_id=before.id if before else pen.next_record_id(),
        header=header,
        key=pen.key.public,
        signature=pen.signature_of(header),
        body=one.text,
        derived=derive(one.kind, header, one.body, sorted(present[target].audience for _, target in one.bounds)),
        state=state,
        is_new=before is None,
    )
