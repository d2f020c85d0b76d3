# SPDX-License-Identifier: Apache-2.0
"""/api/records/ID/merge and /unmerge: two records of one thing become one, and two again."""

from typing import Any

from django.http import HttpResponse

from ortaq.core.audience import as_written, is_within
from ortaq.core.identifiers import is_record_uri
from ortaq.core.joining import joined, places
from ortaq.core.replacing import replaced_in
from ortaq.doors.api.bodies import check_members
from ortaq.doors.api.caller import WRITE
from ortaq.doors.api.operations import Answer, Call, Operation, answer
from ortaq.doors.api.records import HERE, WRONG, live_record, written
from ortaq.doors.api.representations import record_json
from ortaq.doors.api.versions import etag_of, expected_version, stale
from ortaq.people.errors import Denied, SignInRequired
from ortaq.records.errors import Absent, Gone, NotAuthor, NotMergeable, NotMerged, NotOurs, StaleVersion
from ortaq.records.merging import check_mergeable, merge_of, merge_records, take_back
from ortaq.records.models import Record
from ortaq.records.queries import body_of, record_of
from ortaq.records.registry import KINDS


def merge(call: Call) -> HttpResponse:
    given = check_members(call.body, {"other": str, "other_etag": str}, {"body": dict})
    kept = live_record(call)
    version = expected_version(call.request, kept)
    other = _other(call, given["other"])
    check_mergeable(call.viewer, kept, other)
    if given["other_etag"] != etag_of(other):
        raise stale(other)
    body = given.get("body") or _joined(kept, other)
    try:
        merge_records(call.viewer, kept.uri, other.uri, body=body, expected=(version, other.version))
    except StaleVersion as error:  # somebody was faster between reading and writing
        raise stale(record_of(error.facts["uri"], call.viewer)) from error
    return written(call, kept.uri, 200)


def _other(call: Call, uri: str) -> Record:
    if not is_record_uri(uri):
        raise Absent(uri=uri[:100])
    return record_of(uri, call.viewer)


def _joined(kept: Record, other: Record) -> dict[str, Any]:
    """What the page offers before anybody chooses: all names and links, the kept record's word where both have one.

    Nothing of a record that fewer may see.
    """
    own, others = body_of(kept), body_of(other)
    apart = {kept.uri, other.uri, *replaced_in(own), *replaced_in(others)}
    is_wider = not is_within(as_written(kept.audience), as_written(other.audience))
    return joined(own, places(KINDS[kept.kind], own, others, apart=apart, is_wary=is_wider), {})


def unmerge(call: Call) -> HttpResponse:
    given = check_members(call.body, {"other": str}, {})
    kept = live_record(call)
    version = expected_version(call.request, kept)
    other = _other(call, given["other"])
    if merge_of(other, call.viewer).winner.uri != kept.uri:
        raise NotMerged(uri=other.uri)
    try:
        done = take_back(call.viewer, other.uri, expected_version=version)
    except StaleVersion as error:
        raise stale(record_of(error.facts["uri"], call.viewer)) from error
    found = record_of(kept.uri, call.viewer)
    document = {
        "record": record_json(found),
        "other": record_json(record_of(other.uri, call.viewer)),
        "is_restored": done.is_newest,
        "fields": list(done.fields),
    }
    return answer(document, ETag=etag_of(found))


_WHO = (SignInRequired, Denied, NotAuthor)

OPERATIONS = (
    Operation(
        "POST", "/records/{id}/merge", "mergeRecords", "records", "Merge another record into this one", merge,
        {200: Answer("The kept record as it stands now; the other one is withdrawn.", "Record", ("ETag",))},
        "Both are of one kind and one institution. `other_etag` is the `ETag` of the other record as you have read it. `body` is what the "
        "kept record says from now on; without it, all names, identifiers, links and sources of both are kept, and of other fields the kept "
        "record's word, the other's where it has none; nothing of a record that fewer people may see. What points at the other record is then found at the kept one, and reading the other "
        "answers 301. Both changes are written, or neither.",
        scope=WRITE, needs_person=True, body="RecordsToMerge", needs_version=True,
        refuses=(*HERE, *WRONG, *_WHO, NotMergeable, NotOurs),
    ),
    Operation(
        "POST", "/records/{id}/unmerge", "unmergeRecords", "records", "Take a merge back", unmerge,
        {200: Answer("Both records as they stand now.", "Unmerged", ("ETag",))},
        "`id` is the kept record, `other` the one that was merged into it. If nobody has revised the kept record since (`is_restored`), it "
        "says again what it said before; otherwise it keeps what it says, and `fields` names those that the merge changed.",
        scope=WRITE, needs_person=True, body="MergeToTakeBack", body_at="", needs_version=True,
        refuses=(*HERE, *WRONG, *_WHO, NotMerged, NotOurs, Gone),
    ),
)  # fmt: skip
