# SPDX-License-Identifier: Apache-2.0
"""/api/records: every kind is listed, made, read, revised and withdrawn in the same way."""

from typing import Any

from django.http import HttpResponse

from ortaq.core.audience import AudienceTooWide, BadAudience
from ortaq.core.errors import BadIdentifier, Invalid, NotCanonical, UnknownField, UnknownKind
from ortaq.core.identifiers import is_record_uri
from ortaq.core.replacing import REPLACES
from ortaq.core.vocabulary import LINK_ROLES
from ortaq.doors.api import parameters as p
from ortaq.doors.api.bodies import check_members
from ortaq.doors.api.caller import WRITE
from ortaq.doors.api.operations import Answer, Call, Onward, Operation, answer, moved, no_content
from ortaq.doors.api.parameters import Parameter
from ortaq.doors.api.representations import address_of, changes_json, record_json, summary_json
from ortaq.doors.api.versions import etag_of, expected_version, not_modified, stale
from ortaq.people.errors import Denied, SignInRequired
from ortaq.records.actions import check_not_replaced, publish_record, revise_record, withdraw_record
from ortaq.records.errors import (
    Absent,
    FileMisdescribed,
    FileUnknown,
    Gone,
    KindChanged,
    MissingTarget,
    NotAuthor,
    NotOurs,
    Replaced,
    ReplacesByHand,
    SourceIdInUse,
    SourceIdTaken,
    StaleVersion,
    TooLarge,
)
from ortaq.records.feed import versions_for
from ortaq.records.models import Link, Record
from ortaq.records.queries import record_in_place_of, record_of, records_for, with_replaced
from ortaq.records.registry import KINDS

_MEMBERS: dict[str, type] = {"kind": str, "audience": str, "body": dict}


def seen_record(call: Call) -> Record:
    """Return the record of the address in any state; raises Absent, also for what is no name of a record."""
    uri = f"urn:ortaq:{call.path['id'][:100]}"
    if not is_record_uri(uri):
        raise Absent(uri=uri)
    return record_of(uri, call.viewer)


def live_record(call: Call) -> Record:
    """Return the record of the address; raises Absent, Replaced, Gone."""
    record = seen_record(call)
    if record.state != Record.LIVE:
        check_not_replaced(call.viewer, record)
        raise Gone(uri=record.uri)
    return record


def list_records(call: Call) -> HttpResponse:
    query, limit = call.query, call.query["limit"]
    found = records_for(call.viewer).select_related("change").defer("change__body")
    for name in ("source_id", "author"):
        if query[name] is not None:
            found = found.filter(**{name: query[name]})
    if query["kind"]:
        found = found.filter(kind__in=query["kind"])
    if query["links_to"]:
        found = found.filter(id__in=_pointing(query["links_to"], query["role"]))
    is_newest = query["order"] == "newest"
    if query["after"]:
        found = found.filter(**{"id__lt" if is_newest else "id__gt": query["after"]})
    records = list(found.order_by("-id" if is_newest else "id")[: limit + 1])
    page = records[:limit]
    after = page[-1].id if len(records) > limit else None
    return answer({"records": [summary_json(record) for record in page], "after": after})


def _pointing(target: str, roles: tuple[str, ...]) -> Any:
    found = Link.objects.filter(target__in=with_replaced(target))
    # That one stands in the place of another is no link to it, unless somebody asks for just that.
    return (found.filter(role__in=roles) if roles else found.exclude(role=REPLACES)).values("record_id")


def read_record(call: Call) -> HttpResponse:
    record = seen_record(call)
    if record.state != Record.LIVE:
        if winner := record_in_place_of(record.uri, call.viewer):
            return moved(address_of(winner.uri))
        raise Gone(uri=record.uri)
    etag = etag_of(record)
    return not_modified(call.request, etag) or answer(record_json(record), ETag=etag)


def create_record(call: Call) -> HttpResponse:
    given = check_members(call.body, _MEMBERS, {})
    outcome = publish_record(call.viewer, KINDS[given["kind"]].name, given["body"], given["audience"])
    return written(call, outcome.uri or "", 201)


def written(call: Call, uri: str, status: int) -> HttpResponse:
    """Return the record as it stands after the write."""
    record = record_of(uri, call.viewer)
    document = record_json(record)
    more = {"Location": document["addresses"]["self"]} if status == 201 else {}
    return answer(document, status, ETag=etag_of(record), **more)


def revise(call: Call) -> HttpResponse:
    given = check_members(call.body, _MEMBERS, {})
    record = live_record(call)
    version = expected_version(call.request, record)
    if KINDS[given["kind"]].name != record.kind:
        raise KindChanged(uri=record.uri, present=record.kind, given=given["kind"])
    try:
        revise_record(call.viewer, record.uri, given["body"], given["audience"], expected_version=version)
    except StaleVersion as error:  # somebody was faster between reading and writing
        raise stale(record_of(record.uri, call.viewer)) from error
    return written(call, record.uri, 200)


def withdraw(call: Call) -> HttpResponse:
    record = live_record(call)
    version = expected_version(call.request, record)
    try:
        withdraw_record(call.viewer, record.uri, expected_version=version)
    except StaleVersion as error:
        raise stale(record_of(record.uri, call.viewer)) from error
    return no_content()


def record_changes(call: Call) -> HttpResponse:
    record = seen_record(call)
    page = versions_for(record, call.viewer, after=call.query["after"], limit=call.query["limit"])
    return answer(changes_json(page))


def _kind(value: str) -> str:
    return KINDS[value].name


KIND = Parameter(
    "kind",
    "Only records of this kind; may be repeated.",
    {"$ref": "#/components/schemas/KindName"},
    _kind,
    is_many=True,
)
_FILTERS = (
    KIND,
    Parameter("source_id", "Only the record that its source knows by this id.", *p.text(500)),
    Parameter("author", "Only what this actor has made.", *p.URI),
    Parameter("links_to", "Only records that point at this one.", *p.URI),
    Parameter(
        "role", "With `links_to`: only by links of this role or field; may be repeated.", *p.text(40), is_many=True
    ),
    Parameter("order", "By when they were made.", *p.one_of(["oldest", "newest"]), may_be_empty=True, default="oldest"),
    p.after(),
    p.limit(100),
)
_ETAG = ("ETag",)
HERE = (Absent, Gone, Replaced)
WRONG = (
    Invalid, UnknownField, UnknownKind, NotCanonical, BadIdentifier, BadAudience, AudienceTooWide, MissingTarget, TooLarge,
    SourceIdTaken, ReplacesByHand, FileUnknown, FileMisdescribed, SignInRequired, Denied,
)  # fmt: skip
_SELF = {
    name: Onward(operation, {"id": "$response.body#/id"})
    for name, operation in (
        ("read", "readRecord"),
        ("revise", "reviseRecord"),
        ("withdraw", "withdrawRecord"),
        ("changes", "listRecordChanges"),
        ("opinions", "listOpinions"),
    )
}

OPERATIONS = (
    Operation(
        "GET", "/records", "listRecords", "records", "List records", list_records,
        {200: Answer("A page of records, without their bodies.", "RecordList")},
        f"The live records that you may see. `role` is a field of the record or one of {', '.join(f'`{role}`' for role in LINK_ROLES)}.",
        parameters=_FILTERS, refuses=(UnknownKind,),
    ),
    Operation(
        "POST", "/records", "createRecord", "records", "Make a record", create_record,
        {201: Answer("The record was made and signed.", "Record", ("ETag", "Location"))},
        "References in the body may be URIs, web addresses or the source ids of other records.",
        scope=WRITE, needs_person=True, body="RecordToWrite", refuses=(*WRONG, SourceIdInUse, Gone), onward=_SELF,
    ),
    Operation(
        "GET", "/records/{id}", "readRecord", "records", "Read a record", read_record,
        {200: Answer("The present version.", "Record", _ETAG), 301: Answer("It was merged into another record: `Location` says into which.", None, ("Location",)),
         304: Answer("You have this version already.", None, _ETAG)},
        "With `If-None-Match` the body comes only if it has changed.",
        refuses=(Absent, Gone), onward={name: one for name, one in _SELF.items() if name != "read"},
    ),
    Operation(
        "PUT", "/records/{id}", "reviseRecord", "records", "Revise a record", revise,
        {200: Answer("The new version; the same one as before if nothing differs.", "Record", _ETAG)},
        "Body and audience are replaced as a whole. `If-Match` names the version that you have read; if somebody was faster, nothing is "
        "written and the problem says the present version.",
        scope=WRITE, needs_person=True, body="RecordToWrite", needs_version=True,
        refuses=(*HERE, *WRONG, KindChanged, NotOurs, NotAuthor),
    ),
    Operation(
        "DELETE", "/records/{id}", "withdrawRecord", "records", "Withdraw a record", withdraw,
        {204: Answer("The record is withdrawn; its history stays.")},
        scope=WRITE, needs_person=True, needs_version=True,
        refuses=(*HERE, SignInRequired, Denied, NotOurs, NotAuthor),
    ),
    Operation(
        "GET", "/records/{id}/changes", "listRecordChanges", "records", "Read the signed history of a record", record_changes,
        {200: Answer("Its versions, oldest first.", "Changes")},
        "Each header is signed (W3C Data Integrity, `eddsa-jcs-2022`) and carries the SHA-256 digest of the body in its canonical form "
        "(RFC 8785). A body that is not for you is withheld; its digest still stands.",
        parameters=(p.after("Only versions after this one."), p.limit(100)), refuses=(Absent,),
    ),
)  # fmt: skip
