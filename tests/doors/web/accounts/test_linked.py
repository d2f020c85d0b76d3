# SPDX-License-Identifier: Apache-2.0
"""Signing in at a ministry: whom it lets in, and what is not believed."""

import re
import time
from collections.abc import Iterator
from html import unescape
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client

from ortaq.people import openid
from ortaq.people.models import AuditEntry, LinkedIdentity, Person
from tests.doors.web.accounts.ministry import CLIENT, SECRET, Ministry, Open
from tests.factories import invitation, join


@pytest.fixture
def ministry(settings: Any) -> Iterator[Ministry]:
    openid._kept.clear()
    with Open() as found:
        facts = {"name": "Nazirlik", "issuer": found.issuer, "client_id": CLIENT, "client_secret": SECRET}
        settings.OPENID_PROVIDERS = {"ministry": facts}
        yield found


def sent(client: Client, path: str, **form: str) -> str:
    """Where the page that answers a button leads."""
    page = client.post(path, form).content.decode()
    return unescape(re.search(r'url=([^"]+)"', page)[1])  # type: ignore[index]


def linked(person: Person, ministry: Ministry) -> Person:
    LinkedIdentity.objects.create(person=person, provider="ministry", issuer=ministry.issuer, subject=ministry.subject)
    return person


def who(client: Client) -> str | None:
    return client.session.get("_auth_user_id")


def test_linked_person_comes_in_and_where_they_wanted(person: Person, client: Client, ministry: Ministry) -> None:
    linked(person, ministry)
    back = ministry.agree(sent(client, "/sign-in/with/ministry", next="/about"))
    response = client.get(back)
    assert response["Location"] == "/about"
    assert who(client) == str(person.pk)
    assert AuditEntry.objects.get(action="person.signed-in").facts["how"] == "openid:ministry"


def test_nobody_is_made(node: Any, client: Client, ministry: Ministry) -> None:
    response = client.get(ministry.agree(sent(client, "/sign-in/with/ministry")))
    assert response.status_code == 403
    assert "invitation" in response.content.decode()
    assert Person.objects.count() == 0
    assert who(client) is None


def test_account_that_was_ended_stays_out(person: Person, client: Client, ministry: Ministry) -> None:
    linked(person, ministry)
    Person.objects.update(is_active=False)
    assert client.get(ministry.agree(sent(client, "/sign-in/with/ministry"))).status_code == 403
    assert who(client) is None


def test_answer_is_taken_once(person: Person, client: Client, ministry: Ministry) -> None:
    linked(person, ministry)
    back = ministry.agree(sent(client, "/sign-in/with/ministry"))
    assert client.get(back).status_code == 302
    client.post("/sign-out")
    assert client.get(back).status_code == 403


WRONG = {
    "nonce": {"nonce": "of another attempt"},
    "no nonce": {"nonce": None},
    "audience": {"aud": "another client"},
    "authorized party": {"azp": "another client"},
    "issuer": {"iss": "https://evil.example"},
    "expired": {"exp": int(time.time()) - 3600},
    "no expiry": {"exp": None},
    "not yet": {"nbf": int(time.time()) + 3600},
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_wrong_claims_are_refused(person: Person, client: Client, ministry: Ministry, wrong: dict[str, Any]) -> None:
    linked(person, ministry)
    ministry.wrong = wrong
    response = client.get(ministry.agree(sent(client, "/sign-in/with/ministry")))
    assert response.status_code == 403
    assert who(client) is None


@pytest.mark.parametrize("how", ["another key", "none", "shared secret"])
def test_wrong_signatures_are_refused(person: Person, client: Client, ministry: Ministry, how: str) -> None:
    linked(person, ministry)
    if how == "another key":
        ministry.signs_with = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    elif how == "none":
        ministry.signs_with, ministry.algorithm = "", "none"
    else:
        ministry.signs_with, ministry.algorithm = SECRET * 4, "HS256"
    assert client.get(ministry.agree(sent(client, "/sign-in/with/ministry"))).status_code == 403
    assert who(client) is None


def test_state_belongs_to_the_browser_that_asked(person: Person, client: Client, ministry: Ministry) -> None:
    linked(person, ministry)
    back = ministry.agree(sent(client, "/sign-in/with/ministry"))
    assert Client().get(back).status_code == 403
    altered = re.sub(r"state=[^&]+", "state=guessed", back)
    assert client.get(altered).status_code == 403
    assert client.get(back).status_code == 403  # a wrong answer uses the attempt up
    assert who(client) is None


def test_keys_may_change(person: Person, client: Client, ministry: Ministry) -> None:
    linked(person, ministry)
    client.get(ministry.agree(sent(client, "/sign-in/with/ministry")))
    client.post("/sign-out")
    ministry.rotate("two")
    assert client.get(ministry.agree(sent(client, "/sign-in/with/ministry"))).status_code == 302
    assert who(client) == str(person.pk)
    assert ministry.asked.count("/keys") == 2


def test_other_issuer_in_the_description_is_refused(
    person: Person, client: Client, ministry: Ministry, settings: Any
) -> None:
    settings.OPENID_PROVIDERS["ministry"]["issuer"] = ministry.issuer + "/"
    response = client.post("/sign-in/with/ministry")
    assert response.status_code == 502
    assert "(issuer)" in response.content.decode()


def test_provider_that_is_away_is_said(node: Any, client: Client, settings: Any) -> None:
    facts = {"name": "N", "issuer": "http://127.0.0.1:9", "client_id": "x", "client_secret": "y"}
    settings.OPENID_PROVIDERS = {"ministry": facts, "plain": {**facts, "issuer": "http://ministry.example"}}
    assert "(unreachable)" in client.post("/sign-in/with/ministry").content.decode()
    assert "(not-https)" in client.post("/sign-in/with/plain").content.decode()
    assert client.post("/sign-in/with/other").status_code == 404


def test_invitation_is_accepted_without_a_password(node: Any, client: Client, ministry: Ministry) -> None:
    link = f"/welcome/{invitation()}"
    back = ministry.agree(sent(client, f"{link}/with/ministry"))
    assert client.get(back)["Location"] == link
    page = client.get(link).content.decode()
    assert 'value="leyla.a"' in page
    assert 'type="password"' not in page
    assert client.post(link, {"name": "Leyla", "login": "leyla"})["Location"] == "/"
    person = Person.objects.get()
    assert not person.has_usable_password()
    assert LinkedIdentity.objects.get().person == person
    client.post("/sign-out")
    assert client.get(ministry.agree(sent(client, "/sign-in/with/ministry"))).status_code == 302


def test_account_is_linked_by_its_person_alone(person: Person, client: Client, ministry: Ministry) -> None:
    client.post("/sign-in", {"login": "leyla", "password": "qırx üç qala"})
    back = ministry.agree(sent(client, "/account/security/links/ministry"))
    assert client.get(back)["Location"] == "/account/security"
    assert LinkedIdentity.objects.get().person == person
    other = Client()
    join("aysel", password="qırx üç qala")
    other.post("/sign-in", {"login": "aysel", "password": "qırx üç qala"})
    assert other.get(ministry.agree(sent(other, "/account/security/links/ministry"))).status_code == 409
    assert LinkedIdentity.objects.get().person == person


def test_last_way_in_stays(person: Person, client: Client, ministry: Ministry) -> None:
    linked(person, ministry)
    client.get(ministry.agree(sent(client, "/sign-in/with/ministry")))
    person.set_unusable_password()
    person.save()
    client.force_login(person)
    client.get(ministry.agree(sent(client, "/account/confirm/with/ministry", next="/account/security")))
    assert client.post("/account/security/links/ministry/remove").status_code == 409
    assert LinkedIdentity.objects.exists()


def test_confirming_needs_a_sign_in_of_now(person: Person, client: Client, ministry: Ministry) -> None:
    linked(person, ministry)
    client.force_login(person)
    assert client.get("/account/security/password")["Location"].startswith("/account/confirm?")
    address = sent(client, "/account/confirm/with/ministry", next="/account/security/password")
    assert "prompt=login" in address
    ministry.claims = {"auth_time": int(time.time()) - 3600}
    assert client.get(ministry.agree(address)).status_code == 403
    ministry.claims = {}
    address = sent(client, "/account/confirm/with/ministry", next="/account/security/password")
    assert client.get(ministry.agree(address))["Location"] == "/account/security/password"
    assert client.get("/account/security/password").status_code == 200


def test_token_is_never_decoded_without_its_signature() -> None:
    assert set(openid.ALGORITHMS).isdisjoint({"none", "HS256", "HS384", "HS512"})
    assert jwt.__name__ == "jwt"
