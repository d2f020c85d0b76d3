# SPDX-License-Identifier: Apache-2.0
"""Opinions through the pages: given, answered, revised, withdrawn; nobody touches another's, nothing is lost."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from ortaq.core.audience import STRANGER, Viewer
from ortaq.nodes.groups import make_group
from ortaq.nodes.models import Partner
from ortaq.opinions.queries import opinions_about
from ortaq.people.models import Person
from ortaq.records.models import Record
from tests.factories import actor_of, join
from tests.peer import Peer

Write = Callable[..., str]
FORM = {"motivation": "comment", "lang": "en", "offered": "en", "audience": "public", "text": "The dome is cracked."}


@pytest.fixture
def place(write: Write) -> str:
    return write("place", {"title": {"az": "Şəki"}})


def given(place: str) -> Record:
    said = opinions_about(place, STRANGER).said
    assert said[-1].record is not None
    return said[-1].record


def test_opinion_is_given_in_the_language_it_is_written_in(place: str, signed_in: Client) -> None:
    text = "Gümbəzin çatları bərpa olunmalıdır, əks halda yağış suyu divara keçər."
    response = signed_in.post("/opinions/give", {**FORM, "about": place, "text": text}, follow=True)
    assert response.status_code == 200
    assert opinions_about(place, STRANGER).said[0].body["lang"] == "az"
    assert "Azərbaycanca" in response.content.decode()


def test_language_that_the_person_chose_stays(place: str, signed_in: Client) -> None:
    text = "Gümbəzin çatları bərpa olunmalıdır, əks halda yağış suyu divara keçər."
    signed_in.post("/opinions/give", {**FORM, "about": place, "text": text, "lang": "tr"})
    assert opinions_about(place, STRANGER).said[0].body["lang"] == "tr"


def test_stranger_finds_the_draft_after_signing_in(place: str, client: Client, person: Person) -> None:
    response = client.post("/opinions/give", {**FORM, "about": place})
    assert response.status_code == 302
    assert response["Location"].startswith("/sign-in?next=")
    client.post("/sign-in", {"login": "leyla", "password": "qırx üç qala", "next": "/"})
    shown = client.get("/opinions/give", {"about": place}).content.decode()
    assert "The dome is cracked." in shown
    assert opinions_about(place, STRANGER).said == []


@pytest.mark.parametrize("wrong", [{"text": "  "}, {"motivation": "shout"}, {"lang": "xx"}, {"audience": "all"}])
def test_faulty_form_comes_back_with_what_was_written(place: str, signed_in: Client, wrong: dict[str, str]) -> None:
    response = signed_in.post("/opinions/give", {**FORM, "about": place, **wrong})
    assert response.status_code == 422
    assert wrong.get("text") is not None or "The dome is cracked." in response.content.decode()


def test_opinion_is_never_seen_by_more_than_its_target(write: Write, signed_in: Client, client: Client) -> None:
    hidden = write("place", {"title": {"az": "Gizli"}}, audience="node")
    assert signed_in.post("/opinions/give", {**FORM, "about": hidden, "audience": "public"}).status_code == 422
    assert signed_in.post("/opinions/give", {**FORM, "about": hidden, "audience": "node"}).status_code == 302
    assert client.get("/opinions/give", {"about": hidden}).status_code == 302


def test_nobody_revises_or_withdraws_the_words_of_another(
    place: str, signed_in: Client, client: Client, node: Any
) -> None:
    signed_in.post("/opinions/give", {**FORM, "about": place})
    uri = given(place).uri
    other = Client()
    other.force_login(join("aruzhan", "Аружан"))
    for action in ("revise", "withdraw"):
        response = other.post(f"/opinions/{uri[10:]}/{action}", {**FORM, "version": "1", "text": "Not mine"})
        assert response.status_code == 403
    assert given(place).version == 1


def test_two_revisions_at_once_lose_neither_text(place: str, signed_in: Client) -> None:
    signed_in.post("/opinions/give", {**FORM, "about": place})
    address = f"/opinions/{given(place).uri[10:]}/revise"
    assert signed_in.post(address, {**FORM, "version": "1", "text": "First of the two."}).status_code == 302
    response = signed_in.post(address, {**FORM, "version": "1", "text": "Second of the two."})
    shown = response.content.decode()
    assert response.status_code == 409
    assert "First of the two." in shown
    assert "Second of the two." in shown
    assert 'name="version" value="2"' in shown
    assert signed_in.post(address, {**FORM, "version": "2", "text": "Both."}).status_code == 302


def test_withdrawn_opinion_leaves_its_replies(place: str, signed_in: Client, client: Client) -> None:
    signed_in.post("/opinions/give", {**FORM, "about": place})
    first = given(place)
    signed_in.post("/opinions/give", {**FORM, "about": place, "reply_to": first.uri, "text": "I agree."})
    assert signed_in.get(f"/opinions/{first.uri[10:]}/withdraw").status_code == 200
    signed_in.post(f"/opinions/{first.uri[10:]}/withdraw")
    shown = client.get("/r/" + place[10:]).content.decode()
    assert "I agree." in shown
    assert "The dome is cracked." not in shown
    assert "withdrawn, or that is not for you" in shown
    assert client.get("/r/" + first.uri[10:]).status_code == 410


def test_private_opinion_stays_private_when_withdrawn(
    place: str, signed_in: Client, client: Client, person: Any
) -> None:
    signed_in.post("/opinions/give", {**FORM, "about": place, "audience": "private"})
    record = Record.objects.get(kind="opinion")
    signed_in.post(f"/opinions/{record.uri[10:]}/withdraw")
    assert client.get("/r/" + record.uri[10:]).status_code == 404


def test_text_of_people_is_no_markup_of_the_page(place: str, signed_in: Client, client: Client) -> None:
    text = (
        "<script>alert(1)</script> [a](javascript:alert(1)) ![p](http://x.example/p.png) <img src=x onerror=alert(1)>"
    )
    signed_in.post("/opinions/give", {**FORM, "about": place, "text": text})
    words = client.get("/r/" + place[10:]).content.decode().partition('<div class="words"')[2].partition("</div>")[0]
    assert "<script" not in words
    assert "<img" not in words
    assert 'href="javascript' not in words


def test_preview_publishes_nothing(place: str, signed_in: Client) -> None:
    response = signed_in.post("/opinions/give", {**FORM, "about": place, "preview": "1", "text": "**Bold** word"})
    assert "<strong>Bold</strong>" in response.content.decode()
    assert opinions_about(place, STRANGER).said == []


def test_reply_belongs_to_the_record_of_what_it_answers(place: str, write: Write, signed_in: Client) -> None:
    signed_in.post("/opinions/give", {**FORM, "about": place})
    other = write("place", {"title": {"az": "Gəncə"}})
    answer = {**FORM, "about": other, "reply_to": given(place).uri}
    assert signed_in.post("/opinions/give", answer).status_code == 404
    assert signed_in.post("/opinions/give", {**FORM, "about": place, "reply_to": other}).status_code == 404
    assert signed_in.get(f"/opinions/{other[10:]}/revise").status_code == 404


@pytest.mark.parametrize(("audience", "mark"), [("private", "Only me"), ("node", "People of this node")])
def test_opinion_that_is_not_for_everyone_says_so(
    place: str, signed_in: Client, indexed: Callable[[], None], audience: str, mark: str
) -> None:
    signed_in.post("/opinions/give", {**FORM, "about": place, "audience": audience})
    indexed()
    uri = opinions_about(place, Viewer(actor_of(Person.objects.get()))).said[0].record.uri  # type: ignore[union-attr]
    badge = f'<span class="badge">{mark}</span>'

    for address in (place, uri):
        assert badge in signed_in.get(f"/r/{address.removeprefix('urn:ortaq:')}").content.decode()
    assert badge in signed_in.get("/search", {"kind": "opinion"}).content.decode()


def test_opinion_is_given_for_a_group_of_partners(place: str, signed_in: Client, client: Client) -> None:
    peer = Peer().known()
    Partner.objects.create(node_id=peer.id, state=Partner.ACTIVE)
    make_group({"en": ["Silk Road museums"]}, [peer.id])
    assert "Silk Road museums" in signed_in.get(f"/r/{place[10:]}").content.decode()
    audience = f"partners:{peer.id}"
    assert signed_in.post("/opinions/give", {**FORM, "about": place, "audience": audience}).status_code == 302
    assert Record.objects.get(kind="opinion").change.audience == audience
    assert "The dome is cracked." not in client.get(f"/r/{place[10:]}").content.decode()
