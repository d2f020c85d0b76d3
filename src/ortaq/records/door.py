# SPDX-License-Identifier: Apache-2.0
"""The one door in: every write is a signed change that passes `write_changes`: validate → log → project → (after commit) index."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.db import transaction

from ortaq.core import digest as digests
from ortaq.core.audience import PUBLIC, AudienceTooWide, as_written, checked, is_within, limit_of_answers, token
from ortaq.core.canonical import canonical
from ortaq.core.change import Header
from ortaq.core.errors import OrtaqError
from ortaq.core.identifiers import local_id_of_source, record_uri
from ortaq.core.kind import Kind
from ortaq.core.proof import SigningKey
from ortaq.core.replacing import replaced_in, replacing
from ortaq.files.queries import kept_files
from ortaq.nodes.identity import Identity, identity, signing_key
from ortaq.records import attaching, bounds, log, store
from ortaq.records.errors import (
    ByNodeAlone,
    Gone,
    KindChanged,
    MergedAway,
    MissingTarget,
    NoSuchVersion,
    NotAuthor,
    NotOurs,
    ReplacesByHand,
    SourceIdTaken,
    StaleVersion,
    TooLarge,
)
from ortaq.records.locating import Kept
from ortaq.records.models import Record
from ortaq.records.projection import derive
from ortaq.records.registry import KINDS
from ortaq.records.replaced import Places, last_replaced, revived
from ortaq.records.signals import changes_committed
from ortaq.records.store import Present, Written

MAX_BODY_BYTES = 4 * 1024 * 1024
_CHANGES = ("made", "revised", "withdrawn")


@dataclass(slots=True)
class Draft:
    """What someone wants to stand in the log.

    body              of the kind, in the line format (references may be source ids); None withdraws the record
    uri               of the record to revise; None: found by the body's source_id, or a new record
    is_new            a record of its own, even if another has its source id; uri is then None
    of                institution whose source ids are meant where uri is None; empty: the node's
    expected_version  the version that the writer saw; another one refuses the draft
    erases            versions whose bodies go for good; the body is then the one that stays, None if none stays
    is_merge          from records/merging.py, which alone says what a record replaces; otherwise that stays as it is
    is_import         may bring what was merged elsewhere: links that replace what is not here
    is_by_node        from records/announcing.py, which alone writes what a node says of itself
    """

    kind: str
    body: Mapping[str, Any] | None
    audience: str = PUBLIC
    uri: str | None = None
    is_new: bool = False
    of: str = ""
    expected_version: int | None = None
    erases: tuple[int, ...] = ()
    is_merge: bool = False
    is_import: bool = False
    is_by_node: bool = False


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
    replaces: list[str] = field(default_factory=list)

    def replace(self, uris: Sequence[str]) -> None:
        """Let the body replace *uris* and nothing else."""
        self.replaces, self.body = list(uris), replacing(self.body or {}, uris)
        self.text, self.digest = _stored(self.body)


def write_changes(
    drafts: Sequence[Draft], *, by: str, at: str | None = None, key: SigningKey | None = None
) -> list[Outcome]:
    """Write *drafts* in their order, in one transaction; return what became of each. A refused one stops no other.

    by   actor URI under which the changes are signed
    at   RFC 3339 UTC instant in seconds; now if not given
    key  that signs, if not the present one of this node
    """
    me, instant = identity(), at or _now()
    prepared = [_prepared(draft, me) for draft in drafts]
    with log.writing():
        ready = [one for one in prepared if isinstance(one, _Prepared)]
        present, places = _here(ready)
        known = kept_files(str(file["digest"]) for one in ready for file in one.files)
        pen = log.pen(me.id, key or signing_key())
        kept = _kept(ready, present)
        written: list[Written] = []
        outcomes: list[Outcome] = []
        for one in prepared:
            outcome = one if isinstance(one, Outcome) else _decided(one, present, places, known, kept, by, me.id)
            if isinstance(one, _Prepared) and outcome.status in _CHANGES:
                written.append(_signed(one, present, places, pen, by, instant))
            outcomes.append(outcome)
        if written:
            store.write(written)
            attaching.attach(written)
            bounds.narrow_what_is_about(written)
            transaction.on_commit(lambda: changes_committed.send(sender=None))
    return outcomes


def _here(ready: Sequence[_Prepared]) -> tuple[dict[str, Present], Places]:
    """Return the records that the drafts are of, about or in the place of, and who replaces whom among them."""
    named = {target for one in ready for _, target in one.bounds} | {uri for one in ready for uri in one.replaces}
    present = store.present_records({one.uri for one in ready} | named)
    absent = named - present.keys()
    places = Places(present, absent)
    present |= store.present_records({winner for uri in absent if (winner := places.by(uri))} - present.keys())
    return present, places


def _kept(ready: Sequence[_Prepared], present: Mapping[str, Present]) -> Kept:
    return Kept(((one.kind, one.uri, one.body) for one in ready), present)


def write_together(drafts: Sequence[Draft], *, by: str) -> list[Outcome]:
    """Write all of *drafts*, in their order and in one transaction, or none: raise what refuses the first that is refused."""
    with transaction.atomic():
        outcomes = write_changes(drafts, by=by)
        for outcome in outcomes:
            if outcome.error is not None:
                raise outcome.error
    return outcomes


def write_change(draft: Draft, *, by: str, at: str | None = None, key: SigningKey | None = None) -> Outcome:
    """Write one draft; raise what refuses it."""
    outcome = write_changes([draft], by=by, at=at, key=key)[0]
    if outcome.error is not None:
        raise outcome.error
    return outcome


class Ahead(Protocol):
    """What would be here if what was foreseen so far had been written."""

    def present(self, uris: set[str]) -> dict[str, Present]: ...
    def files(self, digests: set[str]) -> Mapping[str, attaching.Described]: ...
    def note(self, uri: str, present: Present) -> None: ...


def foresee_changes(drafts: Sequence[Draft], *, by: str, ahead: Ahead) -> list[Outcome]:
    """Return what `write_changes` would make of *drafts*, by the same checks, and write nothing."""
    me = identity()
    prepared = [_prepared(draft, me) for draft in drafts]
    ready = [one for one in prepared if isinstance(one, _Prepared)]
    present, places = _here(ready)
    present |= ahead.present({one.uri for one in ready} | {target for one in ready for _, target in one.bounds})
    digests_named = {str(file["digest"]) for one in ready for file in one.files}
    known = {**kept_files(digests_named), **ahead.files(digests_named)}
    kept = _kept(ready, present)
    outcomes: list[Outcome] = []
    for one in prepared:
        outcome = one if isinstance(one, Outcome) else _decided(one, present, places, known, kept, by, me.id)
        if isinstance(one, _Prepared) and outcome.status in _CHANGES:
            present[one.uri] = _foreseen(one, present.get(one.uri), by, me.id)
            ahead.note(one.uri, present[one.uri])
        outcomes.append(outcome)
    return outcomes


def _foreseen(one: _Prepared, before: Present | None, by: str, node: str) -> Present:
    audience = token(one.audience, before.author if before else by, node)
    version, author = (before.version + 1, before.author) if before else (1, by)
    source_id = (one.body or {}).get("source_id") or (before.source_id if before else None)
    state = Record.LIVE if one.body is not None else Record.WITHDRAWN
    return Present(
        before.id if before else 0, node, one.kind.name, source_id, state, version, audience, one.digest, author
    )


def _now() -> str:
    return datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _prepared(draft: Draft, me: Identity) -> _Prepared | Outcome:
    try:
        kind, audience = KINDS[draft.kind], checked(draft.audience)
        if kind.is_by_node and not draft.is_by_node:
            raise ByNodeAlone(kind=kind.name)
        if draft.body is None:
            return _Prepared(kind, draft.uri or "", audience, None, None, None, draft)
        body = kind.validate(draft.body, me.id)
        text, digest = _stored(body)
        uri = draft.uri or (me.new_uri() if draft.is_new else _uri_of(body, me, draft.of))
        bounds = [(name, body[name]) for name in kind.bounded_by if name in body]
        return _Prepared(
            kind,
            uri,
            audience,
            body,
            text,
            digest,
            draft,
            bounds,
            attaching.files_of(kind, body),
            replaced_in(body),
        )
    except OrtaqError as error:
        return Outcome("refused", draft.uri, error=error)


def _stored(body: dict[str, Any]) -> tuple[str, str]:
    """Return the canonical text of *body* and its digest; raises TooLarge."""
    data = canonical(body)
    if len(data) > MAX_BODY_BYTES:
        raise TooLarge(bytes=len(data), limit=MAX_BODY_BYTES)
    return data.decode("utf-8"), digests.digest_of(data)


def _uri_of(body: dict[str, Any], me: Identity, of: str) -> str:
    source_id = body.get("source_id")
    return record_uri(me.id, local_id_of_source(source_id, of)) if source_id else me.new_uri()


def _decided(
    one: _Prepared,
    present: dict[str, Present],
    places: Places,
    known: Mapping[str, attaching.Described],
    kept: Kept,
    by: str,
    node: str,
) -> Outcome:
    """Return what becomes of a draft where *present* is here already."""
    before = present.get(one.uri)
    try:
        _check(one, before, present, places, node)
        _settle_replaced(one, before, present, places)
        if not one.draft.erases:
            attaching.check_described(one.files, known)
        kept.check(one.kind, one.uri, one.body)
    except OrtaqError as error:
        return Outcome("refused", one.uri, error=error)
    if before is not None and _is_same(one, before, by):
        return Outcome("unchanged", one.uri, before.version)
    if before is not None and not _may_revise(one, before, by):
        return Outcome("refused", one.uri, error=NotAuthor(uri=one.uri))
    status = "withdrawn" if one.body is None else "revised" if before else "made"
    return Outcome(status, one.uri, before.version + 1 if before else 1)


def _signed(one: _Prepared, present: dict[str, Present], places: Places, pen: log.Pen, by: str, at: str) -> Written:
    """Return the change that a draft becomes; from then on it is present."""
    before = present.get(one.uri)
    header = pen.sign(
        one.uri, one.kind.name, before.version + 1 if before else 1, at, by, one.audience, one.digest, one.draft.erases
    )
    change = _written(one, before, header, pen, [bound.audience for bound in _bounds_of(one, present, places)])
    places.note(change)
    present[one.uri] = store.present_after(change, before)
    return change


def _check(one: _Prepared, before: Present | None, present: dict[str, Present], places: Places, node: str) -> None:
    """Raise what the records that are here already forbid."""
    if before is None:
        if one.draft.uri is not None or one.body is None:
            raise MissingTarget(field="record", target=one.uri)
    else:
        _check_revision(one, before, node)
        if one.body is not None and before.state != Record.LIVE and places.by(one.uri):
            raise MergedAway(uri=one.uri)
    bounds = _bounds_of(one, present, places)
    for (_name, target), bound in zip(one.bounds, bounds, strict=True):
        if bound.state != Record.LIVE and before is None:
            raise Gone(uri=target)
        limit = limit_of_answers(bound.audience, bound.node, node)
        if not is_within(one.audience, limit):
            raise AudienceTooWide(audience=one.audience, limit=limit)


def _bounds_of(one: _Prepared, present: dict[str, Present], places: Places) -> list[Present]:
    """Return what *one* is about; in the place of what is not here, the record that replaces it. Raises MissingTarget."""
    found = []
    for name, target in one.bounds:
        bound = present.get(target) or present.get(places.by(target) or "")
        if bound is None:
            raise MissingTarget(field=name, target=target)
        found.append(bound)
    return found


def _settle_replaced(one: _Prepared, before: Present | None, present: dict[str, Present], places: Places) -> None:
    """What a record replaces stays as merging left it, whatever the new body says of it. Raises ReplacesByHand."""
    if one.body is None:
        return
    if one.draft.is_merge:
        _check_replaceable(one, present)
        return
    kept = [] if before is None else places.of(one.uri) if before.state == Record.LIVE else revived(one.uri)
    added = [uri for uri in one.replaces if uri not in kept]
    if before is not None and before.state != Record.LIVE:
        added = [uri for uri in added if uri not in last_replaced(one.uri)]
    if one.draft.is_import:
        kept = kept + [uri for uri in added if uri not in present and not places.by(uri)]
        added = [uri for uri in added if uri not in kept]
    if added:
        raise ReplacesByHand(uri=added[0])
    if set(kept) != set(one.replaces):
        one.replace(kept)


def _check_replaceable(one: _Prepared, present: dict[str, Present]) -> None:
    """Only what was withdrawn can be replaced, and only by one of its kind."""
    for uri in one.replaces:
        target = present.get(uri)
        if target is not None and (target.state == Record.LIVE or target.kind != one.kind.name):
            raise ReplacesByHand(uri=uri)


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


def _written(one: _Prepared, before: Present | None, header: Header, pen: log.Pen, limits: list[str]) -> Written:
    state = Record.LIVE if one.body is not None else Record.ERASED if one.draft.erases else Record.WITHDRAWN
    return Written(
        change_id=pen.change_id,
        record_id=before.id if before else pen.next_record_id(),
        header=header,
        key=pen.key.public,
        signature=pen.signature_of(header),
        body=one.text,
        derived=derive(one.kind, header, one.body, sorted(limits), here=header.node),
        state=state,
        is_new=before is None,
    )
