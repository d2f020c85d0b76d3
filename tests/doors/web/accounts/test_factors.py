# SPDX-License-Identifier: Apache-2.0
"""The second step, recovery codes, the question who it is, sessions and tokens, as pages."""

import datetime
import re
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone

from ortaq.doors.web.accounts.confirming import WITHIN_SECONDS
from ortaq.people.models import AuditEntry, Person, PersonalToken, Session
from ortaq.people.sessions import digest_of
from tests.authenticator import totp
from tests.doors.web.conftest import PASSWORD

SIGN_IN = {"login": "leyla", "password": PASSWORD}


def signed(client: Client | None = None) -> Client:
    client = client or Client(headers={"Accept-Language": "en", "User-Agent": "Firefox Linux"})
    assert client.post("/sign-in", SIGN_IN).status_code == 302
    return client


def with_app(client: Client) -> tuple[str, list[str]]:
    """Set up an authenticator app; return its secret and the recovery codes."""
    page = client.get("/account/security/app/new").content.decode()
    secret = re.search(r'<code class="secret">([A-Z2-7 ]+)<', page)[1]  # type: ignore[index]
    assert client.get("/account/security/app/new.svg")["Content-Type"] == "image/svg+xml"
    response = client.post("/account/security/app/new", {"code": totp(secret, time.time())})
    assert response["Location"] == "/account/security/codes"
    return secret, re.findall(r"<li><code>(\d{8})</code>", client.get(response["Location"]).content.decode())


def test_second_step_stands_between_password_and_session(person: Person) -> None:
    secret, codes = with_app(signed())
    client = Client(headers={"Accept-Language": "en"})
    assert client.post("/sign-in", {**SIGN_IN, "next": "/about"})["Location"] == "/sign-in/second"
    assert "_auth_user_id" not in client.session
    assert client.post("/sign-in/second", {"code": "000000"}).status_code == 422
    response = client.post("/sign-in/second", {"code": totp(secret, time.time() + 30)})
    assert response["Location"] == "/about"
    assert client.session["_auth_user_id"] == str(person.pk)
    how = AuditEntry.objects.filter(action="person.signed-in").latest("id").facts["how"]
    assert how == "password, totp"
    assert AuditEntry.objects.filter(action="person.second-step-failed").exists()
    assert len(codes) == 10


def test_code_of_the_app_works_once(person: Person) -> None:
    secret, _codes = with_app(signed())
    code = totp(secret, time.time() + 30)
    for status in (302, 422):
        client = Client()
        client.post("/sign-in", SIGN_IN)
        assert client.post("/sign-in/second", {"code": code}).status_code == status


def test_recovery_code_works_once_and_codes_are_shown_once(person: Person) -> None:
    browser = signed()
    _secret, codes = with_app(browser)
    assert codes[0] not in browser.get("/account/security/codes").content.decode()
    for status in (302, 422):
        client = Client()
        client.post("/sign-in", SIGN_IN)
        assert client.post("/sign-in/second", {"code": codes[0]}).status_code == status
    assert "9 codes are left" in browser.get("/account/security").content.decode()


def test_second_step_is_guessed_five_times_at_most_from_anywhere(person: Person) -> None:
    secret, _codes = with_app(signed())
    for number in range(5):
        client = Client(REMOTE_ADDR=f"10.0.0.{number}")
        client.post("/sign-in", SIGN_IN)
        assert client.post("/sign-in/second", {"code": "000000"}).status_code == 422
    client = Client(REMOTE_ADDR="10.0.1.1")
    client.post("/sign-in", SIGN_IN)
    page = client.post("/sign-in/second", {"code": totp(secret, time.time() + 30)})
    assert page.status_code == 422
    assert "_auth_user_id" not in client.session


def test_secrets_of_factors_are_encrypted(person: Person) -> None:
    secret, codes = with_app(signed())
    stored = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret.replace(" ", "") not in stored
    assert all(code not in stored for code in codes)


@pytest.mark.parametrize(
    "path",
    [
        "/account/security/password",
        "/account/security/passkeys/new",
        "/account/security/app/new",
        "/account/tokens/new",
    ],
)
def test_open_browser_gives_nothing_away(person: Person, path: str) -> None:
    client = signed()
    assert client.get(path).status_code == 200
    session = client.session
    session["confirmed_at"] = time.time() - WITHIN_SECONDS - 1
    session.save()
    for answer in (client.get(path), client.post(path, {"password": "x"})):
        assert answer["Location"] == f"/account/confirm?next={path.replace('/', '%2F')}"
    assert client.post("/account/confirm", {"how": "password", "password": "wrong", "next": path}).status_code == 422
    assert client.post("/account/confirm", {"how": "password", "password": PASSWORD, "next": path})["Location"] == path
    assert client.get(path).status_code == 200


def test_new_password_ends_the_other_sessions(person: Person) -> None:
    here, there = signed(), signed()
    new = {"password": "beş ağ göyərçin", "again": "beş ağ göyərçin"}
    assert here.post("/account/security/password", new).status_code == 302
    assert here.get("/account").status_code == 200
    assert there.get("/account").status_code == 302
    person.refresh_from_db()
    assert person.check_password("beş ağ göyərçin")
    assert here.post("/account/security/password", {"password": "leyla", "again": "leyla"}).status_code == 422


def test_removed_factor_ends_the_other_sessions(person: Person) -> None:
    here = signed()
    with_app(here)
    there = Client()
    there.force_login(person)
    assert here.post("/account/security/app/remove").status_code == 302
    assert there.get("/account").status_code == 302
    assert not Authenticator.objects.exists()


def test_sessions_are_listed_and_ended(person: Person) -> None:
    here, there = signed(), signed()
    page = here.get("/account/sessions").content.decode()
    assert page.count("Firefox, Linux") == 2
    assert "127.0.0.0/24" in page
    assert "127.0.0.1" not in page
    key = digest_of(there.session.session_key)
    assert here.post("/account/sessions/end", {"session": key}).status_code == 302
    assert there.get("/account").status_code == 302
    again = signed()
    here.post("/account/sessions/end-others")
    assert again.get("/account").status_code == 302
    assert here.get("/account").status_code == 200


def test_nobody_ends_anothers_session(person: Person) -> None:
    from tests.factories import join

    there = signed()
    other = Client()
    other.force_login(join("aysel"))
    other.post("/account/sessions/end", {"session": digest_of(there.session.session_key)})
    assert there.get("/account").status_code == 200


def test_cookie_is_not_in_the_database(person: Person) -> None:
    client = signed()
    key = client.cookies["sessionid"].value
    rows = str(list(Session.objects.values()))
    assert key not in rows
    assert Session.objects.get().session_key == digest_of(key)


@pytest.mark.parametrize("field", ["idle", "old"])
def test_sessions_end_by_themselves(person: Person, settings: Any, field: str) -> None:
    client = signed()
    if field == "idle":
        Session.objects.update(expire_date=timezone.now() - datetime.timedelta(seconds=1))
    else:
        settings.SESSION_LIFETIME = datetime.timedelta(0)
        session = client.session
        session["x"] = 1
        session.save()
    assert client.get("/account").status_code == 302


def test_use_is_seen_and_lengthens_no_more_than_it_may(person: Person, settings: Any) -> None:
    client = signed()
    earlier = timezone.now() - datetime.timedelta(hours=1)
    Session.objects.update(seen_at=earlier, expire_date=timezone.now() + datetime.timedelta(hours=1))
    client.get("/account")
    row = Session.objects.get()
    assert row.seen_at > earlier
    assert row.expire_date > timezone.now() + datetime.timedelta(days=13)
    assert row.expire_date <= row.since_at + settings.SESSION_LIFETIME


def test_ended_account_is_out_at_the_next_request(person: Person) -> None:
    client = signed()
    Person.objects.update(is_active=False)
    assert client.get("/account").status_code == 302


def test_token_is_made_shown_once_and_revoked(person: Person) -> None:
    from ortaq.people.tokens import viewer_of_token

    client = signed()
    form = {"name": "Harvest", "membership": str(person.memberships.get().pk), "scopes": ["read"], "days": "30"}
    page = client.post("/account/tokens/new", form)
    assert page.status_code == 201
    assert "no-store" in page["Cache-Control"]
    secret = re.search(r'value="(ortaq_\w+)"', page.content.decode())[1]  # type: ignore[index]
    assert viewer_of_token(secret)[1] == {"read"}
    assert secret not in client.get("/account/tokens").content.decode()
    client.post(f"/account/tokens/{PersonalToken.objects.get().pk}/revoke")
    assert PersonalToken.objects.get().revoked_at is not None
    for wrong in (
        {**form, "scopes": []},
        {**form, "days": "4000"},
        {**form, "membership": "99999"},
        {**form, "name": ""},
    ):
        assert client.post("/account/tokens/new", wrong).status_code == 422


def test_lost_way_in_is_found_again_by_link(person: Person) -> None:
    from ortaq.people.actions import make_recovery

    with_app(signed())
    person.refresh_from_db()
    link = f"/come-in-again/{make_recovery(person)}"
    client = Client(headers={"Accept-Language": "en"})
    assert "leyla" in client.get(link).content.decode()
    new = {"password": "beş ağ göyərçin", "again": "beş ağ göyərçin"}
    assert client.post(link, {"password": "kurz", "again": "kurz"}).status_code == 422
    assert client.post(link, new)["Location"] == "/sign-in"
    assert client.get(link).status_code == 404
    assert client.post("/sign-in", {"login": "leyla", "password": new["password"]})["Location"] == "/"
    for wrong in ("/come-in-again/x", "/come-in-again/MQ-x-y", "/come-in-again/%FF-a"):
        assert client.get(wrong).status_code == 404
