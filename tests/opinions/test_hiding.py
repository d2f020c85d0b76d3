# SPDX-License-Identifier: Apache-2.0
"""Who takes care of a record hides what is said about it from the pages of their node, for a reason; nobody deletes another's words."""

from typing import Any

import pytest

from ortaq.core.audience import STRANGER
from ortaq.core.errors import Invalid
from ortaq.opinions.actions import Why, Words, give_opinion, hide_opinion, show_opinion, withdraw_opinion
from ortaq.opinions.queries import Said, newest_opinions, opinions_about
from ortaq.people.errors import Denied, SignInRequired
from ortaq.people.models import AuditEntry
from ortaq.people.rules import CONTRIBUTOR, EDITOR, STEWARD
from ortaq.records.actions import publish_record, withdraw_record
from ortaq.records.door import Draft, write_change
from ortaq.records.errors import Absent, ByNodeAlone, Gone
from ortaq.records.following import live_records, live_versions, present_since
from ortaq.records.models import Change, Record
from ortaq.records.queries import newest_position
from ortaq.records.receiving import receive_lines
from ortaq.records.verification import verify_log, verify_projection
from tests.factories import institution, join, viewer
from tests.peer import Peer

TEXT = "Built by dragons, and its keepers are thieves."
WHY = Why("insult", "en", "It calls the keepers thieves.")


@pytest.fixture
def steward(node: Any) -> Any:
    return viewer(join("rauf", role=STEWARD))


@pytest.fixture
def author(node: Any) -> Any:
    return viewer(join("aruzhan", of=institution("Archive")))


@pytest.fixture
def peer(node: Any) -> Peer:
    return Peer().known()


@pytest.fixture
def place(steward: Any) -> str:
    return str(publish_record(steward, "place", {"title": {"az": "Şəki"}}, "public").uri)


@pytest.fixture
def opinion(place: str, author: Any) -> str:
    return str(give_opinion(place, Words("comment", "en", TEXT), viewer=author, audience="public").uri)


def said(place: str, viewer: Any = STRANGER) -> list[Said]:
    return opinions_about(place, viewer).said


def shown_since(position: int) -> dict[str, bool]:
    """URI → whether a follower of the log gets its words."""
    uris = dict(Record.objects.values_list("id", "uri"))
    return {uris[one.id]: one.body is not None for one in present_since(position, newest_position())}


def test_hidden_opinion_is_read_by_its_author_alone(place: str, opinion: str, steward: Any, author: Any) -> None:
    hiding = hide_opinion(opinion, WHY, viewer=steward)
    for reader in (STRANGER, steward):
        (one,) = said(place, reader)
        assert one.is_hidden and one.body == {} and one.hiding is not None
        assert (one.hiding.reason, one.hiding.note, one.hiding.uri) == (WHY.reason, WHY.note, hiding.uri)
    (own,) = said(place, author)
    assert not own.is_hidden and own.body["text"] == TEXT and own.hiding is not None
    assert newest_opinions(STRANGER, limit=5) == []


def test_hiding_is_signed_and_noted_and_deletes_nothing(place: str, opinion: str, steward: Any) -> None:
    hide_opinion(opinion, WHY, viewer=steward)
    assert TEXT in (Change.objects.get(record=opinion).body or "")
    assert [*verify_log(), *verify_projection()] == []
    entry = AuditEntry.objects.get(action="opinion.hidden")
    assert (entry.actor, entry.subject, entry.facts) == (steward.actor, opinion, {"reason": "insult"})
    assert hide_opinion(opinion, WHY, viewer=steward).status == "unchanged"


def test_shown_again(place: str, opinion: str, steward: Any) -> None:
    hide_opinion(opinion, WHY, viewer=steward)
    show_opinion(opinion, viewer=steward)
    (one,) = said(place)
    assert one.body["text"] == TEXT and one.hiding is None
    assert AuditEntry.objects.filter(action="opinion.shown").count() == 1
    show_opinion(opinion, viewer=steward)  # nothing is hidden any more, so nothing is written
    assert AuditEntry.objects.filter(action="opinion.shown").count() == 1
    assert hide_opinion(opinion, WHY, viewer=steward).status == "made"


def test_hidden_by_two_at_once_is_shown_again_by_one(place: str, opinion: str, steward: Any) -> None:
    hide_opinion(opinion, WHY, viewer=steward)
    body = {"about": opinion, "reason": "other", "lang": "en", "note": "Second of the two."}
    write_change(Draft("hiding", body, is_new=True, is_by_node=True), by=steward.actor)
    show_opinion(opinion, viewer=steward)
    assert said(place)[0].hiding is None


def test_replies_stay_and_withdrawing_stays_possible(place: str, opinion: str, steward: Any, author: Any) -> None:
    reply = Words("reply", "en", "That is no way to talk.")
    give_opinion(place, reply, viewer=steward, audience="public", reply_to=opinion)
    hide_opinion(opinion, WHY, viewer=steward)
    assert [one.body.get("text") for one in said(place)] == [None, reply.text]
    withdraw_opinion(opinion, viewer=author)
    assert [one.record is None for one in said(place)] == [True, False]
    with pytest.raises(Gone):
        hide_opinion(opinion, WHY, viewer=steward)


def test_followers_of_the_log_drop_what_is_hidden_and_take_it_back(place: str, opinion: str, steward: Any) -> None:
    before = newest_position()
    hide_opinion(opinion, WHY, viewer=steward)
    assert shown_since(before)[opinion] is False
    assert shown_since(0)[opinion] is False
    id_ = Record.objects.get(uri=opinion).id
    assert [one.body for one in live_records(0, 100) if one.id == id_] == [None]
    assert id_ not in dict(live_versions())
    before = newest_position()
    show_opinion(opinion, viewer=steward)
    assert shown_since(before)[opinion] is True
    assert id_ in dict(live_versions())


@pytest.mark.parametrize("role", [CONTRIBUTOR, EDITOR])
def test_only_who_takes_care_of_the_record_hides(place: str, opinion: str, author: Any, role: str) -> None:
    colleague, outsider = viewer(join("leyla", role=role)), viewer(join("john", of=institution("Other"), role=STEWARD))
    for one in (colleague, outsider, author):
        with pytest.raises(Denied):
            hide_opinion(opinion, WHY, viewer=one)
        with pytest.raises(Denied):
            show_opinion(opinion, viewer=one)
    with pytest.raises(SignInRequired):
        hide_opinion(opinion, WHY, viewer=STRANGER)
    assert said(place)[0].hiding is None


def test_nobody_hides_their_own_words_or_what_they_may_not_see(place: str, steward: Any, author: Any) -> None:
    own = str(give_opinion(place, Words("comment", "en", "Mine."), viewer=steward, audience="public").uri)
    private = str(give_opinion(place, Words("comment", "en", "Secret."), viewer=author, audience="private").uri)
    with pytest.raises(Denied):
        hide_opinion(own, WHY, viewer=steward)
    with pytest.raises(Absent):
        hide_opinion(private, WHY, viewer=steward)
    with pytest.raises(Absent):
        hide_opinion(place, WHY, viewer=steward)  # a record that is no opinion


@pytest.mark.parametrize("why", [Why("boring", "en", "x"), Why("insult", "en", " "), Why("insult", "!", "x")])
def test_hiding_needs_a_known_reason_and_a_note(opinion: str, steward: Any, why: Why) -> None:
    with pytest.raises(Invalid):
        hide_opinion(opinion, why, viewer=steward)
    assert AuditEntry.objects.filter(action="opinion.hidden").count() == 0


def test_hiding_is_written_and_withdrawn_by_its_own_actions_alone(opinion: str, steward: Any) -> None:
    body = {"about": opinion, "reason": "insult", "lang": "en", "note": "x"}
    with pytest.raises(ByNodeAlone):
        publish_record(steward, "hiding", body, "public")
    hiding = hide_opinion(opinion, WHY, viewer=steward).uri
    with pytest.raises(ByNodeAlone):
        withdraw_record(steward, str(hiding))


def test_hiding_of_another_node_counts_only_for_its_own_records(
    place: str, opinion: str, author: Any, peer: Peer
) -> None:
    """Astana cannot hide what is said about a record of Baku; about its own record it says so, and others still show the words."""
    body = {"reason": "unlawful", "lang": "kk", "note": "Сот тыйым салған."}
    theirs = peer.write("place", {"title": {"kk": ["Түркістан"]}}, source_id="geo:1")
    assert receive_lines(peer.id, [theirs], source=peer.id).error is None
    there = peer.uri("geo:1")
    words = Words("comment", "en", "Too many visitors.")
    about_theirs = str(give_opinion(there, words, viewer=author, audience="public").uri)
    lines = [
        peer.write("hiding", {**body, "about": opinion}, source_id="h:1"),
        peer.write("hiding", {**body, "about": about_theirs}, source_id="h:2"),
    ]
    done = receive_lines(peer.id, lines, source=peer.id)
    assert done.error is None and done.refused == []
    assert said(place)[0].hiding is None
    (one,) = said(there)
    assert not one.is_hidden and one.body["text"] == words.text
    assert one.hiding is not None and one.hiding.note == "Сот тыйым салған."
