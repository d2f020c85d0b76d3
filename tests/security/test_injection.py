# SPDX-License-Identifier: Apache-2.0
"""What is typed stays text: in every field of every kind, in every parameter of every route, in headers and queries."""

from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection, transaction
from django.test import Client

from ortaq.doors.harvest.following import catch_up
from ortaq.people.models import Person
from ortaq.records import copies
from ortaq.records.actions import publish_record
from ortaq.records.models import Record
from ortaq.search.index import Follower
from ortaq.site.kinds import KINDS
from tests.factories import institution, join, viewer, write_place
from tests.leaks.routes import asks_for_a_thing, routes, values_for
from tests.leaks.world import Thing
from tests.security.payloads import CRUDE, EVERYTHING, MARK, SCRIPTS, effects, hostile

PARAMETERS = "q kind country language area period from to box order after limit view next about reply_to lang form opinions_after title".split()


@pytest.fixture
def person(node: Any) -> Any:
    """An administrator and keeper whose own name and institution are hostile too."""
    house = institution(EVERYTHING[:190])
    return join("hostile", EVERYTHING[:190], of=house, role="administrator", is_keeper=True)


@pytest.fixture
def client(person: Any) -> Client:
    client = Client(headers={"Accept-Language": "en"}, raise_request_exception=False)
    client.force_login(person)
    return client


def ask(client: Client, method: str, address: str, data: dict[str, str]) -> Any:
    with transaction.atomic():
        response = client.get(address, data) if method == "GET" else client.post(address, data)
        transaction.set_rollback(True)
    return response


@pytest.fixture(autouse=True)
def listed(node: Any) -> None:
    """A node that has been up for a moment: harvesters of a new one are told to come back."""
    catch_up()


def index() -> None:
    with Follower() as follower:
        follower.catch_up()


def page(response: Any) -> str:
    body = b"".join(response) if response.streaming else response.content
    return body.decode("utf-8", "replace") if "html" in response.get("Content-Type", "") else ""


@pytest.mark.parametrize("kind", [kind for kind in KINDS if not kind.is_by_node], ids=lambda kind: kind.name)
def test_no_field_of_any_kind_runs_what_it_holds(kind: Any, person: Any, client: Client) -> None:
    me = viewer(person)
    write_place("geo:target", az=EVERYTHING)
    body = hostile(kind)
    uri = publish_record(me, kind.name, body, "public").uri or ""
    if not kind.is_personal:
        publish_record(
            me, "opinion", {"about": uri, "motivation": "comment", "lang": "az", "text": EVERYTHING}, "public"
        )
    copy = copies.start_copy(me, kind.name, body=body)
    index()
    record = Thing("hostile", uri.removeprefix("urn:ortaq:"), frozenset(), [])
    draft = Thing("hostile copy", copy.key, frozenset(), [], "copy")
    seen = 0
    for route in routes():
        for thing in (record, draft) if asks_for_a_thing(route) else (record,):
            response = ask(client, "GET", route.filled(values_for(route, thing)), {})
            text = page(response)
            seen += MARK in text
            assert response.status_code < 500, route.path
            assert list(effects(text)) == [], route.path
    assert seen >= 3  # the proof can fail: what was typed stands on pages


@pytest.mark.parametrize("payload", [*SCRIPTS, *CRUDE], ids=range(len(SCRIPTS) + len(CRUDE)))
def test_no_parameter_of_any_route_takes_effect(payload: str, client: Client) -> None:
    place = write_place("geo:1", az="Qala").uri
    thing = Thing("place", place.removeprefix("urn:ortaq:"), frozenset(), [])
    index()
    before = Record.objects.count(), Person.objects.count()
    for route in routes():
        address = route.filled(values_for(route, thing))
        for method in ("GET", "POST"):
            response = ask(client, method, address, dict.fromkeys(PARAMETERS, payload))
            assert response.status_code < 500, f"{method} {address}"
            assert list(effects(page(response))) == [], f"{method} {address}"
            assert_headers_are_ours(response, f"{method} {address}")
    assert (Record.objects.count(), Person.objects.count()) == before
    assert "records_record" in connection.introspection.table_names()


@pytest.mark.parametrize("payload", [*SCRIPTS, *CRUDE[:14]], ids=range(len(SCRIPTS) + 14))
def test_no_part_of_an_address_takes_effect(payload: str, client: Client, node: Any) -> None:
    index()
    for route in routes():
        if route.parameters:
            address = route.filled(dict.fromkeys(route.parameters, quote(payload[:80], safe="")))
            response = ask(client, "GET", address, {})
            assert response.status_code < 500, address
            assert list(effects(page(response))) == [], address
            assert_headers_are_ours(response, address)


def assert_headers_are_ours(response: Any, where: str) -> None:
    """No header that was typed, no cookie that was typed, no way out to another host."""
    names = {name.casefold() for name in response.headers}  # ascii: names of headers
    assert not names & {"x-taken"}, where
    assert "taken" not in response.cookies, where
    location = response.get("Location", "/")
    assert location.startswith("/") and not location.startswith(("//", "/\\")), f"{where} → {location}"
