# SPDX-License-Identifier: Apache-2.0
"""The proof proves something: whichever filter is taken out of the code, it finds a leak.

Each case takes one condition away and asks the part of the proof that looks there; it must find something.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.cache import cache
from django.db.models import Q
from tantivy import Query

from ortaq.files.errors import UploadAbsent
from ortaq.files.models import Upload
from ortaq.notices.models import Notice
from ortaq.people.audit import AuditEntry
from ortaq.people.errors import Denied, TokenAbsent
from ortaq.people.models import PersonalToken, Session
from ortaq.people.queries import institution_of
from ortaq.records.errors import Absent
from ortaq.records.models import Attachment, Job, Link, Record
from ortaq.search.reader import reader
from tests.leaks.proof import Proof
from tests.leaks.test_told import heard_unseen, notices, told_by_mail, told_on_pages
from tests.leaks.thing import World

Take = Callable[..., Any]


@dataclass(frozen=True)
class Mutation:
    """what goes; label: who looks; part: of the proof; where: routes that match; instead: what stands there → what stands there now."""

    what: str
    label: str
    part: str
    where: str
    instead: dict[str, Take]


def everything(*_given: Any, **_more: Any) -> Q:
    return Q()


def all_live(*_given: Any) -> Any:
    return Record.objects.filter(state=Record.LIVE)


def any_record(uri: str, *_given: Any) -> Record:
    found = Record.objects.select_related("change").filter(uri=uri).first()
    if found is None:
        raise Absent(uri=uri)
    return found


def denied_record(uri: str, viewer: Any) -> Record:
    found = any_record(uri)
    if not viewer.may_see(found.audience):
        raise Denied(action="record.read")
    return found


def absent_with_etag(uri: str, viewer: Any) -> Record:
    found = any_record(uri)
    if not viewer.may_see(found.audience):
        raise Absent(uri=uri, etag='"1.x"')
    return found


def any_upload(key: str, *_given: Any) -> Upload:
    found = Upload.objects.filter(key=key).first()
    if found is None:
        raise UploadAbsent(key=key)
    return found


def any_token(_person: int, number: int) -> PersonalToken:
    found = PersonalToken.objects.filter(pk=number).first()
    if found is None:
        raise TokenAbsent
    return found


def any_job(key: str, *_given: Any) -> Job:
    found = Job.objects.filter(key=key).first()
    if found is None:
        raise Absent(uri=key)
    return found


def all_links(uri: str, *_given: Any, limit: int, **_more: Any) -> list[Link]:
    return list(Link.objects.filter(target=uri).select_related("record")[:limit])


def all_linking(uri: str, role: str, kind: str, *_given: Any) -> Any:
    pointing = Link.objects.filter(target=uri, role=role).values("record_id")
    return all_live().filter(kind=kind, id__in=pointing).select_related("change").order_by("id")


def all_attachments(digest: str, *_given: Any, limit: int) -> Any:
    return list(Attachment.objects.filter(digest=digest).select_related("record")[:limit])


def by_uri(uris: Any, *_given: Any) -> dict[str, Record]:
    return {one.uri: one for one in all_live().filter(uri__in=list(uris))}


def yes(*_given: Any, **_more: Any) -> bool:
    return True


def all_documents(*_given: Any) -> Query:
    return Query.exists_query("id")  # the index keeps a document of its own that is no record


_INDEX = {f"ortaq.search.{module}.seen_by": all_documents for module in ("clauses", "query", "plan")}
_WEB = "ortaq.doors.web"
MUTATIONS = [
    Mutation("whoever reads records", "stranger", "at_addresses", r"^\^r/", {"ortaq.records.queries.visible": everything}),
    Mutation("the last word of the database in search", "stranger", "elsewhere", "^api/search", {**_INDEX, "ortaq.search.query.records_for": all_live}),
    Mutation("the audience in the index", "stranger", "counts", "", _INDEX),
    Mutation("whom suggestions are for", "stranger", "elsewhere", "suggestions", {**_INDEX, "ortaq.search.query.records_for": all_live}),
    Mutation("whom the map is for", "stranger", "elsewhere", "points", {**_INDEX, "ortaq.search.query.records_for": all_live}),
    Mutation("whom tables of results are for", "stranger", "elsewhere", r"^\^search", {**_INDEX, "ortaq.search.query.records_for": all_live, "ortaq.search.selection.records_for": all_live}),
    Mutation("whom feeds of searches are for", "stranger", "elsewhere", r"^search\.atom", {**_INDEX, "ortaq.search.query.records_for": all_live, "ortaq.doors.feeds.pages.records_for": all_live}),
    Mutation("whom feeds of records are for", "stranger", "at_addresses", "atom", {"ortaq.doors.feeds.pages.record_of": any_record}),
    Mutation("whom the list of the API is for", "stranger", "elsewhere", "^api/records", {"ortaq.doors.api.records.records_for": all_live}),
    Mutation("whom the log is for", "stranger", "elsewhere", "^api/changes", {"ortaq.records.feed.visible": everything, "ortaq.records.feed._seen_by": everything}),
    Mutation("which versions are withheld", "stranger", "at_addresses", "history|compare|changes", {"ortaq.records.queries.token": lambda *_given: "public"}),
    Mutation("whom files are for", "stranger", "at_addresses", "^files/", {f"{_WEB}.downloads.may_read_file": yes}),
    Mutation("whom the facts of files are for", "stranger", "at_addresses", "^api/files", {"ortaq.doors.api.files.attachments_of": all_attachments}),
    Mutation("whose an upload is", "A/reader", "at_addresses", "^uploads/", {f"{_WEB}.uploads.upload_of": any_upload, "ortaq.files.actions.upload_of": any_upload}),
    Mutation("whose uploads are listed", "B/reader", "elsewhere", "^files/upload", {f"{_WEB}.my_files.uploads_of": lambda _viewer: Upload.objects.all()}),
    Mutation("whose a working copy is", "B/reader", "at_addresses", "^work/", {"ortaq.people.rules.may_read": yes, "ortaq.records.copies._within_reach": lambda _viewer: Q()}),
    Mutation("which opinions one reads", "stranger", "at_addresses", r"^\^r/\S{1,30}\\Z", {"ortaq.opinions.queries.records_linking": all_linking}),
    Mutation("which records that point here", "stranger", "at_addresses", "links", {f"{_WEB}.record.links_to": all_links}),
    Mutation("that absent and denied look alike", "stranger", "at_addresses", r"^\^r/", {f"{_WEB}.record.record_of": denied_record}),
    Mutation("that they look alike in a header", "stranger", "at_addresses", "^api/records", {"ortaq.doors.api.records.record_of": absent_with_etag}),
    Mutation("whose a token is", "B/reader", "at_addresses", "tokens", {f"{_WEB}.accounts.tokens_page.token_of": any_token}),
    Mutation("whose sessions are listed", "B/reader", "elsewhere", "^account/sessions", {f"{_WEB}.accounts.sessions_page.sessions_of": lambda _person: Session.objects.all()}),
    Mutation("who revokes invitations", "B/reader", "at_addresses", "invitations", {f"{_WEB}.institutions.pages._roles_to_give": lambda *_: [("reader", "")]}),
    Mutation("who sees the people of an institution", "A/reader", "elsewhere", "people", {f"{_WEB}.institutions.pages._for_members": lambda _request, key: institution_of(key)}),
    Mutation("whose trail one reads", "B/administrator", "elsewhere", "audit", {f"{_WEB}.institutions.trail.trail_of": lambda *_: AuditEntry.objects.order_by("-id")}),
    Mutation("what one may follow", "B/reader", "in_forms", "^follow$", {"ortaq.notices.actions.record_of": any_record}),
    Mutation("what one may answer", "B/contributor", "in_forms", "^opinions/give", {"ortaq.opinions.pages.record_of": any_record}),
    Mutation("what one may begin from", "B/contributor", "in_forms", "^new/", {f"{_WEB}.forms.beginning.record_of": any_record}),
    Mutation("what an opinion may be about", "B/contributor", "in_forms", "^api/records", {"ortaq.records.actions.targets_by_uri": by_uri}),
    Mutation("which files one may use", "B/contributor", "in_forms", "^api/records", {"ortaq.records.attaching.visible": everything}),
    Mutation("which notices are shown", "B/reader", "told_on_pages", "", {f"{_WEB}.work.told.notices_for": lambda person, _viewer: Notice.objects.filter(person=person, copy="").order_by("-id")}),
    Mutation("which notices are mailed", "B/reader", "told_by_mail", "", {"ortaq.notices.queries.notices_for": lambda person, _viewer: Notice.objects.filter(person=person, copy="")}),
    Mutation("who hears of what", "B/reader", "heard_unseen", "", {"ortaq.notices.hearing._may_hear": yes}),
    Mutation("whose work beside the server is shown", "A/administrator", "at_addresses", "^many/jobs", {"ortaq.records.jobs.job_of": any_job}),
]  # fmt: skip


@pytest.fixture
def fresh(world: World) -> Iterator[None]:
    """What the index has worked out is neither taken from others nor left for others."""
    reader().view().kept.clear()
    yield
    reader().view().kept.clear()
    cache.clear()


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.what)
def test_proof_finds_what_a_missing_filter_lets_out(
    mutation: Mutation, world: World, node: Any, fresh: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for where, instead in mutation.instead.items():
        monkeypatch.setattr(where, instead)
    assert next(filter(is_leak, faults(mutation, world, node.id)), None) is not None


def is_leak(fault: str) -> bool:
    """A page that fails tells nothing; it would only say that the case here is wrong."""
    return not re.search(r": 5\d\d$", fault)


def faults(mutation: Mutation, world: World, node: str) -> Iterator[str]:
    if mutation.part in _TOLD:
        return _TOLD[mutation.part](world, mutation.label)
    part = getattr(Proof(world, mutation.label, node), mutation.part)
    return iter(part(lambda route: re.search(mutation.where, route.path)) if mutation.where else part())


def _on_pages(world: World, label: str) -> Iterator[str]:
    Notice.objects.bulk_create(notices(world), ignore_conflicts=True)
    return told_on_pages(world, label)


def _by_mail(world: World, _label: str) -> Iterator[str]:
    Notice.objects.bulk_create(notices(world), ignore_conflicts=True)
    return told_by_mail(world)


_TOLD: dict[str, Callable[[World, str], Iterator[str]]] = {
    "told_on_pages": _on_pages,
    "told_by_mail": _by_mail,
    "heard_unseen": lambda world, _label: heard_unseen(world),
}
