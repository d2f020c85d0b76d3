# SPDX-License-Identifier: Apache-2.0
"""An import on behalf of an institution, or of the node's keepers: whoever asks for it may do no more by it than record by record.

The source ids of an institution are its own: two of them may number their things from 1 on. So the URI of a record follows from
the institution and the source id, whatever else is here, and nobody learns from it what they may not see. What the institution
has under that source id already, from a form for example, is revised; a reference means its own record of that id, or else the
node's that the viewer sees.
"""

import unicodedata
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from ortaq.core.audience import PRIVATE, AudienceTooWide, Viewer, as_written
from ortaq.core.errors import N_, OrtaqError
from ortaq.core.identifiers import local_id_of_source, record_uri
from ortaq.core.kind import Kind
from ortaq.doors.imports.hands import body_and_audience, says_the_same
from ortaq.doors.imports.references import is_source_id, source_ids_in, with_references
from ortaq.nodes.identity import Identity
from ortaq.people import rules
from ortaq.people.errors import Denied
from ortaq.people.rules import Subject
from ortaq.records import log
from ortaq.records.attaching import attachable_among, files_of
from ortaq.records.bulk import in_chunks
from ortaq.records.door import Ahead, Draft, Outcome, foresee_changes, write_changes
from ortaq.records.errors import Absent, FileUnknown, MissingTarget
from ortaq.records.many import subjects_of
from ortaq.records.models import Record
from ortaq.records.queries import records_in_any_state
from ortaq.records.registry import KINDS


class OthersRecord(OrtaqError):
    code, status = "import.others-record", 403
    say = N_(
        "The source id '%(source_id)s' is that of a record of others, which is theirs to revise. "
        "Give an opinion on it, or give your record another source id."
    )


class PersonalKind(OrtaqError):
    code, status = "import.personal-kind", 403
    say = N_(
        "A record of the kind '%(kind)s' is somebody's own words; these are given on the page of a record, not imported."
    )


class OwnNames(Protocol):
    """Which records this import makes, in files or lines still to come too."""

    def among(self, uris: set[str]) -> set[str]: ...


class NoNames:
    """Nothing is known ahead."""

    def among(self, uris: set[str]) -> set[str]:
        return set()


@dataclass(slots=True)
class Met:
    """What stands here under some source ids. own: URI of the institution's record; others: of one that others keep."""

    own: dict[str, str] = field(default_factory=dict)
    others: dict[str, str] = field(default_factory=dict)
    records: dict[str, Record] = field(default_factory=dict)
    subjects: dict[str, Subject] = field(default_factory=dict)


class BehalfHand:
    """Writes what *viewer* may write in the name of *institution*; empty: of the node.

    names    what this import makes
    brought  digests of files that came with it: those it may name
    ahead    where nothing is to be written, what was foreseen so far
    """

    def __init__(
        self,
        viewer: Viewer,
        institution: str,
        me: Identity,
        *,
        names: OwnNames | None = None,
        brought: Set[str] = frozenset(),
        ahead: Ahead | None = None,
    ) -> None:
        self.by = record_uri(me.id, institution) if institution else me.uri
        self._viewer, self._institution, self._node = viewer, institution, me.id
        self._names, self._ahead = names or NoNames(), ahead
        self._brought = brought  # it grows while lines are read

    def known(self, source_ids: set[str]) -> dict[str, tuple[dict[str, Any], str]]:
        """What others keep, and the viewer sees, stays as it is: it is referred to, not made a second time."""
        met = self._met({_plain(one) for one in source_ids})
        found: dict[str, tuple[dict[str, Any], str]] = {}
        for source_id in source_ids:
            if own := met.own.get(_plain(source_id)):
                found[source_id] = body_and_audience(met.records[own])
            elif _plain(source_id) in met.others:
                found[source_id] = {}, ""
        return found

    def stands(self, draft: Draft) -> bool:
        source_id = _source_id(draft)
        met = self._met({source_id, *self._references([draft])})
        own = met.own.get(source_id)
        return own is not None and says_the_same(met.records[own], self._resolved(draft, met, set()), self._node)

    def write(self, drafts: Sequence[Draft]) -> list[Outcome]:
        """Write those of *drafts* that the viewer may write; nobody changes what it depends on meanwhile."""
        if not drafts:
            return []
        if self._ahead is not None:
            return self._settled(drafts)
        with log.writing():
            return self._settled(drafts)

    def _settled(self, drafts: Sequence[Draft]) -> list[Outcome]:
        met = self._met({_source_id(one) for one in drafts} | self._references(drafts))
        self._meet_addressed(met, [one.uri for one in drafts if one.uri])
        making = {self._new_uri(_source_id(one)) for one in drafts if _source_id(one)}
        allowed = attachable_among(self._digests(drafts) - self._brought, self._viewer) | self._brought
        ready: list[Draft | OrtaqError] = [self._ready(one, met, making, allowed) for one in drafts]
        self._check_bounds(ready)
        good = [one for one in ready if isinstance(one, Draft)]
        written = iter(self._done(good) if good else ())
        return [next(written) if isinstance(one, Draft) else Outcome("refused", error=one) for one in ready]

    def _done(self, drafts: list[Draft]) -> list[Outcome]:
        if self._ahead is not None:
            return foresee_changes(drafts, by=self.by, ahead=self._ahead)
        return write_changes(drafts, by=self.by)

    def _ready(self, draft: Draft, met: Met, making: set[str], allowed: Set[str]) -> Draft | OrtaqError:
        """Return the draft as the door takes it, or why it is refused."""
        try:
            kind = KINDS[draft.kind]
            if kind.is_personal:
                raise PersonalKind(kind=draft.kind)
            found = self._addressed(draft, met)
            self._check_audience(found, met)
            self._check_files(kind, found, allowed)
            return self._resolved(replace(found, is_import=False), met, making)  # what is replaced, merging alone says
        except OrtaqError as error:
            return error

    def _addressed(self, draft: Draft, met: Met) -> Draft:
        """Return the draft with the record that it means; raises Absent, Denied, OthersRecord."""
        if draft.uri:
            self._check_own(draft.uri, met)
            source_id = met.records[draft.uri].source_id
            return replace(draft, body={**(draft.body or {}), **({"source_id": source_id} if source_id else {})})
        source_id = _source_id(draft)
        if own := met.own.get(source_id):
            self._check_own(own, met)
            return replace(draft, uri=own)
        if source_id in met.others:
            raise OthersRecord(source_id=source_id)
        return replace(draft, of=self._scope(source_id, met))

    def _check_own(self, uri: str, met: Met) -> None:
        subject = met.subjects.get(uri)
        if subject is None or not self._viewer.may_see(subject.audience):
            raise Absent(uri=uri)
        if subject.institution != self._institution or not rules.may_revise(self._viewer, subject):
            raise Denied(action="record.revise")

    def _check_audience(self, draft: Draft, met: Met) -> None:
        """Private would be nobody's: the author is the institution."""
        before = met.records.get(draft.uri or "")
        if before is not None and as_written(before.audience) == draft.audience:
            return
        if draft.audience == PRIVATE or not rules.may_address(self._viewer, draft.audience):
            own = [one for one in rules.audiences_of(self._viewer.standing) if one != PRIVATE]
            raise AudienceTooWide(audience=draft.audience, limit=", ".join(own))

    def _check_files(self, kind: Kind, draft: Draft, allowed: Set[str]) -> None:
        for one in files_of(kind, draft.body):
            if one["digest"] not in allowed:
                raise FileUnknown(name=one.get("name", one["digest"]), digest=one["digest"])

    def _check_bounds(self, ready: list[Draft | OrtaqError]) -> None:
        """Turn the drafts about records that the viewer may not see into refused ones."""
        wanted = {uri for one in ready if isinstance(one, Draft) for uri in _bounds(one).values()}
        if not wanted:
            return
        seen = records_in_any_state(wanted, self._viewer).keys() | self._names.among(wanted)
        for place, one in enumerate(ready):
            missing = [pair for pair in _bounds(one).items() if pair[1] not in seen] if isinstance(one, Draft) else []
            if missing:
                ready[place] = MissingTarget(field=missing[0][0], target=missing[0][1])

    def _resolved(self, draft: Draft, met: Met, making: set[str]) -> Draft:
        """Return the draft with its references as URIs."""
        if draft.body is None or draft.kind not in KINDS:
            return draft
        wanted = {name: self._new_uri(name) for name in self._references([draft])}
        coming = making | self._names.among(set(wanted.values()))

        def translate(reference: str) -> str:
            if not is_source_id(reference, self._node):
                return reference
            if own := met.own.get(reference):
                return own
            new = wanted[reference]
            return new if new in coming else met.others.get(reference, new)

        return replace(draft, body=with_references(KINDS[draft.kind].fields, draft.body, translate))

    def _references(self, drafts: Iterable[Draft]) -> set[str]:
        known = [one for one in drafts if one.body and one.kind in KINDS]
        return {name for one in known for name in source_ids_in(KINDS[one.kind].fields, one.body or {}, self._node)}

    def _digests(self, drafts: Iterable[Draft]) -> set[str]:
        known = [one for one in drafts if one.kind in KINDS]
        return {str(file["digest"]) for one in known for file in files_of(KINDS[one.kind], one.body)}

    def _new_uri(self, source_id: str) -> str:
        """Where a record of this source id is made, as long as nothing stands in its way."""
        return record_uri(self._node, local_id_of_source(_composed(source_id), self._institution))

    def _scope(self, source_id: str, met: Met) -> str:
        """An institution has its source ids for itself. The keepers share those of the node with everyone who writes here."""
        if self._institution or self._new_uri(source_id) not in met.records:
            return self._institution
        return self._node

    def _met(self, source_ids: set[str]) -> Met:
        """Look up what stands under *source_ids*, as the institution's own and as the node's."""
        own_scope = self._institution or self._node
        places = {
            name: (
                record_uri(self._node, local_id_of_source(_composed(name), own_scope)),
                record_uri(self._node, local_id_of_source(_composed(name))),
            )
            for name in source_ids
            if name
        }
        met = Met()
        self._meet(met, (uri for pair in places.values() for uri in pair))
        seen = {uri for uri, record in met.records.items() if self._viewer.may_see(record.audience)}
        for name, (scoped, shared) in places.items():
            if scoped in met.records:
                met.own[name] = scoped
            elif shared in seen and met.subjects[shared].institution == self._institution:
                met.own[name] = shared
            elif shared in seen:
                met.others[name] = shared
        return met

    def _meet(self, met: Met, uris: Iterable[str]) -> None:
        for chunk in in_chunks(uris):
            rows = Record.objects.select_related("change").filter(uri__in=chunk)
            met.records |= {record.uri: record for record in rows}
        met.subjects = subjects_of(met.records.values())

    def _meet_addressed(self, met: Met, uris: Sequence[str]) -> None:
        """Records that a line names by their own address: only those that the viewer sees."""
        if uris:
            seen = records_in_any_state(uris, self._viewer)
            self._meet(met, seen)


def _bounds(draft: Draft) -> dict[str, str]:
    names = KINDS[draft.kind].bounded_by
    return {name: draft.body[name] for name in names if draft.body and isinstance(draft.body.get(name), str)}


def _source_id(draft: Draft) -> str:
    found: Any = (draft.body or {}).get("source_id")
    return _plain(found) if isinstance(found, str) else ""


def _plain(source_id: str) -> str:
    """As the kind keeps it: core.fields.SourceId."""
    return _composed(source_id.strip())


def _composed(text: str) -> str:
    return text if text.isascii() else unicodedata.normalize("NFC", text)
