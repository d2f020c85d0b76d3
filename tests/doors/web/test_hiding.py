# SPDX-License-Identifier: Apache-2.0
"""Hiding an opinion on pages: asked for, said why, gone from every page, search and feed; its author is told, and it can be undone."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from ortaq.notices.following import catch_up as tell
from ortaq.opinions.actions import Words, give_opinion
from ortaq.people.rules import STEWARD
from ortaq.records.actions import publish_record
from ortaq.records.models import Record
from tests.factories import institution, join, viewer

TEXT = "Zibeline thieves keep this caravanserai."
WHY = {"reason": "insult", "note": "It calls the keepers thieves."}


@pytest.fixture
def steward(node: Any) -> Any:
    return join("rauf", "Rauf", role=STEWARD)


@pytest.fixture
def author(node: Any) -> Any:
    return join("aruzhan", "Аружан", of=institution("Archive"))


@pytest.fixture
def place(steward: Any) -> str:
    return str(publish_record(viewer(steward), "place", {"title": {"az": "Şəki"}}, "public").uri)


@pytest.fixture
def opinion(place: str, author: Any) -> str:
    return str(give_opinion(place, Words("comment", "en", TEXT), viewer=viewer(author), audience="public").uri)


def browser(person: Any) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(person)
    return client


def page(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def pages_with(opinion: str, place: str) -> list[str]:
    name = opinion[10:]
    return [f"/r/{place[10:]}", f"/r/{name}", f"/r/{name}/history", "/", "/search?q=Zibeline", f"/r/{place[10:]}.atom"]


def test_hidden_opinion_is_on_no_page_until_it_is_shown_again(
    place: str, opinion: str, steward: Any, author: Any, client: Client, indexed: Callable[[], None]
) -> None:
    indexed()
    steward_client = browser(steward)
    address = f"/opinions/{opinion[10:]}/hide"
    assert f'href="{address}"' in page(steward_client, f"/r/{place[10:]}")
    assert all("Zibeline" in page(client, one) for one in pages_with(opinion, place))
    assert steward_client.post(address, WHY).status_code == 302
    indexed()
    hiding = Record.objects.get(kind="hiding").uri
    reply = str(
        give_opinion(
            place, Words("reply", "en", "Shame on you."), viewer=viewer(author), audience="public", reply_to=opinion
        ).uri
    )
    beside = [f"/r/{hiding[10:]}", f"/r/{reply[10:]}", f"/r/{opinion[10:]}/links"]
    found = {one: page(client, one) for one in [*pages_with(opinion, place), *beside]}
    assert f'href="/r/{opinion[10:]}"><bdi>Not shown here</bdi>' in found[beside[0]]
    assert [one for one, text in found.items() if "Zibeline thieves" in text] == []
    assert WHY["note"] in found[f"/r/{place[10:]}"]
    assert client.get(f"/r/{opinion[10:]}.atom").status_code == 404
    assert "Not shown here" in found[f"/r/{opinion[10:]}"]
    assert TEXT in page(browser(author), f"/r/{opinion[10:]}")
    assert TEXT in page(steward_client, address)  # who decides, reads what is decided on
    assert steward_client.post(f"/opinions/{opinion[10:]}/show").status_code == 302
    indexed()
    assert all("Zibeline" in page(client, one) for one in pages_with(opinion, place))


def test_faulty_form_comes_back(opinion: str, steward: Any) -> None:
    client = browser(steward)
    for wrong in ({"reason": "boring"}, {"note": " "}, {"note": "x" * 501}):
        assert client.post(f"/opinions/{opinion[10:]}/hide", {**WHY, **wrong}).status_code == 422
    assert client.get(f"/opinions/{opinion[10:]}/show").status_code == 405


def test_only_who_takes_care_of_the_record_is_asked(place: str, opinion: str, author: Any, client: Client) -> None:
    address = f"/opinions/{opinion[10:]}/hide"
    other = browser(join("leyla"))
    assert address not in page(other, f"/r/{place[10:]}")
    for one in (other, browser(author)):
        assert one.get(address).status_code == 403
        assert one.post(address, WHY).status_code == 403
        assert one.post(f"/opinions/{opinion[10:]}/show").status_code == 403
    assert client.post(address, WHY).status_code == 302  # to sign in
    assert "Not shown here" not in page(client, f"/r/{opinion[10:]}")


def test_author_is_told_and_followers_are_not(opinion: str, steward: Any, author: Any, place: str) -> None:
    tell()
    browser(steward).post(f"/opinions/{opinion[10:]}/hide", WHY)
    tell()
    told = page(browser(author), "/notices")
    assert "Rauf does not show your opinion on the pages of their node" in told
