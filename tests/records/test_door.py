# SPDX-License-Identifier: Apache-2.0
import threading

import pytest
from django.db import connection, connections

from ortaq.core.audience import STRANGER, AudienceTooWide, BadAudience, Viewer
from ortaq.core.errors import Invalid, UnknownField, UnknownKind
from ortaq.nodes.identity import Identity
from ortaq.records import door
from ortaq.records.actions import erase_versions
from ortaq.records.door import Draft, write_change, write_changes
from ortaq.records.errors import Absent, Gone, KindChanged, MissingTarget, NotAuthor, NotOurs, StaleVersion, TooLarge
from ortaq.records.models import Change, Link, Point, Record, Span
from ortaq.records.queries import body_of, record_of, records_for
from ortaq.records.signals import changes_committed
from ortaq.records.verification import verify_log, verify_projection
from tests.factories import Write


def test_record_is_made_and_everything_is_derived(node: Identity) -> None:
    body = {
        "source_id": "m:1",
        "title": {"ru": "Дворец шекинских ханов", "az": ["Şəki Xan Sarayı", "Xan Sarayı"], "az-Cyrl": "Хан Сарајы"},
        "built": "1797",
        "point": {"lat": 41.2, "lon": 47.2},
        "types": ["term:palace"],
        "links": [{"role": "located_in", "to": "place:sheki"}],
    }
    outcome = write_change(Draft("monument", body), by=node.uri, at="2026-11-21T10:00:00Z")
    record = record_of(outcome.uri or "", STRANGER)
    assert (record.kind, record.version, record.state, record.source_id) == ("monument", 1, "live", "m:1")
    assert record.made_at == record.changed_at == "2026-11-21T10:00:00Z"
    assert {link.role for link in Link.objects.filter(record=record)} == {"types", "located_in"}
    assert Span.objects.get(record=record).first_year == 1797
    assert Point.objects.get(record=record).lat == 41.2
    assert list(verify_log()) == []
    assert list(verify_projection()) == []


def test_same_again_changes_nothing(place: Write) -> None:
    assert place("geo:1", az="Şəki").status == "made"
    assert place("geo:1", az="Şəki").status == "unchanged"
    assert Change.objects.count() == 1


def test_revision_replaces_what_was_derived(node: Identity) -> None:
    draft = Draft("place", {"source_id": "geo:1", "title": {"az": "A"}, "point": {"lat": 1, "lon": 2}})
    write_change(draft, by=node.uri)
    outcome = write_change(Draft("place", {"source_id": "geo:1", "title": {"az": "B"}}), by=node.uri)
    assert (outcome.status, outcome.version) == ("revised", 2)
    assert not Point.objects.exists()
    assert list(verify_projection()) == []


def test_one_batch_may_make_and_revise_the_same_record(node: Identity) -> None:
    drafts = [Draft("place", {"source_id": "geo:1", "title": {"az": name}}) for name in "ABA"]
    assert [one.status for one in write_changes(drafts, by=node.uri)] == ["made", "revised", "revised"]
    assert record_of(write_changes(drafts[-1:], by=node.uri)[0].uri or "", STRANGER).version == 3
    assert list(verify_log()) == list(verify_projection()) == []


def test_refused_draft_stops_no_other(node: Identity) -> None:
    outcomes = write_changes(
        [
            Draft("place", {"title": {"az": "A"}}),
            Draft("place", {"titel": {}}),
            Draft("castle", {}),
            Draft("place", {"title": {}}),
            Draft("place", {"title": {"az": "B"}}, "everyone"),
            Draft("place", {"title": {"az": "C"}}),
        ],
        by=node.uri,
    )
    assert [type(one.error) for one in outcomes] == [
        type(None),
        UnknownField,
        UnknownKind,
        Invalid,
        BadAudience,
        type(None),
    ]
    assert Change.objects.order_by("seq").values_list("seq", flat=True)[1] == 2


def test_link_may_point_at_a_record_that_is_not_there_yet(node: Identity, place: Write) -> None:
    child = write_change(
        Draft("place", {"title": {"az": "A"}, "links": [{"role": "part_of", "to": "geo:2"}]}), by=node.uri
    )
    parent = place("geo:2")
    assert Link.objects.get(record__uri=child.uri).target == parent.uri


def test_stale_revision_is_refused(place: Write) -> None:
    place("geo:1", az="A")
    place("geo:1", az="B")
    with pytest.raises(StaleVersion, match=r"version 2.*version 1"):
        place("geo:1", az="C", expected_version=1)


def test_kind_of_a_record_stays(node: Identity, place: Write) -> None:
    place("geo:1")
    with pytest.raises(KindChanged):
        write_change(Draft("monument", {"source_id": "geo:1", "title": {"az": "A"}}), by=node.uri)


def test_record_of_another_node_is_not_revised(place: Write, node: Identity) -> None:
    uri = place("geo:1").uri
    Record.objects.update(node="b" * 26)
    with pytest.raises(NotOurs):
        write_change(Draft("place", {"title": {"az": "A"}}, uri=uri), by=node.uri)


def test_opinion_needs_its_target(node: Identity, opinion: Write, place: Write) -> None:
    with pytest.raises(MissingTarget, match="about"):
        opinion("geo:1")
    place("geo:1")
    assert opinion("geo:1").status == "made"


def test_words_of_a_person_are_revised_by_nobody_else(node: Identity, place: Write) -> None:
    place("geo:1")
    author = f"{node.uri}:{'m' * 16}"
    body = {"source_id": "o:1", "about": "geo:1", "motivation": "comment", "lang": "az", "text": "Gözəl"}
    uri = write_change(Draft("opinion", body), by=author).uri or ""
    assert write_change(Draft("opinion", body), by=node.uri).status == "unchanged"
    with pytest.raises(NotAuthor):
        write_change(Draft("opinion", {**body, "text": "Pis"}), by=node.uri)
    with pytest.raises(NotAuthor):
        write_change(Draft("opinion", None, uri=uri), by=node.uri)
    assert write_change(Draft("opinion", {**body, "text": "Çox gözəl"}), by=author).version == 2
    assert erase_versions(uri, [1, 2], by=node.uri).version == 3
    assert list(verify_log()) == list(verify_projection()) == []


def test_opinion_is_never_wider_than_its_target(place: Write, opinion: Write) -> None:
    place("geo:1", audience="node")
    with pytest.raises(AudienceTooWide):
        opinion("geo:1")
    assert opinion("geo:1", audience="node").status == "made"


def test_no_new_opinion_on_a_withdrawn_record(node: Identity, place: Write, opinion: Write) -> None:
    uri = place("geo:1").uri
    write_change(Draft("place", None, uri=uri), by=node.uri)
    with pytest.raises(Gone):
        opinion("geo:1")


def test_withdrawal_keeps_the_history(node: Identity, place: Write) -> None:
    uri = place("geo:1").uri or ""
    assert write_change(Draft("place", None, uri=uri), by=node.uri).status == "withdrawn"
    assert write_change(Draft("place", None, uri=uri), by=node.uri).status == "unchanged"
    record = record_of(uri, STRANGER)
    assert (record.state, body_of(record)) == ("withdrawn", {})
    assert not records_for(STRANGER).exists()
    assert Change.objects.get(version=1).body
    assert place("geo:1").status == "revised"
    assert list(verify_log()) == list(verify_projection()) == []


def test_private_record_is_seen_by_its_author_only(place: Write, node: Identity) -> None:
    me, other = f"{node.uri}:{'m' * 16}", f"{node.uri}:{'o' * 16}"
    uri = place("geo:1", audience="private", by=me).uri or ""
    assert record_of(uri, Viewer(me)).uri == uri
    for viewer in (STRANGER, Viewer(other)):
        with pytest.raises(Absent):
            record_of(uri, viewer)


def test_too_large_a_body_is_refused(node: Identity) -> None:
    with pytest.raises(TooLarge, match="4194304"):
        write_change(Draft("material", {"title": {"az": "A"}, "text": {"az": ["ə" * 900_000] * 3}}), by=node.uri)


def test_listeners_hear_of_changes_only(node: Identity, django_capture_on_commit_callbacks: object) -> None:
    heard: list[int] = []

    def hear(**_: object) -> None:
        heard.append(1)

    changes_committed.connect(hear)
    draft = Draft("place", {"source_id": "geo:1", "title": {"az": "A"}})
    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
            write_change(draft, by=node.uri)
    changes_committed.disconnect(hear)
    assert heard == [1]


@pytest.mark.django_db(transaction=True)
def test_writers_at_the_same_time_keep_the_log_whole(node: Identity) -> None:
    def write(name: str) -> None:
        for number in range(20):
            write_change(Draft("place", {"source_id": f"{name}:{number}", "title": {"az": name}}), by=node.uri)
        connections.close_all()

    threads = [threading.Thread(target=write, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Change.objects.count() == 80
    assert list(verify_log()) == list(verify_projection()) == []


@pytest.mark.django_db(transaction=True)
def test_fault_in_the_middle_leaves_nothing(node: Identity, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError("pulled the plug")

    monkeypatch.setattr(door.store, "_replace_derived", fail)
    with pytest.raises(OSError, match="plug"):
        write_change(Draft("place", {"title": {"az": "A"}}), by=node.uri)
    assert not Change.objects.exists()
    assert not Record.objects.exists()
    assert not connection.in_atomic_block
