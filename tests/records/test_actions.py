# SPDX-License-Identifier: Apache-2.0
"""What people may do with records, through the one door."""

from typing import Any

import pytest

from ortaq.core.audience import AudienceTooWide, of_institution
from ortaq.people.errors import Denied, SignInRequired
from ortaq.records.actions import publish_record, revise_record, withdraw_record
from ortaq.records.errors import Absent, MissingTarget, NotAuthor, SourceIdInUse, StaleVersion
from ortaq.records.models import Record
from tests.factories import institution, join, viewer


def body(name: str = "Qala", **more: Any) -> dict[str, Any]:
    return {"title": {"az": name}, **more}


def test_record_is_revised_by_its_author_and_by_editors_of_the_institution(node: Any) -> None:
    author, editor, colleague = viewer(join("a")), viewer(join("e", role="editor")), viewer(join("c"))
    uri = publish_record(author, "place", body(), "public").uri
    assert uri
    assert revise_record(author, uri, body("Qala 2"), "public", expected_version=1).version == 2
    assert revise_record(editor, uri, body("Qala 3"), "public", expected_version=2).version == 3
    with pytest.raises(Denied):
        revise_record(colleague, uri, body("Qala 4"), "public", expected_version=3)
    with pytest.raises(Denied):
        withdraw_record(editor, uri)


def test_another_institution_sees_no_record_of_the_institution_alone(node: Any) -> None:
    museum = institution("Muzey")
    keeper, outsider = (
        viewer(join("k", of=museum, role="steward")),
        viewer(join("o", of=institution("B"), role="administrator")),
    )
    uri = publish_record(keeper, "place", body(), of_institution(museum.id)).uri
    assert uri
    with pytest.raises(Absent):
        revise_record(outsider, uri, body("x"), "public", expected_version=1)
    with pytest.raises(Absent):
        withdraw_record(outsider, uri)
    with pytest.raises(AudienceTooWide):
        publish_record(outsider, "place", body(), of_institution(museum.id))


def test_stale_revision_is_refused(node: Any) -> None:
    author = viewer(join("a"))
    uri = publish_record(author, "place", body(), "public").uri or ""
    revise_record(author, uri, body("2"), "public", expected_version=1)
    with pytest.raises(StaleVersion):
        revise_record(author, uri, body("3"), "public", expected_version=1)


def test_source_id_of_a_hidden_record_gives_nothing_away(node: Any) -> None:
    owner, other = viewer(join("a")), viewer(join("b"))
    hidden = publish_record(owner, "place", body(source_id="p:1"), "private").uri
    made = publish_record(other, "place", body("Other", source_id="p:1"), "public")
    assert made.status == "made"
    assert made.uri != hidden
    with pytest.raises(SourceIdInUse):
        publish_record(owner, "place", body(source_id="p:1"), "public")


def test_nobody_speaks_about_what_they_may_not_see(node: Any) -> None:
    owner, other = viewer(join("a")), viewer(join("b"))
    hidden = publish_record(owner, "place", body(), "private").uri
    words = {"motivation": "comment", "lang": "az", "text": "?"}
    messages = []
    for target in (hidden, node.new_uri()):
        with pytest.raises(MissingTarget) as refused:
            publish_record(other, "opinion", {"about": target, **words}, "private")
        messages.append(str(refused.value).replace(str(target), "X"))
    assert messages[0] == messages[1]


def test_strangers_and_readers_publish_nothing(node: Any) -> None:
    from ortaq.core.audience import STRANGER

    with pytest.raises(SignInRequired):
        publish_record(STRANGER, "place", body(), "public")
    with pytest.raises(Denied):
        publish_record(viewer(join("r", role="reader")), "place", body(), "public")


def test_words_of_another_stay_theirs_whatever_the_role(node: Any) -> None:
    author, head = viewer(join("a")), viewer(join("h", role="administrator"))
    place = publish_record(author, "place", body(), "public").uri
    said = (
        publish_record(
            author, "opinion", {"about": place, "motivation": "comment", "lang": "az", "text": "Gözəl"}, "public"
        ).uri
        or ""
    )
    for attempt in (
        lambda: withdraw_record(head, said),
        lambda: revise_record(
            head,
            said,
            {"about": place, "motivation": "comment", "lang": "az", "text": "?"},
            "public",
            expected_version=1,
        ),
    ):
        with pytest.raises(NotAuthor):
            attempt()


def test_work_flow_keeps_contributors_from_publishing_at_once(node: Any) -> None:
    bound = institution("Bound", needs_proposal=True)
    with pytest.raises(Denied):
        publish_record(viewer(join("c", of=bound)), "place", body(), "public")
    assert publish_record(viewer(join("e", of=bound, role="editor")), "place", body(), "public").status == "made"


def test_what_is_said_about_a_record_narrows_with_it(node: Any) -> None:
    museum = institution("Muzey")
    owner, guest = viewer(join("a", of=museum)), viewer(join("g", of=institution("B")))
    place = publish_record(owner, "place", body(), "public").uri or ""
    words = {"motivation": "comment", "lang": "az", "text": "Gözəl"}
    said = publish_record(guest, "opinion", {"about": place, **words}, "public").uri
    reply = publish_record(owner, "opinion", {"about": place, "reply_to": said, **words}, "public").uri

    def audiences() -> list[str]:
        return [Record.objects.get(uri=uri).audience for uri in (place, said, reply)]

    revise_record(owner, place, body("2"), "node", expected_version=1)
    assert audiences() == ["node", "node", "node"]
    revise_record(owner, place, body("3"), of_institution(museum.id), expected_version=2)
    assert audiences() == [of_institution(museum.id)] * 3
    revise_record(owner, place, body("4"), "private", expected_version=3)
    assert audiences() == [f"private:{owner.actor}", f"private:{guest.actor}", f"private:{owner.actor}"]
    revise_record(owner, place, body("5"), "public", expected_version=4)
    assert audiences() == ["public", "public", "public"]
