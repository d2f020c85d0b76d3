# SPDX-License-Identifier: Apache-2.0
"""Working copies: draft, proposed, returned, published; and who sees them."""

from typing import Any

import pytest

from ortaq.core.errors import Invalid
from ortaq.people.errors import Denied
from ortaq.records import copies
from ortaq.records.actions import publish_record, revise_record
from ortaq.records.errors import Absent, CopyNotOpen, CopyStale, StaleVersion
from ortaq.records.models import Record, WorkingCopy
from ortaq.records.queries import record_of
from tests.factories import institution, join, viewer

BODY = {"title": {"az": ["Qala"]}}


def test_draft_is_seen_by_nobody_else(node: Any) -> None:
    author, head, outsider = (
        viewer(join("a")), viewer(join("h", role="administrator")), viewer(join("o", of=institution("B"), is_keeper=True)),
    )  # fmt: skip
    copy = copies.start_copy(author, "place", body=BODY)
    assert copies.copy_of(copy.key, author).id == copy.id
    for other in (head, outsider):
        with pytest.raises(Absent):
            copies.copy_of(copy.key, other)
    assert Record.objects.count() == 0


def test_second_tab_does_not_overwrite_the_first(node: Any) -> None:
    author = viewer(join("a"))
    copy = copies.start_copy(author, "place", body={})
    saved = copies.save_copy(author, copy.key, body=BODY, audience="public", revision=1)
    assert saved.revision == 2
    with pytest.raises(CopyStale):
        copies.save_copy(author, copy.key, body={}, audience="public", revision=1)
    assert copies.body_of_copy(copies.copy_of(copy.key, author)) == BODY


def test_saving_what_is_kept_already_is_no_conflict(node: Any) -> None:
    author = viewer(join("a"))
    copy = copies.start_copy(author, "place", body={})
    copies.save_copy(author, copy.key, body=BODY, audience="public", revision=1)
    again = copies.save_copy(author, copy.key, body=BODY, audience="public", revision=1)
    assert again.revision == 2
    with pytest.raises(CopyStale):
        copies.save_copy(author, copy.key, body=BODY, audience="node", revision=1)


def test_what_is_typed_wrong_is_kept_but_not_proposed(node: Any) -> None:
    author = viewer(join("a"))
    copy = copies.start_copy(author, "place", body={"title": {"az": ["x"]}, "point": {"lat": "north", "lon": ""}})
    with pytest.raises(Invalid):
        copies.propose_copy(author, copy.key)
    with pytest.raises(Invalid):
        copies.publish_copy(author, copy.key)
    assert WorkingCopy.objects.get().state == "draft"


def test_proposal_is_returned_taken_up_and_published_by_an_editor(node: Any) -> None:
    bound = institution("Bound", needs_proposal=True)
    author, editor, other = (
        viewer(join("a", of=bound)), viewer(join("e", of=bound, role="editor")), viewer(join("o", of=institution("B"), role="administrator")),
    )  # fmt: skip
    copy = copies.start_copy(author, "place", body=BODY)
    with pytest.raises(Denied):
        copies.publish_copy(author, copy.key)
    copies.propose_copy(author, copy.key)
    with pytest.raises(CopyNotOpen):
        copies.save_copy(author, copy.key, body=BODY, audience="public", revision=1)
    assert list(copies.proposals_for(other)) == []
    with pytest.raises(Absent):
        copies.return_copy(other, copy.key, "no")
    copies.return_copy(editor, copy.key, "Mənbə?")
    assert copies.copy_of(copy.key, author).remark == "Mənbə?"
    copies.propose_copy(author, copy.key)
    outcome = copies.publish_copy(editor, copy.key)
    assert record_of(outcome.uri or "", author).author == author.actor
    assert WorkingCopy.objects.count() == 0


def test_copy_of_a_record_that_was_revised_meanwhile_is_kept(node: Any) -> None:
    author = viewer(join("a"))
    uri = publish_record(author, "place", BODY, "public").uri or ""
    copy = copies.start_copy(author, "place", body={"title": {"az": ["Mine"]}}, record=record_of(uri, author))
    revise_record(author, uri, {"title": {"az": ["Theirs"]}}, "public", expected_version=1)
    with pytest.raises(StaleVersion):
        copies.publish_copy(author, copy.key)
    assert copies.body_of_copy(copies.copy_of(copy.key, author))["title"] == {"az": ["Mine"]}
    copies.save_copy(author, copy.key, body={"title": {"az": ["Both"]}}, audience="public", revision=1, base_version=2)
    assert copies.publish_copy(author, copy.key).version == 3


def test_reader_begins_nothing(node: Any) -> None:
    with pytest.raises(Denied):
        copies.start_copy(viewer(join("r", role="reader")), "place", body=BODY)
