# SPDX-License-Identifier: Apache-2.0
"""Two records of one thing become one: the one that is kept replaces the other, which is withdrawn; and back again.

Each is two signed changes in one transaction. What the kept record says from then on is decided by whoever merges.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from ortaq.core.audience import Viewer, as_written
from ortaq.core.replacing import own_words, replaced_in, replacing
from ortaq.people import rules
from ortaq.records.actions import subject_of, who_may
from ortaq.records.attaching import check_attachable, files_of
from ortaq.records.door import Draft, Outcome, write_together
from ortaq.records.errors import Gone, NotMergeable, NotMerged, StaleVersion
from ortaq.records.models import Change, Record
from ortaq.records.queries import body_of, record_in_place_of, record_of
from ortaq.records.registry import KINDS

NOTE = "change_note"


@dataclass(frozen=True, slots=True)
class Merge:
    """How a record came to be replaced.

    winner     the record that stands in its place
    version    of the winner, the one that the merge made; 0 if the log does not tell
    fields     names of the fields that the merge changed in the winner
    is_newest  nobody has revised the winner since
    """

    winner: Record
    version: int
    fields: tuple[str, ...]
    is_newest: bool


def merge_records(
    viewer: Viewer, winner: str, loser: str, *, body: Mapping[str, Any], expected: tuple[int, int]
) -> Outcome:
    """Let *winner* replace *loser*; body: what the winner says from now on; expected: the versions that were looked at.

    raises Absent, Gone, Denied, NotMergeable, StaleVersion, and what records.door refuses; then nothing is written
    """
    kept, other = record_of(winner, viewer), record_of(loser, viewer)
    by = check_mergeable(viewer, kept, other)
    for record, version in zip((kept, other), expected, strict=True):
        if record.version != version:  # before the body is looked at: it was made from what stood there then
            raise StaleVersion(uri=record.uri, present=record.version, expected=version)
    check_attachable(viewer, files_of(KINDS[kept.kind], body), by=by)
    replaced = [*replaced_in(body_of(kept)), loser, *replaced_in(body_of(other))]
    return write_together(
        [
            Draft(other.kind, None, as_written(other.audience), loser, expected_version=expected[1], is_merge=True),
            Draft(
                kept.kind,
                replacing(body, replaced),
                as_written(kept.audience),
                winner,
                expected_version=expected[0],
                is_merge=True,
            ),
        ],
        by=by,
    )[1]


def check_mergeable(viewer: Viewer, kept: Record, other: Record) -> str:
    """Return the actor under which *viewer* may merge the two; raises SignInRequired, Denied, Gone, NotMergeable."""
    for record in (kept, other):
        if record.state != Record.LIVE:
            raise Gone(uri=record.uri)
    by = who_may(viewer, kept, rules.may_merge, "record.merge")
    who_may(viewer, other, rules.may_merge, "record.merge")
    is_same_house = subject_of(kept).institution == subject_of(other).institution
    if kept.uri == other.uri or kept.kind != other.kind or kept.node != other.node or not is_same_house:
        raise NotMergeable(uri=kept.uri, other=other.uri)
    return by


def merge_of(record: Record, viewer: Viewer) -> Merge:
    """Return how *record* was merged into another; raises NotMerged, also where the other is not for *viewer* to see."""
    winner = None if record.state != Record.WITHDRAWN else record_in_place_of(record.uri, viewer)
    if winner is None:
        raise NotMerged(uri=record.uri)
    winner = record_of(winner.uri, viewer)
    version, before, after = _merging_version(winner.uri, record.uri)
    fields = _differing(before, after) if before is not None and after is not None else ()
    return Merge(winner, version if before is not None else 0, fields, winner.version == version)


def may_take_back(viewer: Viewer, record: Record, winner: Record) -> bool:
    return rules.may_take_back(viewer, subject_of(record)) and rules.may_merge(viewer, subject_of(winner))


def take_back(viewer: Viewer, uri: str, *, expected_version: int, note: str = "") -> Merge:
    """Let the record *uri* stand by itself again, with its last body; expected_version: of the record in its place.

    If nobody has revised that one since, it says again what it said before; otherwise it keeps what it says.
    raises Absent, Denied, NotMerged, StaleVersion, and what records.door refuses; then nothing is written
    """
    record = record_of(uri, viewer)
    merge = merge_of(record, viewer)
    winner = merge.winner
    by = who_may(viewer, record, rules.may_take_back, "record.merge")
    who_may(viewer, winner, rules.may_merge, "record.merge")
    last = _last_body(uri)
    if last is None:
        raise NotMerged(uri=uri)
    body = orjson.loads(last.body or "{}")
    replaced = replaced_in(body_of(winner))
    own = [one for one in replaced_in(body) if one in replaced]
    left = [one for one in replaced if one != uri and one not in own]
    write_together(
        [
            Draft(
                winner.kind,
                replacing(_body_after(merge, note), left),
                as_written(winner.audience),
                winner.uri,
                expected_version=expected_version,
                is_merge=True,
            ),
            Draft(
                record.kind,
                replacing(_noted(body, note), own),
                last.audience,
                uri,
                expected_version=record.version,
                is_merge=True,
            ),
        ],
        by=by,
    )
    return merge


def _body_after(merge: Merge, note: str) -> dict[str, Any]:
    present = body_of(merge.winner)
    if merge.is_newest and merge.version > 1:
        before = Change.objects.get(record=merge.winner.uri, version=merge.version - 1)
        present = orjson.loads(before.body or "{}")
    return _noted(present, note)


def _noted(body: Mapping[str, Any], note: str) -> dict[str, Any]:
    """The body with a note of its own: that of the version before tells of another change."""
    plain = {name: value for name, value in body.items() if name != NOTE}
    return plain | {NOTE: note} if note else plain


def _last_body(uri: str) -> Change | None:
    return Change.objects.filter(record=uri, body__isnull=False).order_by("-version").first()


def _merging_version(winner: str, loser: str) -> tuple[int, dict[str, Any] | None, dict[str, Any] | None]:
    """Return the version of *winner* since which it replaces *loser*, with the bodies before and after; 0 if that is lost."""
    after: tuple[int, dict[str, Any]] | None = None
    changes = Change.objects.filter(record=winner).order_by("-version").values_list("version", "body")
    for version, text in changes.iterator(chunk_size=50):
        body = orjson.loads(text) if text else None
        if body is None or loser not in replaced_in(body):
            is_next = after is not None and after[0] == version + 1
            return (after[0], body, after[1]) if after and is_next else (0, None, None)
        after = (version, body)
    return (0, None, None)


def _differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, ...]:
    old, new = own_words(before), own_words(after)
    return tuple(name for name in {**old, **new} if name != NOTE and old.get(name) != new.get(name))
