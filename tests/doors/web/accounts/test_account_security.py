# SPDX-License-Identifier: Apache-2.0
"""What attackers try at the door: guessing, fixed sessions, forged forms, other hosts, frames, and reading what is left behind."""

import logging
import os
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.test import Client
from django.urls import get_resolver

from ortaq.doors.web.language_switch import is_ours
from ortaq.people.actions import MIN_PASSWORD
from ortaq.people.models import AuditEntry, Person, Session
from ortaq.people.throttle import ADDRESS
from ortaq.site.masking import mask
from tests.doors.web.conftest import PASSWORD
from tests.factories import invitation, join
from tests.leaks.routes import PLAIN, routes

SIGN_IN = {"login": "leyla", "password": PASSWORD}


def test_many_logins_from_one_address_are_slowed_down(person: Person) -> None:
    client = Client(REMOTE_ADDR="203.0.113.9")
    answers = [
        client.post("/sign-in", {"login": f"p{n}", "password": "x"}).status_code for n in range(ADDRESS.times + 1)
    ]
    assert set(answers[:-1]) == {422}
    assert answers[-1] == 429
    assert client.post("/sign-in", SIGN_IN).status_code == 429
    assert Client(REMOTE_ADDR="203.0.113.10").post("/sign-in", SIGN_IN).status_code == 302


def test_whoever_writes_its_own_address_is_not_believed(person: Person) -> None:
    for number in range(5):
        Client().post("/sign-in", {**SIGN_IN, "password": "x"}, headers={"X-Forwarded-For": f"198.51.100.{number}"})
    response = Client().post("/sign-in", SIGN_IN, headers={"X-Forwarded-For": "198.51.100.77"})
    assert response.status_code == 429


def test_unknown_login_costs_a_hash_too(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the structure of the call, not by a clock: as much is hashed for a login that nobody has."""
    hashed: list[str] = []
    encode = Argon2PasswordHasher.encode

    def counted(self: Any, password: str, salt: str) -> str:
        hashed.append("encode")
        return encode(self, password, salt)

    verify = Argon2PasswordHasher.verify

    def verified(self: Any, password: str, encoded: str) -> bool:
        hashed.append("verify")
        return verify(self, password, encoded)

    monkeypatch.setattr(Argon2PasswordHasher, "encode", counted)
    monkeypatch.setattr(Argon2PasswordHasher, "verify", verified)
    unusable = join("aysel")
    for login in ("leyla", "nobody", unusable.login):
        hashed.clear()
        Client().post("/sign-in", {"login": login, "password": "wrong"})
        assert len(hashed) == 1, login
    assert Client().post("/sign-in", {"login": "nobody", "password": "x"}).content != b""


def test_wrong_login_and_wrong_password_read_the_same(person: Person) -> None:
    def page(login: str) -> str:
        text = Client().post("/sign-in", {"login": login, "password": "wrong"}).content.decode()
        return text.replace(login, "LOGIN")

    def without_tokens(text: str) -> str:
        return "\n".join(line for line in text.splitlines() if "csrfmiddlewaretoken" not in line)

    assert without_tokens(page("leyla")) == without_tokens(page("zeyla"))


def test_session_gets_a_new_key_at_sign_in_and_at_sign_out(person: Person) -> None:
    client = Client()
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    client.cookies["sessionid"] = session.session_key or ""
    client.post("/sign-in", SIGN_IN)
    inside = client.cookies["sessionid"].value
    assert inside != session.session_key
    assert not type(session)().exists(session.session_key or "")
    client.post("/sign-out")
    assert Session.objects.filter(person=person).count() == 0


def test_session_key_that_a_visitor_invents_is_not_taken(person: Person) -> None:
    client = Client()
    client.cookies["sessionid"] = "a" * 32
    client.post("/sign-in", SIGN_IN)
    assert client.cookies["sessionid"].value != "a" * 32


def test_second_person_takes_nothing_over_from_the_first(person: Person) -> None:
    client = Client()
    client.post("/sign-in", SIGN_IN)
    session = client.session
    session["acting"] = 1
    session.save()
    join("aysel", password=PASSWORD)
    client.post("/sign-in", {"login": "aysel", "password": PASSWORD})
    assert "acting" not in client.session


def test_every_form_needs_its_token(person: Person) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(person)
    values = defaultdict(lambda: "1", {**PLAIN, "name": "x:y", "digest": "uEi" + "A" * 44, "key": "a" * 26})
    asked = 0
    for route in routes():
        path = route.filled(values)
        if path.startswith("/api/"):
            continue  # by token, which no browser sends by itself
        if "no-mail" in route.path:
            continue  # the address in a mail is the right itself: one click of a mail program brings no cookie (RFC 8058)
        if path.startswith("/exchange/") or path == "/oai":
            continue  # signed by another node; and questions of OAI-PMH, which may be posted and change nothing
        for method in ("post", "put", "patch", "delete"):
            response = getattr(strict, method)(path, headers={"Tus-Resumable": "1.0.0"})  # or uploads refuse before
            assert response.status_code in (403, 405), f"{method} {path}: {response.status_code}"
            asked += 1
    assert asked > 100


OTHERS = [
    "https://evil.example", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "https:evil.example",
    "https:/evil.example", "/\t/evil.example", "/\n/evil.example", "\r\n//evil.example", " //evil.example", "evil.example",
    "javascript:alert(1)", "data:text/html,x", "http://testserver@evil.example", "http://testserver.evil.example",
    "http://testserver/about", "/about\r\nSet-Cookie: a=b", "/%09/evil.example\x00", "//evil.example/%2f..", "/\u2028/x",
]  # fmt: skip


@pytest.mark.parametrize("wanted", OTHERS)
def test_nobody_is_sent_elsewhere(person: Person, wanted: str) -> None:
    assert not is_ours(wanted)
    client = Client()
    assert client.post("/sign-in", {**SIGN_IN, "next": wanted})["Location"] == "/"
    assert client.get(f"/sign-in?next={quote(wanted)}")["Location"] == "/"
    for path in ("/account/confirm", "/account/institutions/act"):
        form = {"how": "password", "password": PASSWORD, "membership": str(person.memberships.get().pk), "next": wanted}
        assert client.post(path, form)["Location"] == "/", path
    assert client.get("/language/kk", {"next": wanted})["Location"] == "/"


def test_own_pages_are_reached() -> None:
    for path in ("/about", "/search?q=Шәки&kind=monument", "/r/a:b#x", "/account/security/passkeys/new"):
        assert is_ours(path)


def test_host_is_checked_and_in_no_address(person: Person, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["heritage.example"]
    assert Client().get("/sign-in", headers={"Host": "evil.example"}).status_code == 400
    settings.ADDRESS = "https://heritage.example"
    head = join("head", role="administrator", password=PASSWORD)
    client = Client(headers={"Host": "heritage.example", "X-Forwarded-Host": "evil.example"})
    client.post("/sign-in", {"login": "head", "password": PASSWORD})
    key = head.memberships.get().institution_id
    page = client.post(f"/institutions/{key}/people/invite", {"role": "reader", "days": "7"})
    assert 'value="https://heritage.example/welcome/' in page.content.decode()
    assert "evil" not in page.content.decode()


GRADES = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@pytest.mark.parametrize(
    "path", ["/", "/sign-in", "/account", "/account/security", "/about", "/nothing-here", "/search"]
)
def test_every_page_has_its_headers(person: Person, path: str) -> None:
    client = Client()
    client.force_login(person)
    response = client.get(path)
    for name, value in GRADES.items():
        assert response[name] == value, name
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "base-uri 'none'" in policy
    assert "form-action 'self'" in policy
    assert "unsafe" not in policy
    for feature in ("camera", "microphone", "geolocation", "payment", "usb"):
        assert f"{feature}=()" in response["Permissions-Policy"]


@pytest.mark.parametrize("path", ["/account", "/account/security", "/account/tokens", "/account/sessions", "/sign-in"])
def test_account_pages_stay_in_no_cache(person: Person, path: str) -> None:
    client = Client()
    if path != "/sign-in":
        client.force_login(person)
    assert "no-store" in client.get(path)["Cache-Control"]


def test_secrets_are_in_no_log_and_in_no_trail(
    person: Person, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    secret = invitation()
    client = Client(headers={"Accept-Language": "en"})
    client.post("/sign-in", {"login": "leyla", "password": "my secret guess"})
    client.post("/sign-in", {"login": "my password in the wrong field", "password": "x"})
    client.post(
        f"/welcome/{secret}", {"name": "", "login": "a", "password": "another secret", "again": "another secret"}
    )
    client.get(f"/welcome/{secret}x")
    trail = str(list(AuditEntry.objects.values()))
    said = capfd.readouterr().err
    for word in ("my secret guess", "another secret", "wrong field", secret):
        assert word not in trail
        assert word not in said
    assert "my secret guess" not in caplog.text
    assert "another secret" not in caplog.text
    assert mask(f"Not Found: /welcome/{secret}?x") == "Not Found: /welcome/…?x"
    assert mask("Bearer ortaq_0123456789abcdef") == "Bearer ortaq_…"


def test_address_of_a_link_is_told_to_no_other_page(node: Any) -> None:
    assert Client().get(f"/welcome/{invitation()}")["Referrer-Policy"] == "strict-origin"


def test_no_page_of_the_library_has_an_address() -> None:
    names = {name for name in get_resolver().reverse_dict if isinstance(name, str)}
    assert {name for name in names if name.startswith(("account_", "socialaccount_", "mfa_"))} <= {
        "account_login", "mfa_authenticate",
    }  # fmt: skip


PROBE = """
import django, sys
django.setup()
from django.conf import settings
from django.core.management import call_command
from django.test import Client
call_command("check", deploy=True, fail_level="WARNING")
settings.ALLOWED_HOSTS = ["heritage.example"]
plain = Client(headers={"Host": "heritage.example"}).get("/sign-in")
assert (plain.status_code, plain["Location"]) == (301, "https://heritage.example/sign-in"), plain
client = Client(headers={"Host": "heritage.example", "X-Forwarded-Proto": "https"})
page = client.get("/sign-in")
print(page.status_code, page.headers.get("Strict-Transport-Security"))
for name, cookie in page.cookies.items():
    print(name, bool(cookie["secure"]), bool(cookie["httponly"]), cookie["samesite"], cookie["path"], repr(cookie["domain"]))
print(settings.SESSION_COOKIE_NAME, settings.SESSION_COOKIE_SECURE, settings.SESSION_COOKIE_HTTPONLY, settings.SESSION_COOKIE_SAMESITE)
"""


def test_node_behind_https_is_ready_to_deploy(command_environment: dict[str, str], ortaq: Any) -> None:
    assert ortaq("verify").returncode in (0, 1)
    ortaq("import", str(Path(__file__).parents[4] / "sample" / "terms.jsonl"))
    environment = {
        **command_environment, "ORTAQ_HTTPS": "yes", "ORTAQ_SECRET_KEY": os.urandom(40).hex() + "-_ŞəkiÖ",
        "DJANGO_SETTINGS_MODULE": "ortaq.site.settings",
    }  # fmt: skip
    done = subprocess.run([sys.executable, "-c", PROBE], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout + done.stderr
    lines = done.stdout.splitlines()
    assert "200 max-age=31536000; includeSubDomains; preload" in lines
    assert "__Host-csrf True True Lax / ''" in lines
    assert "__Host-session True True Lax" in lines


def test_password_is_long_and_slow_to_guess(settings: Any) -> None:
    assert settings.PASSWORD_HASHERS[0] == "django.contrib.auth.hashers.Argon2PasswordHasher"
    assert MIN_PASSWORD >= 10
