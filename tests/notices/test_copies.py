# SPDX-License-Identifier: Apache-2.0
"""Proposals and decisions are told in the transaction in which they happen, and put into the audit trail."""

from collections.abc import Callable
from typing import Any

import pytest

from ortaq.notices.models import Notice
from ortaq.people.errors import Denied
from ortaq.people.models import AuditEntry, Office
from ortaq.records import copies
from ortaq.records.actions import publish_record, revise_record
from ortaq.records.errors import CopyStale, StaleVersion
from ortaq.records.queries import record_of
from tests.factories import institution, join, viewer

Told = Callable[[Any], list[tuple[str, str]]]
BODY = {"title": {"az": ["Qala"]}}


@pytest.fixture
def house(node: Any) -> Any:
    return institution("Bound", needs_proposal=True)


@pytest.fixture
def author(house: Any) -> Any:
    return join("author", of=house)


@pytest.fixture
def editor(house: Any) -> Any:
    return join("editor", of=house, role="editor")


def proposed(author: Any) -> Any:
    return copies.propose_copy(viewer(author), copies.start_copy(viewer(author), "place", body=BODY).key)


def test_editors_are_told_of_a_proposal_and_nobody_else(author: Any, editor: Any, house: Any, told: Told) -> None:
    second, reader = join("second", of=house, role="steward"), join("reader", of=house, role="reader")
    stranger = join("stranger", of=institution("B"), role="administrator")
    proposed(author)
    assert told(editor) == told(second) == [("copy.proposed", "proposals")]
    assert told(author) == told(reader) == told(stranger) == []
    assert Notice.objects.count() == 2


def test_proposal_that_is_decided_or_taken_back_waits_for_nobody(author: Any, editor: Any, told: Told) -> None:
    copy = proposed(author)
    copies.take_back_copy(viewer(author), copy.key)
    assert told(editor) == []
    copies.propose_copy(viewer(author), copy.key)
    assert told(editor) == [("copy.proposed", "proposals")]
    copies.return_copy(viewer(editor), copy.key, "Mənbə?")
    assert told(editor) == []
    assert told(author) == [("copy.returned", "decisions")]
    copies.propose_copy(viewer(author), copy.key)
    assert told(author) == []
    copies.publish_copy(viewer(editor), copy.key)
    assert told(editor) == []
    assert told(author) == [("copy.published", "decisions")]


def test_editor_who_is_none_any_more_reads_no_proposal(author: Any, editor: Any, told: Told) -> None:
    proposed(author)
    Office.objects.filter(membership__person=editor).update(role="contributor")
    assert told(editor) == []


def test_notice_falls_with_the_decision(author: Any, editor: Any) -> None:
    copy = proposed(author)
    with pytest.raises(CopyStale):
        copies.publish_copy(viewer(editor), copy.key, revision=7)
    assert list(Notice.objects.values_list("code", flat=True)) == ["copy.proposed"]
    assert not AuditEntry.objects.filter(action="copy.published").exists()


def test_trail_says_who_decided(author: Any, editor: Any, house: Any) -> None:
    copy = proposed(author)
    copies.return_copy(viewer(editor), copy.key, "Mənbə?")
    copies.propose_copy(viewer(author), copy.key)
    copies.publish_copy(viewer(editor), copy.key)
    returned, published = AuditEntry.objects.filter(action__startswith="copy.").order_by("id")
    assert (returned.action, returned.subject) == ("copy.returned", copy.actor)
    assert (published.action, published.subject, published.institution) == ("copy.published", copy.actor, house.id)
    assert published.actor == viewer(editor).actor
    assert "Mənbə" not in str(returned.facts)


def test_no_way_around_the_editors(author: Any, editor: Any) -> None:
    writer = viewer(author)
    with pytest.raises(Denied):
        publish_record(writer, "place", BODY, "public")
    uri = copies.publish_copy(viewer(editor), proposed(author).key).uri or ""
    with pytest.raises(Denied):
        revise_record(writer, uri, {"title": {"az": ["Başqa"]}}, "public", expected_version=1)
    copy = copies.start_copy(writer, "place", body={"title": {"az": ["Başqa"]}}, record=record_of(uri, writer))
    with pytest.raises(Denied):
        copies.publish_copy(writer, copy.key)
    copies.propose_copy(writer, copy.key)
    with pytest.raises(Denied):
        copies.publish_copy(writer, copy.key)
    assert copies.publish_copy(viewer(editor), copy.key).version == 2
    with pytest.raises(StaleVersion):
        revise_record(viewer(editor), uri, BODY, "public", expected_version=1)
