# SPDX-License-Identifier: Apache-2.0
"""Coming in: the one-time link works once, passwords cannot be guessed quickly, forms need their token."""

import datetime

import pytest
from django.test import Client
from django.utils import timezone

from ortaq.people.models import Invitation, Person
from tests.factories import invitation

FORM = {"name": "Leyla Əliyeva", "login": "leyla", "password": "üç alma düşdü", "again": "üç alma düşdü"}


def test_link_makes_one_administrator_once(node: object, client: Client) -> None:
    link = f"/welcome/{invitation(is_keeper=True)}"
    assert client.get(link).status_code == 200
    assert client.post(link, FORM)["Location"] == "/"
    person = Person.objects.get(login="leyla")
    assert person.is_keeper
    assert person.check_password("üç alma düşdü")
    response = Client().post(link, {**FORM, "login": "other"})
    assert response.status_code == 410
    assert Person.objects.count() == 1


def test_wrong_and_expired_links_say_so(node: object, client: Client) -> None:
    assert client.get("/welcome/nothing").status_code == 404
    link = f"/welcome/{invitation()}"
    Invitation.objects.update(expires_at=timezone.now() - datetime.timedelta(days=1))
    response = client.get(link)
    assert response.status_code == 410
    assert "expired" in response.content.decode()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"password": "kurz", "again": "kurz"}, "at least ten"),
        ({"password": "password123", "again": "password123"}, "guessed first"),
        ({"again": "other"}, "differ"),
        ({"login": "a b"}, "without spaces"),
        ({"name": ""}, "Fill in"),
    ],
)
def test_faulty_welcome_keeps_the_link_open(node: object, client: Client, wrong: dict[str, str], sentence: str) -> None:
    link = f"/welcome/{invitation(is_keeper=True)}"
    response = client.post(link, {**FORM, **wrong})
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert client.post(link, FORM).status_code == 302


def test_taken_login_is_said(person: Person, client: Client) -> None:
    response = client.post(f"/welcome/{invitation()}", FORM)
    assert response.status_code == 422
    assert "taken" in response.content.decode()


def test_sign_in_and_out(person: Person, client: Client) -> None:
    person.language = "az"
    person.save()
    response = client.post("/sign-in", {"login": "leyla", "password": "qırx üç qala", "next": "/about"})
    assert response["Location"] == "/about"
    assert client.cookies["django_language"].value == "az"
    assert "Leyla Əliyeva" in client.get("/").content.decode()
    assert client.get("/sign-out").status_code == 405
    client.post("/sign-out")
    assert "Leyla Əliyeva" not in client.get("/").content.decode()


def test_sixth_guess_waits_even_if_it_is_right(person: Person, client: Client) -> None:
    for _guess in range(5):
        assert client.post("/sign-in", {"login": "leyla", "password": "wrong"}).status_code == 422
    response = client.post("/sign-in", {"login": "leyla", "password": "qırx üç qala"})
    assert response.status_code == 429
    assert "Wait 5 minutes" in response.content.decode()


@pytest.mark.parametrize(
    "address", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"]
)
def test_nobody_is_sent_to_another_site(person: Person, client: Client, address: str) -> None:
    given = {"login": "leyla", "password": "qırx üç qala", "next": address}
    assert client.post("/sign-in", given)["Location"] == "/"
    assert client.get("/language/kk", {"next": address})["Location"] == "/"


def test_form_without_its_token_is_refused_with_a_page(person: Person) -> None:
    strict = Client(enforce_csrf_checks=True, headers={"Accept-Language": "en"})
    response = strict.post("/sign-in", {"login": "leyla", "password": "qırx üç qala"})
    assert response.status_code == 403
    assert "reload the page" in response.content.decode()


def test_language_is_kept_for_the_person(signed_in: Client, person: Person) -> None:
    signed_in.get("/language/kk", {"next": "/about"})
    person.refresh_from_db()
    assert person.language == "kk"
    assert signed_in.get("/language/xx").status_code == 404


def test_every_page_has_its_headers(node: object, client: Client) -> None:
    response = client.get("/")
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Referrer-Policy"] == "same-origin"
    text = response.content.decode()
    assert "style=" not in text
    assert "onclick" not in text
    assert "<script>" not in text


def test_passwords_are_not_shown_nor_sent_back(node: object, client: Client) -> None:
    for path in ("/sign-in", f"/welcome/{invitation(is_keeper=True)}"):
        text = client.post(path, {**FORM, "password": "seen by nobody", "again": "other"}).content.decode()
        assert 'type="password"' in text
        assert "seen by nobody" not in text
