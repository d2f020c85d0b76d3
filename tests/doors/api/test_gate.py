# SPDX-License-Identifier: Apache-2.0
"""What every request to the API passes, and what is refused on the way: always a problem, never a page, never a fault."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ortaq.doors.api import kinds
from ortaq.doors.api.bodies import MAX_REQUEST_BYTES
from ortaq.people.tokens import make_token, revoke_token
from tests.doors.api.conftest import Asked, to_write
from tests.factories import join

Token = Callable[..., dict[str, str]]


@pytest.fixture
def token(node: Any) -> Token:
    """Headers with a token: `token("read", "write", role="editor")`."""

    def made(*scopes: str, login: str = "proqram", days: float = 1, **more: Any) -> dict[str, str]:
        person = join(login, **more)
        end = timezone.now() + datetime.timedelta(days=1)
        row, secret = make_token(person.memberships.get(), "test", scopes, end)
        if days <= 0:
            type(row).objects.filter(pk=row.pk).update(expires_at=timezone.now() + datetime.timedelta(days=days))
        return {"Authorization": f"Bearer {secret}"}

    return made


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_token_reads_and_writes_within_its_scopes(stranger: Asked, token: Token) -> None:
    headers = token("read", "write", role="editor")
    made = stranger("POST", "/api/records", to_write("Gizli", audience="node"), headers=headers)
    assert made.status_code == 201
    assert stranger("GET", made["Location"]).status_code == 404
    assert stranger("GET", made["Location"], headers=headers).status_code == 200
    assert stranger("GET", "/api/me", headers=headers).json()["scopes"] == ["read", "write"]

    reading = token("read", login="oxuyan", role="editor")
    refused = stranger("POST", "/api/records", to_write(), headers=reading)
    assert code(refused) == (403, "api.scope-missing")
    assert refused.json()["facts"] == {"scope": "write"}
    assert code(stranger("GET", "/api/records", headers=token("files", login="fayl"))) == (403, "api.scope-missing")


@pytest.mark.parametrize(
    "written",
    [
        "",
        "Bearer",
        "Bearer ",
        "Basic YTpi",
        "Bearer ortaq_x",
        "Bearer ortaq_" + "a" * 46,
        "Bearer ə",
        "Bearer " + "x" * 9000,
        "bearer\tx",
    ],
)
def test_token_that_is_none_is_refused(stranger: Asked, written: str) -> None:
    for method, address in (
        ("GET", "/api/records"),
        ("GET", "/api/search"),
        ("POST", "/api/records"),
        ("GET", "/api/nowhere"),
    ):
        answer = stranger(method, address, headers={"Authorization": written})
        assert answer.status_code == 401
        assert answer.json()["code"] in ("api.token-refused", "token.unknown")
        assert answer["WWW-Authenticate"] == 'Bearer realm="ortaq", error="invalid_token"'


def test_token_ends(stranger: Asked, token: Token) -> None:
    assert code(stranger("GET", "/api/me", headers=token("read", days=-1))) == (401, "token.expired")
    headers = token("read", login="iki")
    assert stranger("GET", "/api/me", headers=headers).status_code == 200
    from ortaq.people.models import PersonalToken

    revoke_token(PersonalToken.objects.get(membership__person__login="iki"))
    assert stranger("GET", "/api/me", headers=headers).status_code == 401


def test_token_goes_before_the_session(steward: Asked, token: Token) -> None:
    assert steward("GET", "/api/me", headers=token("read", name="Proqram")).json()["name"] == "Proqram"
    assert steward("GET", "/api/me", headers={"Authorization": "Bearer x"}).status_code == 401


def test_cookie_alone_writes_nothing(node: Any, document: dict[str, Any], token: Token) -> None:
    browser = Client(enforce_csrf_checks=True, headers={"Accept-Language": "en"})
    browser.force_login(join("samir", role="steward"))
    asked = Asked(browser, document)
    assert code(asked("POST", "/api/records", to_write())) == (403, "api.csrf")
    browser.get("/")
    secret = browser.cookies["csrftoken"].value if "csrftoken" in browser.cookies else ""
    assert code(asked("POST", "/api/records", to_write(), headers={"X-CSRFToken": "x" * 32})) == (403, "api.csrf")
    assert asked("POST", "/api/records", to_write(), headers={"X-CSRFToken": secret}).status_code == 201
    assert asked("POST", "/api/records", to_write(), headers=token("write", role="editor")).status_code == 201


@pytest.mark.parametrize(
    "address",
    ["/api/nothing", "/api/records/", "/api/records/a/b", "/api/%00", "/api/%ff", "/api/x\n", "/api//", "/api/../x"],
)
def test_unknown_address_is_a_problem(stranger: Asked, address: str) -> None:
    for method in ("GET", "POST", "DELETE"):
        assert code(stranger(method, address)) == (404, "api.address-unknown")


@pytest.mark.parametrize("name", ["", "x", "%00", "a" * 200, "urn:ortaq:x", "a" * 26 + ":" + "b" * 16, "ə" * 43])
def test_name_of_no_record_is_absent(stranger: Asked, name: str) -> None:
    answer = stranger("GET", f"/api/records/{name}") if name else stranger("GET", "/api/records/%20")
    assert code(answer) == (404, "record.absent")


def test_other_methods_say_which_there_are(stranger: Asked) -> None:
    answer = stranger.client.patch("/api/records")
    assert (answer["Allow"], code(answer)) == ("GET, HEAD, POST", (405, "api.method-refused"))
    assert stranger.client.options("/api/search")["Allow"] == "GET, HEAD"
    assert stranger.client.generic("BREW", "/api/").status_code == 405


def test_head_is_answered_wherever_get_is(steward: Asked) -> None:
    here = steward("POST", "/api/records", to_write())["Location"]
    for address in (here, f"{here}/changes", "/api/records", "/api/changes", "/api/me", "/api/openapi.json", "/api/"):
        whole, head = steward.client.get(address), steward.client.head(address)
        assert (head.status_code, head.content, head.get("ETag")) == (200, b"", whole.get("ETag"))
        if address != "/api/":  # its forms have a secret of their own each time
            assert head["Content-Length"] == str(len(whole.content))


def test_form_that_is_not_offered_is_refused(stranger: Asked) -> None:
    assert code(stranger("GET", "/api/kinds", headers={"Accept": "text/csv"})) == (406, "api.form-not-offered")
    for fine in ("*/*", "application/*", "text/html, application/json;q=0.1", ""):
        assert stranger("GET", "/api/kinds", headers={"Accept": fine}).status_code == 200
    assert stranger("GET", "/api/kinds/place/schema", headers={"Accept": "application/schema+json"}).status_code == 200


@pytest.mark.parametrize(
    "given",
    [
        "text/plain",
        "",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=latin-1",
    ],
)
def test_body_of_another_form_is_refused(steward: Asked, given: str) -> None:
    assert code(steward("POST", "/api/records", b"{}", content_type=given)) == (415, "api.body-not-json")


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"{]",
        b'{"a":NaN}',
        b'"\xff"',
        b'{"a":"\\ud800"}',
        b"[" * 100_000,
        b"[" * 60 + b"]" * 60,
        b'{"a":' * 41 + b"1" + b"}" * 41,
        b"\x00",
        "{}".encode("utf-16"),
    ],
)
def test_body_that_is_no_json_is_refused(steward: Asked, body: bytes) -> None:
    assert code(steward("POST", "/api/records", body)) == (400, "api.body-malformed")


@pytest.mark.parametrize(
    "value",
    [
        "1e400",
        "-1e400",
        "9" * 400,
        "1" + "0" * 30,
        '"\\u0000"',
        "[[[[[[[[[[]]]]]]]]]]",
        '{"\\u0000":1}',
        '""',
        "null",
        "true",
        "-0.0",
        '"' + "x" * 100_000 + '"',
    ],
)
def test_odd_values_are_refused_not_failed_on(steward: Asked, value: str) -> None:
    for member in ("title", "source_id", "population", "point", "links", "x"):
        body = f'{{"kind":"place","audience":"public","body":{{"{member}":{value}}}}}'
        assert steward("POST", "/api/records", body).status_code in (400, 422)
    body = f'{{"kind":"place","audience":"public","body":{{"title":{{"az":"x"}},"population":{value},"point":{{"lat":{value},"lon":0}}}}}}'
    assert steward("POST", "/api/records", body).status_code in (201, 400, 422)
    for member in ("kind", "audience"):
        given = {"kind": '"place"', "audience": '"public"', "body": '{"title":{"az":"x"}}'} | {member: value}
        body = "{" + ",".join(f'"{name}":{text}' for name, text in given.items()) + "}"
        assert steward("POST", "/api/records", body).status_code in (400, 422)


def test_body_that_is_too_large_is_refused_before_it_is_read(steward: Asked) -> None:
    answer = steward("POST", "/api/records", b" " * (MAX_REQUEST_BYTES + 1))
    assert code(answer) == (413, "api.body-too-large")
    long = to_write(description={"az": ["x" * 999_999] * 4 + ["y" * 250_000]})
    assert code(steward("POST", "/api/records", long)) == (413, "record.too-large")
    assert code(steward("POST", "/api/records", b"{}", CONTENT_LENGTH="")) == (411, "api.length-missing")
    assert code(steward("POST", "/api/records", b"{}", CONTENT_LENGTH="9" * 40)) == (413, "api.body-too-large")


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/api/records?titel=x&limit=1", "api.parameter-unknown"),
        ("/api/me?x", "api.parameter-unknown"),
        ("/api/records?limit=0", "api.parameter-malformed"),
        ("/api/records?limit=1e2", "api.parameter-malformed"),
        ("/api/records?limit=1&limit=2", "api.parameter-malformed"),
        ("/api/records?after=99999999999999999999", "api.parameter-malformed"),
        ("/api/records?source_id=%00", "api.parameter-malformed"),
        ("/api/records?links_to=x", "api.parameter-malformed"),
        ("/api/changes?after=-1", "api.parameter-malformed"),
        ("/api/search?q=%00", "api.parameter-malformed"),
        ("/api/suggestions?q=" + "x" * 201, "api.parameter-malformed"),
    ],
)
def test_parameters_are_refused_by_name(steward: Asked, address: str, expected: str) -> None:
    assert code(steward("GET", address)) == (422, expected)


def test_query_that_is_no_utf_8_is_no_fault(stranger: Asked) -> None:
    assert stranger.client.get("/api/records?source_id=%ff%fe").status_code == 200
    assert stranger.client.get("/api/records?" + "&".join(f"kind={n}" for n in range(2_000))).status_code in (400, 422)


def test_answers_are_for_the_reader_alone(stranger: Asked) -> None:
    for address in ("/api/records", "/api/nothing", "/api/records?x"):
        answer = stranger.client.get(address)
        assert answer["Cache-Control"] == "private, no-cache"
        assert {"Authorization", "Cookie", "Accept-Language"} <= set(answer["Vary"].split(", "))
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "Content-Security-Policy" in answer


def test_problem_speaks_the_language_of_the_request(stranger: Asked) -> None:
    english = stranger("GET", "/api/nothing").json()
    russian = stranger("GET", "/api/nothing", headers={"Accept-Language": "ru"}).json()
    assert english["code"] == russian["code"]
    assert english["detail"] != russian["detail"]


def test_asks_are_counted_by_actor_and_by_address(
    stranger: Asked, asked_as: Callable[..., Asked], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "API_STRANGER_RATE", 2)
    monkeypatch.setattr(settings, "API_RATE", 3)
    someone, other = asked_as("bir"), asked_as("iki")
    first = stranger("GET", "/api/kinds")
    assert first["RateLimit-Policy"] == '"address";q=2;w=60'
    assert first["RateLimit"] == '"address";r=1;t=30'
    assert stranger("GET", "/api/nothing").status_code == 404
    refused = stranger("GET", "/api/kinds")
    assert code(refused) == (429, "api.too-many-requests")
    assert (refused["Retry-After"], refused["RateLimit"]) == ("30", '"address";r=0;t=60')
    assert [someone("GET", "/api/kinds").status_code for _ in range(4)] == [200, 200, 200, 429]
    assert other("GET", "/api/kinds")["RateLimit"] == '"actor";r=2;t=20'


def test_guessing_tokens_is_counted_before_they_are_looked_up(
    stranger: Asked, token: Token, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "API_STRANGER_RATE", 2)
    guess = {"Authorization": "Bearer ortaq_" + "a" * 46}
    assert [stranger("GET", "/api/kinds", headers=guess).status_code for _ in range(2)] == [401, 401]
    with CaptureQueriesContext(connection) as queries:
        assert stranger("GET", "/api/kinds", headers=guess).status_code == 429
    assert len(queries) == 0


def test_counting_costs_no_query(stranger: Asked) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert stranger("GET", "/api/kinds").status_code == 200
    assert len(queries) == 0


@pytest.mark.parametrize(
    ("fault", "expected"),
    [(RuntimeError("secret"), (500, "api.fault")), (OperationalError("secret"), (503, "api.unavailable"))],
)
def test_fault_of_ours_is_a_problem_without_its_cause(
    stranger: Asked, monkeypatch: pytest.MonkeyPatch, fault: Exception, expected: tuple[int, str]
) -> None:
    def fail(kind: object) -> None:
        raise fault

    monkeypatch.setattr(kinds, "_kind_json", fail)
    answer = stranger.client.get("/api/kinds")
    assert code(answer) == expected
    assert b"secret" not in answer.content


def test_host_that_is_not_ours_is_a_problem_too(stranger: Asked) -> None:
    assert code(stranger.client.get("/api/kinds", headers={"Host": "evil.example"})) == (400, "api.request-malformed")


def test_token_of_the_scope_files_uploads(stranger: Asked, token: Token) -> None:
    tus = {"Tus-Resumable": "1.0.0", "Upload-Length": "3"}
    client = Client(enforce_csrf_checks=True)
    begun = client.post("/uploads/", headers=tus | token("files", role="contributor"))
    assert (begun.status_code, begun["Upload-Offset"]) == (201, "0")
    refused = client.post("/uploads/", headers=tus | token("read", "write", login="iki"))
    assert code(refused) == (403, "api.scope-missing")
    unknown = client.post("/uploads/", headers=tus | {"Authorization": "Bearer x"})
    assert (code(unknown), "WWW-Authenticate" in unknown) == ((401, "token.unknown"), True)
    client.force_login(join("samir"))
    assert code(client.post("/uploads/", headers=tus)) == (403, "api.csrf")


def test_stranger_is_counted_by_the_network_behind_the_proxy(stranger: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "API_STRANGER_RATE", 2)
    monkeypatch.setattr(settings, "PROXIES", 1)
    ask = lambda sent: stranger("GET", "/api/kinds", headers={"X-Forwarded-For": sent}).status_code  # noqa: E731
    assert [ask("203.0.113.1"), ask("9.9.9.9, 203.0.113.1"), ask("203.0.113.1")] == [200, 200, 429]
    assert [ask("198.51.100.7"), ask("2001:db8::1"), ask("2001:db8::2"), ask("2001:db8::3")] == [200, 200, 200, 429]
