# SPDX-License-Identifier: Apache-2.0
"""Who is told of which change; and that nobody is told of what they may not see."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ortaq.core.identifiers import record_uri
from ortaq.notices import sorts
from ortaq.notices.actions import choose_channels, follow
from ortaq.notices.following import catch_up, position
from ortaq.notices.models import Follow, Mark, Notice
from ortaq.people.actions import end_membership
from ortaq.people.models import Membership
from ortaq.records.errors import Absent
from ortaq.records.merging import merge_records
from ortaq.records.models import Change
from ortaq.records.queries import newest_position
from tests.factories import institution, join, viewer

Write = Callable[..., str]
Told = Callable[[Any], list[tuple[str, str]]]
QALA = {"title": {"az": "Qala"}}


def opinion(about: str, text: str = "Gözəl", **more: str) -> dict[str, Any]:
    return {"about": about, "motivation": "comment", "lang": "az", "text": text, **more}


def test_follower_hears_of_revisions_withdrawal_and_opinions(write: Write, told: Told) -> None:
    leyla, aidar = join("leyla"), join("aidar")
    uri = write("place", QALA)
    follow(aidar, uri, viewer(aidar))
    write("place", {"title": {"az": "Köhnə qala"}}, uri=uri, by=leyla)
    write("opinion", opinion(uri), by=leyla)
    write("place", None, uri=uri)
    assert told(aidar) == [
        ("record.answered", "followed"),
        ("record.withdrawn", "followed"),
    ]  # no revision to read any more
    assert list(Notice.objects.order_by("id").values_list("code", flat=True)) == [
        "record.revised", "record.answered", "record.withdrawn",
    ]  # fmt: skip


def test_follower_of_a_merged_record_hears_of_the_one_in_its_place(write: Write, told: Told) -> None:
    steward, aidar = join("steward", role="steward"), join("aidar")
    kept, other = write("place", QALA, by=steward), write("place", QALA, by=steward)
    follow(aidar, other, viewer(aidar))
    merge_records(viewer(steward), kept, other, body=QALA, expected=(1, 1))
    write("opinion", opinion(kept), by=steward)
    # of the merge itself: the one is withdrawn, the other revised
    assert sorted(told(aidar)) == [
        ("record.answered", "followed"), ("record.revised", "followed"), ("record.withdrawn", "followed"),
    ]  # fmt: skip


def test_nobody_hears_of_what_they_did(write: Write, told: Told) -> None:
    leyla = join("leyla")
    uri = write("place", QALA, by=leyla)
    follow(leyla, uri, viewer(leyla))
    write("place", {"title": {"az": "Köhnə qala"}}, uri=uri, by=leyla)
    write("opinion", opinion(uri, "@leyla"), by=leyla)
    assert told(leyla) == []


def test_author_and_then_the_successor_hear_of_a_record(write: Write, told: Told) -> None:
    author, head, heir = join("author"), join("head", role="administrator"), join("heir")
    uri = write("place", QALA, by=author)
    write("opinion", opinion(uri), by=head)
    assert told(author) == [("record.answered", "own")]
    memberships = {one.person_id: one for one in Membership.objects.all()}
    end_membership(memberships[author.id], by=viewer(head), successor=memberships[heir.id])
    write("place", {"title": {"az": "Köhnə qala"}}, uri=uri, by=head)
    assert told(heir) == [("record.revised", "own")]
    assert Notice.objects.filter(person=author).count() == 1


def test_reply_is_told_once_as_what_concerns_one_most(write: Write, told: Told) -> None:
    leyla, aidar = join("leyla"), join("aidar")
    uri = write("place", QALA, by=leyla)
    follow(leyla, uri, viewer(leyla))
    first = write("opinion", opinion(uri, "Divar?"), by=leyla)
    write("opinion", opinion(uri, "@leyla, bəli", reply_to=first), by=aidar)
    assert told(leyla) == [("opinion.replied", "replies")]


def test_mention_is_told_once_also_when_the_text_is_revised(write: Write, told: Told) -> None:
    leyla, aidar = join("leyla"), join("aidar")
    about = write("place", QALA)
    uri = write("opinion", opinion(about, "@aidar?"), by=leyla)
    write("opinion", opinion(about, "@aidar! @leyla"), by=leyla, uri=uri)
    assert told(aidar) == [("person.mentioned", "mentions")]
    assert told(leyla) == []


def test_mention_in_code_or_of_nobody_tells_nobody(write: Write, told: Told) -> None:
    leyla, aidar = join("leyla"), join("aidar")
    write("opinion", opinion(write("place", QALA), "`@aidar` @nobody aidar@example.org"), by=leyla)
    assert told(aidar) == []


@pytest.mark.parametrize("audience", ["private", "institution", "node"])
def test_who_may_not_see_is_told_nothing(write: Write, told: Told, audience: str) -> None:
    house, other = institution("A"), institution("B")
    leyla, aidar, gone = join("leyla", of=house), join("aidar", of=other), join("gone", of=other)
    uri = write("place", QALA, by=leyla)
    catch_up()
    for person in (aidar, gone):
        follow(person, uri, viewer(person))
    follow(aidar, record_uri(uri.split(":")[2], house.id), viewer(aidar))
    Membership.objects.filter(person=gone).update(left_at="2026-01-01T00:00:00Z")
    narrow = f"institution:{house.id}" if audience == "institution" else audience
    write("place", {"title": {"az": "Gizli"}}, uri=uri, by=leyla, audience=narrow)
    write("opinion", opinion(uri, "@aidar @gone gizli"), by=leyla, audience=narrow)
    write("place", {"title": {"az": "Gizli yer"}}, by=leyla, audience=narrow)
    expected = ["record.revised", "person.mentioned", "institution.published"] if audience == "node" else []
    assert [code for code, _sort in told(aidar)] == expected
    assert told(gone) == []
    assert Notice.objects.filter(person=gone).count() == 0
    assert Notice.objects.filter(person=aidar).count() == len(expected)


def test_what_is_narrowed_later_is_told_no_more(write: Write, told: Told) -> None:
    leyla, aidar = join("leyla"), join("aidar")
    uri = write("place", QALA, by=leyla)
    write("opinion", opinion(uri, "@aidar"), by=leyla)
    assert told(aidar) == [("person.mentioned", "mentions")]
    write("place", QALA, uri=uri, by=leyla, audience="private")
    assert told(aidar) == []


def test_version_that_was_hidden_is_not_told_after_it_was_widened(write: Write, told: Told) -> None:
    leyla, aidar = join("leyla"), join("aidar")
    about = write("place", QALA)
    uri = write("opinion", opinion(about, "@aidar hələ gizli"), by=leyla, audience="private")
    write("opinion", opinion(about, "Açıq"), by=leyla, uri=uri, audience="public")
    assert told(aidar) == []
    assert Notice.objects.count() == 0


def test_new_records_of_an_institution_are_told_to_its_followers(write: Write, told: Told, node: Any) -> None:
    house = institution("A")
    leyla, aidar = join("leyla", of=house), join("aidar", of=institution("B"))
    follow(aidar, record_uri(node.id, house.id), viewer(aidar))
    write("place", QALA, by=leyla)
    write("opinion", opinion(write("place", QALA)), by=leyla)
    assert told(aidar) == [("institution.published", "followed")]
    for _number in range(7):
        write("place", QALA, by=leyla)
    write("place", QALA, by=leyla, audience="private")
    assert told(aidar) == [("institution.published", "followed")] * 2
    assert Notice.objects.order_by("-id")[0].facts == {"count": 7}


def test_sort_that_is_not_wanted_is_not_told(write: Write, told: Told) -> None:
    leyla, aidar = join("leyla"), join("aidar")
    uri = write("place", QALA, by=leyla)
    follow(aidar, uri, viewer(aidar))
    choose_channels(aidar, {"mentions": "none", "nonsense": "none", "own": "loud"})
    write("opinion", opinion(uri, "@aidar"), by=leyla)
    assert told(aidar) == [("record.answered", "followed")]


def test_nothing_is_followed_that_may_not_be_seen(write: Write) -> None:
    aidar = join("aidar")
    hidden = write("place", QALA, by=join("leyla"), audience="private")
    for target in (hidden, hidden[:-4] + "aaaa", "urn:ortaq:x", "https://example.org"):
        with pytest.raises(Absent):
            follow(aidar, target, viewer(aidar))
    assert Follow.objects.count() == 0


def test_notices_are_made_once_whatever_happens_to_the_position(write: Write, told: Told) -> None:
    leyla, aidar = join("leyla"), join("aidar")
    uri = write("place", QALA, by=leyla)
    follow(aidar, uri, viewer(aidar))
    write("place", {"title": {"az": "Köhnə qala"}}, uri=uri, by=leyla)
    assert told(aidar) == [("record.revised", "followed")]
    Mark.objects.update(number=0)
    assert told(aidar) == [("record.revised", "followed")]
    assert position() == newest_position()


def test_erasure_and_damage_tell_nobody_and_stop_nothing(write: Write, told: Told) -> None:
    leyla, aidar = join("leyla"), join("aidar")
    uri = write("place", QALA, by=leyla)
    follow(aidar, uri, viewer(aidar))
    said = write("opinion", opinion(uri, "@aidar"), by=leyla)
    Change.objects.filter(record=said).update(body="{", at="gestern")
    write("place", QALA, uri=uri, by=leyla, erases=(1,))
    assert [code for code, _sort in told(aidar)] == []


def test_making_notices_costs_the_same_for_one_and_for_many_followers(write: Write) -> None:
    leyla = join("leyla")
    uri = write("place", QALA, by=leyla)

    def cost(number: int) -> int:
        write("place", {"title": {"az": f"Qala {number}"}}, uri=uri, by=leyla)
        with CaptureQueriesContext(connection) as captured:
            catch_up()
        return len(captured)

    for login in "ab":
        person = join(login)
        follow(person, uri, viewer(person))
    cost(0)
    before = cost(1)
    for number in range(20):
        person = join(f"p{number}")
        follow(person, uri, viewer(person))
    assert cost(2) == before
    assert Notice.objects.filter(code=sorts.REVISED).count() == 2 + 2 + 22


def test_following_of_what_nobody_follows_is_cheap(write: Write) -> None:
    uris = [write("place", QALA) for _number in range(30)]
    catch_up()
    for uri in uris:
        write("place", {"title": {"az": "Yeni"}}, uri=uri)
    with CaptureQueriesContext(connection) as captured:
        catch_up()
    assert len(captured) <= 16, [query["sql"] for query in captured]
